// SPDX-License-Identifier: MIT
#include "migrations/run/offendingrows.h"

#include "migrations/database/versiontable.h"
#include "migrations/run/errortranslation.h"
#include "migrations/run/offendingquery.h"

#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

enum class Policies { MayNotHide, MayHide };

/// A transaction that reads, for 5 s a statement. Ends with the object.
class ReadOnly
{
public:
    ReadOnly(DatabaseSession &session, Policies policies) : m_session(session)
    {
        m_begun = session.execute(u"BEGIN READ ONLY"_s);
        if (m_begun)
            m_begun = session.execute(
                u"SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '2s'; SET LOCAL row_security = %1"_s
                    .arg(policies == Policies::MayHide ? u"on"_s : u"off"_s));
    }
    ~ReadOnly() { static_cast<void>(m_session.execute(u"ROLLBACK"_s)); }
    ReadOnly(const ReadOnly &) = delete;
    ReadOnly &operator=(const ReadOnly &) = delete;
    [[nodiscard]] const Result<void> &begun() const { return m_begun; }

private:
    DatabaseSession &m_session;
    Result<void> m_begun;
};

bool isRuleBroken(const QString &sqlState)
{
    static const QStringList states{u"23502"_s, u"23503"_s, u"23505"_s, u"23514"_s, u"23P01"_s};
    return states.contains(sqlState);
}

OffendingRows noted(const QString &note)
{
    return {.note = note};
}

/// The server's own words end a note: they are data, as the rows are.
QString withServerDetail(const QString &note, const Error &error)
{
    return error.serverDetail.isEmpty() ? note : QString(note + u" The server said: "_s + error.serverDetail);
}

QString whyNot(const Error &problem, const RelationName &table)
{
    const QString &state = problem.sqlState;
    if (state == "42501"_L1)
        return u"The role of this connection may not read %1, so the rows cannot be shown."_s.arg(
            table.text());
    if (state == "57014"_L1)
        return u"Looking for the rows in %1 took longer than 5 s and was stopped; run the query by hand."_s
            .arg(table.text());
    if (state == "55P03"_L1)
        return u"%1 is locked now, so the rows cannot be looked up; run the query by hand later."_s.arg(
            table.text());
    if (state.startsWith("42"_L1) || state == "3F000"_L1)
        return u"What the rule needs came with the revision, which was rolled back, so the rows cannot be "
               u"looked "
               "up: %1"_s.arg(problem.message);
    return u"The rows cannot be looked up: %1"_s.arg(problem.message);
}

QString cut(const QString &text)
{
    return text.size() > longestOffendingValue ? QString(text.first(longestOffendingValue) + u'…') : text;
}

OffendingRows asRows(const OffendingQuery &query, const QList<QVariantList> &found)
{
    OffendingRows result{
        .sql = query.sql, .columns = query.columns, .more = found.size() > mostOffendingRows};
    for (const QVariantList &row : found.first(std::min<qsizetype>(found.size(), mostOffendingRows))) {
        QStringList values;
        for (const QVariant &value : row)
            values += value.isNull() ? u"NULL"_s : cut(value.toString());
        result.rows += values;
    }
    return result;
}

OffendingRows look(DatabaseSession &session, const OffendingQuery &query, const RelationName &table,
                   Policies policies)
{
    Result<QList<QVariantList>> found;
    {
        const ReadOnly reading(session, policies);
        if (!reading.begun())
            return noted(whyNot(reading.begun().error(), table));
        found = session.query(query.sql);
    }
    if (found) {
        OffendingRows result = asRows(query, *found);
        if (policies == Policies::MayHide)
            result.note = u"Row-level security may hide rows of %1 from this role."_s.arg(table.text());
        return result;
    }
    // A privilege that lacks is told in the same way, and lacks in the second attempt too.
    if (found.error().sqlState == "42501"_L1 && policies == Policies::MayNotHide)
        return look(session, query, table, Policies::MayHide);
    return {.sql = query.sql, .note = whyNot(found.error(), table)};
}

