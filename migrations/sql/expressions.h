// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/action.h"

#include <QJsonValue>

namespace stepwell::tree {

/// The most changeable thing in an expression of the parse tree.
[[nodiscard]] Volatility volatilityOf(const QJsonValue &expression);
/// Of a function by name; Unknown for what is not PostgreSQL's own. `schema` may be empty.
[[nodiscard]] Volatility functionVolatility(const QString &schema, const QString &name);
/// SQL for an expression. "…" stands for a part that has no short form.
[[nodiscard]] QString expressionText(const QJsonValue &expression);
[[nodiscard]] bool isNull(const QJsonValue &expression);
/// The column of `column IS NOT NULL`; empty if it is anything else.
[[nodiscard]] QString notNullColumnOf(const QJsonValue &expression);

/// The column of `column IS NULL`; empty if it is anything else.
[[nodiscard]] QString nullColumnOf(const QJsonValue &expression);

} // namespace stepwell::tree
