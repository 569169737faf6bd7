// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <functional>
#include <stop_token>

namespace stepwell {

/// Where the logs of a component end now: what comes later belongs to the run. Follows rotation.
struct LogPlace {
    QString file;
    qint64 size = 0;
    quint64 inode = 0; ///< 0: there was no such file
};

/// Before a restart.
[[nodiscard]] QList<LogPlace> logPlaces(const Component &component);

/// Runs the component's restart command and tells its output (RunEvent::Output, phase Restart). Ends after
/// 5 min at the latest. Blocking.
[[nodiscard]] JournalAfter restartServices(const Component &component, const QString &directory,
                                           const std::function<void(const RunEvent &)> &onEvent,
                                           const std::stop_token &stop = {});

/// Reads what is written to the logs for Component::logWatch and tells every line (RunEvent::Output, phase
/// WatchLogs) and the time that is left (Progress). A verdict for each log: clean, the lines that tell of
/// trouble, no such file, or nothing written. Blocking.
[[nodiscard]] QList<JournalAfter> watchLogs(const Component &component, const QList<LogPlace> &places,
                                            const std::function<void(const RunEvent &)> &onEvent,
                                            const std::stop_token &stop = {});

/// True if a line tells of trouble. `pattern`: Component::logErrors.
[[nodiscard]] bool tellsOfTrouble(const QString &line, const QString &pattern = {});

} // namespace stepwell
