// SPDX-License-Identifier: MIT
#include "migrations/repair/impliedschema.h"

#include "migrations/alembic/plan.h"
#include "migrations/database/cataloguereader.h"
#include "migrations/repair/schemafollower.h"
#include "migrations/sql/cataloguenames.h"

#include <QFile>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestName = 63; // bytes; PostgreSQL cuts off the rest

QString cutName(const QString &name)
{
    const QByteArray bytes = name.toUtf8();
    return bytes.size() <= longestName ? name : QString::fromUtf8(bytes.first(longestName));
}

RelationName cutName(const RelationName &name)
{
    return {.schema = cutName(name.schema), .name = cutName(name.name)};
}

bool isTable(ObjectKind kind)
{
    return kind == ObjectKind::Table || kind == ObjectKind::PartitionedTable ||
           kind == ObjectKind::ForeignTable;
}

/// What a relation is called; empty for a kind that is not compared.
QString kindWord(ObjectKind kind)
{
    if (isTable(kind))
        return u"table"_s;
    switch (kind) {
    case ObjectKind::View:
        return u"view"_s;
    case ObjectKind::MaterializedView:
        return u"materialized view"_s;
    case ObjectKind::Enum:
        return u"enum"_s;
    case ObjectKind::Domain:
        return u"domain"_s;
    default:
        return {};
    }
}

/// The name as pg_type has it: serial is no type.
QString storedType(const TypeName &type)
{
    static const QHash<QString, QString> serials{
        {u"serial"_s, u"int4"_s},  {u"serial4"_s, u"int4"_s},     {u"bigserial"_s, u"int8"_s},
        {u"serial8"_s, u"int8"_s}, {u"smallserial"_s, u"int2"_s}, {u"serial2"_s, u"int2"_s},
    };
    return serials.value(type.name, type.name);
}

/// Lengths and precisions where both ways of writing them are known; null where they are not compared.
std::optional<QList<int>> comparedModifiers(const TypeName &type)
{
    static const QStringList known{u"varchar"_s,     u"bpchar"_s, u"numeric"_s, u"timestamp"_s,
                                   u"timestamptz"_s, u"time"_s,   u"timetz"_s};
    if (!known.contains(type.name))
        return std::nullopt;
    QList<int> modifiers = type.modifiers;
    if (type.name == u"numeric"_s && modifiers.size() == 1)
        modifiers += 0;
    return modifiers;
}

QStringList sorted(QStringList names)
{
    names.sort();
    return names;
}

/// Expressions of an index are written in many ways.
QStringList comparedNames(QStringList names)
{
    for (QString &name : names)
        name = name.startsWith(u'(') ? u"(…)"_s : cutName(name);
    return names;
}

bool isSameColumns(const QStringList &implied, const QStringList &there)
{
    return sorted(comparedNames(implied)) == sorted(comparedNames(there));
}

QString constraintWord(const ConstraintDefinition &constraint)
{
    switch (constraint.kind) {
    case ConstraintKind::PrimaryKey:
        return u"primary key"_s;
    case ConstraintKind::ForeignKey:
        return u"foreign key"_s;
    case ConstraintKind::Unique:
        return u"unique constraint"_s;
    case ConstraintKind::Exclude:
        return u"exclusion constraint"_s;
    case ConstraintKind::Check:
    case ConstraintKind::NotNull:
        break;
    }
    return u"check constraint"_s;
}

/// One comparison: what the applied revisions make, what all make, and what is there.
class Comparison
{
public:
    Comparison(const SchemaFollower &applied, const SchemaFollower &all, const Catalogue &database)
        : m_applied(applied), m_all(all), m_database(database)
    {
    }

    [[nodiscard]] SchemaComparison result()
    {
        for (const RelationName &name : m_applied.relations()) {
            if (name.schema != u"pg_temp"_s && !m_applied.isUncertain(name))
                compareRelation(*m_applied.catalogue().find(name));
        }
        for (const RelationName &name : m_all.relations()) {
            if (name.schema != u"pg_temp"_s && !m_all.isUncertain(name))
                lookForExtras(*m_all.catalogue().find(name));
        }
        m_result.unreadable = m_all.unreadable();
        return m_result;
    }

private:
    void missing(const QString &what, const RevisionId &maker, const RevisionId &dropper)
    {
        QString text = u"%1 is not there"_s.arg(what);
        if (!maker.isEmpty())
            text += u", though %1 makes it"_s.arg(maker.text());
        if (!dropper.isEmpty())
            text += u"; %1, which is not applied by the rows, would take it away"_s.arg(dropper.text());
        add(SchemaDifference::Missing, what, maker, QString(text + u'.'));
    }
    void extra(const QString &what, const RevisionId &maker)
    {
        add(SchemaDifference::Extra, what, maker,
            u"%1 is there already, though %2, which makes it, is not applied by the rows."_s.arg(
                what, maker.text()));
    }
    void add(SchemaDifference::Kind kind, const QString &what, const RevisionId &revision, QString text)
    {
        text.replace(0, 1, text.at(0).toUpper());
        m_result.differences += {.kind = kind, .what = what, .revision = revision, .text = text};
    }
    /// Taken away by a revision that is not applied; nothing if all the revisions leave it.
    [[nodiscard]] RevisionId laterDropper(const RelationName &name, const QString &part, bool isLeft) const
    {
        return isLeft ? RevisionId() : m_all.dropperOf(name, part);
    }

