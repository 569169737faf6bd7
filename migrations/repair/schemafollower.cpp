// SPDX-License-Identifier: MIT
#include "migrations/repair/schemafollower.h"

#include "migrations/sql/cataloguenames.h"
#include "migrations/sql/expressions.h"

#include <QRegularExpression>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Code that finds out by itself what it works on, or puts its SQL together.
bool looksNamesUp(const QString &text)
{
    static const QRegularExpression signs(
        u"information_schema|pg_(class|tables|indexes|constraint|attribute|namespace|type|inherits|views|"
        "sequences|trigger)\\b|get_(table|view|sequence|schema)_names|\\breflect\\(|autoload_with"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression builtSql(u"\\bEXECUTE\\b.*(\\bformat\\s*\\(|\\|\\||quote_ident)"_s,
                                             QRegularExpression::CaseInsensitiveOption |
                                                 QRegularExpression::DotMatchesEverythingOption);
    return signs.match(text).hasMatch() || builtSql.match(text).hasMatch();
}

/// A function of PostgreSQL's own: it changes no schema.
bool isKnownFunction(const QString &called)
{
    static const QSet<QString> harmless{
        u"count"_s,
        u"max"_s,
        u"min"_s,
        u"sum"_s,
        u"avg"_s,
        u"string_agg"_s,
        u"array_agg"_s,
        u"json_agg"_s,
        u"jsonb_agg"_s,
        u"bool_and"_s,
        u"bool_or"_s,
        u"every"_s,
        u"unnest"_s,
        u"rank"_s,
        u"row_number"_s,
        u"to_char"_s,
        u"to_date"_s,
        u"to_timestamp"_s,
        u"to_json"_s,
        u"to_jsonb"_s,
        u"to_number"_s,
        u"setval"_s,
        u"currval"_s,
        u"lastval"_s,
        u"concat"_s,
        u"concat_ws"_s,
        u"date_trunc"_s,
        u"age"_s,
        u"version"_s,
        u"array_length"_s,
        u"jsonb_set"_s,
        u"position"_s,
        u"generate_series"_s,
        u"date_part"_s,
        u"extract"_s,
        u"row_to_json"_s,
        u"cardinality"_s,
        u"json_build_object"_s,
        u"jsonb_build_object"_s,
    };
    const RelationName name = relationNameOf(called);
    return name.name.startsWith(u"pg_"_s) || harmless.contains(name.name) ||
           tree::functionVolatility(name.schema, name.name) != Volatility::Unknown;
}

/// What a statement does cannot be seen in it.
bool isOpaque(const Statement &statement, const QList<Action> &actions)
{
    if (!statement.parseError.isEmpty())
        return true;
    static const QStringList hidden{u"DoStmt"_s, u"CallStmt"_s, u"ExecuteStmt"_s};
    if (hidden.contains(statement.node))
        return true;
    return std::ranges::any_of(actions, [](const Action &action) {
        if (action.kind == ActionKind::DoBlock)
            return true;
        return action.kind == ActionKind::Select && !std::ranges::all_of(action.columns, isKnownFunction);
    });
}

bool callsFunctions(const QList<Action> &actions)
{
    return std::ranges::any_of(actions,
                               [](const Action &action) { return action.kind == ActionKind::Select; });
}

QSet<QString> wordsOf(const QString &text)
{
    static const QRegularExpression word(u"[\\w$]+"_s, QRegularExpression::UseUnicodePropertiesOption);
    QSet<QString> words;
    for (auto match = word.globalMatch(text); match.hasNext();)
        words += match.next().captured();
    return words;
}

bool isType(ObjectKind kind)
{
    return kind == ObjectKind::Type || kind == ObjectKind::Enum || kind == ObjectKind::Domain ||
           kind == ObjectKind::CompositeType;
}

} // namespace

SchemaFollower::SchemaFollower(const QString &schema)
{
    m_catalogue.searchPath = {schema.isEmpty() ? u"public"_s : schema};
    m_schemas += m_catalogue.searchPath.first();
}

void SchemaFollower::follow(const RenderedSql &rendered, const QString &source)
{
    const auto hide = [&](const QString &text, bool namesAll) {
        if (!m_unreadable.contains(rendered.revision))
            m_unreadable += rendered.revision;
        happenedOutOfSight(text, namesAll && !looksNamesUp(text));
    };
    const auto statements = splitStatements(rendered.sql);
    if (!rendered.problem.isEmpty() || !statements) {
        // Without its text nothing of what was there before is certain.
        hide(QString(rendered.sql + u'\n' + source), !source.isEmpty());
        return;
    }
    for (const Statement &statement : *statements) {
        const QList<Action> actions = actionsOf(statement);
        // A function's body is somewhere else.
        const bool isElsewhere =
            callsFunctions(actions) || statement.node == u"CallStmt"_s || statement.node == u"ExecuteStmt"_s;
        if (isOpaque(statement, actions))
            hide(statement.text, !isElsewhere);
        for (const Action &action : actions)
            followAction(action, rendered.revision);
    }
}

