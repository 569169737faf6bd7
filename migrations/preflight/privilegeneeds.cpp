// SPDX-License-Identifier: MIT
#include "migrations/preflight/privilegeneeds.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Follows the statements of a plan in their order.
class Reader
{
public:
    void read(const QString &command, const Action &action, const RevisionId &revision);
    void unknown(const QString &what, const RevisionId &revision)
    {
        const QString text = u"%1 in %2"_s.arg(what, revision.text());
        if (!m_found.unknown.contains(text))
            m_found.unknown += text;
    }
    void made(const RelationName &relation) { m_made += relation; }
    [[nodiscard]] PrivilegeNeeds found() const { return m_found; }

private:
    [[nodiscard]] bool isNew(const RelationName &relation) const
    {
        return std::ranges::any_of(m_made, [&](const RelationName &own) {
            return own.name == relation.name &&
                   (own.schema == relation.schema || own.schema.isEmpty() || relation.schema.isEmpty());
        });
    }
    void need(PrivilegeNeed::Kind kind, const RelationName &object, const QString &privilege = {});
    void owner(const RelationName &relation) { need(PrivilegeNeed::Owner, relation); }
    void schema(const QString &name)
    {
        if (!m_madeSchemas.contains(name))
            need(PrivilegeNeed::Schema, {.schema = {}, .name = name});
    }
    void references(const QList<ConstraintDefinition> &constraints);
    void create(const Action &action);
    void createIn(const Action &action);
    void rows(const Action &action);

    PrivilegeNeeds m_found;
    QList<RelationName> m_made;
    QStringList m_madeSchemas;
    QString m_command;
};

void Reader::need(PrivilegeNeed::Kind kind, const RelationName &object, const QString &privilege)
{
    const bool isRelation = kind == PrivilegeNeed::Owner || kind == PrivilegeNeed::Table;
    if (isRelation && (object.isEmpty() || isNew(object)))
        return;
    const PrivilegeNeed found{.kind = kind, .object = object, .privilege = privilege, .why = m_command};
    if (!m_found.needs.contains(found))
        m_found.needs += found;
}

void Reader::references(const QList<ConstraintDefinition> &constraints)
{
    for (const ConstraintDefinition &constraint : constraints) {
        if (constraint.kind == ConstraintKind::ForeignKey)
            need(PrivilegeNeed::Table, constraint.referenced, u"REFERENCES"_s);
    }
}

/// What gets a name of its own in a schema.
void Reader::createIn(const Action &action)
{
    if (!action.temporary)
        schema(action.relation.schema);
    references(action.createdConstraints);
    for (const ColumnDefinition &column : action.created)
        references(column.constraints);
    if (action.isPartition)
        owner(action.other);
    if (action.kind == ActionKind::CreateTableAs) {
        for (const RelationName &relation : action.reads)
            need(PrivilegeNeed::Table, relation, u"SELECT"_s);
    }
    if (!action.ifExists && !action.orReplace)
        made(action.relation);
}

void Reader::create(const Action &action)
{
    switch (action.object) {
    case ObjectKind::Index:
        owner(action.other);
        if (!isNew(action.other)) // the index gets into its table's schema
            schema(action.other.schema);
        return made({.schema = action.other.schema, .name = action.relation.name});
    case ObjectKind::Trigger:
        return need(PrivilegeNeed::Table, action.relation, u"TRIGGER"_s);
    case ObjectKind::Rule:
    case ObjectKind::Policy:
    case ObjectKind::Statistics:
        return owner(action.relation);
    case ObjectKind::Schema:
        need(PrivilegeNeed::Database, {});
        m_madeSchemas += action.relation.name;
        return;
    case ObjectKind::Publication:
        need(PrivilegeNeed::Database, {});
        for (const RelationName &table : action.reads)
            owner(table);
        return;
    case ObjectKind::Extension:
        return need(PrivilegeNeed::Extension, action.relation);
    case ObjectKind::Role:
        return need(PrivilegeNeed::Role, {}, u"CREATEROLE"_s);
    case ObjectKind::Database:
        return need(PrivilegeNeed::Role, {}, u"CREATEDB"_s);
    case ObjectKind::Unknown:
    case ObjectKind::Constraint:
    case ObjectKind::Column:
    case ObjectKind::Other:
        return;
    default:
        return createIn(action);
    }
}