    void compareRelation(const CatalogueRelation &implied)
    {
        if (implied.kind == ObjectKind::Index)
            return compareIndex(implied);
        const CatalogueRelation *there = m_database.find(cutName(implied.name));
        const QString word = kindWord(implied.kind);
        if (!word.isEmpty()) {
            ++m_result.compared;
            if (!there) {
                const bool isLeft = m_all.catalogue().find(implied.name);
                return missing(QString(word + u' ' + implied.name.text()), m_applied.makerOf(implied.name),
                               laterDropper(implied.name, {}, isLeft));
            }
        }
        if (!there)
            return;
        if (implied.kind == ObjectKind::Enum && there->kind == ObjectKind::Enum)
            compareValues(implied, *there);
        if (!isTable(implied.kind) || !isTable(there->kind))
            return;
        compareColumns(implied, *there);
        compareConstraints(implied, *there);
    }

    void compareValues(const CatalogueRelation &implied, const CatalogueRelation &there)
    {
        for (const QString &value : implied.enumValues) {
            if (!there.enumValues.contains(value))
                missing(u"value '%1' of enum %2"_s.arg(value, implied.name.text()),
                        m_applied.makerOf(implied.name, value), {});
        }
    }

    void compareColumns(const CatalogueRelation &implied, const CatalogueRelation &there)
    {
        for (const ColumnDefinition &column : implied.columns) {
            ++m_result.compared;
            const QString what = u"column %1.%2"_s.arg(implied.name.text(), column.name);
            const auto found =
                std::ranges::find(there.columns, cutName(column.name), &ColumnDefinition::name);
            if (found == there.columns.cend()) {
                const bool isLeft = m_all.catalogue().column(implied.name, column.name);
                missing(what, m_applied.makerOf(implied.name, column.name),
                        laterDropper(implied.name, column.name, isLeft));
                continue;
            }
            const RevisionId maker = m_applied.changerOf(implied.name, column.name);
            if (isOtherType(column.type, found->type))
                add(SchemaDifference::Different, what, maker,
                    u"%1 has the type %2; the revisions make it %3."_s.arg(what, found->type.text(),
                                                                           column.type.text()));
            if (column.notNull != found->notNull)
                add(SchemaDifference::Different, what, maker,
                    u"%1 is %2; the revisions make it %3."_s.arg(
                        what, found->notNull ? u"NOT NULL"_s : u"nullable"_s,
                        column.notNull ? u"NOT NULL"_s : u"nullable"_s));
        }
    }

    [[nodiscard]] bool isOtherType(const TypeName &implied, const TypeName &there) const
    {
        if (implied.name.isEmpty() || there.name.isEmpty())
            return false;
        if (implied.isArray != there.isArray)
            return true;
        const QString name = storedType(implied);
        if (cutName(name) != there.name)
            return !m_applied.isSameType(name, there.name);
        if (!implied.schema.isEmpty() && !there.schema.isEmpty() && implied.schema != there.schema)
            return true;
        return comparedModifiers(implied) != comparedModifiers(there);
    }

    [[nodiscard]] static bool isSame(const ConstraintDefinition &implied, const ConstraintDefinition &there)
    {
        if (implied.kind != there.kind)
            return false;
        if (cutName(implied.name) == there.name)
            return true;
        switch (implied.kind) {
        case ConstraintKind::PrimaryKey:
            return true; // there is one only; its columns are compared by themselves
        case ConstraintKind::Unique:
            return isSameColumns(implied.columns, there.columns);
        case ConstraintKind::ForeignKey:
            return isSameColumns(implied.columns, there.columns) &&
                   cutName(implied.referenced.name) == there.referenced.name;
        default:
            return false;
        }
    }

