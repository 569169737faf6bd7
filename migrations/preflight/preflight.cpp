// SPDX-License-Identifier: MIT
#include "migrations/preflight/preflight.h"

#include "migrations/preflight/checks.h"
#include "migrations/run/reviewchecks.h"
#include "migrations/status/targetconnection.h"
#include "migrations/status/targetscripts.h"
#include "migrations/workspace/checkpolicy.h"

#include <algorithm>
#include <exception>
#include <list>
#include <thread>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

using FileCheck = Told (*)(const CheckContext &);
using DatabaseCheck = Told (*)(const CheckContext &, DatabaseSession &);

template<typename Function>
struct Named {
    QString name;
    Function look;
};

bool isAdjustable(const QString &name)
{
    const auto known = std::ranges::find(checkNames(), name, &CheckName::name);
    return known != checkNames().end() && known->adjustable;
}

/// What the groups told so far. Thread-safe.
class Results
{
public:
    Results(const Environment &environment, const std::function<void(const CheckResult &)> &onResult)
        : m_policies(environment.checks), m_onResult(onResult)
    {
    }

    [[nodiscard]] bool wants(const QString &name) const
    {
        return !isAdjustable(name) || !m_policies.contains(name) ||
               m_policies.value(name) != CheckPolicy::Off;
    }

    void tell(CheckResult result)
    {
        if (!wants(result.name))
            return;
        if (isAdjustable(result.name) && m_policies.contains(result.name)) {
            const CheckPolicy policy = m_policies.value(result.name);
            if (policy == CheckPolicy::Warn && result.state == CheckState::Failed)
                result.state = CheckState::Warning;
            else if (policy == CheckPolicy::Block && result.state == CheckState::Warning)
                result.state = CheckState::Failed;
        }
        const std::scoped_lock lock(m_mutex);
        m_told += result;
        if (m_onResult)
            m_onResult(result);
    }

    [[nodiscard]] bool hasTold(const QString &name) const
    {
        const std::scoped_lock lock(m_mutex);
        return std::ranges::contains(m_told, name, &CheckResult::name);
    }

    [[nodiscard]] QList<CheckResult> inOrder() const
    {
        const std::scoped_lock lock(m_mutex);
        QList<CheckResult> results = m_told;
        std::ranges::stable_sort(results, {}, [](const CheckResult &one) { return checkOrder(one.name); });
        return results;
    }

private:
    const QHash<QString, CheckPolicy> m_policies;
    const std::function<void(const CheckResult &)> &m_onResult;
    mutable std::mutex m_mutex;
    QList<CheckResult> m_told;
};

/// The groups of one preflight. Each runs on a thread, and a session, of its own.
class Preflight
{
public:
    Preflight(const PreflightRequest &request, const std::stop_token &stop,
              const std::function<void(const CheckResult &)> &onResult)
        : m_context(request, stop), m_results(request.target.environment, onResult)
    {
    }

    QList<CheckResult> run();

private:
    using Threads = std::list<std::jthread>;

    void openFiles();
    void startAll(Threads &threads);
    void start(Threads &threads, const QStringList &names, std::function<void()> group);
    void fileGroup(const QList<Named<FileCheck>> &checks);
    void connectionGroup();
    void databaseGroup(const QString &role, bool waitForReviews, QList<Named<DatabaseCheck>> checks);
    void reviewGroup();
    void look(DatabaseSession &session, const QList<Named<DatabaseCheck>> &checks);

    CheckContext m_context;
    Results m_results;
};

/// Reads the files once. Broken ones still say, in most cases, where the database is.
void Preflight::openFiles()
{
    const PreflightRequest &request = m_context.request;
    Result<TargetAccess> access = TargetAccess::open(request.target, request.password);
    if (access) {
        m_context.access = *std::move(access);
        return;
    }
    const auto surveyed = ScriptDirectory::survey(scriptSource(request.target), ReadDepth::Header);
    if (!surveyed) {
        m_context.filesError = access.error();
        m_context.accessError = access.error();
        return;
    }
    m_context.access.scripts = *surveyed;
    if (!surveyed->problems.isEmpty())
        m_context.filesError = access.error();
    const auto connection = targetConnection(request.target, surveyed->config);
    if (!connection) {
        m_context.accessError = connection.error();
        return;
    }
    m_context.access.connection = *connection;
    m_context.access.password = request.password.isEmpty() ? connection->password : request.password;
}

QList<CheckResult> Preflight::run()
{
    openFiles();
    {
        Threads threads; // joined at the end of this block
        startAll(threads);
    }
    return m_results.inOrder();
}

