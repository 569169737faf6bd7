// SPDX-License-Identifier: MIT
#include "migrations/run/offendingquery.h"

#include "migrations/database/versiontable.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

struct Shown {
    QString label;
    QString sql;
};

QString prefixed(const QString &prefix, const QString &column)
{
    return prefix + quotedIdentifier(column);
}

/// Where a row can be found again.
QList<Shown> rowAddress(const TableFacts &table, const QString &prefix)
{
    QList<Shown> shown;
    for (const QString &column : table.primaryKey)
        shown.append({column, prefixed(prefix, column)});
    if (!shown.isEmpty())
        return shown;
    if (table.partitioned || table.hasChildren)
        shown.append({u"tableoid"_s, prefix + u"tableoid::regclass"_s});
    shown.append({u"ctid"_s, prefix + u"ctid"_s});
    return shown;
}

void addColumns(QList<Shown> &shown, const QStringList &columns, const TableFacts &table,
                const QString &prefix)
{
    for (const QString &column : columns) {
        const bool there = std::ranges::any_of(shown, [&](const Shown &one) { return one.label == column; });
        if (!there && table.columns.contains(column))
            shown.append({column, prefixed(prefix, column)});
    }
}

/// `rest`: all from FROM on.
OffendingQuery asQuery(const QList<Shown> &shown, const QString &rest)
{
    OffendingQuery query;
    QStringList parts;
    for (const Shown &one : shown) {
        parts += u"left((%1)::text, %2) AS %3"_s.arg(one.sql, QString::number(longestOffendingValue + 1),
                                                     quotedIdentifier(one.label));
        query.columns += one.label;
    }
    query.sql = u"SELECT %1\n%2\nLIMIT %3"_s.arg(parts.join(u",\n       "_s), rest,
                                                 QString::number(mostOffendingRows + 1));
    return query;
}

OffendingQuery emptyColumns(const BrokenRule &rule, const TableFacts &table)
{
    QList<Shown> shown = rowAddress(table, {});
    const QString from = u"FROM %1%2"_s.arg(rule.only ? u"ONLY "_s : QString(), table.sql());
    if (rule.newColumn) { // no row has it: every one would be without a value
        constexpr qsizetype some = 5;
        addColumns(shown, table.columns.first(std::min(some, table.columns.size())), table, {});
        return asQuery(shown, from);
    }
    addColumns(shown, rule.columns, table, {});
    QStringList empty;
    for (const RuleKey &key : rule.keys)
        empty += key.sql + u" IS NULL"_s;
    return asQuery(shown, u"%1\nWHERE %2"_s.arg(from, empty.join(u" OR "_s)));
}

OffendingQuery brokenCheck(const BrokenRule &rule, const TableFacts &table)
{
    QList<Shown> shown = rowAddress(table, {});
    addColumns(shown, rule.columns, table, {});
    return asQuery(shown, u"FROM %1%2\nWHERE NOT (%3\n)"_s.arg(rule.only ? u"ONLY "_s : QString(),
                                                               table.sql(), rule.condition));
}

/// VALUE is a name like any other to the parser: a column of that name stands for it.
OffendingQuery brokenDomain(const BrokenRule &rule, const TableFacts &table)
{
    const QString column = rule.keys.isEmpty() ? QString() : rule.keys.first().column;
    QList<Shown> inner = rowAddress(table, {});
    QStringList parts;
    QList<Shown> shown;
    for (const Shown &one : std::as_const(inner)) {
        const QString name = quotedIdentifier(u"stepwell_row%1"_s.arg(parts.size() + 1));
        parts += u"%1 AS %2"_s.arg(one.sql, name);
        shown.append({one.label, name});
    }
    parts += quotedIdentifier(column) + u" AS value"_s;
    shown.append({column, u"value"_s});
    return asQuery(shown, u"FROM (SELECT %1 FROM %2) AS stepwell_rows\nWHERE NOT (%3\n)"_s.arg(
                              parts.join(u", "_s), table.sql(), rule.condition));
}

/// Conditions under which a row takes part in a unique index.
QString uniqueConditions(const BrokenRule &rule)
{
    QStringList conditions;
    if (!rule.predicate.isEmpty())
        conditions += u"(%1\n)"_s.arg(rule.predicate);
    for (const RuleKey &key : rule.keys) {
        if (!rule.nullsEqual)
            conditions += key.sql + u" IS NOT NULL"_s;
    }
    return conditions.isEmpty() ? QString() : QString(u"\nWHERE "_s + conditions.join(u" AND "_s));
}

void addKeys(QList<Shown> &shown, const BrokenRule &rule, const TableFacts &table)
{
    QStringList columns;
    for (const RuleKey &key : rule.keys) {
        if (key.column.isEmpty())
            shown.append({key.sql, key.sql});
        else
            columns += key.column;
    }
    addColumns(shown, columns + rule.columns, table, {});
}

