// SPDX-License-Identifier: MIT
#include "migrations/preflight/preflight.h"

#include "migrations/backup/postgresprograms.h"
#include "migrations/run/databaseproof.h"
#include "migrations/run/reviewchecks.h"
#include "migrations/run/runlock.h"
#include "migrations/run/targetaccess.h"

#include <QFileInfo>
#include <QLocale>
#include <QStorageInfo>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

QString sizeText(qint64 bytes)
{
    return QLocale::c().formattedDataSize(bytes);
}

/// The folder itself, or the nearest one above it that exists: the backup makes the rest.
QString existingFolder(const QString &path)
{
    QFileInfo folder(path);
    while (!folder.isDir() && !folder.isRoot())
        folder.setFile(folder.absolutePath());
    return folder.absoluteFilePath();
}

/// The checks of one preflight, in the order in which they are shown.
class Preflight
{
public:
    Preflight(const PreflightRequest &request, std::stop_token stop,
              const std::function<void(const CheckResult &)> &onResult)
        : m_request(request), m_stop(std::move(stop)), m_onResult(onResult)
    {
    }

    QList<CheckResult> run();

private:
    void connection();
    void primary();
    void sameDatabase();
    void singleHead();
    void currentKnown();
    void wayBack();
    void longTransactions();
    void runLock();
    void backupRoom();
    void reviews();

    void passed(const QString &name, const QString &title, const QString &text)
    {
        add({name, title, CheckState::Passed, text, {}});
    }
    void warn(const QString &name, const QString &title, const QString &text, const QString &hint)
    {
        add({name, title, CheckState::Warning, text, hint});
    }
    void failed(const QString &name, const QString &title, const Error &error)
    {
        add({name, title, CheckState::Failed, error.message, error.hint});
    }
    void add(const CheckResult &result)
    {
        m_results += result;
        if (m_onResult)
            m_onResult(result);
    }

    const PreflightRequest &m_request;
    std::stop_token m_stop;
    const std::function<void(const CheckResult &)> &m_onResult;
    QList<CheckResult> m_results;
    TargetAccess m_access;
    std::unique_ptr<DatabaseSession> m_session;
    DatabaseState m_state;
};

QList<CheckResult> Preflight::run()
{
    Result<TargetAccess> access = TargetAccess::open(m_request.target, m_request.password);
    if (!access) {
        failed(u"files"_s, u"Revision files"_s, access.error());
        return m_results;
    }
    m_access = *std::move(access);
    connection();
    if (!m_session)
        return m_results;
    using Check = void (Preflight::*)();
    for (const Check check : {&Preflight::primary, &Preflight::sameDatabase, &Preflight::singleHead,
                              &Preflight::currentKnown, &Preflight::wayBack, &Preflight::longTransactions,
                              &Preflight::runLock, &Preflight::backupRoom, &Preflight::reviews}) {
        if (m_stop.stop_requested())
            break;
        (this->*check)();
    }
    return m_results;
}

void Preflight::connection()
{
    const QString title = u"Connection"_s;
    auto session = m_access.openSession(u"checks"_s, 5s);
    if (!session)
        return failed(u"connection"_s, title, session.error());
    const Result<DatabaseState> state = (*session)->readState(m_request.target.component.versionTable);
    if (!state)
        return failed(u"connection"_s, title, state.error());
    m_session = *std::move(session);
    m_state = *state;
    passed(u"connection"_s, title,
           u"PostgreSQL %1, %2, %3 ms"_s
               .arg(m_state.serverVersionText, m_state.tls.isEmpty() ? u"no TLS"_s : m_state.tls)
               .arg(m_state.roundTrip.count()));
}

void Preflight::primary()
{
    const QString title = u"Accepts changes"_s;
    const auto rows = m_session->query(
        u"SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only') = 'on'"_s);
    if (!rows)
        return failed(u"primary"_s, title, rows.error());
    if (rows->first().at(0).toBool())
        return failed(
            u"primary"_s, title,
            {.message = u"The server is a standby in recovery."_s, .hint = u"Connect to the primary."_s});
    if (rows->first().at(1).toBool())
        return failed(
            u"primary"_s, title,
            {.message = u"Transactions are read-only by default here."_s,
             .hint = u"Look at default_transaction_read_only of the role, the database and the server."_s});
    passed(u"primary"_s, title, u"a primary that accepts writes"_s);
}

void Preflight::sameDatabase()
{
    const QString name = u"same-database"_s;
    const QString title = u"Same database"_s;
    const qint64 proofKey = newProofKey();
    Bridge bridge(m_access.bridge);
    const Result<BridgeDescription> description =
        proveSameDatabase(*m_session, bridge, proofKey, m_request.target, m_stop);
    std::ignore = m_session->releaseAdvisoryLock(proofKey);
    if (!description)
        return failed(name, title, description.error());
    if (description->externalTransaction)
        return warn(
            name, title, u"the same database, but env.py runs SQL before Alembic's transaction begins"_s,
            u"Alembic then commits nothing itself: what env.py does not commit is rolled back silently."_s);
    passed(name, title,
           u"env.py and Stepwell reach the same database (alembic %1, %2)"_s.arg(description->alembicVersion,
                                                                                 description->driver));
}

