// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QStringList>

#include <chrono>
#include <optional>

namespace stepwell {

/// One Alembic project: an ini with its script directory.
struct Component {
    QString name;                      ///< key in stepwell.toml
    QString config;                    ///< absolute path of the ini
    QString section;                   ///< ini section; empty is `alembic`
    QStringList python;                ///< argv that starts the project's Python; empty: found by itself
    QString versionTable;              ///< `name` or `schema.name`; empty: alembic_version
    QStringList restart;               ///< argv run after a run; empty: none
    QStringList logs;                  ///< absolute paths of logs to look at after a run
    std::chrono::seconds logWatch{60}; ///< how long they are looked at
    QString logErrors; ///< regular expression of a line that tells of trouble; empty: the usual words
    QString note;

    bool operator==(const Component &) const = default;
};

enum class Protection { Open, Protected };
enum class BackupPolicy { Off, Offer, Required };
/// What blocking findings that nobody accepted do to a run.
enum class FindingsPolicy { Off, Warn, Block };
/// What a run commits at once. An autocommit block commits what came before it under each of them.
enum class TransactionPolicy {
    Revision, ///< every revision by itself, whatever env.py says
    Project,  ///< as env.py says; Alembic's own default is all of a run at once
    All,      ///< all revisions of the run or none
};
/// "revision", "project", "all".
[[nodiscard]] QString transactionPolicyName(TransactionPolicy policy);
/// What an environment makes of a check's result; see checkpolicy.h for their names.
enum class CheckPolicy {
    Off,   ///< not looked at
    Warn,  ///< a failure is a warning
    Block, ///< a warning is a failure
};

/// One database of an environment: what a component's revisions are applied to there.
struct DatabaseEntry {
    QString component;
    QString url;    ///< SQLAlchemy or libpq URL without password; empty: the ini's sqlalchemy.url
    QString config; ///< absolute path of another checkout's ini; empty: the component's

    bool operator==(const DatabaseEntry &) const = default;
};

/// development, staging, production …: a database for each component, plus a policy.
struct Environment {
    QString name;
    QString colour = QStringLiteral("grey"); ///< red, orange, yellow, green, blue, purple, grey or #rrggbb
    Protection protection = Protection::Open;
    BackupPolicy backup = BackupPolicy::Offer;
    int approvals = 0;                              ///< of others than the one who runs, for each revision
    FindingsPolicy findings = FindingsPolicy::Warn; ///< not in the file: Block if protected
    std::chrono::milliseconds lockTimeout{5000};
    std::chrono::milliseconds statementTimeout{0}; ///< 0: no limit
    /// Instead of both for statements that build or drop indexes concurrently: they wait for old transactions
    /// without keeping anybody else waiting, and a timeout would leave an invalid index. 0: no limit.
    std::chrono::milliseconds concurrentTimeout{0};
    int lockRetries = 3; ///< of a revision that got no lock and left nothing behind
    TransactionPolicy transactions = TransactionPolicy::Revision;
    QHash<QString, CheckPolicy> checks; ///< by name; not in it: as the check itself says
    bool sharedJournal = false;         ///< runs are also told in a table of the target's database
    QList<DatabaseEntry> databases;

    bool operator==(const Environment &) const = default;
};

/// A rule that does not count in a workspace, everywhere or for one table.
struct IgnoredRule {
    QString rule;     ///< id, or "*"
    QString relation; ///< empty: all
    QString reason;   ///< never empty

    bool operator==(const IgnoredRule &) const = default;
};

/// [lint]: what the reading of SQL goes by in a workspace.
struct LintSettings {
    QList<IgnoredRule> ignored;
    qint64 smallBytes = 64 * 1024 * 1024; ///< a table below both is small
    qint64 smallRows = 100'000;

    bool operator==(const LintSettings &) const = default;
};

/// Names one target: environment/component.
struct TargetId {
    QString environment;
    QString component;

    [[nodiscard]] QString text() const { return environment + QLatin1Char('/') + component; }
    auto operator<=>(const TargetId &) const = default;
    bool operator==(const TargetId &) const = default;
    friend size_t qHash(const TargetId &id, size_t seed = 0)
    {
        return qHashMulti(seed, id.environment, id.component);
    }
};

/// All that is known of a target without looking at its files or its database.
struct Target {
    TargetId id;
    Component component;
    Environment environment;
    QString config; ///< absolute path of the ini that counts here
    QString url;    ///< as in the workspace; empty: the ini's sqlalchemy.url

    bool operator==(const Target &) const = default;
};

/// A folder with stepwell.toml. Holds no secret.
struct Workspace {
    QString directory; ///< absolute
    QString name;
    QList<Component> components;
    QList<Environment> environments;
    LintSettings lint;
    QStringList warnings; ///< unknown keys and the like, each with file and line

    /// Every target, environments in the file's order, components in the file's order.
    [[nodiscard]] QList<Target> targets() const;
    /// Errors: Usage, naming the targets that exist.
    [[nodiscard]] Result<Target> target(const TargetId &id) const;
    /// `environment/component`, as the command line writes it.
    [[nodiscard]] Result<Target> target(const QString &text) const;
};

/// Reads DIRECTORY/stepwell.toml (or the file itself).
/// Errors: InvalidWorkspace with file, line and what was expected; FileError.
[[nodiscard]] Result<Workspace> readWorkspace(const QString &directoryOrFile);
/// The same for text that is already in memory; `file` is its absolute path.
[[nodiscard]] Result<Workspace> parseWorkspace(const QByteArray &text, const QString &file);

/// Looks for stepwell.toml in a folder and its parents. Errors: InvalidWorkspace.
[[nodiscard]] Result<QString> findWorkspace(const QString &from);

/// The text of a new stepwell.toml for the `alembic*.ini` files found in a folder and its direct
/// sub-folders. Errors: InvalidWorkspace if there is no ini.
[[nodiscard]] Result<QString> proposeWorkspace(const QString &directory);

} // namespace stepwell
