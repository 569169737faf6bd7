// SPDX-License-Identifier: MIT
#include "app/runcontroller.h"

#include "migrations/run/migrationrun.h"

#include <QThread>

namespace stepwell {

namespace {

RunReport journalFailed(const Error &error)
{
    return {.outcome = Outcome::Refused, .summary = error.message, .next = {error.hint}, .error = error};
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
    m_thread = QThread::create([this, request] {
        // The journal belongs to the run's thread, so it is opened there.
        auto journal = Journal::open(defaultJournalPath());
        if (!journal) {
            QMetaObject::invokeMethod(this, [this, report = journalFailed(journal.error())] { conclude(report); });
            return;
        }
        auto run = std::make_shared<MigrationRun>(request, **journal, [this](const RunEvent &event) { Q_EMIT eventHappened(event); });
        QMetaObject::invokeMethod(this, [this, run] { m_run = run; });
        const RunReport report = run->execute();
        QMetaObject::invokeMethod(this, [this, report] { conclude(report); });
    });
    m_thread->setParent(this);
    Q_EMIT started(request);
    m_thread->start();
}

void RunController::stopAfterThisRevision()
{
    if (m_run)
        m_run->stopAfterThisRevision();
}

void RunController::cancel()
{
    if (m_run)
        m_run->cancel();
}

void RunController::conclude(const RunReport &report)
{
    m_thread->wait();
    m_thread->deleteLater();
    m_thread = nullptr;
    m_run.reset();
    Q_EMIT finished(report);
}

} // namespace stepwell
