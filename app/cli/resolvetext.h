// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/filecontext.h"
#include "migrations/repair/historylook.h"

namespace stepwell::cli {

/// How a command line names a history and the targets of its databases, so that a printed command can be
/// typed anywhere: with the workspace, or the ini and the database, that were named.
struct CommandName {
    QString text;          ///< "manager", "-w DIR manager", "-c alembic.ini --database URL"
    bool isDirect = false; ///< -c: there is one target, which is not named again
    QString workspace;     ///< "-w DIR " or nothing

    [[nodiscard]] QString target(const TargetId &id) const { return isDirect ? text : workspace + id.text(); }
};

/// A word as a shell takes it.
[[nodiscard]] QString quotedWord(const QString &word);
/// From the working folder, if the file is below it.
[[nodiscard]] QString shownPath(const QString &file);

/// The command line that takes an offer: "stepwell resolve manager --rebase 1a2b --onto 3c4d". Empty if only
/// a person can do it.
[[nodiscard]] QString commandOf(const RepairOffer &offer, const CommandName &name);

/// For people: what is wrong, with the ways out below each.
[[nodiscard]] QString toText(const HistoryLook &look, const CommandName &name, const FileContext &context);
/// A plan: what it does, what to know, databases, and the difference, coloured on a terminal.
[[nodiscard]] QString toText(const RepairPlan &plan, const QString &folder, const FileContext &context);
/// "done", "to do", "not known".
[[nodiscard]] QString stateText(const RepairStage &stage);
[[nodiscard]] QString toText(const QList<RepairStage> &stages);
/// That a repair is open, how far it is, and the commands that go on with it or give it up; empty if none is.
[[nodiscard]] QString unfinishedText(const HistoryLook &look, const CommandName &name);

[[nodiscard]] QJsonArray toJson(const HistoryLook &look, const CommandName &name);
[[nodiscard]] QJsonObject toJson(const RepairPlan &plan, const QString &folder);
[[nodiscard]] QJsonArray toJson(const QList<RepairStage> &stages);

} // namespace stepwell::cli
