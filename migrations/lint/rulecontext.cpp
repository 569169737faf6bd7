// SPDX-License-Identifier: MIT
#include "migrations/lint/rulecontext.h"

#include <QLocale>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

qint64 sumOf(const Catalogue &catalogue, const RelationName &relation, qint64 CatalogueRelation::*figure)
{
    const CatalogueRelation *known = catalogue.find(relation);
    if (!known)
        return -1;
    if (known->kind != ObjectKind::PartitionedTable)
        return known->*figure;
    qint64 sum = -1;
    for (const RelationName &partition : catalogue.partitionsOf(known->name)) {
        const CatalogueRelation *part = catalogue.find(partition);
        if (part && part->*figure >= 0 && part->kind != ObjectKind::PartitionedTable)
            sum = std::max<qint64>(sum, 0) + part->*figure;
    }
    return sum;
}

/// Three figures at most: "1.8", "41".
QString shortNumber(double number)
{
    return QString::number(number, 'f', number < 9.95 && number != qRound64(number) ? 1 : 0);
}

void addOnce(QList<RelationName> &names, const RelationName &name)
{
    if (!name.isEmpty() && !names.contains(name))
        names.append(name);
}

} // namespace

QString bytesText(qint64 bytes)
{
    static constexpr std::array units{"bytes"_L1, "kB"_L1, "MB"_L1, "GB"_L1, "TB"_L1};
    auto number = static_cast<double>(bytes);
    size_t unit = 0;
    while (number >= 1000 && unit + 1 < units.size()) {
        number /= 1024;
        ++unit;
    }
    return shortNumber(number) + u' ' + units.at(unit);
}

QString rowsText(qint64 rows)
{
    if (rows >= 1'000'000'000)
        return shortNumber(static_cast<double>(rows) / 1e9) + u" billion rows"_s;
    if (rows >= 1'000'000)
        return shortNumber(static_cast<double>(rows) / 1e6) + u" million rows"_s;
    if (rows == 1)
        return u"1 row"_s;
    return QLocale(QLocale::English).toString(rows) + u" rows"_s;
}

QString listText(const QStringList &items)
{
    if (items.size() < 2)
        return items.join(QString());
    return items.first(items.size() - 1).join(u", "_s) + u" and "_s + items.last();
}

QString namesText(const QList<RelationName> &names)
{
    QStringList texts;
    for (const RelationName &name : names)
        texts.append(name.text());
    return listText(texts);
}

QString wholeTableText(const RelationName &relation, qint64 bytes, qint64 rows)
{
    if (bytes >= 0 && rows >= 0)
        return u"all %1 (%2) of %3"_s.arg(bytesText(bytes), rowsText(rows), relation.text());
    if (bytes >= 0)
        return u"all %1 of %2"_s.arg(bytesText(bytes), relation.text());
    return u"all rows of "_s + relation.text();
}

qint64 bytesOf(const Catalogue &catalogue, const RelationName &relation)
{
    return sumOf(catalogue, relation, &CatalogueRelation::bytes);
}

qint64 rowsOf(const Catalogue &catalogue, const RelationName &relation)
{
    return sumOf(catalogue, relation, &CatalogueRelation::rows);
}

bool RuleContext::isUnseen(const RelationName &relation) const
{
    const CatalogueRelation *known = before.find(relation);
    if (!known)
        return state.transaction.created.contains(relation);
    return known->isNew || state.transaction.created.contains(known->name);
}

bool RuleContext::isEmpty(const RelationName &relation) const
{
    const CatalogueRelation *known = before.find(relation);
    if (!known)
        return false;
    return known->isNew ? !known->isFilled : rowsOf(relation) == 0;
}

qint64 RuleContext::bytesOf(const RelationName &relation) const
{
    return stepwell::bytesOf(before, relation);
}

qint64 RuleContext::rowsOf(const RelationName &relation) const
{
    return stepwell::rowsOf(before, relation);
}

bool RuleContext::isSmall(const RelationName &relation) const
{
    const qint64 bytes = bytesOf(relation);
    return bytes >= 0 && bytes < options.smallBytes && rowsOf(relation) < options.smallRows;
}

bool RuleContext::lockTimeoutIsSet() const
{
    const qint64 value = state.lockTimeout.value();
    return value < 0 ? options.lockTimeoutIsSet : value > 0;
}

bool RuleContext::statementTimeoutIsSet() const
{
    const qint64 value = state.statementTimeout.value();
    return value < 0 ? options.statementTimeoutIsSet : value > 0;
}

const ColumnDefinition *RuleContext::column(const RelationName &table, const QString &name) const
{
    const CatalogueRelation *known = before.find(table);
    if (!known)
        return nullptr;
    const auto column = std::ranges::find(known->columns, name, &ColumnDefinition::name);
    return column == known->columns.cend() ? nullptr : &*column;
}

RelationName RuleContext::tableOfIndex(const RelationName &name) const
{
    const CatalogueRelation *known = before.find(name);
    return known && known->kind == ObjectKind::Index ? known->parent : RelationName();
}

QList<RelationName> RuleContext::workedTables() const
{
    QList<RelationName> tables;
    const StatementEffects &effects = statement.effects;
    for (const QList<RelationName> &list : {effects.rewrites, effects.scans, effects.builds}) {
        for (const RelationName &table : list)
            addOnce(tables, table);
    }
    for (const Action &action : statement.actions) {
        if (action.kind == ActionKind::Update || action.kind == ActionKind::Delete ||
            action.kind == ActionKind::Merge)
            addOnce(tables, knownName(before, action.relation));
        else if (action.kind == ActionKind::Insert) { // INSERT … SELECT reads another table
            for (const RelationName &read : action.reads)
                addOnce(tables, knownName(before, read));
        }
    }
    tables.removeIf([this](const RelationName &table) { return isUnseen(table) || isEmpty(table); });
    return tables;
}

QString RuleContext::wholeTable(const RelationName &relation) const
{
    return wholeTableText(relation, bytesOf(relation), rowsOf(relation));
}

} // namespace stepwell