void Preflight::startAll(Threads &threads)
{
    const auto files = [&](const QList<Named<FileCheck>> &checks) {
        QStringList names;
        for (const auto &check : checks)
            names += check.name;
        start(threads, names, [this, checks] { fileGroup(checks); });
    };
    const auto database = [&](const QString &role, bool waitForReviews,
                              const QList<Named<DatabaseCheck>> &checks) {
        QStringList names;
        for (const auto &check : checks)
            names += check.name;
        start(threads, names,
              [this, role, waitForReviews, checks] { databaseGroup(role, waitForReviews, checks); });
    };
    // The two that others wait for come first.
    start(threads, {u"connection"_s}, [this] { connectionGroup(); });
    start(threads, {u"findings"_s, u"approvals"_s}, [this] { reviewGroup(); });
    files({{u"files"_s, filesCheck}, {u"single-head"_s, singleHeadCheck}, {u"way-back"_s, wayBackCheck}});
    files({{u"git"_s, gitCheck}});
    files(
        {{u"unfinished-runs"_s, unfinishedRunsCheck}, {u"edited-after-applied"_s, editedAfterAppliedCheck}});
    database(u"checks"_s, false,
             {{u"primary"_s, primaryCheck},
              {u"environment-mark"_s, environmentMarkCheck},
              {u"run-lock"_s, runLockCheck},
              {u"current-known"_s, currentKnownCheck}});
    database(u"proof"_s, false, {{u"same-database"_s, sameDatabaseCheck}});
    database(u"storage checks"_s, false,
             {{u"invalid-indexes"_s, invalidIndexesCheck},
              {u"replication"_s, replicationCheck},
              {u"backup-room"_s, backupRoomCheck}});
    database(u"privilege checks"_s, true,
             {{u"privileges"_s, privilegesCheck}, {u"disk-space"_s, diskSpaceCheck}});
    database(u"activity checks"_s, true,
             {{u"long-transactions"_s, longTransactionsCheck},
              {u"prepared-transactions"_s, preparedTransactionsCheck},
              {u"dumps"_s, dumpsCheck},
              {u"autovacuum"_s, autovacuumCheck}});
}

void Preflight::start(Threads &threads, const QStringList &names, std::function<void()> group)
{
    threads.emplace_back([this, names, run = std::move(group)] {
        QString thrown;
        try {
            run();
            return;
        } catch (const std::exception &exception) {
            thrown = QString::fromLocal8Bit(exception.what());
        } catch (...) { // whatever it was, it must not end the program
        }
        const Error error{.kind = ErrorKind::Internal,
                          .message = u"This could not be looked at: Stepwell itself failed."_s,
                          .hint = u"Try again; if it stays, report it with the details."_s,
                          .detail = thrown};
        for (const QString &name : names) {
            if (!m_results.hasTold(name))
                m_results.tell(errorOf(name, error));
        }
        // Nobody may wait for what does not come any more.
        if (names.contains(u"connection"_s))
            m_context.database.set(std::unexpected(error));
        if (names.contains(u"findings"_s))
            m_context.reviewed.set(std::unexpected(error));
    });
}

void Preflight::fileGroup(const QList<Named<FileCheck>> &checks)
{
    for (const auto &[name, check] : checks) {
        if (m_context.stop.stop_requested())
            return;
        if (!m_results.wants(name))
            continue;
        if (const Told told = check(m_context))
            m_results.tell(*told);
    }
}

void Preflight::look(DatabaseSession &session, const QList<Named<DatabaseCheck>> &checks)
{
    for (const auto &[name, check] : checks) {
        if (m_context.stop.stop_requested())
            return;
        if (const Told told = check(m_context, session))
            m_results.tell(*told);
    }
}

/// The first session: whether the others are worth trying.
void Preflight::connectionGroup()
{
    const auto fail = [this](const Error &error) {
        m_results.tell(errorOf(u"connection"_s, error));
        m_context.database.set(std::unexpected(error));
    };
    if (m_context.accessError) {
        // Where the files are to blame, the check of the files says so.
        if (m_context.filesError)
            return m_context.database.set(std::unexpected(*m_context.accessError));
        return fail(*m_context.accessError);
    }
    const auto session = m_context.access.openSession(u"checks"_s, 5s);
    if (!session)
        return fail(session.error());
    const auto state = (*session)->readState(m_context.request.target.component.versionTable);
    if (!state)
        return fail(state.error());
    m_results.tell(connectionCheck(*state));
    m_context.database.set(*state);
    QList<Named<DatabaseCheck>> checks{{u"tls"_s, tlsCheck}, {u"direct"_s, directCheck}};
    checks.removeIf([this](const auto &check) { return !m_results.wants(check.name); });
    look(**session, checks);
}

void Preflight::databaseGroup(const QString &role, bool waitForReviews, QList<Named<DatabaseCheck>> checks)
{
    checks.removeIf([this](const auto &check) { return !m_results.wants(check.name); });
    if (checks.isEmpty() || !m_context.state())
        return;
    if (waitForReviews)
        std::ignore = m_context.reviews();
    if (m_context.stop.stop_requested())
        return;
    const auto session = m_context.access.openSession(role, 5s);
    if (session)
        return look(**session, checks);
    for (const auto &check : std::as_const(checks))
        m_results.tell(errorOf(check.name, session.error()));
}

void Preflight::reviewGroup()
{
    const PreflightRequest &request = m_context.request;
    if (!request.reviews)
        return m_context.reviewed.set(failure(ErrorKind::Cancelled, u"Nobody asked what the SQL does."_s));
    if (m_context.stop.stop_requested())
        return;
    const Result<QList<StepReview>> reviews = request.reviews();
    m_context.reviewed.set(reviews);
    if (m_context.stop.stop_requested())
        return;
    const Environment &environment = request.target.environment;
    if (!reviews) {
        m_results.tell(errorOf(u"findings"_s, reviews.error()));
        if (environment.approvals > 0)
            m_results.tell(errorOf(u"approvals"_s, reviews.error()));
        return;
    }
    m_results.tell(findingsCheck(*reviews, environment, request.accepted, request.emergency));
    m_results.tell(approvalsCheck(*reviews, environment, request.emergency));
}

} // namespace

QList<CheckResult> runPreflight(const PreflightRequest &request, const std::stop_token &stop,
                                const std::function<void(const CheckResult &)> &onResult)
{
    return Preflight(request, stop, onResult).run();
}

qsizetype checkOrder(const QString &name)
{
    const auto known = std::ranges::find(checkNames(), name, &CheckName::name);
    return known - checkNames().begin();
}

} // namespace stepwell
