// SPDX-License-Identifier: MIT
#include "migrations/backup/backup.h"
#include "migrations/database/versiontable.h"
#include "migrations/preflight/checks.h"
#include "migrations/run/reviewchecks.h"

#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 muchLag = 100'000'000; ///< bytes

/// How many standbys a commit waits for: "FIRST 2 (a, b)", "ANY 1 (…)", "2 (a, b)", "a, b"; 0: none.
int waitedFor(const QString &names)
{
    if (names.trimmed().isEmpty())
        return 0;
    static const QRegularExpression number(u"^\\s*(?:(?:FIRST|ANY)\\s+)?(\\d+)\\s*\\("_s,
                                           QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = number.match(names);
    return match.hasMatch() ? match.captured(1).toInt() : 1;
}

void tellSlots(const QList<QVariantList> &rows, QStringList &problems, CheckResult &result)
{
    for (const QVariantList &row : rows) {
        const QString slot = row.at(0).toString();
        const QString kept = row.at(2).isNull() ? u"keeps no WAL"_s
                                                : u"keeps %1 of WAL"_s.arg(sizeText(row.at(2).toLongLong()));
        result.details +=
            u"slot %1: %2, %3"_s.arg(slot, row.at(1).toBool() ? u"active"_s : u"inactive"_s, kept);
        if (row.at(1).toBool() || row.at(2).isNull())
            continue;
        problems += u"nobody reads from the slot %1, which %2"_s.arg(slot, kept);
        if (row.at(3).toBool())
            result.fixes +=
                CheckFix{.label = u"Drop the slot %1"_s.arg(slot),
                         .statements = {u"SELECT pg_drop_replication_slot(%1)"_s.arg(quotedLiteral(slot))},
                         .warning = u"The standby or subscriber that it belongs to has to be set up anew."_s};
    }
}

/// Standbys that a commit waits for now; -1 if this role may not see them.
int tellStandbys(const QList<QVariantList> &rows, QStringList &problems, CheckResult &result)
{
    int synchronous = 0;
    for (const QVariantList &row : rows) {
        const QString standby = row.at(0).toString();
        const QString state = row.at(1).toString();
        if (row.at(1).isNull()) {
            result.details += u"standby %1: this role may not see how far it is"_s.arg(standby);
            synchronous = -1;
            continue;
        }
        const QString sync = row.at(2).toString();
        if (synchronous >= 0 && (sync == u"sync"_s || sync == u"quorum"_s))
            ++synchronous;
        const qint64 lag = row.at(3).toLongLong();
        result.details += u"standby %1: %2, %3, %4 behind"_s.arg(standby, state, sync, sizeText(lag));
        if (lag > muchLag)
            problems += u"the standby %1 is %2 behind"_s.arg(standby, sizeText(lag));
    }
    return synchronous;
}

} // namespace

Told replicationCheck(const CheckContext &, DatabaseSession &session)
{
    const QString name = u"replication"_s;
    const auto settings =
        session.query(u"SELECT pg_is_in_recovery(), current_setting('synchronous_standby_names'), "
                      "current_setting('synchronous_commit')"_s);
    if (!settings)
        return errorOf(name, settings.error());
    if (settings->first().at(0).toBool())
        return checkOf(name, u"this server is a standby itself"_s);
    const auto slotRows = session.query(
        u"SELECT slot_name::text, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint, "
        "(SELECT rolsuper OR rolreplication FROM pg_catalog.pg_roles WHERE rolname = current_user) "
        "FROM pg_catalog.pg_replication_slots WHERE NOT temporary ORDER BY 3 DESC NULLS LAST, 1"_s);
    if (!slotRows)
        return errorOf(name, slotRows.error());
    const auto standbys = session.query(
        u"SELECT coalesce(nullif(application_name, ''), pid::text), state, sync_state, "
        "coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(replay_lsn, sent_lsn)), 0)::bigint "
        "FROM pg_catalog.pg_stat_replication ORDER BY 4 DESC, 1"_s);
    if (!standbys)
        return errorOf(name, standbys.error());

    CheckResult result = checkOf(name);
    QStringList problems;
    tellSlots(*slotRows, problems, result);
    const int synchronous = tellStandbys(*standbys, problems, result);
    const QString names = settings->first().at(1).toString();
    const QString commit = settings->first().at(2).toString();
    const int wanted = commit == u"off"_s || commit == u"local"_s ? 0 : waitedFor(names);
    if (wanted > 0)
        result.details += u"synchronous_standby_names: %1"_s.arg(names);
    if (synchronous >= 0 && synchronous < wanted) {
        worsen(result, CheckState::Failed);
        result.text = u"Commits wait for %1 that is not connected (synchronous_standby_names = %2)."_s.arg(
            countText(wanted - synchronous, u"standby"_s, u"standbys"_s), names);
        result.hint = u"Every commit hangs until it is back: mend the standby, or take it out of "
                      "synchronous_standby_names."_s;
        return result;
    }
    if (!problems.isEmpty()) {
        worsen(result, CheckState::Warning);
        result.text = problems.join(u"; "_s);
        result.hint =
            u"What the migration writes comes on top of it. See that the disk for WAL has room, and drop "
            "slots that nobody needs."_s;
        return result;
    }
    if (slotRows->isEmpty() && standbys->isEmpty())
        result.text = u"no standby and no slot"_s;
    else
        result.text = u"%1, %2"_s.arg(countText(standbys->size(), u"standby"_s, u"standbys"_s),
                                      countText(slotRows->size(), u"slot"_s, u"slots"_s));
    return result;
}

} // namespace stepwell
