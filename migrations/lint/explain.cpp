// SPDX-License-Identifier: MIT
#include "migrations/lint/explain.h"

#include "migrations/lint/rulecontext.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

QString whoWaits(LockMode mode)
{
    if (blocksReads(mode))
        return u"reads and writes wait"_s;
    if (mode == LockMode::Exclusive)
        return u"writes and locking reads wait, other reads go on"_s;
    if (blocksWrites(mode))
        return u"writes wait, reads go on"_s;
    if (mode == LockMode::ShareUpdateExclusive)
        return u"reads and writes go on, other schema changes wait"_s;
    return u"reads and writes go on"_s;
}

QString lockSentence(const RelationLock &lock)
{
    return lock.isHidden
               ? u"Also takes %1 on %2%3: %4."_s.arg(
                     lockName(lock.mode), lock.relation.text(),
                     lock.reason.isEmpty() ? QString() : QString(u" ("_s + lock.reason + u')'),
                     whoWaits(lock.mode))
               : u"Takes %1 on %2: %3."_s.arg(lockName(lock.mode), lock.relation.text(), whoWaits(lock.mode));
}

QString wholeTables(const QList<RelationName> &tables, const Catalogue *catalogue)
{
    QStringList texts;
    for (const RelationName &table : tables)
        texts.append(wholeTableText(table, catalogue ? bytesOf(*catalogue, table) : -1,
                                    catalogue ? rowsOf(*catalogue, table) : -1));
    return listText(texts);
}

QString dropText(const Action &action)
{
    switch (action.object) {
    case ObjectKind::Table:
    case ObjectKind::PartitionedTable:
        return u"DROP TABLE "_s;
    case ObjectKind::View:
        return u"DROP VIEW "_s;
    case ObjectKind::MaterializedView:
        return u"DROP MATERIALIZED VIEW "_s;
    case ObjectKind::Index:
        return u"DROP INDEX "_s;
    case ObjectKind::Sequence:
        return u"DROP SEQUENCE "_s;
    case ObjectKind::Schema:
        return u"DROP SCHEMA "_s;
    case ObjectKind::Domain:
        return u"DROP DOMAIN "_s;
    case ObjectKind::Type:
    case ObjectKind::Enum:
    case ObjectKind::CompositeType:
        return u"DROP TYPE "_s;
    default:
        return {};
    }
}

/// The statement that takes an action back; empty if its words cannot tell.
QString reverseOf(const Action &action)
{
    const QString table = sqlName(action.relation);
    const QString alter = u"ALTER TABLE %1 "_s.arg(table);
    switch (action.kind) {
    case ActionKind::Create:
        return dropText(action).isEmpty() || action.relation.isEmpty() ? QString()
                                                                       : QString(dropText(action) + table);
    case ActionKind::CreateTableAs:
        return u"DROP TABLE "_s + table;
    case ActionKind::AddColumn:
        return action.column ? QString(alter + u"DROP COLUMN "_s + sqlName(action.column->name)) : QString();
    case ActionKind::AddConstraint:
        return action.constraint && !action.constraint->name.isEmpty()
                   ? QString(alter + u"DROP CONSTRAINT "_s + sqlName(action.constraint->name))
                   : QString();
    case ActionKind::SetNotNull:
        return alter + u"ALTER COLUMN %1 DROP NOT NULL"_s.arg(sqlName(action.name));
    case ActionKind::DropNotNull:
        return alter + u"ALTER COLUMN %1 SET NOT NULL"_s.arg(sqlName(action.name));
    case ActionKind::Rename:
        if (action.object == ObjectKind::Column)
            return alter + u"RENAME COLUMN %1 TO %2"_s.arg(sqlName(action.newName), sqlName(action.name));
        if (action.object == ObjectKind::Table && action.name.isEmpty())
            return u"ALTER TABLE %1 RENAME TO %2"_s.arg(
                sqlName(RelationName{action.relation.schema, action.newName}), sqlName(action.relation.name));
        return {};
    default:
        return {};
    }
}

QString undoSentence(const LintedStatement &statement)
{
    switch (statement.effects.undo) {
    case Undo::Whole: {
        const QString reverse =
            statement.actions.size() == 1 ? reverseOf(statement.actions.first()) : QString();
        return reverse.isEmpty() ? u"Can be undone."_s : QString(u"Can be undone by "_s + reverse + u'.');
    }
    case Undo::LosesData:
        return u"Undoing it brings the schema back, not the rows."_s;
    case Undo::Impossible:
        return u"Cannot be undone."_s;
    case Undo::Nothing:
        break;
    }
    return {};
}

} // namespace

QString explainStatement(const LintedStatement &statement, const Catalogue *catalogue)
{
    if (!statement.statement.parseError.isEmpty())
        return u"PostgreSQL's parser refuses it: %1."_s.arg(statement.statement.parseError);
    if (statement.isBookkeeping)
        return statement.statement.isTransactionControl ? u"Begins or ends a transaction."_s
                                                        : u"Records the version for Alembic."_s;
    const StatementEffects &effects = statement.effects;
    QStringList sentences;
    QList<RelationLock> locks = effects.locks;
    std::ranges::stable_sort(locks, [](const RelationLock &a, const RelationLock &b) {
        return a.isHidden != b.isHidden ? !a.isHidden : a.mode > b.mode;
    });
    for (const RelationLock &lock : locks) {
        const CatalogueRelation *known = catalogue ? catalogue->find(lock.relation) : nullptr;
        if (lock.mode > LockMode::None && !(known && known->isNew && !known->isFilled))
            sentences.append(lockSentence(lock));
    }
    if (locks.isEmpty())
        sentences.append(u"Takes no lock that anybody waits for."_s);
    if (!effects.rewrites.isEmpty())
        sentences.append(
            u"Writes %1 anew, with all indexes."_s.arg(wholeTables(effects.rewrites, catalogue)));
    if (!effects.scans.isEmpty())
        sentences.append(u"Reads %1."_s.arg(wholeTables(effects.scans, catalogue)));
    if (!effects.builds.isEmpty())
        sentences.append(u"Builds an index from %1."_s.arg(wholeTables(effects.builds, catalogue)));
    if (effects.waitsForSnapshots)
        sentences.append(u"Waits for transactions that started before it."_s);
    if (!effects.transactional)
        sentences.append(u"Cannot run inside a transaction."_s);
    if (effects.losesData)
        sentences.append(u"Loses data."_s);
    for (const QString &unknown : effects.unknowns) {
        if (!unknown.isEmpty())
            sentences.append(unknown.first(1).toUpper() + unknown.sliced(1) +
                             (unknown.endsWith(u'.') ? u""_s : u"."_s));
    }
    if (!effects.versionProblem.isEmpty())
        sentences.append(u"It %1."_s.arg(effects.versionProblem));
    sentences.append(undoSentence(statement));
    sentences.removeAll(QString());
    return sentences.join(u' ');
}

} // namespace stepwell
