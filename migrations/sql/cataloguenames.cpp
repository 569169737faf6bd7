// SPDX-License-Identifier: MIT
#include "migrations/sql/cataloguenames.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype nameLimit = 63; ///< NAMEDATALEN - 1, in bytes; names are ASCII as a rule

/// As makeObjectName() of PostgreSQL does it: both parts are cut until all fits.
QString objectName(QString first, QString second, const QString &suffix)
{
    const qsizetype overhead = suffix.size() + 1 + (second.isEmpty() ? 0 : 1);
    while (first.size() + second.size() + overhead > nameLimit) {
        if (first.size() > second.size())
            first.chop(1);
        else
            second.chop(1);
    }
    return second.isEmpty() ? QString(first + u'_' + suffix) : QString(first + u'_' + second + u'_' + suffix);
}

} // namespace

RelationName relationNameOf(const QString &text)
{
    const qsizetype dot = text.lastIndexOf(u'.');
    return {.schema = dot < 0 ? QString() : text.first(dot), .name = text.sliced(dot + 1)};
}

QString defaultName(const Catalogue &catalogue, const RelationName &table, const QStringList &columns,
                    const QString &suffix)
{
    QStringList parts;
    for (const QString &column : columns)
        parts.append(column.startsWith(u'(') ? u"expr"_s : column);
    const QString schema = catalogue.qualified(table).schema;
    for (int number = 0;; ++number) {
        const QString end = number == 0 ? suffix : QString(suffix + QString::number(number));
        const QString name = objectName(table.name, parts.join(u'_'), end);
        if (!catalogue.find({.schema = schema, .name = name}) && !catalogue.constraint(table, name))
            return name;
    }
}

QString defaultConstraintName(const Catalogue &catalogue, const RelationName &table,
                              const ConstraintDefinition &constraint)
{
    switch (constraint.kind) {
    case ConstraintKind::PrimaryKey:
        return defaultName(catalogue, table, {}, u"pkey"_s);
    case ConstraintKind::Unique:
        return defaultName(catalogue, table, constraint.columns, u"key"_s);
    case ConstraintKind::ForeignKey:
        return defaultName(catalogue, table, constraint.columns, u"fkey"_s);
    case ConstraintKind::Exclude:
        return defaultName(catalogue, table, constraint.columns, u"excl"_s);
    case ConstraintKind::NotNull:
        return defaultName(catalogue, table, constraint.columns, u"not_null"_s);
    case ConstraintKind::Check:
        break;
    }
    return defaultName(catalogue, table,
                       constraint.columns.isEmpty() && !constraint.notNullColumn.isEmpty()
                           ? QStringList{constraint.notNullColumn}
                           : constraint.columns,
                       u"check"_s);
}

bool isBuiltInType(const TypeName &type)
{
    static const QSet<QString> types{
        u"int2"_s,
        u"int4"_s,
        u"int8"_s,
        u"float4"_s,
        u"float8"_s,
        u"numeric"_s,
        u"bool"_s,
        u"text"_s,
        u"varchar"_s,
        u"bpchar"_s,
        u"char"_s,
        u"name"_s,
        u"bytea"_s,
        u"date"_s,
        u"time"_s,
        u"timetz"_s,
        u"timestamp"_s,
        u"timestamptz"_s,
        u"interval"_s,
        u"uuid"_s,
        u"json"_s,
        u"jsonb"_s,
        u"xml"_s,
        u"inet"_s,
        u"cidr"_s,
        u"macaddr"_s,
        u"macaddr8"_s,
        u"bit"_s,
        u"varbit"_s,
        u"money"_s,
        u"oid"_s,
        u"regclass"_s,
        u"regproc"_s,
        u"regtype"_s,
        u"point"_s,
        u"line"_s,
        u"lseg"_s,
        u"box"_s,
        u"path"_s,
        u"polygon"_s,
        u"circle"_s,
        u"tsvector"_s,
        u"tsquery"_s,
        u"int4range"_s,
        u"int8range"_s,
        u"numrange"_s,
        u"tsrange"_s,
        u"tstzrange"_s,
        u"daterange"_s,
        u"pg_lsn"_s,
        u"jsonpath"_s,
        u"serial"_s,
        u"bigserial"_s,
        u"smallserial"_s,
        u"serial2"_s,
        u"serial4"_s,
        u"serial8"_s,
        u"xid"_s,
        u"int4multirange"_s,
        u"int8multirange"_s,
        u"nummultirange"_s,
        u"tsmultirange"_s,
        u"tstzmultirange"_s,
        u"datemultirange"_s,
    };
    return type.schema.isEmpty() && types.contains(type.name);
}

QStringList searchPathOf(const QString &value)
{
    QStringList path;
    for (QString schema : value.split(u',')) {
        schema = schema.trimmed();
        if (schema.size() > 1 && schema.startsWith(u'"') && schema.endsWith(u'"'))
            schema = schema.sliced(1, schema.size() - 2);
        if (!schema.isEmpty() && schema != "$user"_L1)
            path.append(schema);
    }
    return path;
}

} // namespace stepwell
