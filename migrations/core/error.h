// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace stepwell {

/// What went wrong, told apart by what the user can do about it.
enum class ErrorKind {
    Internal,             ///< a defect of Stepwell
    Usage,                ///< a command or argument that makes no sense
    InvalidWorkspace,     ///< stepwell.toml cannot be read
    InvalidConfig,        ///< an Alembic ini cannot be read
    BrokenScripts,        ///< the script directory is missing, or broken in several ways
    UnreadableRevision,   ///< a revision file or its folder that cannot be read
    InvalidRevisionFile,  ///< a file among the revisions that is none: Alembic stops at it
    InvalidPython,        ///< a revision file that is no valid Python
    ComputedHeader,       ///< a header value or folder that only Python can tell, and it could not be asked
    DuplicateRevision,    ///< an identifier is in two files
    DuplicateLabel,       ///< a branch label is used twice, or is also an identifier
    InvalidIdentifier,    ///< an identifier with a character that Alembic forbids
    MissingParent,        ///< down_revision names what no file has
    MissingDependency,    ///< depends_on names what no file has
    RevisionCycle,        ///< revisions that follow each other in a circle
    UnknownRevision,      ///< no such revision
    AmbiguousRevision,    ///< several revisions begin with this text
    UnknownBranch,        ///< no such branch label
    NotOnBranch,          ///< the revision is not on the branch that was named with it
    MultipleHeads,        ///< the target names one head and there are several
    AmbiguousWalk,        ///< a relative target meets a fork or a merge point, or several rows
    WalkedTooFar,         ///< a relative target leads past the end
    OverlappingRevisions, ///< revisions or version rows that lie below one another
    NotAnAncestor,        ///< the ends of a range are not on one line
    InvalidTarget,        ///< the target exists but cannot be reached from here
    WouldFail,            ///< Alembic itself would stop with a traceback here, or leave a wrong table
    Unsupported,          ///< Alembic may know this; Stepwell does not
    ConnectionRefused,    ///< nobody listens at that address
    HostUnknown,          ///< the host name has no address
    ConnectionTimeout,    ///< no answer in time
    PasswordMissing,      ///< the server wants a password and none was given
    AuthenticationFailed, ///< the server refused the role or its password
    DatabaseMissing,      ///< the server has no such database
    TlsFailed,            ///< TLS could not be agreed on or verified
    ConnectionFailed,     ///< any other reason why a connection cannot be made
    ConnectionLost,       ///< the connection was there and is gone
    DatabaseError,        ///< the server refused a statement
    Locked,               ///< another run works on this target
    Refused,              ///< a check or policy says no; nothing was changed
    BackupFailed,         ///< no verified backup; nothing was changed
    MigrationFailed,      ///< a revision failed; the message says what state it left
    OutcomeUnknown,       ///< the link was lost; read the database before doing anything
    RenderFailed,         ///< SQL of a revision cannot be known without a database
    PythonMissing,        ///< no interpreter, or it has no Alembic
    ProgramMissing,       ///< pg_dump, initdb … is not installed in a fitting version
    ProcessFailed,        ///< a child process failed
    FileError,            ///< a file cannot be read or written
    Timeout,              ///< a deadline passed
    Cancelled,            ///< the user asked for it
};

/// The name of a kind in JSON output and tests: "connection-refused", "multiple-heads" …
[[nodiscard]] QString kindName(ErrorKind kind);
/// The exit code of the command line for a kind; the table is in the README.
[[nodiscard]] int exitCode(ErrorKind kind);

/// True if a password typed by the user may help.
[[nodiscard]] bool wantsPassword(ErrorKind kind);

/// What of the schema an error of the server is about; empty where the server does not say.
struct ErrorPlace {
    QString schema;
    QString table;
    QString column;
    QString constraint;
    QString type; ///< a data type, e.g. the domain whose rule is broken

    bool operator==(const ErrorPlace &) const = default;
};

/// An error as it is shown. Built in the thread that failed, at once; a plain value after that.
struct Error {
    ErrorKind kind = ErrorKind::Internal;
    QString message;   ///< one sentence: what happened
    QString hint;      ///< what to do about it; may be empty
    QString detail;    ///< the raw text of the server, the process or Python
    QString sqlState;  ///< five characters, or empty
    QString statement; ///< the SQL that failed, or empty
    ErrorPlace place;
    /// The server's DETAIL, alone; also a part of `detail`. May hold values of rows: shown, never kept.
    QString serverDetail;
    bool connectionLost = false; ///< the session is gone
    bool outcomeUnknown = false; ///< lost after work began: never say "failed", read the database

    bool operator==(const Error &) const = default;
};

/// message, hint and detail as one text for logs and terminals.
[[nodiscard]] QString toText(const Error &error);

} // namespace stepwell