void Reader::rows(const Action &action)
{
    const auto table = [&](const QString &privilege) {
        need(PrivilegeNeed::Table, action.relation, privilege);
    };
    if (action.kind == ActionKind::Insert || action.kind == ActionKind::Copy)
        table(u"INSERT"_s);
    else if (action.kind == ActionKind::Update)
        table(u"UPDATE"_s);
    else if (action.kind == ActionKind::Delete)
        table(u"DELETE"_s);
    if (action.hasWhere && (action.kind == ActionKind::Update || action.kind == ActionKind::Delete))
        table(u"SELECT"_s);
    for (const RelationName &relation : action.reads)
        need(PrivilegeNeed::Table, relation, u"SELECT"_s);
}

void Reader::read(const QString &command, const Action &action, const RevisionId &revision)
{
    m_command = command;
    switch (action.kind) {
    case ActionKind::Create:
        return create(action);
    case ActionKind::CreateTableAs:
        return createIn(action);
    case ActionKind::Drop:
        if (action.object == ObjectKind::Schema)
            return need(PrivilegeNeed::SchemaOwner, action.relation);
        return owner(action.relation);
    case ActionKind::SetSchema:
        owner(action.relation);
        return schema(action.newName);
    case ActionKind::Rename:
        owner(action.relation);
        if (action.name.isEmpty())
            made({.schema = action.relation.schema, .name = action.newName});
        return;
    case ActionKind::AddConstraint:
        owner(action.relation);
        return references(action.constraint ? QList{*action.constraint} : QList<ConstraintDefinition>());
    case ActionKind::AddColumn:
        owner(action.relation);
        return references(action.column ? action.column->constraints : QList<ConstraintDefinition>());
    case ActionKind::AttachPartition:
        owner(action.relation);
        return owner(action.other);
    case ActionKind::Truncate:
        return need(PrivilegeNeed::Table, action.relation, u"TRUNCATE"_s);
    case ActionKind::Insert:
    case ActionKind::Update:
    case ActionKind::Delete:
    case ActionKind::Copy:
    case ActionKind::Select:
        return rows(action);
    case ActionKind::DoBlock:
        return unknown(u"what a DO block executes"_s, revision);
    case ActionKind::Merge:
    case ActionKind::Other:
        return unknown(command, revision);
    case ActionKind::AlterOther:
        return action.relation.isEmpty() ? unknown(command, revision) : owner(action.relation);
    // The owner may, and others to whom it was granted: the server knows the many ways.
    case ActionKind::Vacuum:
    case ActionKind::Analyze:
    case ActionKind::Reindex:
    case ActionKind::LockTable:
    case ActionKind::Grant:
    case ActionKind::Revoke:
    case ActionKind::SetVariable:
    case ActionKind::ResetVariable:
    case ActionKind::Begin:
    case ActionKind::Commit:
    case ActionKind::Rollback:
    case ActionKind::Savepoint:
        return;
    default: // ALTER … and what else only an owner may
        return owner(action.relation);
    }
}

} // namespace

PrivilegeNeeds privilegeNeeds(const QList<StepReview> &reviews)
{
    Reader reader;
    for (const StepReview &review : reviews) {
        if (review.isKnownOnlyByRehearsal() || !review.lint.problem.isEmpty())
            reader.unknown(u"what is executed"_s, review.revision);
        for (const LintedStatement &statement : review.lint.statements) {
            if (statement.isBookkeeping)
                continue;
            if (statement.actions.isEmpty())
                reader.unknown(statement.command, review.revision);
            for (const Action &action : statement.actions)
                reader.read(statement.command, action, review.revision);
        }
    }
    return reader.found();
}

} // namespace stepwell
