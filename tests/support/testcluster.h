// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/backup/privatecluster.h"

namespace stepwell {

/// A fresh database of the test cluster.
struct TestDatabase {
    QString name;
    ConnectionSettings settings;
    QString url; ///< postgresql://…
};

/// One private PostgreSQL server for a test program: in a temporary folder, started on first use,
/// ended and removed at exit, also when the program crashes. What fails here ends the program:
/// a test without its server has nothing to say.
class TestCluster
{
public:
    static TestCluster &instance();

    /// A new database, owned by the superuser `stepwell`.
    [[nodiscard]] TestDatabase newDatabase();
    /// Runs SQL as the superuser.
    void execute(const QString &database, const QString &sql);
    /// The rows of a query, columns separated by '|', as psql -At prints them.
    [[nodiscard]] QStringList rows(const QString &database, const QString &sql);
    void stopServer(bool immediate = false);
    void startServer();
    [[nodiscard]] PrivateCluster &cluster() { return m_cluster; }

    TestCluster(const TestCluster &) = delete;
    TestCluster &operator=(const TestCluster &) = delete;

private:
    TestCluster();
    ~TestCluster();

    PrivateCluster m_cluster;
    FILE *m_watcher = nullptr;
    int m_count = 0;
};

} // namespace stepwell
