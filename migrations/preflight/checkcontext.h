// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/preflight/preflight.h"
#include "migrations/run/targetaccess.h"

#include <condition_variable>
#include <mutex>

namespace stepwell {

/// A value that one thread finds out and others wait for. The first that is set stays; thread-safe.
template<typename T>
class Awaited
{
public:
    void set(T value)
    {
        {
            const std::scoped_lock lock(m_mutex);
            if (!m_value) // others may hold its address
                m_value = std::move(value);
        }
        m_changed.notify_all();
    }
    /// Null if the stop came first.
    [[nodiscard]] const T *wait(const std::stop_token &stop) const
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait(lock, stop, [this] { return m_value.has_value(); }) ? &*m_value : nullptr;
    }

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable_any m_changed;
    std::optional<T> m_value;
};

/// What all checks of one preflight share. Written before the groups start, but for what is awaited.
struct CheckContext {
    explicit CheckContext(const PreflightRequest &asked, std::stop_token stopToken)
        : request(asked), stop(std::move(stopToken))
    {
    }

    const PreflightRequest &request;
    std::stop_token stop;
    TargetAccess access;              ///< as far as the files could be read
    std::optional<Error> filesError;  ///< Alembic could not work with the files
    std::optional<Error> accessError; ///< nobody knows where the database is
    Awaited<Result<DatabaseState>> database;
    Awaited<Result<QList<StepReview>>> reviewed;

    /// Null if it was not reached. Waits for the first session.
    [[nodiscard]] const DatabaseState *state() const;
    /// Null if nobody gives reviews or they could not be made. Waits for them.
    [[nodiscard]] const QList<StepReview> *reviews() const;
    /// The folders and files of the project that decide what a run does: script_location, the version
    /// locations, the configuration.
    [[nodiscard]] QStringList projectPaths() const;
};

/// A check with its name and title in place, passed.
[[nodiscard]] CheckResult checkOf(const QString &name, const QString &text = {});
[[nodiscard]] CheckResult warningOf(const QString &name, const QString &text, const QString &hint);
[[nodiscard]] CheckResult failureOf(const QString &name, const QString &text, const QString &hint);
/// An error of what was to be looked at: a failure, or a warning where a policy may turn the check off.
[[nodiscard]] CheckResult errorOf(const QString &name, const Error &error);
/// "2 min", "3 h", "5 days".
[[nodiscard]] QString ageText(std::chrono::seconds age);

/// The worse of two, for a check that looks at several things.
void worsen(CheckResult &result, CheckState state);

} // namespace stepwell
