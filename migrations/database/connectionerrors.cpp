// SPDX-License-Identifier: MIT
#include "migrations/database/servererrortables.h"

namespace stepwell {

using namespace Qt::StringLiterals;

QList<ServerError> connectionErrors()
{
    using enum ErrorCase;
    return {
        {"08001"_L1, Any, "The connection could not be made."_L1,
         "Nobody listens at that address, or a firewall is in between."_L1,
         "Check host, port and network, then try again."_L1, true},
        {"08004"_L1, Any, "The server refused the connection."_L1,
         "It, or a pooler in front of it, allows no connection from here."_L1,
         "Look at pg_hba.conf and at the pooler's log."_L1, false},
        {"08P01"_L1, Any, "Server and client did not understand each other."_L1,
         "A connection pooler or proxy in between often is the reason; so is a broken network."_L1,
         "Connect to the server directly, without the pooler."_L1, false},
        {"08"_L1, Any, "The connection to the server was lost."_L1,
         "The server went down, or the network or a proxy in between closed the connection."_L1,
         "Read the database's state before anything else: the last statement may still be executing. Then "
         "try "
         "again."_L1,
         true},
        {"57P01"_L1, Any, "The session was ended by an administrator, or the server was shut down."_L1,
         "Somebody called pg_terminate_backend(), or the server is being restarted or failed over."_L1,
         "Ask who did it and why. Read the database's state, then try again."_L1, true},
        {"57P02"_L1, Any, "Another process of the server crashed, and the server ended all sessions."_L1,
         "The server recovers by itself; its log says what crashed."_L1,
         "Wait until it takes connections again, read the database's state and look at the server's log "
         "before "
         "trying "
         "again."_L1,
         true},
        {"57P03"_L1, Any, "The server takes no connections now."_L1,
         "It is starting up, shutting down or recovering."_L1, "Wait a moment, then try again."_L1, true},
        {"57P04"_L1, Any, "The database was dropped while the session was connected."_L1, ""_L1,
         "Find out who dropped it. Nothing is left to migrate there."_L1, false},
        {"57P05"_L1, Any, "The session was idle for too long and the server ended it."_L1,
         "idle_session_timeout is set for this role or database."_L1,
         "Read the database's state, then try again with a longer idle_session_timeout for this role."_L1,
         false},
        {"57014"_L1, StatementTimeout, "A statement ran longer than statement_timeout allows."_L1,
         "It works on more rows than was thought, waits for a lock, or the limit is meant for an application."_L1,
         "Give the run a longer statement timeout, or split the work into smaller steps."_L1, false},
        {"57014"_L1, CancelRequest, "Somebody cancelled the statement."_L1,
         "The user of this run did, or an administrator with pg_cancel_backend()."_L1,
         "If it was not you, ask who it was before trying again."_L1, true},
        {"57014"_L1, Any, "The statement was cancelled, or ran longer than statement_timeout allows."_L1,
         ""_L1, "The server's own words say which: give it more time, or ask who cancelled it."_L1, false},
        {"57"_L1, Any, "An operator of the server stepped in."_L1, ""_L1,
         "Ask the server's administrators, and read the database's state before trying again."_L1, false},
        {"28P01"_L1, Any, "The server refused the password."_L1, ""_L1,
         "Check role and password that env.py uses."_L1, false},
        {"28"_L1, Any, "The server does not let this role in."_L1,
         "The role does not exist, may not log in, or pg_hba.conf has no line for it and this address."_L1,
         "Check role, database and address; pg_hba.conf on the server decides."_L1, false},
        {"3D000"_L1, Any, "The server has no such database."_L1, ""_L1,
         "Check the database's name, or create it first."_L1, false},
        {"55P03"_L1, Any, "A lock on [%table|a table or another object] was not to be had in time."_L1,
         "Another session holds it; an open transaction that does nothing is enough."_L1,
         "Wait for the session that holds it, or end it, then try again."_L1, true},
        {"40P01"_L1, Any,
         "The statement and another session waited for each other; the server ended this one."_L1,
         "Both took locks on the same tables in a different order."_L1,
         "Try again. If it comes back, run it while the application is quiet, or lock the tables in one order."_L1,
         true},
        {"40001"_L1, Any, "Another transaction changed the same rows at the same time."_L1,
         "The transaction runs as REPEATABLE READ or SERIALIZABLE, or a standby's recovery was in the way."_L1,
         "Try again."_L1, true},
        {"40003"_L1, Any, "It is not known whether the statement was completed."_L1, ""_L1,
         "Read the database's state before anything else."_L1, false},
        {"40"_L1, Any, "The server rolled the transaction back."_L1, ""_L1, "Try again."_L1, true},
        {"25P02"_L1, Any, "An earlier statement of the transaction had failed already."_L1,
         "The project's code caught that error and went on: the server refuses everything until a rollback."_L1,
         "Look for try/except around statements in the revision or env.py. What may fail belongs into a "
         "savepoint (begin_nested())."_L1,
         false},
        {"25006"_L1, Any, "The transaction may only read."_L1,
         "This is a standby, or default_transaction_read_only is on for the role or the database."_L1,
         "Connect to the primary; or see why the role or database is set to read only before changing that."_L1,
         false},
        {"25001"_L1, Any, "[%command cannot run|The statement cannot run] inside a transaction."_L1,
         "Alembic runs a revision in a transaction; CREATE INDEX CONCURRENTLY, VACUUM and some others need none."_L1,
         "Put the statement into `with op.get_context().autocommit_block():`, best in a revision of its own."_L1,
         false},
        {"25P01"_L1, Any, "[%command needs|The statement needs] a transaction, and there is none."_L1, ""_L1,
         "Move it out of the autocommit_block()."_L1, false},
        {"25P03"_L1, Any, "The transaction was idle for too long and the server ended the session."_L1,
         "idle_in_transaction_session_timeout is set, and the revision's Python worked longer than that "
         "between "
         "two "
         "statements."_L1,
         "Set a longer idle_in_transaction_session_timeout for this role, or do the slow work in Python "
         "before "
         "the first "
         "statement."_L1,
         false},
        {"25P04"_L1, Any, "The transaction lasted longer than transaction_timeout allows."_L1, ""_L1,
         "Set a longer transaction_timeout for this role, or split the revision."_L1, false},
        {"25"_L1, Any, "The transaction is not in a state that allows this."_L1, ""_L1,
         "Look at BEGIN, COMMIT and autocommit_block() in the revision and env.py."_L1, false},
        {"3B001"_L1, Any, "There is no such savepoint."_L1,
         "The revision ended the transaction by itself, or released the savepoint before."_L1,
         "Look at COMMIT and ROLLBACK in the revision: Alembic begins and ends its transaction itself."_L1,
         false},
        {"2D"_L1, Any, "COMMIT or ROLLBACK is not possible here."_L1,
         "A procedure or DO block that ends transactions cannot run inside one."_L1,
         "Run it in `with op.get_context().autocommit_block():`."_L1, false},
    };
}

} // namespace stepwell
