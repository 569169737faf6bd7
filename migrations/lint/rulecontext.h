// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/scriptstate.h"

namespace stepwell {

/// All that a rule may look at to judge one statement.
struct RuleContext {
    const LintOptions &options;
    const LintScript &script;
    const Catalogue &before; ///< the schema the statement meets
    const ScriptState &state;
    const QList<Statement> &all; ///< the script's statements, for rules that look ahead
    const LintedStatement &statement;
    int index = 0; ///< of the statement in `all`

    /// Made by the plan itself and not used by anybody yet: nobody waits for a lock on it.
    [[nodiscard]] bool isUnseen(const RelationName &relation) const;
    /// Known to have no rows: nothing in it can break a constraint.
    [[nodiscard]] bool isEmpty(const RelationName &relation) const;
    /// With its partitions; -1 if unknown.
    [[nodiscard]] qint64 bytesOf(const RelationName &relation) const;
    [[nodiscard]] qint64 rowsOf(const RelationName &relation) const;
    /// The size is known and below both thresholds.
    [[nodiscard]] bool isSmall(const RelationName &relation) const;
    /// By Stepwell's run or by a SET before.
    [[nodiscard]] bool lockTimeoutIsSet() const;
    [[nodiscard]] bool statementTimeoutIsSet() const;
    [[nodiscard]] bool isInTransaction() const { return state.transaction.isOpen; }
    [[nodiscard]] const ColumnDefinition *column(const RelationName &table, const QString &name) const;
    /// The table of an index, if the catalogue knows the index.
    [[nodiscard]] RelationName tableOfIndex(const RelationName &name) const;
    /// Tables the statement goes through row by row that others use: rewritten, scanned, indexed or updated.
    [[nodiscard]] QList<RelationName> workedTables() const;

    /// "all 41 GB (182 million rows) of sessions", or "all rows of sessions".
    [[nodiscard]] QString wholeTable(const RelationName &relation) const;
};

/// What a rule about the whole script or its file sees.
struct ScriptContext {
    const LintOptions &options;
    const LintScript &script;
    const Catalogue &after; ///< the schema after the last statement
    const ScriptState &state;
    const QList<LintedStatement> &statements;
    bool isFirstOfPlan = true;
};

/// "41 GB", "512 kB".
[[nodiscard]] QString bytesText(qint64 bytes);
/// "182 million rows", "1 row".
[[nodiscard]] QString rowsText(qint64 rows);
/// "a", "a and b", "a, b and c".
[[nodiscard]] QString listText(const QStringList &items);
[[nodiscard]] QString namesText(const QList<RelationName> &names);
/// "all 41 GB (182 million rows) of sessions"; -1: unknown.
[[nodiscard]] QString wholeTableText(const RelationName &relation, qint64 bytes, qint64 rows);
/// With its partitions; -1 if unknown.
[[nodiscard]] qint64 bytesOf(const Catalogue &catalogue, const RelationName &relation);
[[nodiscard]] qint64 rowsOf(const Catalogue &catalogue, const RelationName &relation);

} // namespace stepwell
