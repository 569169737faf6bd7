// SPDX-License-Identifier: MIT
#include "migrations/sql/parsetree.h"

#include <QSet>

namespace stepwell::tree {

using namespace Qt::StringLiterals;

Node nodeOf(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    if (object.isEmpty())
        return {};
    return {.kind = object.constBegin().key(), .body = object.constBegin().value().toObject()};
}

QJsonObject bodyOf(const QJsonValue &value, QLatin1StringView kind)
{
    return value.toObject().value(kind).toObject();
}

QJsonArray items(const QJsonValue &value)
{
    return value.isArray() ? value.toArray() : bodyOf(value, "List"_L1).value("items"_L1).toArray();
}

QStringList strings(const QJsonValue &value)
{
    QStringList parts;
    for (const QJsonValue &item : items(value)) {
        const QJsonObject text = bodyOf(item, "String"_L1);
        if (!text.isEmpty())
            parts.append(text["sval"_L1].toString());
    }
    return parts;
}

RelationName nameOf(const QStringList &parts)
{
    if (parts.isEmpty())
        return {};
    return {.schema = parts.size() > 1 ? parts.at(parts.size() - 2) : QString(), .name = parts.constLast()};
}

RelationName relationOf(const QJsonObject &range)
{
    return {.schema = range["schemaname"_L1].toString(), .name = range["relname"_L1].toString()};
}

bool isTemporary(const QJsonObject &range)
{
    return range["relpersistence"_L1].toString() == "t"_L1 ||
           range["schemaname"_L1].toString() == "pg_temp"_L1;
}

QStringList objectParts(const QJsonValue &value)
{
    const Node node = nodeOf(value);
    if (node.kind == "String"_L1)
        return {node.body["sval"_L1].toString()};
    if (node.kind == "TypeName"_L1)
        return strings(node.body["names"_L1]);
    if (node.kind == "ObjectWithArgs"_L1)
        return strings(node.body["objname"_L1]);
    if (node.kind == "RangeVar"_L1) {
        const RelationName name = relationOf(node.body);
        return name.schema.isEmpty() ? QStringList{name.name} : QStringList{name.schema, name.name};
    }
    if (node.kind == "List"_L1) {
        // COMMENT ON CONSTRAINT … ON DOMAIN: a type, then the constraint's name.
        QStringList parts;
        for (const QJsonValue &item : items(value))
            parts += objectParts(item);
        return parts;
    }
    return {};
}

TypeName typeOf(const QJsonObject &type)
{
    const QStringList parts = strings(type["names"_L1]);
    TypeName result;
    const RelationName name = nameOf(parts);
    result.name = name.name;
    if (name.schema != "pg_catalog"_L1)
        result.schema = name.schema;
    for (const QJsonValue &modifier : type["typmods"_L1].toArray()) {
        const QJsonObject constant = bodyOf(modifier, "A_Const"_L1);
        if (constant.contains("ival"_L1))
            result.modifiers.append(constant["ival"_L1].toObject()["ival"_L1].toInt());
    }
    result.isArray = !type["arrayBounds"_L1].toArray().isEmpty();
    return result;
}

ObjectKind objectKindOf(const QString &objectType)
{
    static const QHash<QString, ObjectKind> kinds{
        {u"OBJECT_TABLE"_s, ObjectKind::Table},
        {u"OBJECT_FOREIGN_TABLE"_s, ObjectKind::ForeignTable},
        {u"OBJECT_VIEW"_s, ObjectKind::View},
        {u"OBJECT_MATVIEW"_s, ObjectKind::MaterializedView},
        {u"OBJECT_INDEX"_s, ObjectKind::Index},
        {u"OBJECT_SEQUENCE"_s, ObjectKind::Sequence},
        {u"OBJECT_TYPE"_s, ObjectKind::Type},
        {u"OBJECT_DOMAIN"_s, ObjectKind::Domain},
        {u"OBJECT_DOMCONSTRAINT"_s, ObjectKind::Domain},
        {u"OBJECT_ATTRIBUTE"_s, ObjectKind::CompositeType},
        {u"OBJECT_FUNCTION"_s, ObjectKind::Function},
        {u"OBJECT_PROCEDURE"_s, ObjectKind::Function},
        {u"OBJECT_ROUTINE"_s, ObjectKind::Function},
        {u"OBJECT_AGGREGATE"_s, ObjectKind::Function},
        {u"OBJECT_TRIGGER"_s, ObjectKind::Trigger},
        {u"OBJECT_RULE"_s, ObjectKind::Rule},
        {u"OBJECT_POLICY"_s, ObjectKind::Policy},
        {u"OBJECT_SCHEMA"_s, ObjectKind::Schema},
        {u"OBJECT_DATABASE"_s, ObjectKind::Database},
        {u"OBJECT_EXTENSION"_s, ObjectKind::Extension},
        {u"OBJECT_TABCONSTRAINT"_s, ObjectKind::Constraint},
        {u"OBJECT_COLUMN"_s, ObjectKind::Column},
        {u"OBJECT_STATISTIC_EXT"_s, ObjectKind::Statistics},
        {u"OBJECT_PUBLICATION"_s, ObjectKind::Publication},
        {u"OBJECT_ROLE"_s, ObjectKind::Role},
    };
    return kinds.value(objectType, ObjectKind::Other);
}

bool isCascade(const QJsonObject &body)
{
    return body["behavior"_L1].toString() == "DROP_CASCADE"_L1;
}

namespace {

/// Walks everything below a value and hands each node's body to `visit`.
template<typename Visit>
void walk(const QJsonValue &value, const Visit &visit)
{
    if (value.isArray()) {
        for (const QJsonValue &item : value.toArray())
            walk(item, visit);
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto it = object.constBegin(); it != object.constEnd(); ++it) {
            if (it.value().isObject() || it.value().isArray()) {
                visit(it.key(), it.value());
                walk(it.value(), visit);
            }
        }
    }
}

} // namespace

QList<RelationName> readsOf(const QJsonValue &value)
{
    QList<RelationName> reads;
    QSet<QString> named; // by WITH: not relations
    walk(value, [&](const QString &key, const QJsonValue &below) {
        if (key == "CommonTableExpr"_L1)
            named.insert(below["ctename"_L1].toString());
        if (key == "RangeVar"_L1) {
            const RelationName relation = relationOf(below.toObject());
            if (!reads.contains(relation))
                reads.append(relation);
        }
    });
    reads.removeIf([&named](const RelationName &relation) {
        return relation.schema.isEmpty() && named.contains(relation.name);
    });
    return reads;
}

QStringList functionsOf(const QJsonValue &value)
{
    QStringList functions;
    walk(value, [&functions](const QString &key, const QJsonValue &below) {
        if (key == "FuncCall"_L1 || key == "funccall"_L1) {
            const QString name = strings(below["funcname"_L1]).join(u'.');
            if (!functions.contains(name))
                functions.append(name);
        }
    });
    return functions;
}

} // namespace stepwell::tree
