// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QJsonObject>
#include <QList>

namespace stepwell {

/// One SQL statement of a script, as PostgreSQL's own parser sees it.
struct Statement {
    qsizetype offset = 0; ///< of the text's first character in the script, comments before it left out
    int line = 1;         ///< of that character
    QString text;         ///< without the semicolon
    QString node;         ///< the parser's name: "CreateStmt", "TransactionStmt" …; empty if not parsed
    QString schema;       ///< of the relation it changes, as written; empty if none is given
    QString relation; ///< the relation that an INSERT, UPDATE, DELETE, CREATE, ALTER or DROP TABLE changes
    bool isTransactionControl = false; ///< BEGIN, COMMIT, ROLLBACK, SAVEPOINT …
    QString parseError;                ///< why it could not be parsed; empty if it was
    qsizetype errorOffset = -1;        ///< in the script, where the parser stopped; -1 if it did not say
    int errorLine = 0;                 ///< of errorOffset, from 1
    QJsonObject tree;                  ///< the parser's node, {"AlterTableStmt": {…}}; empty if not parsed

    /// True if it changes that table ("name" or "schema.name"; without a schema any schema counts).
    [[nodiscard]] bool touchesVersionTable(const QString &versionTable) const;

    bool operator==(const Statement &) const = default;
};

/// Splits a script into statements. A script with a syntax error is still split (by the scanner), and
/// the statements that PostgreSQL would refuse carry `parseError`. Any thread.
/// Errors: RenderFailed if not even the scanner can read it (an open quote or comment).
[[nodiscard]] Result<QList<Statement>> splitStatements(const QString &sql);

/// How many statements change something: without transaction control and version-table bookkeeping.
/// A script that cannot be split counts as one.
[[nodiscard]] int countStatements(const QString &sql, const QString &versionTable);

} // namespace stepwell
