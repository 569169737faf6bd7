// SPDX-License-Identifier: MIT
#include "migrations/run/teammirror.h"

#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

TeamMirror::TeamMirror(const Target &target, const TargetAccess &access, Journal &journal, Warning warn)
    : m_access(access), m_journal(journal), m_warn(std::move(warn))
{
    if (!target.environment.sharedJournal)
        return;
    journal.setMirror([this](const QString &uid, const QString &event, const QJsonObject &content) {
        tell(uid, event, content);
    });
}

TeamMirror::~TeamMirror()
{
    m_journal.setMirror({});
}

void TeamMirror::tell(const QString &uid, const QString &event, const QJsonObject &content)
{
    Result<void> told = add(uid, event, content);
    if (!told && told.error().connectionLost)
        told = add(uid, event, content); // on a new session
    if (!told && m_warn)
        std::exchange(m_warn, {})(
            u"The shared journal is not written: %1 %2"_s.arg(told.error().message, told.error().hint));
}

Result<void> TeamMirror::add(const QString &uid, const QString &event, const QJsonObject &content)
{
    if (!m_shared) {
        auto opened =
            m_access.openSession(u"journal"_s, 5s).and_then([](std::unique_ptr<DatabaseSession> session) {
                return SharedJournal::open(std::move(session), true);
            });
        if (!opened)
            return std::unexpected(opened.error());
        m_shared = *std::move(opened);
    }
    Result<void> added = m_shared->add(uid, event, content);
    if (!added && added.error().connectionLost)
        m_shared.reset();
    return added;
}

} // namespace stepwell
