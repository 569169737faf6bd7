// SPDX-License-Identifier: MIT
#include "migrations/lint/scriptstate.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

qint64 timeoutOf(const QString &value)
{
    QString text = value.trimmed();
    if (text.size() >= 2 && text.startsWith(u'\'') && text.endsWith(u'\''))
        text = text.sliced(1, text.size() - 2).trimmed();
    qsizetype digits = 0;
    while (digits < text.size() && (text.at(digits).isDigit() || text.at(digits) == u'.'))
        ++digits;
    bool isNumber = false;
    const double number = text.first(digits).toDouble(&isNumber);
    if (!isNumber)
        return -1;
    static const QHash<QString, double> units{{u""_s, 1},          {u"us"_s, 0.001},   {u"ms"_s, 1},
                                              {u"s"_s, 1000},      {u"min"_s, 60'000}, {u"h"_s, 3'600'000},
                                              {u"d"_s, 86'400'000}};
    const auto unit = units.constFind(text.sliced(digits).trimmed());
    return unit == units.constEnd() ? -1 : qRound64(number * *unit);
}

RelationName knownName(const Catalogue &catalogue, const RelationName &name)
{
    const CatalogueRelation *relation = catalogue.find(name);
    return relation ? relation->name : name;
}

void ScriptState::endTransaction()
{
    transaction = {};
    lockTimeout.local = -1;
    statementTimeout.local = -1;
}

void ScriptState::setTimeout(const Action &action)
{
    TimeoutState *timeout = nullptr;
    if (action.name == "lock_timeout"_L1)
        timeout = &lockTimeout;
    else if (action.name == "statement_timeout"_L1)
        timeout = &statementTimeout;
    if (!timeout)
        return;
    if (action.kind == ActionKind::ResetVariable)
        *timeout = {};
    else
        (action.isLocal ? timeout->local : timeout->session) = timeoutOf(action.expression);
}

void ScriptState::followAction(const Action &action, int index, const Catalogue &after)
{
    switch (action.kind) {
    case ActionKind::Begin:
        if (!transaction.isOpen) {
            transaction.isOpen = true;
            transaction.begunByScript = true;
        }
        break;
    case ActionKind::Commit:
        if (changesBeforeFirstCommit < 0)
            changesBeforeFirstCommit = changes;
        [[fallthrough]];
    case ActionKind::Rollback:
        if (action.name.isEmpty()) // ROLLBACK TO a savepoint goes on
            endTransaction();
        break;
    case ActionKind::SetVariable:
    case ActionKind::ResetVariable:
        setTimeout(action);
        break;
    case ActionKind::Create:
    case ActionKind::CreateTableAs:
        // A trigger's, rule's or policy's relation is its table, which was there before.
        if (transaction.isOpen && !action.ifExists && action.object != ObjectKind::Trigger &&
            action.object != ObjectKind::Rule && action.object != ObjectKind::Policy &&
            action.object != ObjectKind::Statistics)
            transaction.created.insert(knownName(after, action.relation));
        break;
    case ActionKind::Rename:
    case ActionKind::SetSchema:
        if (action.name.isEmpty() && transaction.created.contains(action.relation))
            transaction.created.insert(knownName(after, {action.relation.schema, action.newName}));
        break;
    case ActionKind::AddConstraint:
        if (transaction.isOpen && action.constraint && action.constraint->notValid)
            transaction.notValid.append({action.relation, *action.constraint, index});
        break;
    case ActionKind::Update:
        if (!action.filledColumn.isEmpty())
            filled.insert({knownName(after, action.relation), action.filledColumn});
        break;
    case ActionKind::AddEnumValue:
        if (transaction.isOpen && !transaction.created.contains(knownName(after, action.relation)))
            transaction.enumValues.append({action.relation, action.name});
        break;
    default:
        break;
    }
}

void ScriptState::follow(const LintedStatement &statement, int index, const Catalogue &after)
{
    for (const Action &action : statement.actions)
        followAction(action, index, after);
    if (statement.isBookkeeping)
        return;
    ++changes;
    for (const RelationName &relation : statement.effects.rewrites)
        rewritten.insert(relation);
    if (!transaction.isOpen)
        return;
    for (const RelationLock &lock : statement.effects.locks) {
        if (!blocksWrites(lock.mode) || transaction.created.contains(lock.relation))
            continue;
        const CatalogueRelation *known = after.find(lock.relation);
        if (known && known->isNew)
            continue;
        const auto held = std::ranges::find_if(transaction.held, [&](const HeldLock &other) {
            return other.relation == lock.relation && other.mode >= lock.mode;
        });
        if (held == transaction.held.end())
            transaction.held.append({lock.relation, lock.mode, index});
    }
}

} // namespace stepwell