    void compareConstraints(const CatalogueRelation &implied, const CatalogueRelation &there)
    {
        const auto numberOf = [](const CatalogueRelation &table, ConstraintKind kind) {
            return std::ranges::count(table.constraints, kind, &ConstraintDefinition::kind);
        };
        for (const ConstraintDefinition &constraint : implied.constraints) {
            if (constraint.kind == ConstraintKind::NotNull || !hasColumns(there, constraint.columns))
                continue;
            const auto isIt = [&](const ConstraintDefinition &other) { return isSame(constraint, other); };
            if (std::ranges::any_of(there.constraints, isIt))
                continue;
            // What a check says is not known: under another name it may be there all the same.
            const bool isByNameOnly =
                constraint.kind == ConstraintKind::Check || constraint.kind == ConstraintKind::Exclude;
            if (isByNameOnly && numberOf(there, constraint.kind) >= numberOf(implied, constraint.kind))
                continue;
            if (constraint.kind == ConstraintKind::Unique && hasIndex(there, constraint.columns, true))
                continue;
            const bool isLeft = m_all.catalogue().constraint(implied.name, constraint.name);
            missing(u"%1 %2 on %3"_s.arg(constraintWord(constraint), constraint.name, implied.name.text()),
                    m_applied.makerOf(implied.name, constraint.name),
                    laterDropper(implied.name, constraint.name, isLeft));
        }
    }

    [[nodiscard]] bool hasIndex(const CatalogueRelation &table, const QStringList &columns,
                                bool isUnique) const
    {
        return std::ranges::any_of(m_database.indexesOf(table.name), [&](const RelationName &name) {
            const CatalogueRelation *index = m_database.find(name);
            return index && index->isUnique == isUnique && isSameColumns(columns, index->indexColumns);
        });
    }

    /// The table of an index, in the database; null if the index is a constraint's or its table is not
    /// compared.
    [[nodiscard]] const CatalogueRelation *tableOf(const CatalogueRelation &index,
                                                   const SchemaFollower &revisions) const
    {
        const CatalogueRelation *table = revisions.catalogue().find(index.parent);
        if (!table || revisions.isUncertain(table->name))
            return nullptr;
        const bool isConstraint =
            std::ranges::any_of(table->constraints, [&](const ConstraintDefinition &one) {
                return one.name == index.name.name || one.index == index.name.name;
            });
        return isConstraint ? nullptr : m_database.find(cutName(table->name));
    }
    [[nodiscard]] const CatalogueRelation *indexThere(const CatalogueRelation &index,
                                                      const CatalogueRelation &table) const
    {
        const CatalogueRelation *there =
            m_database.find({.schema = table.name.schema, .name = cutName(index.name.name)});
        return there && there->kind == ObjectKind::Index ? there : nullptr;
    }

    /// An index or a constraint goes with its column: that is told once.
    [[nodiscard]] static bool hasColumns(const CatalogueRelation &table, const QStringList &columns)
    {
        return std::ranges::all_of(columns, [&](const QString &column) {
            return column.startsWith(u'(') ||
                   std::ranges::contains(table.columns, cutName(column), &ColumnDefinition::name);
        });
    }

    void compareIndex(const CatalogueRelation &implied)
    {
        const CatalogueRelation *table = tableOf(implied, m_applied);
        if (!table)
            return;
        ++m_result.compared;
        const QString what = u"index %1 on %2"_s.arg(implied.name.name, implied.parent.text());
        const RevisionId maker = m_applied.makerOf(implied.name);
        const CatalogueRelation *there = indexThere(implied, *table);
        if (there && !there->isValid)
            add(SchemaDifference::Different, what, maker,
                u"%1 is not valid: building it was cut off, and no query uses it."_s.arg(what));
        if (there || !hasColumns(*table, implied.indexColumns) ||
            hasIndex(*table, implied.indexColumns, implied.isUnique))
            return;
        const bool isLeft = m_all.catalogue().find(implied.name);
        missing(what, maker, laterDropper(implied.name, {}, isLeft));
    }

