// SPDX-License-Identifier: MIT
#include "migrations/run/brokenrule.h"

#include "migrations/database/versiontable.h"
#include "migrations/run/sqlslices.h"
#include "migrations/sql/parsetree.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// The SQL with the parser's byte offsets.
class Source
{
public:
    explicit Source(const QString &sql) : m_sql(sql), m_bytes(sql.toUtf8()) {}
    [[nodiscard]] const QString &sql() const { return m_sql; }
    [[nodiscard]] qsizetype offset(const QJsonValue &location) const
    {
        return QString::fromUtf8(m_bytes.first(std::min(location.toInteger(), m_bytes.size()))).size();
    }

private:
    QString m_sql;
    QByteArray m_bytes;
};

void addColumns(const QJsonValue &value, QStringList &columns)
{
    if (value.isArray()) {
        for (const QJsonValue &item : value.toArray())
            addColumns(item, columns);
    }
    if (!value.isObject())
        return;
    const QJsonObject object = value.toObject();
    if (const QJsonObject column = object["ColumnRef"_L1].toObject(); !column.isEmpty()) {
        const QStringList parts = tree::strings(column["fields"_L1]);
        if (!parts.isEmpty() && !columns.contains(parts.last()))
            columns += parts.last();
    }
    for (const QJsonValue &member : object)
        addColumns(member, columns);
}

QStringList columnsIn(const QJsonValue &value)
{
    QStringList columns;
    addColumns(value, columns);
    return columns;
}

QString operatorText(const QJsonValue &names)
{
    QStringList parts = tree::strings(names);
    if (parts.size() == 1)
        return parts.first();
    const QString symbol = parts.takeLast();
    for (QString &part : parts)
        part = quotedIdentifier(part);
    return u"OPERATOR(%1.%2)"_s.arg(parts.join(u'.'), symbol);
}

QString collationText(const QJsonObject &element)
{
    QStringList parts = tree::strings(element["collation"_L1]);
    for (QString &part : parts)
        part = quotedIdentifier(part);
    return parts.isEmpty() ? QString() : QString(u" COLLATE "_s + parts.join(u'.'));
}

RuleKey columnKey(const QString &name)
{
    return {.column = name, .sql = quotedIdentifier(name)};
}

/// An index element: a column, `(expression)` or `function(…)`; `text` is how it is written.
RuleKey elementKey(const QJsonObject &element, const QString &text)
{
    const QString collation = collationText(element);
    if (const QString name = element["name"_L1].toString(); !name.isEmpty()) {
        RuleKey key = columnKey(name);
        key.sql += collation;
        return key;
    }
    const SqlGroup group = firstGroup(text, 0);
    const QString expression =
        text.startsWith(u'(') ? group.inside : text.first(std::max<qsizetype>(group.end, 0));
    return {.sql = u"(%1)%2"_s.arg(expression, collation)};
}

void addElements(BrokenRule &rule, const QJsonArray &elements, const QStringList &texts)
{
    for (qsizetype i = 0; i < elements.size() && i < texts.size(); ++i) {
        // Of an exclusion: a list of the element and its operator.
        const QJsonArray pair = tree::items(elements.at(i));
        const QJsonValue item = pair.isEmpty() ? QJsonValue(elements.at(i)) : pair.first();
        const QJsonObject element = tree::bodyOf(item, "IndexElem"_L1);
        RuleKey key = elementKey(element, texts.at(i));
        if (pair.size() > 1)
            key.comparison = operatorText(pair.at(1));
        rule.keys += key;
        rule.columns += key.column.isEmpty() ? columnsIn(element["expr"_L1]) : QStringList{key.column};
    }
}

BrokenRule indexRule(const QJsonObject &body, const Source &source, qsizetype from)
{
    const QJsonObject relation = body["relation"_L1].toObject();
    BrokenRule rule{.kind = BrokenRule::Unique,
                    .name = body["idxname"_L1].toString(),
                    .table = tree::relationOf(relation),
                    .nullsEqual = body["nulls_not_distinct"_L1].toBool()};
    const SqlGroup group = firstGroup(source.sql(), from);
    addElements(rule, tree::items(body["indexParams"_L1]), splitAtCommas(group.inside));
    if (const QJsonValue where = body["whereClause"_L1]; !where.isUndefined()) {
        rule.predicate = afterKeyword(source.sql(), group.end, u"WHERE");
        rule.columns += columnsIn(where);
    }
    return rule;
}

