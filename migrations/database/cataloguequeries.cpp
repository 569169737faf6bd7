// SPDX-License-Identifier: MIT
#include "migrations/database/cataloguequeries.h"

namespace stepwell::cataloguequeries {

using namespace Qt::StringLiterals;

namespace {

/// Schemas that are not PostgreSQL's own; `n` is pg_namespace.
const QString userSchema = u"n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"_s;

/// Fills `%1` with the condition on the schema.
QString inUserSchemas(const QString &sql)
{
    QString filled = sql;
    return filled.replace("%1"_L1, userSchema);
}

QString countedPages()
{
    return inUserSchemas(
        u"SELECT c.oid::int8, (c.relpages::int8 + coalesce(t.relpages, 0)"
        " + coalesce((SELECT sum(x.relpages) FROM pg_catalog.pg_index i"
        "   JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid), 0))::int8"
        " * current_setting('block_size')::int8"
        " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid"
        " WHERE c.relkind IN ('r', 'm', 'i', 'S') AND %1"_s);
}

} // namespace

QString session()
{
    return u"SELECT array_to_json(current_schemas(false))::text, current_setting('TimeZone')"_s;
}

QString relations()
{
    return inUserSchemas(
        u"SELECT c.oid::int8, n.nspname, c.relname, c.relkind::text, c.reltuples::int8,"
        " EXISTS (SELECT FROM pg_catalog.pg_partitioned_table d WHERE d.partdefid = c.oid),"
        " coalesce((SELECT i.inhparent::int8 FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid"
        "  ORDER BY i.inhseqno LIMIT 1), 0)"
        " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S', 'c') AND %1"_s);
}

QString sizes(Waits waits)
{
    if (waits == Waits::No)
        return countedPages();
    return inUserSchemas(
        u"SELECT c.oid::int8, pg_catalog.pg_total_relation_size(c.oid)"
        " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'm', 'i', 'S') AND %1"_s);
}

QString columns(Waits waits)
{
    QString sql = inUserSchemas(
        u"SELECT a.attrelid::int8, a.attname, tn.nspname, coalesce(e.typname, t.typname), a.atttypmod,"
        " e.oid IS NOT NULL, a.attnotnull, coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), ''),"
        " a.attidentity::text, a.attgenerated::text,"
        " coalesce((SELECT max(p.provolatile::text) FROM pg_catalog.pg_depend u"
        "  JOIN pg_catalog.pg_proc p ON p.oid = u.refobjid"
        "  WHERE u.classid = 'pg_catalog.pg_attrdef'::regclass AND u.objid = d.oid"
        "  AND u.refclassid = 'pg_catalog.pg_proc'::regclass), '')"
        " FROM pg_catalog.pg_attribute a"
        " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
        " LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'"
        " JOIN pg_catalog.pg_namespace tn ON tn.oid = coalesce(e.typnamespace, t.typnamespace)"
        " LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
        " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND %1"
        " ORDER BY a.attrelid, a.attnum"_s);
    if (waits == Waits::No)
        sql.replace(u"pg_catalog.pg_get_expr(d.adbin, d.adrelid)"_s,
                    u"CASE WHEN d.oid IS NOT NULL THEN '…' END"_s);
    return sql;
}

QString constraints(Waits waits)
{
    QString sql = inUserSchemas(
        u"SELECT k.conrelid::int8, k.contypid::int8, k.conname, k.contype::text, k.convalidated,"
        " k.confrelid::int8,"
        " array_to_json(ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS o(num, place)"
        "  JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = o.num ORDER BY "
        "o.place))::text,"
        " array_to_json(ARRAY(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY AS o(num, place)"
        "  JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = o.num ORDER BY "
        "o.place))::text,"
        " k.confdeltype::text, k.condeferrable,"
        " CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) ELSE '' END"
        " FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace"
        " WHERE k.contype IN ('c', 'f', 'n', 'p', 'u', 'x') AND %1 ORDER BY k.conrelid, k.conname"_s);
    if (waits == Waits::No)
        sql.replace("pg_catalog.pg_get_expr(k.conbin, k.conrelid)"_L1, "''"_L1);
    return sql;
}

QString indexes()
{
    return inUserSchemas(
        u"SELECT i.indexrelid::int8, i.indrelid::int8, i.indisunique AND i.indpred IS NULL, i.indisvalid,"
        " array_to_json(ARRAY(SELECT coalesce(a.attname, '(…)')"
        "  FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS o(num, place)"
        "  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = o.num AND o.num > 0"
        "  WHERE o.place <= i.indnkeyatts ORDER BY o.place))::text"
        " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE %1"_s);
}

QString views()
{
    return inUserSchemas(
        u"SELECT DISTINCT r.ev_class::int8, d.refobjid::int8, coalesce(a.attname, '')"
        " FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid"
        " JOIN pg_catalog.pg_class c ON c.oid = r.ev_class"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
        "  AND d.refobjsubid > 0"
        " WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = "
        "'pg_catalog.pg_class'::regclass"
        " AND c.relkind IN ('v', 'm') AND d.refobjid <> r.ev_class AND %1"_s);
}

QString ownedSequences()
{
    return u"SELECT d.objid::int8, d.refobjid::int8, a.attname FROM pg_catalog.pg_depend d"
           " JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'"
           " JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
           " WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = "
           "'pg_catalog.pg_class'::regclass"
           " AND d.deptype IN ('a', 'i')"_s;
}

QString uses()
{
    return u"WITH user_of AS ("
           " SELECT 'pg_catalog.pg_trigger'::regclass AS class, oid, tgrelid AS relation"
           "  FROM pg_catalog.pg_trigger WHERE NOT tgisinternal"
           " UNION ALL SELECT 'pg_catalog.pg_attrdef'::regclass, oid, adrelid FROM pg_catalog.pg_attrdef"
           " UNION ALL SELECT 'pg_catalog.pg_constraint'::regclass, oid, conrelid FROM "
           "pg_catalog.pg_constraint"
           "  WHERE conrelid <> 0 AND contype = 'c'"
           " UNION ALL SELECT 'pg_catalog.pg_policy'::regclass, oid, polrelid FROM pg_catalog.pg_policy"
           " UNION ALL SELECT 'pg_catalog.pg_rewrite'::regclass, oid, ev_class FROM pg_catalog.pg_rewrite"
           " UNION ALL SELECT 'pg_catalog.pg_class'::regclass, indexrelid, indrelid FROM pg_catalog.pg_index)"
           " SELECT DISTINCT u.relation::int8, n.nspname, coalesce(p.proname, s.relname)"
           " FROM pg_catalog.pg_depend d JOIN user_of u ON u.class = d.classid AND u.oid = d.objid"
           " LEFT JOIN pg_catalog.pg_proc p ON d.refclassid = 'pg_catalog.pg_proc'::regclass AND p.oid = "
           "d.refobjid"
           " LEFT JOIN pg_catalog.pg_class s ON d.refclassid = 'pg_catalog.pg_class'::regclass"
           "  AND s.oid = d.refobjid AND s.relkind = 'S'"
           " JOIN pg_catalog.pg_namespace n ON n.oid = coalesce(p.pronamespace, s.relnamespace)"
           " UNION SELECT c.oid::int8, n.nspname, t.typname FROM pg_catalog.pg_class c"
           " JOIN pg_catalog.pg_type t ON t.oid = c.reloftype"
           " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"_s;
}

QString types()
{
    return inUserSchemas(
        u"SELECT t.oid::int8, n.nspname, t.typname, t.typtype::text, coalesce(bn.nspname, ''),"
        " coalesce(e.typname, b.typname, ''), t.typtypmod, e.oid IS NOT NULL, t.typnotnull,"
        " array_to_json(ARRAY(SELECT l.enumlabel FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid"
        "  ORDER BY l.enumsortorder))::text"
        " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
        " LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype AND t.typbasetype <> 0"
        " LEFT JOIN pg_catalog.pg_type e ON e.oid = b.typelem AND b.typcategory = 'A'"
        " LEFT JOIN pg_catalog.pg_namespace bn ON bn.oid = coalesce(e.typnamespace, b.typnamespace)"
        " WHERE t.typtype IN ('e', 'd', 'r', 'b') AND t.typcategory <> 'A' AND %1"_s);
}

} // namespace stepwell::cataloguequeries
