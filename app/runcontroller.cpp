// SPDX-License-Identifier: MIT
#include "app/runcontroller.h"

#include "migrations/run/migrationrun.h"

#include <QThread>

namespace stepwell {

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
    m_thread = QThread::create([this, request, cancel = m_cancel.get_token(), stop = m_stop.get_token()] {
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
        const RunReport report = run.execute();
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

void RunController::conclude(const RunReport &report)
{
    m_thread->wait();
    m_thread->deleteLater();
    m_thread = nullptr;
    Q_EMIT finished(report);
}

} // namespace stepwell
