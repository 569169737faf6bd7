// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QObject>

#include <memory>
#include <stop_token>

class QThread;

namespace stepwell {

/// The window's side of one run at a time: the run has a thread of its own, its events arrive here as
/// signals on the main thread.
class RunController : public QObject
{
    Q_OBJECT

public:
    explicit RunController(QObject *parent = nullptr);
    ~RunController() override; ///< lets the revision that is running finish

    [[nodiscard]] bool isRunning() const { return m_thread != nullptr; }
    [[nodiscard]] TargetId target() const { return m_target; }

    /// Does nothing if a run is going on.
    void start(const RunRequest &request);
    void stopAfterThisRevision();
    void cancel();
    /// What waits for a lock is cancelled and tried again later.
    void giveUpLock();
    /// A session that keeps the run waiting; told by RunEvent::Signalled.
    void signalBlocker(int backendPid, stepwell::BlockerSignal signal);

Q_SIGNALS:
    void started(const stepwell::RunRequest &request);
    void eventHappened(const stepwell::RunEvent &event);
    void finished(const stepwell::RunReport &report);

private:
    class Running;
    void conclude(const RunReport &report);

    std::shared_ptr<Running> m_running; ///< of the run that is going on
    std::stop_source m_cancel;          ///< of the run that is going on
    std::stop_source m_stop;            ///< the same, after its revision
    QThread *m_thread = nullptr;
    TargetId m_target;
};

} // namespace stepwell
