// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/databasesession.h"
#include "migrations/run/bridge.h"
#include "tests/support/scratchproject.h"
#include "tests/support/testcluster.h"

namespace stepwell {

/// Both halves of the key have their high bit set.
constexpr qint64 proofKey = -81985529216486896;
constexpr qint64 runKey = 77;

/// A database, a project for it with one revision `a1`, Stepwell's control session with the proof
/// lock, and the bridge. What fails here ends the program.
struct BridgeSite {
    explicit BridgeSite(ScratchProject::Environment environment = ScratchProject::SyncPsycopg2);

    Bridge &start();
    [[nodiscard]] BridgeSettings settings(const QStringList &python = {QStringLiteral("python3")}) const;
    /// Replaces a text in the standard env.py.
    void changeEnv(const QString &before, const QString &after) const;

    [[nodiscard]] QStringList rows(const QString &sql) const;
    [[nodiscard]] QStringList versionRows() const;
    [[nodiscard]] QStringList tables() const; ///< of the schema public
    [[nodiscard]] bool hasTable(const QString &name) const;

    /// The statements that started, on one line each.
    [[nodiscard]] QStringList statements() const;
    /// The project's own output.
    [[nodiscard]] QString output() const;

    TestDatabase database;
    ScratchProject project;
    std::unique_ptr<DatabaseSession> control;
    QList<RunEvent> events;
    std::unique_ptr<Bridge> bridge;
};

[[nodiscard]] RunStep upgradeStep(const QString &id, const QString &from);
[[nodiscard]] RunStep downgradeStep(const QString &id, const QString &to);
/// Options with the proof and run keys.
[[nodiscard]] Bridge::StepOptions proved(Direction direction = Direction::Upgrade);
/// The error of a step as text, for messages of tests.
[[nodiscard]] QString textOf(const BridgeStepResult &result);

} // namespace stepwell
