// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QCoreApplication>

namespace stepwell {

/// The words in which a wait for a lock is told. Any thread.
class RunLockText
{
    Q_DECLARE_TR_FUNCTIONS(stepwell::RunLockText)

public:
    /// How names and queries are set apart from words.
    enum Form { PlainText, Html };

    /// "Waiting for a lock, 4.1 s".
    [[nodiscard]] static QString title(const LockWait &wait);
    /// "ACCESS EXCLUSIVE on sessions is held up by pid 48213 (reporting, idle in transaction 14 min): SELECT
    /// … 17 sessions wait behind this one." `codeFont`: family of names and queries in HTML.
    [[nodiscard]] static QString sentence(const LockWait &wait, Form form = PlainText,
                                          const QString &codeFont = {});
    /// "pid 48213 (reporting, idle in transaction 14 min)", or the prepared transaction.
    [[nodiscard]] static QString blocker(const Blocker &blocker);
    /// "14 min".
    [[nodiscard]] static QString span(std::chrono::seconds span);

    /// "End pid 48213…"; with its number in both where there are several.
    [[nodiscard]] static QString buttonText(const Blocker &blocker, BlockerSignal signal, bool several);
    [[nodiscard]] static QString question(const Blocker &blocker, BlockerSignal signal);
    /// Who that is, and what it costs them.
    [[nodiscard]] static QString consequences(const Blocker &blocker, BlockerSignal signal);
    /// A statement that can be cancelled is running.
    [[nodiscard]] static bool canCancel(const Blocker &blocker);
};

} // namespace stepwell