void SchemaFollower::happenedOutOfSight(const QString &text, bool namesAll)
{
    const QSet<QString> words = wordsOf(text);
    m_words += words;
    m_touchedAnything = m_touchedAnything || !namesAll;
    for (const RelationName &name : relations()) {
        const CatalogueRelation *relation = m_catalogue.find(name);
        if (!namesAll || words.contains(name.name) || (relation && words.contains(relation->parent.name)))
            m_uncertain += key(name);
    }
}

void SchemaFollower::followAction(const Action &action, const RevisionId &revision)
{
    for (const RelationName &name : {action.relation, action.other}) {
        if (!name.schema.isEmpty())
            m_schemas += name.schema;
    }
    if (action.kind == ActionKind::Rename || action.kind == ActionKind::SetSchema) {
        renamed(action, revision);
        return;
    }
    const QString part = action.constraint && action.name.isEmpty() ? action.constraint->name : action.name;
    const bool isNew = !m_catalogue.find(action.relation);
    const RelationName before = key(action.relation);
    m_catalogue.apply({action});
    m_schemas += m_catalogue.searchPath.value(0);
    switch (action.kind) {
    case ActionKind::Create:
    case ActionKind::CreateTableAs:
        if (!isNew)
            break;
        m_uncertain.remove(key(action.relation));
        m_makers[{key(action.relation), {}}] = revision;
        m_droppers.remove({key(action.relation), {}});
        break;
    case ActionKind::AlterType:
    case ActionKind::SetNotNull:
    case ActionKind::DropNotNull:
        m_changers[{key(action.relation), part}] = revision;
        break;
    case ActionKind::AddColumn:
    case ActionKind::AddConstraint:
    case ActionKind::AddEnumValue:
        if (part.isEmpty())
            break;
        m_makers[{key(action.relation), part}] = revision;
        m_droppers.remove({key(action.relation), part});
        break;
    case ActionKind::Drop:
        m_droppers[{before, {}}] = revision;
        break;
    case ActionKind::DropColumn:
    case ActionKind::DropConstraint:
        m_droppers[{before, part}] = revision;
        break;
    default:
        break;
    }
}

void SchemaFollower::renamed(const Action &action, const RevisionId &revision)
{
    const RelationName before = key(action.relation);
    const bool wasUncertain = m_uncertain.contains(before);
    m_catalogue.apply({action});
    if (!action.name.isEmpty()) { // a column, a constraint
        m_makers[{before, action.newName}] = revision;
        m_droppers[{before, action.name}] = revision;
        return;
    }
    const bool isMoved = action.kind == ActionKind::SetSchema;
    const RelationName after = isMoved ? RelationName{.schema = action.newName, .name = before.name}
                                       : RelationName{.schema = before.schema, .name = action.newName};
    m_schemas += after.schema;
    m_makers[{after, {}}] = revision;
    m_droppers[{before, {}}] = revision;
    m_droppers.remove({after, {}});
    if (wasUncertain)
        m_uncertain += after;
    if (isType(action.object))
        m_typeNames += QSet<QString>{before.name, after.name};
    // Parts keep their makers.
    QHash<Part, RevisionId> parts;
    for (const auto &[part, maker] : m_makers.asKeyValueRange()) {
        if (part.relation == before && !part.name.isEmpty())
            parts.insert({after, part.name}, maker);
    }
    m_makers.insert(parts);
}

QList<RelationName> SchemaFollower::relations() const
{
    QList<RelationName> all;
    for (const QString &schema : m_schemas)
        all += m_catalogue.relationsInSchema(schema);
    std::ranges::sort(all);
    return all;
}

RevisionId SchemaFollower::makerOf(const RelationName &relation, const QString &part) const
{
    const RevisionId whole = m_makers.value({key(relation), {}});
    return part.isEmpty() ? whole : m_makers.value({key(relation), part}, whole);
}

RevisionId SchemaFollower::changerOf(const RelationName &relation, const QString &column) const
{
    return m_changers.value({key(relation), column}, makerOf(relation, column));
}

RevisionId SchemaFollower::dropperOf(const RelationName &relation, const QString &part) const
{
    const RevisionId whole = m_droppers.value({key(relation), {}});
    return part.isEmpty() ? whole : m_droppers.value({key(relation), part}, whole);
}

bool SchemaFollower::isUncertain(const RelationName &relation) const
{
    return m_uncertain.contains(key(relation));
}

bool SchemaFollower::mayHaveTouched(const RelationName &relation) const
{
    return m_touchedAnything || m_words.contains(relation.name);
}

bool SchemaFollower::isSameType(const QString &left, const QString &right) const
{
    return left == right || std::ranges::any_of(m_typeNames, [&](const QSet<QString> &names) {
               return names.contains(left) || names.contains(right);
           });
}

} // namespace stepwell
