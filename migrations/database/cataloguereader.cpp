// SPDX-License-Identifier: MIT
#include "migrations/database/cataloguereader.h"

#include "migrations/database/cataloguequeries.h"
#include "migrations/database/databasesession.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Row = QVariantList;
using cataloguequeries::Waits;

constexpr auto lockTimedOut = "55P03"_L1;
constexpr auto cancelled = "57014"_L1; ///< by statement_timeout

QStringList listOf(const QVariant &json)
{
    QStringList list;
    for (const QJsonValue &value : QJsonDocument::fromJson(json.toString().toUtf8()).array())
        list.append(value.toString());
    return list;
}

ObjectKind kindOf(const QString &relkind)
{
    static const QHash<QString, ObjectKind> kinds{{u"r"_s, ObjectKind::Table},
                                                  {u"p"_s, ObjectKind::PartitionedTable},
                                                  {u"f"_s, ObjectKind::ForeignTable},
                                                  {u"v"_s, ObjectKind::View},
                                                  {u"m"_s, ObjectKind::MaterializedView},
                                                  {u"i"_s, ObjectKind::Index},
                                                  {u"I"_s, ObjectKind::Index},
                                                  {u"S"_s, ObjectKind::Sequence},
                                                  {u"c"_s, ObjectKind::CompositeType}};
    return kinds.value(relkind, ObjectKind::Other);
}

/// What a type modifier means is each type's own affair; these are the ones that a rewrite may hang on.
QList<int> modifiersOf(const QString &type, int modifier)
{
    constexpr int header = 4; // of a variable-length value
    if (modifier < 0)
        return {};
    if (type == "varchar"_L1 || type == "bpchar"_L1)
        return {modifier - header};
    if (type == "numeric"_L1) {
        constexpr int scaleBits = 0x7ff; // signed from 15 on
        const int packed = modifier - header;
        return {(packed >> 16) & 0xffff, ((packed & scaleBits) ^ 1024) - 1024};
    }
    return {modifier};
}

TypeName typeOf(const QString &schema, const QString &name, int modifier, bool isArray)
{
    return {.schema = schema == "pg_catalog"_L1 ? QString() : schema,
            .name = name,
            .modifiers = modifiersOf(name, modifier),
            .isArray = isArray};
}

ConstraintKind constraintKindOf(const QString &contype)
{
    static const QHash<QString, ConstraintKind> kinds{
        {u"c"_s, ConstraintKind::Check},   {u"f"_s, ConstraintKind::ForeignKey},
        {u"n"_s, ConstraintKind::NotNull}, {u"p"_s, ConstraintKind::PrimaryKey},
        {u"u"_s, ConstraintKind::Unique},  {u"x"_s, ConstraintKind::Exclude}};
    return kinds.value(contype, ConstraintKind::Check);
}

QString deleteAction(const QString &letter)
{
    static const QHash<QString, QString> actions{
        {u"r"_s, u"RESTRICT"_s}, {u"c"_s, u"CASCADE"_s}, {u"n"_s, u"SET NULL"_s}, {u"d"_s, u"SET DEFAULT"_s}};
    return actions.value(letter);
}

/// The column of "(c IS NOT NULL)", as pg_get_expr() prints it.
QString notNullColumnOf(const QString &expression)
{
    static const QRegularExpression form(u"^\\(+(?:\"((?:[^\"]|\"\")+)\"|([^\\s\"()]+)) IS NOT NULL\\)+$"_s);
    const QRegularExpressionMatch match = form.match(expression);
    QString quoted = match.captured(1);
    return quoted.isEmpty() ? match.captured(2) : quoted.replace("\"\""_L1, "\""_L1);
}

/// Volatility of a default: PostgreSQL's own functions by name, others as pg_proc says.
Volatility defaultVolatility(const QString &text, const QString &ownFunctions)
{
    if (ownFunctions == "v"_L1 || text.startsWith("nextval("_L1))
        return Volatility::Volatile;
    const auto statements = splitStatements(u"ALTER TABLE t ADD c int DEFAULT %1"_s.arg(text));
    if (!statements || statements->size() != 1)
        return Volatility::Unknown;
    const QList<Action> actions = actionsOf(statements->constFirst());
    if (actions.isEmpty() || !actions.constFirst().column)
        return Volatility::Unknown;
    const Volatility known = actions.constFirst().column->defaultVolatility;
    return known == Volatility::Unknown && !ownFunctions.isEmpty() ? Volatility::Stable : known;
}

/// Puts the answers of the queries together, by oid.
class Reader
{
public:
    Reader(DatabaseSession &session, const std::stop_token &stop) : m_session(session), m_stop(stop) {}

    Result<Catalogue> read();

private:
    using Take = void (Reader::*)(const Row &);
    using WaitingQuery = QString (*)(Waits);

