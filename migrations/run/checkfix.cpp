// SPDX-License-Identifier: MIT
#include "migrations/run/checkfix.h"

#include "migrations/database/versiontable.h"

#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

Result<QList<InvalidIndex>> invalidIndexes(DatabaseSession &session)
{
    // A build under way shows in pg_stat_progress_create_index, of which other roles may see a part only: the
    // lock that it holds on the table tells as well, and a vacuum holds the same.
    const auto rows = session.query(
        u"SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid), "
        "c.relname ~ '_cc(new|old)[0-9]*$', "
        "EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid) "
        "OR EXISTS (SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = "
        "'relation' "
        "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted "
        "AND a.backend_type = 'client backend' AND coalesce(a.query, '') !~* '^\\s*(vacuum|analyze)') "
        "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE NOT i.indisvalid AND i.indislive AND c.relkind = 'i' ORDER BY 1"_s);
    if (!rows)
        return std::unexpected(rows.error());
    QList<InvalidIndex> found;
    for (const QVariantList &row : *rows)
        found += {.name = row.at(0).toString(),
                  .table = row.at(1).toString(),
                  .definition = row.at(2).toString(),
                  .isLeftover = row.at(3).toBool(),
                  .isBuilding = row.at(4).toBool()};
    return found;
}

QString toText(const InvalidIndex &index)
{
    return u"INVALID index %1 on %2"_s.arg(index.name, index.table);
}

CheckFix repairOf(const InvalidIndex &index)
{
    CheckFix fix{.label = u"Drop %1"_s.arg(index.name),
                 .statements = {u"DROP INDEX CONCURRENTLY %1"_s.arg(index.name)},
                 .onlyIf = u"SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%1)"_s.arg(
                     quotedLiteral(index.name)),
                 .warning = u"What REINDEX CONCURRENTLY left behind; the index itself stays."_s};
    if (index.isLeftover)
        return fix;
    static const QRegularExpression head(u"^(CREATE (?:UNIQUE )?INDEX) "_s);
    QString build = index.definition;
    build.replace(head, u"\\1 CONCURRENTLY "_s);
    fix.label = u"Build %1 again"_s.arg(index.name);
    fix.statements += build;
    fix.warning = u"Reads all of %1; nobody waits for it meanwhile."_s.arg(index.table);
    return fix;
}

Result<void> applyFix(const TargetAccess &access, const CheckFix &fix)
{
    auto session = DatabaseSession::open(
        access.connection, access.password,
        {.applicationName = u"stepwell repair"_s, .lockTimeout = 0ms, .statementTimeout = 0ms});
    if (!session)
        return std::unexpected(session.error());
    if (!fix.onlyIf.isEmpty()) {
        const auto still = (*session)->query(fix.onlyIf);
        if (!still)
            return std::unexpected(still.error());
        if (still->isEmpty() || !still->first().first().toBool())
            return failure(ErrorKind::Refused, u"This is mended already. Nothing was changed."_s,
                           u"Run the checks again."_s);
    }
    QStringList done;
    for (const QString &statement : fix.statements) {
        if (const Result<void> executed = (*session)->execute(statement); !executed) {
            Error error = executed.error();
            if (!done.isEmpty())
                error.detail += u"\nDone before it:\n"_s + done.join(u'\n');
            return std::unexpected(error);
        }
        done += statement;
    }
    return {};
}

} // namespace stepwell
