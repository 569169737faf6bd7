// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/status/targetstatus.h"

#include <QHash>
#include <QSet>

namespace stepwell {

/// One database of the workspace, as far as it matters to a change of revision files.
struct HistoryTarget {
    Target target;
    bool followsFiles = true; ///< these files count there; false: another checkout of the same component
    bool isRead = false;      ///< its rows are known
    RevisionIds rows;
    /// The rows and all below them, by the files that count there. A row that these have not is not among
    /// them; what lies below it is, if another checkout knows.
    QSet<RevisionId> applied;
    QHash<RevisionId, QString> elsewhere; ///< for such a row: the ini of another checkout that has it
    std::optional<Error> error;           ///< why it is not read, or why nobody knows what its rows stand for

    [[nodiscard]] bool isProtected() const { return target.environment.protection == Protection::Protected; }
    [[nodiscard]] RevisionIds unknownRows() const; ///< that the files that count there have not
    /// Those of them that are applied there; rows that no file has are among them.
    [[nodiscard]] RevisionIds appliedOf(const RevisionIds &revisions) const;
    /// All that is applied there is known.
    [[nodiscard]] bool isUnderstood() const { return isRead && unknownRows().isEmpty(); }
};

/// The revision files of one checkout of a component, with all databases that have or will get them. A plain
/// value, any thread.
struct History {
    QString component;       ///< empty without a workspace
    ScriptSource source;     ///< of the files
    ScriptDirectory scripts; ///< with problems: the map is what is left
    QList<HistoryTarget> targets;

    [[nodiscard]] const HistoryTarget *find(const TargetId &id) const; ///< null if it is not there
    /// "production/manager" …: where a revision is applied, as far as that was read.
    [[nodiscard]] QStringList appliedIn(const RevisionId &id) const;
};

/// `source`: the checkout. Targets of the component are taken from the statuses; those that nobody read are
/// there too, as not read. Errors: those of ScriptDirectory::survey.
[[nodiscard]] Result<History> readHistory(const Component &component, const ScriptSource &source,
                                          const QList<Target> &targets, const QList<TargetStatus> &statuses,
                                          RevisionCache *cache = nullptr);
/// The same for files that were read already.
[[nodiscard]] History makeHistory(const Component &component, const ScriptSource &source,
                                  const ScriptDirectory &scripts, const QList<Target> &targets,
                                  const QList<TargetStatus> &statuses);

} // namespace stepwell
