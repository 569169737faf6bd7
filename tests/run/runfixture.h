// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journal.h"
#include "migrations/run/migrationrun.h"
#include "tests/support/scratchproject.h"
#include "tests/support/testcluster.h"

namespace stepwell {

/// A scratch project on a fresh database, with a journal of its own, ready to be run.
class RunFixture
{
public:
    explicit RunFixture(ScratchProject::Environment environment = ScratchProject::SyncPsycopg2);

    /// Three revisions: a creates one, b creates two, c creates three.
    void addThree();
    void addFile(const QString &id, const QString &down, const QString &upgrade,
                 const QString &downgrade = {});

    [[nodiscard]] Target target() const;
    [[nodiscard]] RevisionIds rows() const;
    [[nodiscard]] bool hasTable(const QString &name) const;
    /// A request for the plan as it is now; without backup.
    [[nodiscard]] RunRequest upgrade(const QString &to = QStringLiteral("head")) const;
    [[nodiscard]] RunRequest downgrade(const QString &to) const;
    RunReport run(const RunRequest &request, const MigrationRun::EventHandler &onEvent = {});
    [[nodiscard]] JournalEntry entry(qint64 id) const;

    TestDatabase database;
    ScratchProject project;
    QTemporaryDir folder;
    std::unique_ptr<Journal> journal;

private:
    [[nodiscard]] RunRequest request(const QString &to, Direction direction) const;
};

} // namespace stepwell