    /// What only revisions make that are not applied.
    void lookForExtras(const CatalogueRelation &later)
    {
        if (m_applied.mayHaveTouched(later.name))
            return;
        const CatalogueRelation *implied = m_applied.catalogue().find(later.name);
        if (later.kind == ObjectKind::Index) {
            const CatalogueRelation *table = tableOf(later, m_all);
            if (!implied && table && indexThere(later, *table))
                extra(u"index %1 on %2"_s.arg(later.name.name, later.parent.text()),
                      m_all.makerOf(later.name));
            return;
        }
        const QString word = kindWord(later.kind);
        const CatalogueRelation *there = m_database.find(cutName(later.name));
        if (!there || word.isEmpty())
            return;
        if (!implied)
            return extra(QString(word + u' ' + later.name.text()), m_all.makerOf(later.name));
        if (m_applied.isUncertain(later.name))
            return;
        for (const ColumnDefinition &column : later.columns) {
            const auto named = [&](const QList<ColumnDefinition> &columns, const QString &name) {
                return std::ranges::contains(columns, name, &ColumnDefinition::name);
            };
            if (isTable(later.kind) && !named(implied->columns, column.name) &&
                named(there->columns, cutName(column.name)))
                extra(u"column %1.%2"_s.arg(later.name.text(), column.name),
                      m_all.makerOf(later.name, column.name));
        }
        for (const ConstraintDefinition &constraint : later.constraints) {
            const auto named = [&](const CatalogueRelation &table, const QString &name) {
                return std::ranges::contains(table.constraints, name, &ConstraintDefinition::name);
            };
            if (constraint.kind != ConstraintKind::NotNull && !named(*implied, constraint.name) &&
                named(*there, cutName(constraint.name)))
                extra(u"%1 %2 on %3"_s.arg(constraintWord(constraint), constraint.name, later.name.text()),
                      m_all.makerOf(later.name, constraint.name));
        }
        for (const QString &value : later.enumValues) {
            if (!implied->enumValues.contains(value) && there->enumValues.contains(value))
                extra(u"value '%1' of enum %2"_s.arg(value, later.name.text()),
                      m_all.makerOf(later.name, value));
        }
    }

    const SchemaFollower &m_applied;
    const SchemaFollower &m_all;
    const Catalogue &m_database;
    SchemaComparison m_result;
};

/// Schemas that the session does not look into by itself, behind those where it does: env.py's connection may
/// have another search path.
Result<void> lookEverywhere(DatabaseSession &session, Catalogue &database)
{
    const auto schemas = session.query(u"SELECT nspname FROM pg_catalog.pg_namespace"
                                       " WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'"
                                       " ORDER BY nspname"_s);
    if (!schemas)
        return std::unexpected(schemas.error());
    for (const QVariantList &row : *schemas) {
        if (!database.searchPath.contains(row.at(0).toString()))
            database.searchPath += row.at(0).toString();
    }
    return {};
}

QHash<RevisionId, QString> sourcesOf(const QList<RenderedSql> &rendered, const RevisionMap &map)
{
    QHash<RevisionId, QString> sources;
    for (const RenderedSql &one : rendered) {
        const Revision *revision = map.find(one.revision);
        if (one.problem.isEmpty() || !revision)
            continue;
        QFile file(revision->file);
        if (file.open(QIODevice::ReadOnly))
            sources.insert(one.revision, QString::fromUtf8(file.readAll()));
    }
    return sources;
}

} // namespace

SchemaComparison compareSchema(const QList<RenderedSql> &applied, const QList<RenderedSql> &others,
                               const Catalogue &database, const QHash<RevisionId, QString> &sources)
{
    SchemaFollower implied(database.searchPath.value(0));
    for (const RenderedSql &one : applied)
        implied.follow(one, sources.value(one.revision));
    SchemaFollower all = implied;
    for (const RenderedSql &one : others)
        all.follow(one, sources.value(one.revision));
    return Comparison(implied, all, database).result();
}

Result<SchemaComparison> compareSchema(const TargetAccess &access, const RevisionIds &rows,
                                       DatabaseSession &session, const RenderOptions &options)
{
    const RevisionMap &map = access.scripts.map;
    const auto plan = planUpgrade(map, {}, u"heads"_s);
    if (!plan)
        return std::unexpected(plan.error());
    QList<RenderStep> steps;
    for (const RunStep &step : runSteps(*plan))
        steps += {.step = step, .direction = Direction::Upgrade};
    const auto rendered = renderSteps(access, steps, options);
    if (!rendered)
        return std::unexpected(rendered.error());
    auto database = readCatalogue(session, options.stop);
    if (!database)
        return std::unexpected(database.error());
    if (const auto looked = lookEverywhere(session, *database); !looked)
        return std::unexpected(looked.error());
    const QSet<RevisionId> below = map.ancestors(rows);
    QList<RenderedSql> applied;
    QList<RenderedSql> others;
    for (const RenderedSql &one : *rendered)
        (below.contains(one.revision) ? applied : others) += one;
    return compareSchema(applied, others, *database, sourcesOf(*rendered, map));
}

} // namespace stepwell
