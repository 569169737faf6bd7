// SPDX-License-Identifier: MIT
#include "migrations/run/tablefacts.h"

#include "migrations/database/versiontable.h"

namespace stepwell {

using namespace Qt::StringLiterals;

QString TableFacts::sql() const
{
    return quotedIdentifier(name.schema) + u'.' + quotedIdentifier(name.name);
}

QString TableFacts::onlySql() const
{
    return hasChildren && !partitioned ? QString(u"ONLY "_s + sql()) : sql();
}

namespace {

QString tableQuery(const RelationName &name, const RelationName &placed)
{
    const QString schema = name.schema.isEmpty()
                               ? u"(c.oid = placed.oid OR c.oid IN (SELECT relid FROM "
                                 "pg_partition_ancestors(placed.oid)) OR pg_table_is_visible(c.oid))"_s
                               : QString(u"n.nspname = "_s + quotedLiteral(name.schema));
    return u"SELECT c.oid::bigint, n.nspname, c.relkind = 'p',\n"
           "       EXISTS (SELECT 1 FROM pg_inherits AS i WHERE i.inhparent = c.oid)\n"
           "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace\n"
           "LEFT JOIN (SELECT t.oid FROM pg_class AS t JOIN pg_namespace AS s ON s.oid = t.relnamespace\n"
           "           WHERE t.relname = %1 AND s.nspname = %2) AS placed ON true\n"
           "WHERE c.relname = %3 AND c.relkind IN ('r', 'p', 'f') AND %4\n"
           "ORDER BY coalesce(c.oid = placed.oid, false) DESC, pg_table_is_visible(c.oid), c.oid LIMIT 1"_s
               .arg(quotedLiteral(placed.name), quotedLiteral(placed.schema), quotedLiteral(name.name),
                    schema);
}

Result<void> readColumns(DatabaseSession &session, TableFacts &table)
{
    const auto columns = session.query(
        u"SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute\n"
        "WHERE attrelid = %1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum"_s.arg(table.oid));
    if (!columns)
        return std::unexpected(columns.error());
    for (const QVariantList &row : *columns) {
        table.columns += row.at(0).toString();
        table.types.insert(row.at(0).toString(), row.at(1).toString());
    }
    const auto key = session.query(
        u"SELECT a.attname FROM pg_index AS i\n"
        "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)\n"
        "JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number\n"
        "WHERE i.indrelid = %1 AND i.indisprimary AND k.place <= i.indnkeyatts ORDER BY k.place"_s.arg(
            table.oid));
    if (!key)
        return std::unexpected(key.error());
    for (const QVariantList &row : *key)
        table.primaryKey += row.first().toString();
    return {};
}

/// Parts of an index, or the columns of a foreign key.
QString keyQuery(const TableFacts &table, const QString &name, bool foreign)
{
    if (foreign)
        return u"SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod) FROM pg_constraint AS "
               u"c\n"
               "CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (number, place)\n"
               "JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.number\n"
               "WHERE c.conrelid = %1 AND c.conname = %2 ORDER BY k.place"_s.arg(table.oid)
                   .arg(quotedLiteral(name));
    return u"SELECT pg_get_indexdef(i.indexrelid, a.attnum::int, true), format_type(a.atttypid, "
           u"a.atttypmod)\n"
           "FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid\n"
           "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum <= i.indnkeyatts\n"
           "WHERE i.indrelid = %1 AND c.relname = %2 ORDER BY a.attnum"_s.arg(table.oid)
               .arg(quotedLiteral(name));
}

} // namespace

Result<std::optional<TableFacts>> findTable(DatabaseSession &session, const RelationName &name,
                                            const RelationName &placed)
{
    const auto found = session.query(tableQuery(name, placed));
    if (!found)
        return std::unexpected(found.error());
    if (found->isEmpty())
        return std::nullopt;
    const QVariantList row = found->first();
    TableFacts table{.oid = row.at(0).toLongLong(),
                     .name = {.schema = row.at(1).toString(), .name = name.name},
                     .partitioned = row.at(2).toBool(),
                     .hasChildren = row.at(3).toBool()};
    if (const auto read = readColumns(session, table); !read)
        return std::unexpected(read.error());
    return table;
}

Result<std::optional<KnownRule>> findRule(DatabaseSession &session, const TableFacts &table,
                                          const QString &name)
{
    const auto found = session.query(
        u"SELECT contype::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %1 AND conname = %2"_s
            .arg(table.oid)
            .arg(quotedLiteral(name)));
    if (!found)
        return std::unexpected(found.error());
    KnownRule rule{.type = u'i'};
    if (!found->isEmpty()) {
        rule.type = found->first().at(0).toString().front();
        rule.definition = found->first().at(1).toString();
    }
    const auto key = session.query(keyQuery(table, name, rule.type == u'f'));
    if (!key)
        return std::unexpected(key.error());
    for (const QVariantList &row : *key)
        rule.key.append({.sql = row.at(0).toString(), .type = row.at(1).toString()});
    if (found->isEmpty() && key->isEmpty())
        return std::nullopt;
    return rule;
}

Result<QString> domainRule(DatabaseSession &session, const RelationName &domain, const QString &name)
{
    const auto found =
        session.query(u"SELECT pg_get_constraintdef(c.oid) FROM pg_constraint AS c JOIN pg_type AS t ON "
                      u"t.oid = c.contypid\n"
                      "JOIN pg_namespace AS n ON n.oid = t.typnamespace\n"
                      "WHERE t.typname = %1 AND c.conname = %2 AND (n.nspname = %3 OR %3 = '') LIMIT 1"_s.arg(
                          quotedLiteral(domain.name), quotedLiteral(name), quotedLiteral(domain.schema)));
    if (!found)
        return std::unexpected(found.error());
    return found->isEmpty() ? QString() : found->first().first().toString();
}

} // namespace stepwell