    Result<void> take(const QString &sql, Take row);
    void takeSession(const Row &row);
    void takeRelation(const Row &row);
    void takeSize(const Row &row);
    void takeColumn(const Row &row);
    void takeConstraint(const Row &row);
    void takeIndex(const Row &row);
    void takeView(const Row &row);
    void takeSequence(const Row &row);
    void takeUse(const Row &row);
    void takeType(const Row &row);
    Result<void> takeWaiting(WaitingQuery query, Take row);
    Volatility volatilityOf(const QString &text, const QString &ownFunctions);
    [[nodiscard]] RelationName nameOf(const QVariant &oid) const
    {
        const auto found = m_relations.constFind(oid.toLongLong());
        return found == m_relations.constEnd() ? RelationName{} : found->name;
    }
    CatalogueRelation *relation(const QVariant &oid)
    {
        const auto found = m_relations.find(oid.toLongLong());
        return found == m_relations.end() ? nullptr : &*found;
    }

    DatabaseSession &m_session;
    Waits m_waits = Waits::Yes;
    std::stop_token m_stop;
    Catalogue m_catalogue;
    QHash<qint64, CatalogueRelation> m_relations; ///< types under the negative of their oid
    QHash<qint64, qint64> m_parents;
    QHash<QString, Volatility> m_volatility; ///< by default; few differ
};

Result<void> Reader::take(const QString &sql, Take row)
{
    if (m_stop.stop_requested())
        return failure(ErrorKind::Cancelled, u"Reading the database's schema was cancelled."_s);
    const auto rows = m_session.query(sql);
    if (!rows)
        return std::unexpected(rows.error());
    for (const Row &one : *rows)
        (this->*row)(one);
    return {};
}

void Reader::takeSession(const Row &row)
{
    m_catalogue.searchPath = listOf(row.at(0));
    m_catalogue.timeZone = row.at(1).toString();
}

void Reader::takeRelation(const Row &row)
{
    const qint64 oid = row.at(0).toLongLong();
    m_relations.insert(oid, {.name = {.schema = row.at(1).toString(), .name = row.at(2).toString()},
                             .kind = kindOf(row.at(3).toString()),
                             .rows = row.at(4).toLongLong(),
                             .isDefaultPartition = row.at(5).toBool()});
    const bool isIndex = m_relations.value(oid).kind == ObjectKind::Index; // its parent is its table
    if (!isIndex && row.at(6).toLongLong() != 0)
        m_parents.insert(oid, row.at(6).toLongLong());
}

void Reader::takeSize(const Row &row)
{
    if (CatalogueRelation *known = relation(row.at(0)); known && !row.at(1).isNull())
        known->bytes = row.at(1).toLongLong();
}

Volatility Reader::volatilityOf(const QString &text, const QString &ownFunctions)
{
    const QString key = QString(ownFunctions + u'|' + text);
    const auto found = m_volatility.constFind(key);
    return found == m_volatility.constEnd() ? *m_volatility.insert(key, defaultVolatility(text, ownFunctions))
                                            : *found;
}

void Reader::takeColumn(const Row &row)
{
    CatalogueRelation *table = relation(row.at(0));
    if (!table)
        return;
    ColumnDefinition column{
        .name = row.at(1).toString(),
        .type = typeOf(row.at(2).toString(), row.at(3).toString(), row.at(4).toInt(), row.at(5).toBool()),
        .notNull = row.at(6).toBool()};
    column.defaultText = row.at(7).toString();
    column.isIdentity = !row.at(8).toString().isEmpty();
    column.isGeneratedStored = row.at(9).toString() == "s"_L1;
    column.isGeneratedVirtual = row.at(9).toString() == "v"_L1;
    const bool isGenerated = column.isGeneratedStored || column.isGeneratedVirtual;
    column.hasDefault = !column.defaultText.isEmpty() && !isGenerated;
    if (!column.defaultText.isEmpty())
        column.defaultVolatility = volatilityOf(column.defaultText, row.at(10).toString());
    if (!column.type.schema.isEmpty()) {
        const RelationName type{.schema = column.type.schema, .name = column.type.name};
        if (!table->dependsOn.contains(type))
            table->dependsOn.append(type);
    }
    table->columns.append(column);
}

