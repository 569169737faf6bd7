// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/databasesession.h"
#include "migrations/journal/journal.h"

namespace stepwell {

/// Runs as the whole team sees them: the journal's events once more, without statements, in the table
/// stepwell.journal of the target's own database. A schema of its own keeps it out of sight of Alembic's
/// autogenerate. Used only where the environment's policy says so. Blocking; one thread, that of its session.
class SharedJournal
{
public:
    /// Makes schema and table if they are missing and `create` says so; they refuse UPDATE, DELETE and
    /// TRUNCATE. Two sessions may make them at once. With `create` the role must be able to write, without
    /// it to read.
    /// Errors: DatabaseError (with what to grant), those of the session; Refused if there is no table, or
    /// another one of that name.
    [[nodiscard]] static Result<std::unique_ptr<SharedJournal>> open(std::unique_ptr<DatabaseSession> session,
                                                                     bool create);

    /// One event of a run. What fails here must not fail a run: the local journal has it all.
    [[nodiscard]] Result<void> add(const QString &uid, const QString &event, const QJsonObject &content);
    /// Newest first, of the targets that keep their runs here; `id` is 0, `workspace` is not looked at.
    [[nodiscard]] Result<QList<JournalEntry>> entries(const JournalFilter &filter = {});

private:
    explicit SharedJournal(std::unique_ptr<DatabaseSession> session) : m_session(std::move(session)) {}
    [[nodiscard]] Result<QList<JournalEntry>> assemble(const QStringList &uids);

    std::unique_ptr<DatabaseSession> m_session;
};

} // namespace stepwell
