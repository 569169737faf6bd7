// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/targetaccess.h"
#include "tests/support/testcluster.h"

#include <atomic>
#include <future>
#include <thread>

namespace stepwell {

inline std::unique_ptr<DatabaseSession> openSession(const ConnectionSettings &settings, const QString &name)
{
    auto session = DatabaseSession::open(settings, {},
                                         {.applicationName = name,
                                          .lockTimeout = std::chrono::milliseconds(0),
                                          .statementTimeout = std::chrono::milliseconds(0)});
    if (!session)
        qFatal("%s", qPrintable(toText(session.error())));
    return *std::move(session);
}

/// A session that executes something in a thread of its own, as the project's Alembic does.
class Worker
{
public:
    Worker(const ConnectionSettings &settings, const QStringList &statements,
           const QString &name = QStringLiteral("worker"))
    {
        std::promise<int> started;
        std::future<int> pid = started.get_future();
        m_thread = std::jthread([this, settings, statements, name, &started] {
            auto session = openSession(settings, name);
            started.set_value(session->backendPid());
            for (const QString &statement : statements) {
                if (const Result<void> done = session->execute(statement); !done) {
                    state = done.error().sqlState;
                    break;
                }
            }
            ended = true;
        });
        backend = pid.get();
    }

    ~Worker()
    {
        if (!ended) // a test that failed leaves nobody waiting
            TestCluster::instance().execute(QStringLiteral("postgres"),
                                            QStringLiteral("SELECT pg_terminate_backend(%1)").arg(backend));
    }

    int backend = 0;
    std::atomic<bool> ended = false;
    QString state; ///< SQLSTATE of what failed; read it after the end

private:
    std::jthread m_thread;
};

class Scene
{
public:
    Scene() : database(TestCluster::instance().newDatabase())
    {
        execute(QStringLiteral("CREATE TABLE sessions (id int PRIMARY KEY, owner int)"));
        execute(QStringLiteral("INSERT INTO sessions SELECT i, i FROM generate_series(1, 10) i"));
    }

    void execute(const QString &sql) const { TestCluster::instance().execute(database.name, sql); }
    [[nodiscard]] QStringList rows(const QString &sql) const
    {
        return TestCluster::instance().rows(database.name, sql);
    }
    [[nodiscard]] std::unique_ptr<DatabaseSession>
    open(const QString &name = QStringLiteral("reporting")) const
    {
        return openSession(database.settings, name);
    }
    [[nodiscard]] TargetAccess access(const QString &user = {}) const
    {
        TargetAccess access;
        access.connection = database.settings;
        if (!user.isEmpty())
            access.connection.user = user;
        return access;
    }
    [[nodiscard]] bool waits(int pid) const
    {
        return !rows(QStringLiteral("SELECT 1 FROM pg_locks WHERE pid = %1 AND NOT granted").arg(pid))
                    .isEmpty();
    }

    TestDatabase database;
};

} // namespace stepwell
