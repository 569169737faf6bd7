// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/preflight/preflight.h"
#include "migrations/run/planreview.h"
#include "tests/run/runfixture.h"

namespace stepwell {

/// A scratch project on a fresh database, looked at before it is run.
class PreflightFixture : public RunFixture
{
public:
    /// One revision `aaaa1` with that SQL; its plan is request().
    void addStatements(const QStringList &statements);
    /// For the upgrade to head, without the proof through Python and without reviews.
    [[nodiscard]] PreflightRequest request() const;
    /// The same with what its steps do, linted against the database: as superuser and from SQL that stands
    /// here, so that no Python is started.
    [[nodiscard]] PreflightRequest requestFor(const QStringList &statements) const;
    /// A request as another role of the server.
    [[nodiscard]] static PreflightRequest as(const QString &role, PreflightRequest request);
    void execute(const QString &sql) const { TestCluster::instance().execute(database.name, sql); }
    /// Another client of the database.
    [[nodiscard]] std::unique_ptr<DatabaseSession> session(const QString &application) const;
};

/// Fails the program if the check is not among them.
[[nodiscard]] CheckResult found(const QList<CheckResult> &results, const QString &name);
[[nodiscard]] CheckResult found(const PreflightRequest &request, const QString &name);
[[nodiscard]] bool isAmong(const QList<CheckResult> &results, const QString &name);
/// State, text, hint, details and fixes, to be shown when a test fails.
[[nodiscard]] QByteArray shown(const CheckResult &result);

/// git in a folder, as somebody; returns what it prints. What fails ends the program.
QString git(const QString &folder, const QStringList &arguments);

} // namespace stepwell