void Preflight::singleHead()
{
    if (m_request.plan.direction == Direction::Downgrade)
        return;
    const RevisionIds heads = m_access.scripts.map.heads();
    if (heads.size() == 1)
        return passed(u"single-head"_s, u"Single head"_s, heads.first().text());
    warn(u"single-head"_s, u"Single head"_s, u"%1 heads: %2"_s.arg(heads.size()).arg(toText(heads)),
         u"Fine if the branches are meant to stay apart; otherwise merge them first."_s);
}

void Preflight::currentKnown()
{
    const QString name = u"current-known"_s;
    const QString title = u"Current revision known"_s;
    for (const RevisionId &row : std::as_const(m_state.rows)) {
        if (!m_access.scripts.map.find(row))
            return failed(name, title,
                          {.message = u"The database is at %1, which no file here has."_s.arg(row.text()),
                           .hint = u"Check out the code that has it."_s});
    }
    if (!sameSet(m_state.rows, m_request.plan.from))
        return failed(
            name, title,
            {.message = u"The database moved to %1 since the plan was made."_s.arg(toText(m_state.rows)),
             .hint = u"Close this and look at the new plan."_s});
    passed(name, title, m_state.rows.isEmpty() ? u"empty: no revision yet"_s : toText(m_state.rows));
}

void Preflight::wayBack()
{
    QStringList losing;
    for (const PlanStep &step : m_request.plan.steps) {
        const Revision *revision = m_access.scripts.map.find(step.revision);
        if (!revision)
            continue;
        if (revision->wayBack == WayBack::Irreversible && m_request.plan.direction == Direction::Downgrade)
            return failed(u"way-back"_s, u"Way back"_s,
                          {.message = u"%1 cannot be taken back: its downgrade() raises or is missing."_s.arg(
                               step.revision.text()),
                           .hint = u"Restore a backup, or write a new revision that undoes it."_s});
        if (revision->wayBack == WayBack::Irreversible || revision->losesData)
            losing += step.revision.text();
    }
    if (!losing.isEmpty())
        return warn(u"way-back"_s, u"Way back"_s,
                    u"%1 cannot be undone without loss"_s.arg(losing.join(u", "_s)),
                    u"The backup is the only way back past it."_s);
    passed(u"way-back"_s, u"Way back"_s, u"every revision has one"_s);
}

void Preflight::longTransactions()
{
    const QString title = u"Long transactions"_s;
    const auto rows = m_session->query(
        u"SELECT pid, coalesce(nullif(application_name, ''), usename::text, '?'), extract(epoch FROM now() - "
        u"xact_start)::bigint "
        "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND xact_start < now() - interval '1 minute' ORDER BY xact_start LIMIT 5"_s);
    if (!rows)
        return failed(u"long-transactions"_s, title, rows.error());
    if (rows->isEmpty())
        return passed(u"long-transactions"_s, title, u"none older than a minute"_s);
    const QVariantList oldest = rows->first();
    warn(u"long-transactions"_s, title,
         u"%1 open; the oldest is backend %2 (%3) for %4 min"_s.arg(rows->size())
             .arg(oldest.at(0).toInt())
             .arg(oldest.at(1).toString())
             .arg(oldest.at(2).toLongLong() / 60),
         u"Its locks may hold the migration up, and everything else queues behind. End it, or wait."_s);
}

void Preflight::runLock()
{
    const QString title = u"Nobody else migrating"_s;
    const RunKeys keys = RunKeys::forTable(m_request.target.component.versionTable);
    if (const Result<void> taken = acquireRunLock(*m_session, keys, 0s, m_stop); !taken)
        return failed(u"run-lock"_s, title, taken.error());
    std::ignore = m_session->releaseAdvisoryLock(keys.run);
    passed(u"run-lock"_s, title, u"the lock is free"_s);
}

void Preflight::backupRoom()
{
    if (m_request.backupDirectory.isEmpty())
        return;
    const QString name = u"backup-room"_s;
    const QString title = u"Room for the backup"_s;
    const Result<PostgresBinary> program =
        clientProgram(PostgresProgram::Dump, m_session->serverVersion() / 10000);
    if (!program)
        return failed(name, title, program.error());
    const QString folder = existingFolder(m_request.backupDirectory);
    const qint64 available = QStorageInfo(folder).bytesAvailable();
    const QString text =
        u"the database has %1, %2 free"_s.arg(sizeText(m_state.databaseSize), sizeText(available));
    if (!QFileInfo(folder).isWritable())
        return failed(
            name, title,
            {.message = u"%1 cannot be written."_s.arg(folder), .hint = u"Choose another folder."_s});
    if (available < m_state.databaseSize)
        return failed(name, title,
                      {.message = text, .hint = u"Make room, or choose a folder on another disk."_s});
    passed(name, title, text);
}

void Preflight::reviews()
{
    if (!m_request.reviews)
        return;
    const Result<QList<StepReview>> reviews = m_request.reviews();
    if (!reviews)
        return failed(u"findings"_s, u"Findings accepted"_s, reviews.error());
    const Environment &environment = m_request.target.environment;
    add(findingsCheck(*reviews, environment, m_request.accepted, m_request.emergency));
    add(approvalsCheck(*reviews, environment, m_request.emergency));
}

} // namespace

QList<CheckResult> runPreflight(const PreflightRequest &request, const std::stop_token &stop,
                                const std::function<void(const CheckResult &)> &onResult)
{
    return Preflight(request, stop, onResult).run();
}

} // namespace stepwell
