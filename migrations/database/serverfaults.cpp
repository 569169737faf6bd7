// SPDX-License-Identifier: MIT
#include "migrations/database/servererrortables.h"

namespace stepwell {

using namespace Qt::StringLiterals;

QList<ServerError> serverFaults()
{
    using enum ErrorCase;
    return {
        {"53100"_L1, Any, "The server's disk is full."_L1,
         "Rewriting a table or building an index needs room for a second copy, and WAL for all of it."_L1,
         "Make room on the server first, also where pg_wal is. Nobody can write while it is full."_L1, false},
        {"53200"_L1, SharedMemory, "The server's table of locks is full."_L1,
         "The transaction locks very many tables, partitions or indexes at once."_L1,
         "Split the revision, or raise max_locks_per_transaction and restart the server."_L1, false},
        {"53200"_L1, Any, "The server ran out of memory."_L1,
         "maintenance_work_mem or work_mem is larger than the server can give, or other sessions use it up."_L1,
         "Look at the server's memory first; lower maintenance_work_mem for the revision."_L1, false},
        {"53300"_L1, Any, "The server has no free connection for this role."_L1,
         "max_connections, or the limit of the role or database, is reached."_L1,
         "Try again when others have disconnected; look for idle sessions of pools."_L1, true},
        {"53400"_L1, Any, "A limit of the server's configuration is reached."_L1,
         "temp_file_limit, for example: sorting for an index writes temporary files."_L1,
         "Raise the limit that the server names for this role."_L1, false},
        {"53"_L1, Any, "The server ran out of a resource."_L1, ""_L1,
         "Look at the server's disk, memory and connections before trying again."_L1, false},
        {"54000"_L1, Any, "A limit of PostgreSQL itself is reached."_L1,
         "Most often a value is too long for a B-tree index (about 2700 bytes)."_L1,
         "Index a hash or a part of the value, or use another kind of index."_L1, false},
        {"54001"_L1, Any, "The statement is too complex for the server's stack."_L1,
         "An expression nested very deep, or functions or triggers that call each other without end."_L1,
         "Split the statement; look for triggers that fire themselves."_L1, false},
        {"54011"_L1, Any, "The table would have too many columns."_L1,
         "The limit is 1600, and dropped columns count."_L1, "Put columns into a second table."_L1, false},
        {"54"_L1, Any, "A limit of PostgreSQL itself is reached."_L1, ""_L1,
         "Make it smaller; the server's own words name the limit."_L1, false},
        {"58030"_L1, Any, "The server could not read or write a file."_L1,
         "The disk or its file system has a fault."_L1,
         "Stop, and have the server's disk and log looked at before anything else."_L1, false},
        {"58P01"_L1, Any, "The server misses a file."_L1,
         "An extension's files are not installed; or a file of the database is gone, which is damage."_L1,
         "Install the extension's package on the server. If a file under base/ is named, stop and look at "
         "the "
         "server."_L1,
         false},
        {"58"_L1, Any, "The server's operating system reported a fault."_L1, ""_L1,
         "Have the server and its log looked at before trying again."_L1, false},
        {"0A000"_L1, Any, "PostgreSQL cannot do this, or this version cannot."_L1,
         "For example: the type of a column that a view uses, or an extension that is not available on this server."_L1,
         "The server's own words say what is in the way. Drop and recreate what depends on it, or use "
         "another form; "
         "compare the versions of the servers."_L1,
         false},
        {"0A"_L1, Any, "PostgreSQL cannot do this."_L1, ""_L1, "Use another form of the statement."_L1,
         false},
        {"P0001"_L1, Any,
         "[The function %function|A function, trigger or DO block of the project] refused."_L1,
         "RAISE EXCEPTION was executed: the message is its author's."_L1,
         "Read the message; correct the data or the revision."_L1, false},
        {"P0002"_L1, Any,
         "A query in a function or DO block found no row where one must be[ (%function)|]."_L1, ""_L1,
         "The row it looks for is not in this database; correct the data or the revision."_L1, false},
        {"P0003"_L1, Any,
         "A query in a function or DO block found several rows where one must be[ (%function)|]."_L1, ""_L1,
         "Look for duplicates; correct the data or the revision."_L1, false},
        {"P0004"_L1, Any,
         "An ASSERT in a function or DO block of the project did not hold[ (%function)|]."_L1,
         "The data is not as the revision's author expected."_L1,
         "Look at what it asserts, and at the data, before going on."_L1, false},
        {"P0"_L1, Any, "A function, trigger or DO block of the project failed[ (%function)|]."_L1, ""_L1,
         "Read the message; correct the data or the revision."_L1, false},
        {"38"_L1, Any, "A function that is not written in SQL failed."_L1, ""_L1,
         "Read the message; correct the data or the revision."_L1, false},
        {"39"_L1, Any, "A function or trigger gave back something that is not allowed."_L1, ""_L1,
         "Correct the function."_L1, false},
        {"F0"_L1, Any, "The server's configuration file has a fault."_L1, ""_L1,
         "Have the server's configuration looked at."_L1, false},
        {"HV"_L1, Any, "A foreign server could not do it."_L1,
         "A foreign table stands for a table somewhere else."_L1,
         "Look at the foreign server and the user mapping."_L1, false},
        {"XX001"_L1, Any, "The server found damaged data in a table."_L1,
         "A disk, memory or file system fault."_L1,
         "Stop. Do not write to this database; keep a copy of its files, and look at the server's disks and "
         "backups."_L1,
         false},
        {"XX002"_L1, Any, "The server found a damaged index."_L1,
         "A disk fault, or a new version of the operating system's collations."_L1,
         "Stop and look at the server. If its disks are sound, REINDEX builds the index again."_L1, false},
        {"XX"_L1, Any, "The server met an internal error."_L1,
         "A defect of PostgreSQL or an extension, damaged data, or two sessions that changed the same object "
         "at "
         "once (\"tuple concurrently updated\")."_L1,
         "Stop and look at the server's log before trying again."_L1, false},
        {""_L1, Any, "The server refused a statement."_L1, ""_L1,
         "The server's own words say why; a state that is none of PostgreSQL's comes from a function or "
         "trigger of the "
         "schema."_L1,
         false},
    };
}

} // namespace stepwell
