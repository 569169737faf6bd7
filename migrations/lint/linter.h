// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"
#include "migrations/lint/finding.h"
#include "migrations/sql/effects.h"

namespace stepwell {

/// What somebody decided about a rule for the whole workspace or for one table.
struct RuleSetting {
    QString rule;     ///< id, or "*"
    QString relation; ///< empty: all
    QString reason;

    bool operator==(const RuleSetting &) const = default;
};

struct LintOptions {
    int serverVersion = 17; ///< major
    Catalogue catalogue;    ///< before the first statement
    /// Tables below both are small: a scan or a short block of them is only advice.
    qint64 smallBytes = 64 * 1024 * 1024;
    qint64 smallRows = 100'000;
    bool lockTimeoutIsSet = false; ///< by Stepwell's run, so that no statement needs to
    bool statementTimeoutIsSet = false;
    bool dumpIsRunning = false; ///< a pg_dump holds its locks now
    QList<RuleSetting> ignored; ///< from the workspace
};

/// One script, linted as one transaction unless it controls transactions itself (BEGIN, COMMIT; Alembic's
/// autocommit blocks are COMMIT … BEGIN).
struct LintScript {
    QString sql;
    bool inTransaction = true;          ///< Alembic puts a transaction around it. False: as psql runs a file.
    const Revision *revision = nullptr; ///< facts of the Python file, for the rules about it; may be null
    QByteArray file;      ///< the revision file, for `# stepwell: ignore RULE reason`; may be empty
    QString versionTable; ///< its bookkeeping is left out of the findings; empty: alembic_version
};

struct LintedStatement {
    Statement statement;
    QString command; ///< "ALTER TABLE"
    QList<Action> actions;
    StatementEffects effects;
    bool isBookkeeping = false; ///< version table or transaction control
};

struct LintReport {
    int serverVersion = 17;
    bool sizesKnown = false;
    QList<LintedStatement> statements;
    QSet<RelationName> unseen; ///< locked relations that the plan itself made: nobody waits for them
    QList<Finding> findings;   ///< by statement, then the worst first
    QString problem;           ///< the SQL cannot even be split; statements are empty then

    [[nodiscard]] LockMode strongestLock() const;
    [[nodiscard]] QList<RelationName>
    tables() const; ///< locked ones, the strongest lock first, new tables left out
    [[nodiscard]] std::optional<Severity> worst() const; ///< of findings that nobody accepted
    [[nodiscard]] int blockingCount() const;             ///< blocking findings that nobody accepted
};

/// Lints the scripts of a plan one after the other: a table made by an earlier one is empty for a later one.
/// One thread.
class Linter
{
public:
    explicit Linter(LintOptions options);

    [[nodiscard]] LintReport lint(const LintScript &script);

private:
    LintOptions m_options;
    Catalogue m_catalogue;
    bool m_isFirst = true; ///< no script of the plan was linted yet
};

} // namespace stepwell