OffendingQuery duplicates(const BrokenRule &rule, const TableFacts &table)
{
    QStringList parts, names, equal;
    for (const RuleKey &key : rule.keys) {
        const QString name = u"stepwell_key%1"_s.arg(parts.size() + 1);
        parts += u"%1 AS %2"_s.arg(key.sql, name);
        equal += u"%1 %2 %3"_s.arg(key.sql, rule.nullsEqual ? u"IS NOT DISTINCT FROM"_s : u"="_s, name);
        names += name;
    }
    const QString conditions = uniqueConditions(rule);
    QStringList numbers;
    for (qsizetype i = 1; i <= parts.size(); ++i)
        numbers += QString::number(i);
    // The inner query has no such columns, and none of its own is called like the table's.
    const QString prefix = quotedIdentifier(table.name.name) + u'.';
    QList<Shown> shown = rowAddress(table, prefix);
    addKeys(shown, rule, table);
    return asQuery(shown,
                   u"FROM %1\nJOIN (SELECT %2\n      FROM %1%3\n      GROUP BY %4 HAVING count(*) > 1 LIMIT "
                   "%5) AS stepwell_duplicates\n  ON %6%3\nORDER BY %7"_s.arg(
                       table.onlySql(), parts.join(u", "_s), conditions, numbers.join(u", "_s),
                       QString::number(mostOffendingRows), equal.join(u" AND "_s), names.join(u", "_s)));
}

OffendingQuery orphans(const BrokenRule &rule, const TableFacts &table, const TableFacts &parent)
{
    const QStringList parentColumns = rule.parentColumns.isEmpty() ? parent.primaryKey : rule.parentColumns;
    QStringList filled, empty, equal, columns;
    for (qsizetype i = 0; i < rule.keys.size() && i < parentColumns.size(); ++i) {
        const QString column = prefixed(u"child."_s, rule.keys.at(i).column);
        filled += column + u" IS NOT NULL"_s;
        empty += column + u" IS NULL"_s;
        equal += u"%1 = %2"_s.arg(prefixed(u"parent."_s, parentColumns.at(i)), column);
        columns += rule.keys.at(i).column;
    }
    QList<Shown> shown = rowAddress(table, u"child."_s);
    addColumns(shown, columns, table, u"child."_s);
    const QString counts =
        rule.matchFull ? u"NOT (%1)"_s.arg(empty.join(u" AND "_s)) : filled.join(u" AND "_s);
    return asQuery(
        shown, u"FROM %1 AS child\nWHERE %2\n  AND NOT EXISTS (SELECT 1 FROM %3 AS parent WHERE %4)"_s.arg(
                   table.onlySql(), counts, parent.onlySql(), equal.join(u" AND "_s)));
}

OffendingQuery exclusions(const BrokenRule &rule, const TableFacts &table)
{
    QList<Shown> inner = rowAddress(table, {});
    addKeys(inner, rule, table);
    QStringList parts, excluded;
    QList<Shown> shown;
    for (const Shown &one : std::as_const(inner)) {
        const QString name = u"stepwell_row%1"_s.arg(parts.size() + 1);
        parts += u"%1 AS %2"_s.arg(one.sql, name);
        shown.append({one.label, u"one."_s + name});
    }
    for (const RuleKey &key : rule.keys) {
        const QString name = u"stepwell_key%1"_s.arg(excluded.size() + 1);
        parts += u"%1 AS %2"_s.arg(key.sql, name);
        excluded += u"one.%1 %2 other.%1"_s.arg(name, key.comparison);
    }
    const QString predicate =
        rule.predicate.isEmpty() ? QString() : QString(u"\n  WHERE "_s + rule.predicate);
    OffendingQuery query =
        asQuery(shown, u"FROM stepwell_rows AS one\nWHERE EXISTS (SELECT 1 FROM stepwell_rows AS other\n"
                       "  WHERE %1 AND (one.stepwell_table, one.stepwell_ctid) <> (other.stepwell_table, "
                       "other.stepwell_ctid))\nORDER BY one.stepwell_key1"_s.arg(excluded.join(u" AND "_s)));
    query.sql.prepend(
        u"WITH stepwell_rows AS (\n  SELECT tableoid AS stepwell_table, ctid AS stepwell_ctid, %1\n"
        "  FROM %2%3\n)\n"_s.arg(parts.join(u", "_s), table.onlySql(), predicate));
    return query;
}

} // namespace

OffendingQuery rowsBreaking(const BrokenRule &rule, const TableFacts &table,
                            const std::optional<TableFacts> &parent)
{
    switch (rule.kind) {
    case BrokenRule::NotNull:
        return emptyColumns(rule, table);
    case BrokenRule::Domain:
        return brokenDomain(rule, table);
    case BrokenRule::Unique:
        return duplicates(rule, table);
    case BrokenRule::ForeignKey:
        return parent ? orphans(rule, table, *parent) : OffendingQuery();
    case BrokenRule::Exclude:
        return exclusions(rule, table);
    case BrokenRule::Check:
    case BrokenRule::Validate: // resolved to what they validate before
    case BrokenRule::ValidateDomain:
        break;
    }
    return brokenCheck(rule, table);
}

OffendingQuery rowsWithKey(const TableFacts &table, const QList<KeyPart> &key, const QStringList &values)
{
    QList<Shown> shown = rowAddress(table, {});
    QStringList equal;
    for (qsizetype i = 0; i < key.size(); ++i) {
        const QString &sql = key.at(i).sql;
        const bool there =
            std::ranges::any_of(shown, [&](const Shown &one) { return one.sql == sql || one.label == sql; });
        if (!there)
            shown.append({sql.startsWith(u'"') ? sql.sliced(1, sql.size() - 2) : sql, sql});
        equal += u"(%1) = CAST(%2 AS %3)"_s.arg(sql, quotedLiteral(values.at(i)), key.at(i).type);
    }
    return asQuery(shown, u"FROM %1\nWHERE %2"_s.arg(table.sql(), equal.join(u" AND "_s)));
}

} // namespace stepwell
