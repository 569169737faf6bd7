// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QStringList>

namespace stepwell::cli {

/// What was asked for on the command line, parsed but not yet judged.
struct Options {
    QString command;       ///< empty: open the window
    QStringList arguments; ///< positional arguments of the command, in order
    QString workspace;     ///< --workspace
    QString config;        ///< -c
    QString section;       ///< --section
    QString database;      ///< --database
    QString versionTable;  ///< --version-table
    bool json = false;
    bool help = false;
    QString helpText;

    QString range; ///< history --range; null: everything
    bool graph = false;
    QString from; ///< plan --from
    bool hasFrom = false;
    bool down = false; ///< plan --down, sql --down

    bool yes = false;
    QString confirm;
    bool backup = false;
    bool noBackup = false;
    QString backupNote;
    QString backupDirectory;
    QString lockTimeout;
    QString statementTimeout;
    bool restart = false;

    int limit = 20;   ///< journal
    qint64 entry = 0; ///< journal ID

    bool reset = false; ///< demo
    QString create;
    QString stop;
    QString pictures;
};

/// What was typed, without the program's name.
[[nodiscard]] QStringList argumentsOf(int argc, char **argv);
/// True if errors are to be JSON too: also where the rest makes no sense.
[[nodiscard]] bool asksForJson(const QStringList &arguments);

/// Errors: Usage, with the command's usage as detail.
[[nodiscard]] Result<Options> parseOptions(const QStringList &arguments);

} // namespace stepwell::cli
