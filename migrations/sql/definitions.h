// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/action.h"

#include <QJsonObject>

namespace stepwell::tree {

/// A ColumnDef's body.
[[nodiscard]] ColumnDefinition columnOf(const QJsonObject &body);
/// A Constraint's body, if it is one of ConstraintKind; `column` is set for one that is written at a column.
[[nodiscard]] std::optional<ConstraintDefinition> constraintOf(const QJsonObject &body,
                                                               const QString &column = {});
/// The columns of an index; an expression as "(lower(a))".
[[nodiscard]] QStringList indexColumnsOf(const QJsonValue &params);

/// CREATE TABLE, CREATE FOREIGN TABLE (the base's body): the table, then one Inherit for each parent.
[[nodiscard]] QList<Action> createTable(const QJsonObject &body, ObjectKind kind);

/// The actions of one node. Each knows some nodes and gives nothing for the others.
[[nodiscard]] QList<Action> tableActions(const QString &node, const QJsonObject &body);
[[nodiscard]] QList<Action> creationActions(const QString &node, const QJsonObject &body);
[[nodiscard]] QList<Action> objectActions(const QString &node, const QJsonObject &body);
[[nodiscard]] QList<Action> maintenanceActions(const QString &node, const QJsonObject &body);
[[nodiscard]] QList<Action> rowActions(const QString &node, const QJsonObject &body);
[[nodiscard]] QList<Action> sessionActions(const QString &node, const QJsonObject &body);

} // namespace stepwell::tree