void readForeignKey(BrokenRule &rule, const QJsonObject &body)
{
    rule.parent = tree::relationOf(body["pktable"_L1].toObject());
    rule.parentColumns = tree::strings(body["pk_attrs"_L1]);
    rule.matchFull = body["fk_matchtype"_L1].toString() == "f"_L1;
    for (const QString &column : tree::strings(body["fk_attrs"_L1]))
        rule.keys += columnKey(column);
}

void readExclusion(BrokenRule &rule, const QJsonObject &body, const Source &source)
{
    const SqlGroup group = firstGroup(source.sql(), source.offset(body["location"_L1]));
    addElements(rule, tree::items(body["exclusions"_L1]), splitAtCommas(group.inside));
    if (const QJsonValue where = body["where_clause"_L1]; !where.isUndefined()) {
        const QString clause = afterKeyword(source.sql(), group.end, u"WHERE");
        rule.predicate = firstGroup(clause, 0).inside;
        rule.columns += columnsIn(where);
    }
}

/// A Constraint's body; `column`: where it is written at one.
std::optional<BrokenRule> constraintRule(const QJsonObject &body, const Source &source,
                                         const QString &column = {})
{
    BrokenRule rule{.name = body["conname"_L1].toString()};
    const QString type = body["contype"_L1].toString();
    if (type == "CONSTR_CHECK"_L1) {
        rule.condition = firstGroup(source.sql(), source.offset(body["location"_L1])).inside;
        rule.columns = columnsIn(body["raw_expr"_L1]);
        return rule;
    }
    if (type == "CONSTR_NOTNULL"_L1)
        rule.kind = BrokenRule::NotNull;
    else if (type == "CONSTR_UNIQUE"_L1 || type == "CONSTR_PRIMARY"_L1)
        rule.kind = BrokenRule::Unique;
    else if (type == "CONSTR_FOREIGN"_L1)
        rule.kind = BrokenRule::ForeignKey;
    else if (type == "CONSTR_EXCLUSION"_L1)
        rule.kind = BrokenRule::Exclude;
    else
        return {};
    rule.nullsEqual = body["nulls_not_distinct"_L1].toBool();
    for (const QString &name : tree::strings(body["keys"_L1]))
        rule.keys += columnKey(name);
    if (rule.kind == BrokenRule::ForeignKey)
        readForeignKey(rule, body);
    if (rule.kind == BrokenRule::Exclude)
        readExclusion(rule, body, source);
    if (rule.keys.isEmpty() && !column.isEmpty())
        rule.keys += columnKey(column);
    for (const RuleKey &key : std::as_const(rule.keys)) {
        if (!key.column.isEmpty() && !rule.columns.contains(key.column))
            rule.columns += key.column;
    }
    return rule;
}

QList<BrokenRule> commandRules(const QJsonObject &command, const Source &source)
{
    const QString subtype = command["subtype"_L1].toString();
    const QString name = command["name"_L1].toString();
    const tree::Node definition = tree::nodeOf(command["def"_L1]);
    if (subtype == "AT_SetNotNull"_L1)
        return {{.kind = BrokenRule::NotNull, .keys = {columnKey(name)}, .columns = {name}}};
    if (subtype == "AT_ValidateConstraint"_L1)
        return {{.kind = BrokenRule::Validate, .name = name}};
    QList<BrokenRule> rules;
    if (definition.kind == "Constraint"_L1) {
        if (const auto rule = constraintRule(definition.body, source))
            rules += *rule;
    }
    if (definition.kind == "ColumnDef"_L1 && subtype == "AT_AddColumn"_L1) {
        const QString column = definition.body["colname"_L1].toString();
        for (const QJsonValue &item : tree::items(definition.body["constraints"_L1])) {
            if (auto rule = constraintRule(tree::bodyOf(item, "Constraint"_L1), source, column)) {
                rule->newColumn = true;
                rules += *rule;
            }
        }
    }
    return rules;
}

QList<BrokenRule> tableRules(const QJsonObject &body, const Source &source)
{
    const QJsonObject relation = body["relation"_L1].toObject();
    QList<BrokenRule> rules;
    for (const QJsonValue &command : tree::items(body["cmds"_L1]))
        rules += commandRules(tree::bodyOf(command, "AlterTableCmd"_L1), source);
    for (BrokenRule &rule : rules) {
        rule.table = tree::relationOf(relation);
        rule.only = !relation["inh"_L1].toBool();
    }
    return rules;
}