OffendingRows lookedUp(DatabaseSession &session, const OffendingQuery &query, const RelationName &table,
                       const Error &error)
{
    OffendingRows result = look(session, query, table, Policies::MayNotHide);
    if (result.rows.isEmpty() && result.note.isEmpty())
        result.note =
            u"No such row is in %1 now: the revision itself wrote it and was rolled back, or somebody "
            "has mended it."_s.arg(table.text());
    if (result.rows.isEmpty())
        result.note = withServerDetail(result.note, error);
    return result;
}

RelationName placeName(const Error &error)
{
    return {.schema = error.place.schema, .name = error.place.table};
}

QString cameWithRevision(const QString &what)
{
    return u"%1 is not in the database now: it came with the revision, which was rolled back."_s.arg(what);
}

/// VALIDATE CONSTRAINT names a rule; what it says is in the catalogue. Nothing if it is not there.
Result<std::optional<BrokenRule>> definedRule(DatabaseSession &session, const BrokenRule &rule,
                                              const TableFacts &table, Error error)
{
    QString alter;
    if (rule.kind == BrokenRule::ValidateDomain) {
        const auto definition = domainRule(session, rule.table, rule.name);
        if (!definition)
            return std::unexpected(definition.error());
        if (!definition->isEmpty())
            alter = u"ALTER DOMAIN %1 ADD CONSTRAINT %2 %3"_s.arg(quotedIdentifier(rule.table.name),
                                                                  quotedIdentifier(rule.name), *definition);
    } else {
        const auto known = findRule(session, table, rule.name);
        if (!known)
            return std::unexpected(known.error());
        if (*known && !(*known)->definition.isEmpty())
            alter = u"ALTER TABLE %1 ADD CONSTRAINT %2 %3"_s.arg(table.sql(), quotedIdentifier(rule.name),
                                                                 (*known)->definition);
    }
    error.statement = alter;
    return brokenRuleOf(error);
}

/// Everything that a query about a rule needs of the catalogue.
struct Prepared {
    OffendingQuery query;
    RelationName table;
    QString note; ///< why there is no query
};

bool namesDomain(const BrokenRule &rule)
{
    return rule.kind == BrokenRule::Domain || rule.kind == BrokenRule::ValidateDomain;
}

Result<Prepared> prepareRule(DatabaseSession &session, BrokenRule rule, const Error &error)
{
    const RelationName placed = placeName(error);
    const bool domain =
        namesDomain(rule) || (rule.kind == BrokenRule::NotNull && !error.place.table.isEmpty() &&
                              error.statement.contains("DOMAIN"_L1, Qt::CaseInsensitive));
    const RelationName name = domain ? placed : rule.table;
    const auto table = findTable(session, name, placed);
    if (!table)
        return std::unexpected(table.error());
    if (!*table)
        return Prepared{.table = name, .note = cameWithRevision(u"The table %1"_s.arg(name.text()))};
    if (rule.kind == BrokenRule::Validate || rule.kind == BrokenRule::ValidateDomain) {
        const auto defined = definedRule(session, rule, **table, error);
        if (!defined)
            return std::unexpected(defined.error());
        if (!*defined)
            return Prepared{.table = name, .note = cameWithRevision(u"The constraint %1"_s.arg(rule.name))};
        rule = **defined;
    }
    for (const QString &column : std::as_const(rule.columns)) {
        const bool whole = column == (*table)->name.name; // a function of the whole row
        if (!whole && !(*table)->columns.contains(column) &&
            !(rule.newColumn && rule.kind == BrokenRule::NotNull))
            return Prepared{.table = name,
                            .note = cameWithRevision(u"The column %1 of %2"_s.arg(column, name.text()))};
    }
    std::optional<TableFacts> parent;
    if (rule.kind == BrokenRule::ForeignKey) {
        const auto found = findTable(session, rule.parent, {});
        if (!found)
            return std::unexpected(found.error());
        if (!*found)
            return Prepared{.table = name,
                            .note = cameWithRevision(u"The table %1"_s.arg(rule.parent.text()))};
        parent = **found;
    }
    return Prepared{.query = rowsBreaking(rule, **table, parent), .table = (*table)->name};
}

