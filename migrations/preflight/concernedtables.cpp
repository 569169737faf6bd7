// SPDX-License-Identifier: MIT
#include "migrations/preflight/concernedtables.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

namespace stepwell {

using namespace Qt::StringLiterals;

QString HeldTableLock::text() const
{
    return u"%1 on %2"_s.arg(lockName(mode), table.text());
}

bool conflict(LockMode one, LockMode other)
{
    // Bit n: mode n conflicts; the modes are numbered as PostgreSQL numbers them.
    static constexpr std::array<quint16, 9> table{0,
                                                  0b1'0000'0000,
                                                  0b1'1000'0000,
                                                  0b1'1110'0000,
                                                  0b1'1111'0000,
                                                  0b1'1101'1000,
                                                  0b1'1111'1000,
                                                  0b1'1111'1100,
                                                  0b1'1111'1110};
    return (table.at(size_t(one)) >> int(other) & 1) != 0;
}

QString namesAsJson(const QList<RelationName> &names)
{
    QJsonArray array;
    for (const RelationName &name : names)
        array += QJsonObject{{u"s"_s, name.schema}, {u"n"_s, name.name}};
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

QString joinedRelations()
{
    return u" FROM json_to_recordset(?::json) AS e(s text, n text) "
           "JOIN pg_catalog.pg_class c ON c.relname = e.n "
           "JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace "
           "AND CASE WHEN e.s = '' THEN pg_catalog.pg_table_is_visible(c.oid) ELSE ns.nspname = e.s END "_s;
}

Result<QList<ConcernedTable>> concernedTables(const CheckContext &context, DatabaseSession &session)
{
    QHash<RelationName, QList<LockMode>> modes;
    const QList<StepReview> *reviews = context.reviews();
    for (const StepReview &review : reviews ? *reviews : QList<StepReview>()) {
        for (const LintedStatement &statement : review.lint.statements) {
            if (statement.isBookkeeping)
                continue;
            for (const RelationLock &lock : statement.effects.locks) {
                if (!review.lint.unseen.contains(lock.relation) && !modes[lock.relation].contains(lock.mode))
                    modes[lock.relation] += lock.mode;
            }
        }
    }
    QList<ConcernedTable> tables;
    if (modes.isEmpty())
        return tables;
    const auto rows =
        session.query(QString(u"SELECT e.s, e.n, c.oid::bigint"_s + joinedRelations() + u"ORDER BY 1, 2"_s),
                      {namesAsJson(modes.keys())});
    if (!rows)
        return std::unexpected(rows.error());
    for (const QVariantList &row : *rows) {
        const RelationName name{.schema = row.at(0).toString(), .name = row.at(1).toString()};
        tables += {.name = name, .oid = row.at(2).toLongLong(), .modes = modes.value(name)};
    }
    return tables;
}

Result<QList<HeldTableLock>> heldLocks(DatabaseSession &session, const QList<ConcernedTable> &tables)
{
    QList<HeldTableLock> locks;
    if (tables.isEmpty())
        return locks;
    QStringList oids;
    for (const ConcernedTable &table : tables)
        oids += QString::number(table.oid);
    const auto rows = session.query(
        u"SELECT coalesce(l.pid, 0), l.virtualtransaction, l.relation::bigint, l.mode "
        "FROM pg_catalog.pg_locks l WHERE l.locktype = 'relation' AND l.granted "
        "AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) "
        "AND l.pid IS DISTINCT FROM pg_backend_pid() AND l.relation = ANY (?::oid[])"_s,
        {u"{%1}"_s.arg(oids.join(u','))});
    if (!rows)
        return std::unexpected(rows.error());
    for (const QVariantList &row : *rows) {
        const auto table = std::ranges::find(tables, row.at(2).toLongLong(), &ConcernedTable::oid);
        if (table == tables.end())
            continue;
        const LockMode mode = lockModeOf(row.at(3).toString());
        locks += {.pid = row.at(0).toInt(),
                  .transaction = row.at(1).toString(),
                  .table = table->name,
                  .mode = mode,
                  .inTheWay = std::ranges::any_of(
                      table->modes, [mode](LockMode wanted) { return conflict(mode, wanted); })};
    }
    return locks;
}

} // namespace stepwell
