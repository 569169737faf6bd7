// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/linter.h"

#include <QSet>

namespace stepwell {

/// A lock that the open transaction keeps to its end.
struct HeldLock {
    RelationName relation;
    LockMode mode = LockMode::None;
    int statement = 0; ///< the one that took it
};

struct AddedConstraint {
    RelationName relation;
    ConstraintDefinition constraint;
    int statement = 0;
};

struct AddedEnumValue {
    RelationName type;
    QString value;
};

/// What lives to the end of a transaction.
struct TransactionState {
    bool isOpen = false;
    bool begunByScript = false; ///< with BEGIN, not by what runs the script
    QList<HeldLock> held;       ///< on tables that others use
    QSet<RelationName> created; ///< nobody else sees these
    QList<AddedConstraint> notValid;
    QList<AddedEnumValue> enumValues; ///< of types that existed before
};

/// A setting in milliseconds; -1 unless the script sets it, 0 if it switches it off.
struct TimeoutState {
    qint64 session = -1;
    qint64 local = -1; ///< SET LOCAL, to the end of the transaction

    [[nodiscard]] qint64 value() const { return local >= 0 ? local : session; }
};

/// What the statements before left: the transaction with its locks, timeouts, tables already gone through.
struct ScriptState {
    TransactionState transaction;
    TimeoutState lockTimeout;
    TimeoutState statementTimeout;
    QSet<RelationName> rewritten;
    QSet<std::pair<RelationName, QString>> filled; ///< columns that an UPDATE gave a value wherever none was
    int changes = 0;                               ///< statements so far that change something
    int changesBeforeFirstCommit = -1;

    /// Goes on by a statement. `after`: the catalogue that has it applied.
    void follow(const LintedStatement &statement, int index, const Catalogue &after);

private:
    void followAction(const Action &action, int index, const Catalogue &after);
    void endTransaction();
    void setTimeout(const Action &action);
};

/// "5s", "'2 min'", "5000": milliseconds; -1 if it is none.
[[nodiscard]] qint64 timeoutOf(const QString &value);
/// The name under which the catalogue keeps a relation; as given if it does not know it.
[[nodiscard]] RelationName knownName(const Catalogue &catalogue, const RelationName &name);

} // namespace stepwell