QList<BrokenRule> domainRules(const QJsonObject &body, const Source &source)
{
    const RelationName domain = tree::nameOf(tree::strings(body["typeName"_L1]));
    const QString subtype = body["subtype"_L1].toString();
    if (subtype == "O"_L1) // SET NOT NULL
        return {{.kind = BrokenRule::NotNull, .table = domain}};
    if (subtype == "V"_L1)
        return {{.kind = BrokenRule::ValidateDomain, .name = body["name"_L1].toString(), .table = domain}};
    auto rule = constraintRule(tree::bodyOf(body["def"_L1], "Constraint"_L1), source);
    if (!rule)
        return {};
    if (rule->kind == BrokenRule::Check)
        rule->kind = BrokenRule::Domain;
    rule->table = domain;
    rule->columns.clear(); // VALUE
    return {*rule};
}

QList<BrokenRule> rulesOf(const QString &sql)
{
    const auto statements = splitStatements(sql);
    if (!statements)
        return {};
    const Source source(sql);
    QList<BrokenRule> rules;
    for (const Statement &statement : *statements) {
        const QJsonObject body = statement.tree[statement.node].toObject();
        if (statement.node == "AlterTableStmt"_L1)
            rules += tableRules(body, source);
        else if (statement.node == "IndexStmt"_L1 && body["unique"_L1].toBool())
            rules += indexRule(body, Source(statement.text), 0);
        else if (statement.node == "AlterDomainStmt"_L1)
            rules += domainRules(body, source);
    }
    return rules;
}

/// How well the constraint's name goes with the rule; a rule without a name gets one of its columns:
/// table_column_key.
int nameFit(const BrokenRule &rule, const QString &constraint)
{
    if (!rule.name.isEmpty())
        return rule.name == constraint ? 2 : 0;
    const QString made = u'_' + rule.columns.join(u'_') + u'_';
    const bool plain = rule.kind == BrokenRule::Check && rule.columns.size() != 1; // table_check
    return plain || constraint.contains(made) ? 1 : 0;
}

bool fits(const BrokenRule &rule, const Error &error)
{
    using enum BrokenRule::Kind;
    const QString &state = error.sqlState;
    if (rule.kind == Validate || rule.kind == ValidateDomain)
        return error.place.constraint.isEmpty() || rule.name == error.place.constraint;
    const bool named =
        rule.name.isEmpty() || error.place.constraint.isEmpty() || rule.name == error.place.constraint;
    if (state == "23502"_L1) { // a primary key makes its columns NOT NULL first
        const bool domain = rule.kind == NotNull && rule.keys.isEmpty();
        return domain || ((rule.kind == NotNull || rule.kind == Unique) &&
                          (error.place.column.isEmpty() || rule.columns.contains(error.place.column)));
    }
    return named && ((state == "23505"_L1 && rule.kind == Unique) ||
                     (state == "23514"_L1 && (rule.kind == Check || rule.kind == Domain)) ||
                     (state == "23503"_L1 && rule.kind == ForeignKey) ||
                     (state == "23P01"_L1 && rule.kind == Exclude));
}

} // namespace

std::optional<BrokenRule> brokenRuleOf(const Error &error)
{
    QList<BrokenRule> rules = rulesOf(error.statement);
    rules.removeIf([&](const BrokenRule &rule) { return !fits(rule, error); });
    if (rules.isEmpty())
        return {};
    const auto fit = [&](const BrokenRule &rule) { return nameFit(rule, error.place.constraint); };
    BrokenRule rule = *std::ranges::max_element(rules, {}, fit);
    const QString &column = error.place.column;
    if (error.sqlState == "23502"_L1 && rule.kind == BrokenRule::Unique)
        rule.kind = BrokenRule::NotNull;
    if ((rule.kind == BrokenRule::NotNull || rule.kind == BrokenRule::Domain) && !column.isEmpty()) {
        rule.keys = {columnKey(column)};
        rule.columns = {column};
    }
    return rule;
}

bool writesRows(const QString &statement)
{
    static const QStringList changing{u"AlterTableStmt"_s, u"IndexStmt"_s, u"AlterDomainStmt"_s};
    const auto statements = splitStatements(statement);
    return !statements || std::ranges::none_of(
                              *statements, [](const Statement &one) { return changing.contains(one.node); });
}

} // namespace stepwell
