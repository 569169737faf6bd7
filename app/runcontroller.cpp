// SPDX-License-Identifier: MIT
#include "app/runcontroller.h"

#include "migrations/run/migrationrun.h"

#include <QThread>

#include <functional>
#include <mutex>

namespace stepwell {

/// The run, for as long as its thread has it: it may be asked for something at any time.
class RunController::Running
{
public:
    void set(MigrationRun *run)
    {
        const std::scoped_lock lock(m_mutex);
        m_run = run;
    }
    void ask(const std::function<void(MigrationRun &)> &what)
    {
        const std::scoped_lock lock(m_mutex);
        if (m_run)
            what(*m_run);
    }

private:
    std::mutex m_mutex;
    MigrationRun *m_run = nullptr;
};

namespace {

RunReport journalFailed(const Error &error)
{
    return {.outcome = Outcome::Refused,
            .summary = error.message,
            .next = {{NextStep::None, error.hint}},
            .error = error};
}

} // namespace

RunController::RunController(QObject *parent) : QObject(parent)
{
    qRegisterMetaType<RunEvent>();
    qRegisterMetaType<RunReport>();
}

RunController::~RunController()
{
    if (!m_thread)
        return;
    stopAfterThisRevision();
    m_thread->wait();
}

void RunController::start(const RunRequest &request)
{
    if (m_thread)
        return;
    m_target = request.target.id;
    m_cancel = {};
    m_stop = {};
    m_running = std::make_shared<Running>();
    m_thread = QThread::create([this, request, running = m_running, cancel = m_cancel.get_token(),
                                stop = m_stop.get_token()] {
        // The journal belongs to the run's thread, so it is opened there.
        auto journal = Journal::open(defaultJournalPath());
        if (!journal) {
            QMetaObject::invokeMethod(this,
                                      [this, report = journalFailed(journal.error())] { conclude(report); });
            return;
        }
        MigrationRun run(request, **journal, [this](const RunEvent &event) { Q_EMIT eventHappened(event); });
        // Called at once if it was asked for while the journal was opened.
        const std::stop_callback onCancel(cancel, [&run] { run.cancel(); });
        const std::stop_callback onStop(stop, [&run] { run.stopAfterThisRevision(); });
        running->set(&run);
        const RunReport report = run.execute();
        running->set(nullptr);
        QMetaObject::invokeMethod(this, [this, report] { conclude(report); });
    });
    m_thread->setParent(this);
    Q_EMIT started(request);
    m_thread->start();
}

void RunController::stopAfterThisRevision()
{
    m_stop.request_stop();
}

void RunController::cancel()
{
    m_cancel.request_stop();
}

void RunController::giveUpLock()
{
    if (m_running)
        m_running->ask([](MigrationRun &run) { run.giveUpLock(); });
}

void RunController::signalBlocker(int backendPid, BlockerSignal signal)
{
    if (m_running)
        m_running->ask([&](MigrationRun &run) { run.signalBlocker(backendPid, signal); });
}

void RunController::conclude(const RunReport &report)
{
    m_thread->wait();
    m_thread->deleteLater();
    m_thread = nullptr;
    m_running.reset();
    Q_EMIT finished(report);
}

} // namespace stepwell
