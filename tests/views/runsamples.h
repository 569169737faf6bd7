// SPDX-License-Identifier: MIT
#pragma once

#include "views/runview.h"

/// A run of three revisions on production, as it is told to its view.
namespace stepwell::sample {

RunRequest request();
QHash<RevisionId, QString> messages();
RunEvent happening(RunEvent::Type type, RunPhase phase, int step = -1,
                   std::chrono::milliseconds took = std::chrono::milliseconds(0));
void sendPhase(RunView &view, RunPhase phase, int step, std::chrono::milliseconds took);
void sendStatement(RunView &view, int number, const QString &sql, std::chrono::milliseconds took,
                   qint64 rows);
void sendOutput(RunView &view, const QString &line);
void sendSome(RunView &view);
LockWait lockWait();
void sendWait(RunView &view, const LockWait &wait);
OffendingRows offending();
RunReport withAfterSteps();
RunReport failure();

/// The child of that name; without it the program ends.
template<typename T>
T *child(QWidget &parent, const QString &name)
{
    T *found = parent.findChild<T *>(name);
    if (!found)
        qFatal("no child named %s", qPrintable(name));
    return found;
}

} // namespace stepwell::sample
