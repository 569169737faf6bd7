// SPDX-License-Identifier: MIT
#include "tests/sql/actiontext.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

void put(QStringList &parts, QLatin1StringView key, const QString &value)
{
    if (!value.isEmpty())
        parts.append(QString(key + u'=' + value));
}

void put(QStringList &parts, QLatin1StringView key, bool value)
{
    if (value)
        parts.append(QString(key));
}

QString names(const QList<RelationName> &relations)
{
    QStringList texts;
    for (const RelationName &relation : relations)
        texts.append(relation.text());
    return texts.join(u',');
}

QString constraintText(const ConstraintDefinition &constraint)
{
    QStringList parts{QString::number(static_cast<int>(constraint.kind))};
    put(parts, "name"_L1, constraint.name);
    put(parts, "columns"_L1, constraint.columns.join(u','));
    put(parts, "referenced"_L1, constraint.referenced.text());
    put(parts, "referencedColumns"_L1, constraint.referencedColumns.join(u','));
    put(parts, "index"_L1, constraint.index);
    put(parts, "notNull"_L1, constraint.notNullColumn);
    put(parts, "onDelete"_L1, constraint.onDelete);
    put(parts, "notValid"_L1, constraint.notValid);
    put(parts, "deferrable"_L1, constraint.deferrable);
    return u"{%1}"_s.arg(parts.join(u' '));
}

QString constraintsText(const QList<ConstraintDefinition> &constraints)
{
    QStringList texts;
    for (const ConstraintDefinition &constraint : constraints)
        texts.append(constraintText(constraint));
    return texts.join(u' ');
}

QString columnText(const ColumnDefinition &column)
{
    QStringList parts{column.name, column.type.text()};
    put(parts, "notNull"_L1, column.notNull);
    if (column.hasDefault)
        parts.append(u"default(%1)"_s.arg(static_cast<int>(column.defaultVolatility)));
    put(parts, "text"_L1, column.defaultText);
    put(parts, "serial"_L1, column.isSerial);
    put(parts, "identity"_L1, column.isIdentity);
    put(parts, "stored"_L1, column.isGeneratedStored);
    put(parts, "virtual"_L1, column.isGeneratedVirtual);
    put(parts, "constraints"_L1, constraintsText(column.constraints));
    return u"[%1]"_s.arg(parts.join(u' '));
}

} // namespace

QString actionText(const Action &action)
{
    QStringList parts{u"%1/%2"_s.arg(static_cast<int>(action.kind)).arg(static_cast<int>(action.object))};
    put(parts, "relation"_L1, action.relation.text());
    put(parts, "other"_L1, action.other.text());
    put(parts, "name"_L1, action.name);
    put(parts, "newName"_L1, action.newName);
    put(parts, "columns"_L1, action.columns.join(u','));
    if (action.column)
        parts.append(columnText(*action.column));
    if (action.constraint)
        parts.append(constraintText(*action.constraint));
    for (const ColumnDefinition &column : action.created)
        parts.append(columnText(column));
    put(parts, "constraints"_L1, constraintsText(action.createdConstraints));
    put(parts, "type"_L1, action.type.text());
    put(parts, "expression"_L1, action.expression);
    put(parts, "reads"_L1, names(action.reads));
    put(parts, "ifExists"_L1, action.ifExists);
    put(parts, "concurrently"_L1, action.concurrently);
    put(parts, "cascade"_L1, action.cascade);
    put(parts, "unique"_L1, action.unique);
    put(parts, "full"_L1, action.full);
    put(parts, "finalize"_L1, action.finalize);
    put(parts, "orReplace"_L1, action.orReplace);
    put(parts, "temporary"_L1, action.temporary);
    put(parts, "hasWhere"_L1, action.hasWhere);
    put(parts, "hasPosition"_L1, action.hasPosition);
    put(parts, "isLocal"_L1, action.isLocal);
    put(parts, "only"_L1, action.only);
    put(parts, "isPartition"_L1, action.isPartition);
    put(parts, "isPartitioned"_L1, action.isPartitioned);
    return parts.join(u' ');
}

QString actionsText(const QList<Action> &actions)
{
    QStringList lines;
    for (const Action &action : actions)
        lines.append(actionText(action));
    return lines.join(u'\n');
}

QList<Action> actionsOfSql(const QString &sql)
{
    const auto statements = splitStatements(sql);
    if (!statements || statements->size() != 1 || !statements->constFirst().parseError.isEmpty())
        qFatal("not one statement: %s", qPrintable(sql));
    return actionsOf(statements->constFirst());
}

} // namespace stepwell
