// SPDX-License-Identifier: MIT
#include "migrations/backup/dumpfailure.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

struct Known {
    QLatin1StringView text; ///< in the output
    QLatin1StringView message;
    QLatin1StringView hint; ///< %1: the folder
};

// PostgreSQL's messages, which the child is asked to print in English. The statement timeout is how
// pg_dump carries out --lock-wait-timeout; otherwise it switches that off.
constexpr Known knownFailures[] = {
    {"No space left on device"_L1, "The disk of the backup folder is full."_L1,
     "Free some space in %1 or choose another folder, then try again."_L1},
    {"Disk quota exceeded"_L1, "Your disk quota for the backup folder is used up."_L1,
     "Free some space in %1 or choose another folder, then try again."_L1},
    {"Read-only file system"_L1, "The backup folder is on a disk that cannot be written to."_L1,
     "Choose another folder than %1."_L1},
    {"canceling statement due to statement timeout"_L1,
     "Another session holds a lock that the backup has to wait for."_L1,
     "Find out what runs on the database (a migration, a VACUUM FULL, a forgotten transaction), wait until "
     "it is "
     "done, then try again."_L1},
    {"aborting because of server version mismatch"_L1, "pg_dump is older than the server."_L1,
     "Install the PostgreSQL client package of the server's major version."_L1},
    {"row-level security"_L1,
     "Row-level security hides rows from this role, so the backup would be incomplete."_L1,
     "Use a role with BYPASSRLS, or the owner of the tables."_L1},
    {"permission denied for"_L1,
     "The role may not read everything in the database, so the backup would be incomplete."_L1,
     "Use a role that may read all tables and sequences, such as their owner, or grant it pg_read_all_data."_L1},
    {"password authentication failed"_L1, "The server refused the password."_L1,
     "Enter the password again, then try again."_L1},
    {"no password supplied"_L1, "The server wants a password."_L1, "Enter the password, then try again."_L1},
    {"server closed the connection"_L1, "The connection to the server was lost during the backup."_L1,
     "Look whether the server runs, then try again."_L1},
    {"terminating connection"_L1, "The server ended the connection during the backup."_L1,
     "Look whether the server runs, then try again."_L1},
    {"connection to server"_L1, "pg_dump cannot connect to the server."_L1,
     "Look whether the server runs and can be reached, then try again."_L1},
};

} // namespace

Error dumpFailure(const QString &program, const ProcessEnd &end, const QString &output,
                  const QString &directory)
{
    if (end.how == ProcessEnd::Cancelled) {
        return {.kind = ErrorKind::Cancelled, .message = u"The backup was cancelled. Nothing was changed."_s};
    }
    Error error{.kind = ErrorKind::BackupFailed, .detail = output};
    for (const Known &known : knownFailures) {
        if (output.contains(known.text)) {
            error.message = known.message;
            error.hint = QString(known.hint).replace(u"%1"_s, directory);
            return error;
        }
    }
    if (end.how == ProcessEnd::Exited) {
        error.message = u"%1 failed with exit code %2."_s.arg(program).arg(end.exitCode);
        error.hint = u"Its own message says why; put that right, then try again."_s;
    } else {
        error.message = u"%1 did not get to its end: %2."_s.arg(program, end.message);
        error.hint = u"Somebody or the system (short of memory?) ended it; try again."_s;
    }
    return error;
}

} // namespace stepwell
