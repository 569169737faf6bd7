// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QList>
#include <QProcessEnvironment>

namespace stepwell {

/// PostgreSQL's own programs that Stepwell calls.
enum class PostgresProgram { Dump, Restore, Psql, InitDb, Server };

/// "pg_dump", "pg_restore", "psql", "initdb", "postgres".
[[nodiscard]] QString programName(PostgresProgram program);

/// A program of one PostgreSQL release.
struct PostgresBinary {
    QString path;    ///< absolute
    int major = 0;   ///< 17
    QString version; ///< "17.6"

    bool operator==(const PostgresBinary &) const = default;
};

/// Every release of a program on this machine, newest first; of one major version only the first one found.
/// Looks in the folders that distributions use for releases side by side, then in PATH. If
/// STEPWELL_PG_BIN is set, only its folders count (several with colons). Any thread; starts each
/// program once a process to ask for its version.
[[nodiscard]] QList<PostgresBinary> findPostgresPrograms(PostgresProgram program);

/// For dump, restore and psql against a server: its own major version, or else the nearest newer
/// one (pg_dump refuses a newer server). Errors: ProgramMissing, naming the package to install.
[[nodiscard]] Result<PostgresBinary> clientProgram(PostgresProgram program, int serverMajor);

/// The newest release. Errors: ProgramMissing, naming the package to install.
[[nodiscard]] Result<PostgresBinary> newestProgram(PostgresProgram program);

/// Exactly one major version: what an existing cluster needs. Errors: ProgramMissing.
[[nodiscard]] Result<PostgresBinary> exactProgram(PostgresProgram program, int major);

/// This process's environment without libpq's and the server's variables (PGHOST, PGDATA …), in
/// English, so that messages can be read by machines.
[[nodiscard]] QProcessEnvironment postgresEnvironment();

} // namespace stepwell
