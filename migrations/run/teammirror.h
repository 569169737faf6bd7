// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/sharedjournal.h"
#include "migrations/run/targetaccess.h"

#include <functional>

namespace stepwell {

/// Tells the shared journal of a target what is written into the local one, where the environment's policy
/// says so and for as long as it lives. What fails here keeps nobody from migrating; a lost connection is
/// made anew at the next event. One thread, that of the journal.
class TeamMirror
{
public:
    using Warning = std::function<void(const QString &)>; ///< told once

    TeamMirror(const Target &target, const TargetAccess &access, Journal &journal, Warning warn = {});
    ~TeamMirror();
    TeamMirror(const TeamMirror &) = delete;
    TeamMirror &operator=(const TeamMirror &) = delete;

private:
    void tell(const QString &uid, const QString &event, const QJsonObject &content);
    [[nodiscard]] Result<void> add(const QString &uid, const QString &event, const QJsonObject &content);

    const TargetAccess &m_access;
    Journal &m_journal;
    Warning m_warn;
    std::unique_ptr<SharedJournal> m_shared;
};

} // namespace stepwell
