// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QStringList>

namespace stepwell::cli {

/// What was asked for on the command line, parsed but not yet judged.
struct Options {
    QString command;                         ///< empty: open the window
    QString action;                          ///< review: show, approve, reject or status
    QStringList arguments;                   ///< positional arguments of the command, in order
    QString workspace;                       ///< --workspace
    QString config;                          ///< -c
    QString section;                         ///< --section
    QString database;                        ///< --database
    QString versionTable;                    ///< --version-table
    QString format = QStringLiteral("text"); ///< text or json; for lint also sarif, junit, github, gitlab
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
    QString concurrentTimeout;
    QString transactions; ///< revision, project, all; empty: as the environment says
    int lockRetries = -1; ///< -1: as the environment says
    bool restart = false;
    bool watchLogs = false;
    bool emergency = false; ///< rollback

    QString progress;     ///< none, text or json; empty: text on a terminal
    bool purge = false;   ///< stamp
    QString fix;          ///< doctor --fix: the name of a check
    int watchSeconds = 0; ///< status --watch; 0: once

    QString filesOf; ///< --files-of: a branch, tag, commit, or another checkout's ini

    // resolve: at most one of these says what is to be done
    QString rebase; ///< the head whose revisions move
    QString onto;   ///< rebase: the head they are put on
    bool merge = false;
    QString restore;
    QString rename; ///< a revision file
    QString relink;
    bool goOn = false; ///< --continue
    bool undo = false;
    QString message;                 ///< merge
    QStringList labels;              ///< merge
    QString newId;                   ///< merge, rename
    QStringList parents;             ///< relink; "base" for none
    QStringList droppedDependencies; ///< relink
    QStringList notApplied;          ///< targets that cannot be read and hold nothing of what moves
    bool redate = false;             ///< rebase
    bool apply = false;

    QString sql;                ///< lint --sql: a file, or - for standard input
    int serverVersion = 0;      ///< lint --pg: major version; 0: the database's, else the newest known
    bool inTransaction = false; ///< lint --in-transaction
    QString failOn;             ///< lint --fail-on: a severity, or none
    bool refresh = false;       ///< render anew
    QStringList accepted;       ///< review --accept RULE[@RELATION]=REASON
    QString comment;            ///< review --comment
    QString reviewer;           ///< review --reviewer
    QString html;               ///< review show --html FILE

    int limit = 20;   ///< journal
    qint64 entry = 0; ///< journal --entry
    QString outcome;  ///< journal: names, as typed
    QString kind;
    QString since; ///< journal: a moment or how long ago, as typed
    QString until;
    QString search;
    bool shared = false; ///< journal --shared

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
