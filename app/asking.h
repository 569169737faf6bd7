// SPDX-License-Identifier: MIT
#pragma once

#include "app/workspacesession.h"

#include <QFuture>
#include <QPointer>

#include <functional>

namespace stepwell {

/// Counts the answers of a session's workers that are still to come, and drops those that come after another
/// workspace was opened. Belongs to an object of the main thread and goes with it.
class Asking
{
public:
    explicit Asking(QObject *owner) : m_owner(owner) {}

    void setSession(WorkspaceSession *session) { m_session = session; }
    [[nodiscard]] bool isBusy() const { return m_asked > 0; }

    template<typename T>
    void ask(QFuture<T> future, std::function<void(const T &)> answer)
    {
        ++m_asked;
        future.then(m_owner, [this, answer = std::move(answer), session = m_session](const T &value) {
            --m_asked;
            if (session && session == m_session)
                answer(value);
        });
    }

private:
    QObject *m_owner;
    QPointer<WorkspaceSession> m_session;
    int m_asked = 0;
};

} // namespace stepwell
