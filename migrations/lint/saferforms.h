// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/rulecontext.h"

namespace stepwell {

// Python and SQL as a person would write them in a revision file, with a statement's own names.

[[nodiscard]] QString pythonString(const QString &text);
[[nodiscard]] QString pythonList(const QStringList &items);
/// `, schema="billing"`, or nothing.
[[nodiscard]] QString schemaArgument(const RelationName &relation);
/// op.execute("…"), in triple quotes if the SQL has several lines.
[[nodiscard]] QString executeCall(const QString &sql);
/// The lines in `with op.get_context().autocommit_block():`.
[[nodiscard]] QString autocommitBlock(const QString &python);

/// Quoted only if it must be.
[[nodiscard]] QString sqlName(const QString &name);
[[nodiscard]] QString sqlName(const RelationName &relation);
[[nodiscard]] QString sqlNames(const QStringList &names);

/// A safer way in both languages.
struct SaferForm {
    QString alembic;
    QString sql;

    void giveTo(Finding &finding) const;
};

/// The statement's own CREATE INDEX with CONCURRENTLY.
[[nodiscard]] SaferForm concurrentIndex(const Statement &statement, const Action &action);
[[nodiscard]] SaferForm concurrentUniqueConstraint(const RelationName &table,
                                                   const ConstraintDefinition &constraint);
/// NOT VALID now, VALIDATE in a later revision. `only`: the statement has no other sub-command.
[[nodiscard]] SaferForm notValidFirst(const Statement &statement, const RelationName &table,
                                      const ConstraintDefinition &constraint, bool only);
[[nodiscard]] SaferForm notNullByCheck(const RelationName &table, const QString &column);

} // namespace stepwell
