// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QObject>

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

Q_SIGNALS:
    void started(const stepwell::RunRequest &request);
    void eventHappened(const stepwell::RunEvent &event);
    void finished(const stepwell::RunReport &report);

private:
    void conclude(const RunReport &report);

    std::stop_source m_cancel; ///< of the run that is going on
    std::stop_source m_stop;   ///< the same, after its revision
    QThread *m_thread = nullptr;
    TargetId m_target;
};

} // namespace stepwell