void Reader::takeConstraint(const Row &row)
{
    ConstraintDefinition constraint{.kind = constraintKindOf(row.at(3).toString()),
                                    .name = row.at(2).toString(),
                                    .columns = listOf(row.at(6)),
                                    .referenced = nameOf(row.at(5)),
                                    .referencedColumns = listOf(row.at(7)),
                                    .notValid = !row.at(4).toBool(),
                                    .deferrable = row.at(9).toBool()};
    if (constraint.kind == ConstraintKind::ForeignKey)
        constraint.onDelete = deleteAction(row.at(8).toString());
    else if (constraint.kind == ConstraintKind::Check)
        constraint.notNullColumn = notNullColumnOf(row.at(10).toString());
    CatalogueRelation *owner =
        relation(row.at(0).toLongLong() != 0 ? row.at(0).toLongLong() : -row.at(1).toLongLong());
    if (owner)
        owner->constraints.append(constraint);
}

void Reader::takeIndex(const Row &row)
{
    CatalogueRelation *index = relation(row.at(0));
    if (!index)
        return;
    index->parent = nameOf(row.at(1));
    index->isUnique = row.at(2).toBool();
    index->isValid = row.at(3).toBool();
    index->indexColumns = listOf(row.at(4));
}

void Reader::takeView(const Row &row)
{
    CatalogueRelation *view = relation(row.at(0));
    const RelationName read = nameOf(row.at(1));
    if (!view || read.isEmpty())
        return;
    if (!view->dependsOn.contains(read))
        view->dependsOn.append(read);
    if (!row.at(2).toString().isEmpty())
        view->usedColumns.append({.table = read, .column = row.at(2).toString()});
}

void Reader::takeSequence(const Row &row)
{
    CatalogueRelation *sequence = relation(row.at(0));
    if (!sequence)
        return;
    sequence->parent = nameOf(row.at(1));
    sequence->indexColumns = {row.at(2).toString()};
}

void Reader::takeUse(const Row &row)
{
    CatalogueRelation *user = relation(row.at(0));
    const RelationName used{.schema = row.at(1).toString(), .name = row.at(2).toString()};
    if (user && !user->dependsOn.contains(used))
        user->dependsOn.append(used);
}

void Reader::takeType(const Row &row)
{
    CatalogueRelation type{.name = {.schema = row.at(1).toString(), .name = row.at(2).toString()},
                           .kind = ObjectKind::Type};
    const QString typtype = row.at(3).toString();
    if (typtype == "e"_L1) {
        type.kind = ObjectKind::Enum;
        type.enumValues = listOf(row.at(9));
    } else if (typtype == "d"_L1) {
        type.kind = ObjectKind::Domain;
        const TypeName base =
            typeOf(row.at(4).toString(), row.at(5).toString(), row.at(6).toInt(), row.at(7).toBool());
        type.columns = {{.type = base, .notNull = row.at(8).toBool()}};
        if (row.at(8).toBool())
            type.constraints.append({.kind = ConstraintKind::NotNull});
        if (!base.schema.isEmpty())
            type.dependsOn.append({.schema = base.schema, .name = base.name});
    }
    m_relations.insert(-row.at(0).toLongLong(), type);
}

/// After the first wait for somebody who has a table for himself, none of the others waits.
Result<void> Reader::takeWaiting(WaitingQuery query, Take row)
{
    if (m_waits == Waits::Yes) {
        const auto taken = take(query(Waits::Yes), row);
        const bool isBlocked =
            !taken && (taken.error().sqlState == lockTimedOut || taken.error().sqlState == cancelled);
        if (!isBlocked)
            return taken;
        m_waits = Waits::No;
    }
    return take(query(Waits::No), row);
}

Result<Catalogue> Reader::read()
{
    namespace queries = cataloguequeries;
    const auto taken =
        take(queries::session(), &Reader::takeSession)
            .and_then([&] { return take(queries::relations(), &Reader::takeRelation); })
            .and_then([&] { return take(queries::types(), &Reader::takeType); })
            .and_then([&] { return takeWaiting(queries::columns, &Reader::takeColumn); })
            .and_then([&] { return takeWaiting(queries::constraints, &Reader::takeConstraint); })
            .and_then([&] { return take(queries::indexes(), &Reader::takeIndex); })
            .and_then([&] { return take(queries::views(), &Reader::takeView); })
            .and_then([&] { return take(queries::ownedSequences(), &Reader::takeSequence); })
            .and_then([&] { return take(queries::uses(), &Reader::takeUse); })
            .and_then([&] { return takeWaiting(queries::sizes, &Reader::takeSize); });
    if (!taken)
        return std::unexpected(taken.error());
    for (auto it = m_parents.cbegin(); it != m_parents.cend(); ++it)
        m_relations[it.key()].parent = nameOf(it.value());
    m_catalogue.isFromDatabase = true;
    m_catalogue.hasSizes = true;
    for (const CatalogueRelation &known : std::as_const(m_relations))
        m_catalogue.add(known);
    return m_catalogue;
}

} // namespace

Result<Catalogue> readCatalogue(DatabaseSession &session, const std::stop_token &stop)
{
    return Reader(session, stop).read();
}

} // namespace stepwell