/// The values of "Key (a, b)=(1, 2) already exists.", in whatever language; nothing where they cannot be told
/// apart: a value may hold ", " itself.
QStringList keyValues(const QString &serverDetail, qsizetype parts)
{
    static const QRegularExpression key(u"\\)=\\((.*)\\)"_s, QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression last(u"\\)=\\("_s);
    const qsizetype second = serverDetail.lastIndexOf(last); // of an exclusion: the key that is there
    const QString found = second < 0 ? QString() : key.match(serverDetail, second).captured(1);
    if (parts == 1)
        return second < 0 ? QStringList() : QStringList{found};
    const QStringList values = found.split(u", "_s);
    return values.size() == parts ? values : QStringList();
}

/// A rule that was there before was broken by rows that the revision wrote or deleted.
Result<Prepared> prepareKey(DatabaseSession &session, const Error &error)
{
    const RelationName placed = placeName(error);
    const auto table = findTable(session, placed, placed);
    if (!table)
        return std::unexpected(table.error());
    if (!*table)
        return Prepared{.table = placed, .note = cameWithRevision(u"The table %1"_s.arg(placed.text()))};
    const auto rule = findRule(session, **table, error.place.constraint);
    if (!rule)
        return std::unexpected(rule.error());
    if (!*rule)
        return Prepared{.table = placed,
                        .note = cameWithRevision(u"The rule %1"_s.arg(error.place.constraint))};
    const QStringList values = keyValues(error.serverDetail, (*rule)->key.size());
    if ((*rule)->key.isEmpty() || values.isEmpty())
        return Prepared{.table = placed, .note = u"The values of the key cannot be told apart."_s};
    return Prepared{.query = rowsWithKey(**table, (*rule)->key, values), .table = (*table)->name};
}

/// If the rows themselves never were in the table, or are there no more.
bool rowIsGone(const Error &error)
{
    if (error.sqlState == "23502"_L1 || error.sqlState == "23514"_L1)
        return true;
    // The referring row is the one that was to be written; the parent's table is not the place's.
    return error.sqlState == "23503"_L1 && !removesParent(error);
}

} // namespace

std::optional<OffendingRows> findOffendingRows(DatabaseSession &session, const Error &error)
{
    if (!isRuleBroken(error.sqlState))
        return {};
    const std::optional<BrokenRule> rule = brokenRuleOf(error);
    if (!rule && !writesRows(error.statement))
        return noted(
            withServerDetail(u"The rule is broken by values that the statement itself makes, or it is the "
                             "bounds of a partition: such rows cannot be looked up."_s,
                             error));
    if (!rule && rowIsGone(error) && error.serverDetail.isEmpty())
        return noted(u"The server does not say which row it is."_s);
    if (!rule && rowIsGone(error))
        return noted(withServerDetail(
            u"The row was to be written by the revision and is not in the database."_s, error));
    if (!rule && error.place.table.isEmpty())
        return noted(withServerDetail(u"The server does not say which table it is."_s, error));
    Result<Prepared> prepared;
    {
        const ReadOnly reading(session, Policies::MayHide);
        if (!reading.begun())
            return noted(whyNot(reading.begun().error(), placeName(error)));
        prepared = rule ? prepareRule(session, *rule, error) : prepareKey(session, error);
    }
    if (!prepared)
        return noted(whyNot(prepared.error(), placeName(error)));
    if (!prepared->note.isEmpty())
        return noted(withServerDetail(prepared->note, error));
    return lookedUp(session, prepared->query, prepared->table, error);
}

} // namespace stepwell
