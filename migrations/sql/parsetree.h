// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/action.h"

#include <QJsonArray>
#include <QJsonObject>

namespace stepwell::tree {

/// A node of the parse tree is an object with one key: its type. `kind` is that key, `body` what is below.
struct Node {
    QString kind;
    QJsonObject body;
};

[[nodiscard]] Node nodeOf(const QJsonValue &value);
/// The body of a node of one type; empty if it is of another.
[[nodiscard]] QJsonObject bodyOf(const QJsonValue &value, QLatin1StringView kind);

/// A List node's or an array's entries.
[[nodiscard]] QJsonArray items(const QJsonValue &value);
/// The strings of a list of String nodes (or of a List node of them): the parts of a qualified name.
[[nodiscard]] QStringList strings(const QJsonValue &value);
/// "schema", "name" -> schema.name. pg_catalog is kept.
[[nodiscard]] RelationName nameOf(const QStringList &parts);
/// A RangeVar's body.
[[nodiscard]] RelationName relationOf(const QJsonObject &range);
[[nodiscard]] bool isTemporary(const QJsonObject &range);
/// What DROP, COMMENT ON … name, whatever node that is: String, List, TypeName, ObjectWithArgs, RangeVar.
[[nodiscard]] QStringList objectParts(const QJsonValue &value);
/// A TypeName's body.
[[nodiscard]] TypeName typeOf(const QJsonObject &type);
/// The parser's "OBJECT_TABLE" …
[[nodiscard]] ObjectKind objectKindOf(const QString &objectType);
[[nodiscard]] bool isCascade(const QJsonObject &body);

/// Every relation that is read below this node, once each; names of WITH left out.
[[nodiscard]] QList<RelationName> readsOf(const QJsonValue &value);
/// Every function that is called below this node, as written.
[[nodiscard]] QStringList functionsOf(const QJsonValue &value);

} // namespace stepwell::tree
