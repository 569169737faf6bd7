// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/filecontext.h"

namespace stepwell::cli {

/// What is worse: of the exit codes of several things that were checked, the one the command ends with.
/// Broken (10) before unreachable (5, nothing is known of it), several heads (4), pending (3), nothing (0).
[[nodiscard]] int worse(int left, int right);

/// The revision files of one component: unbroken, one head, and that one to be reached from an empty
/// database.
struct FileCheck {
    QString component;
    QString config;
    qsizetype revisions = 0;
    RevisionIds heads;
    std::optional<Error> error; ///< the first problem, with the others in its detail; or MultipleHeads

    [[nodiscard]] int exitCode() const { return error ? stepwell::exitCode(error->kind) : 0; }
};
/// `name`: as a command line names the component.
[[nodiscard]] FileCheck checkFiles(const Component &component, const QString &name);
[[nodiscard]] QJsonObject toJson(const FileCheck &check);

/// One row of what `check` prints, with what is wrong below the table.
struct CheckRow {
    QString name;
    QString state;
    QString at;
    int code = 0;
    std::optional<Error> error;
};
void printChecks(FileContext &context, const QStringList &heading, const QList<CheckRow> &rows);

/// The components that the arguments name, all of the workspace, or the one of -c. Errors: Usage.
[[nodiscard]] Result<QList<Component>> chosenComponents(const FileContext &context);

} // namespace stepwell::cli
