// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1StringView>
#include <QList>
#include <QString>

#include <functional>

namespace stepwell {

/// What, beyond its SQLSTATE, tells an error from others with the same state.
enum class ErrorCase {
    Any,
    StatementTimeout, ///< statement_timeout passed
    CancelRequest,    ///< somebody cancelled the statement
    SharedMemory,     ///< the lock table is full, not the memory
    AddsRule,         ///< the statement changes the schema: rows that are there break what it asks for
    RemovesParent,    ///< rows are deleted or changed that others refer to
    NotOwner,         ///< the statement is the owner's alone
    SchemaPrivilege,  ///< the privilege that lacks is one on a schema
    PendingEvents,    ///< deferred triggers of this transaction have not run
    OwnSession,       ///< what is in the way is of the session itself
    NoPartition,      ///< a row that no partition takes
    PartitionBound,   ///< rows that are outside the bounds of a partition, or belong into a new one
    CannotCast,       ///< ALTER COLUMN … TYPE without USING
};

/// One row of the table of errors. In the texts `[a|b|c]` stands for the first of the alternatives whose
/// names are all known; the last has none. Names: %table %column %constraint %type %name (the first that the
/// message quotes) %command (ALTER TABLE …) %dependents %function.
struct ServerError {
    QLatin1StringView state; ///< an SQLSTATE; a class (two characters) as fall back; empty for all others
    ErrorCase when = ErrorCase::Any;
    QLatin1StringView what;
    QLatin1StringView why;
    QLatin1StringView todo;
    bool passing = false;
};

/// By state; the cases of a state before its ErrorCase::Any.
[[nodiscard]] const QList<ServerError> &serverErrors();

/// "when statement_timeout passed", as in docs/errors.md; empty for Any.
[[nodiscard]] QLatin1StringView caseText(ErrorCase when);

/// A text of the table with what is known: `known` gives the value of a name without its '%', or nothing.
[[nodiscard]] QString filledText(QLatin1StringView text,
                                 const std::function<QString(const QString &name)> &known);

} // namespace stepwell
