// SPDX-License-Identifier: MIT
#include "migrations/lint/saferforms.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

bool isPlainName(const QString &name)
{
    // The reserved words of PostgreSQL that people use as names.
    static const QSet<QString> reserved{
        u"all"_s,       u"analyse"_s,  u"analyze"_s,      u"and"_s,    u"any"_s,          u"array"_s,
        u"as"_s,        u"asc"_s,      u"both"_s,         u"case"_s,   u"cast"_s,         u"check"_s,
        u"collate"_s,   u"column"_s,   u"constraint"_s,   u"create"_s, u"current_date"_s, u"current_user"_s,
        u"default"_s,   u"desc"_s,     u"distinct"_s,     u"do"_s,     u"else"_s,         u"end"_s,
        u"except"_s,    u"false"_s,    u"fetch"_s,        u"for"_s,    u"foreign"_s,      u"from"_s,
        u"grant"_s,     u"group"_s,    u"having"_s,       u"in"_s,     u"initially"_s,    u"intersect"_s,
        u"into"_s,      u"leading"_s,  u"limit"_s,        u"not"_s,    u"null"_s,         u"offset"_s,
        u"on"_s,        u"only"_s,     u"or"_s,           u"order"_s,  u"primary"_s,      u"references"_s,
        u"returning"_s, u"select"_s,   u"session_user"_s, u"some"_s,   u"table"_s,        u"then"_s,
        u"to"_s,        u"trailing"_s, u"true"_s,         u"union"_s,  u"unique"_s,       u"user"_s,
        u"using"_s,     u"when"_s,     u"where"_s,        u"window"_s, u"with"_s};
    const bool plain = !name.isEmpty() && !name.front().isDigit() && std::ranges::all_of(name, [](QChar c) {
        return c == u'_' || (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9');
    });
    return plain && !reserved.contains(name);
}

QString constraintName(const RelationName &table, const ConstraintDefinition &constraint)
{
    if (!constraint.name.isEmpty())
        return constraint.name;
    const QString columns =
        constraint.columns.isEmpty() ? QString() : QString(u'_' + constraint.columns.join(u'_'));
    switch (constraint.kind) {
    case ConstraintKind::Check:
    case ConstraintKind::NotNull:
        return table.name + columns + u"_check"_s;
    case ConstraintKind::ForeignKey:
        return table.name + columns + u"_fkey"_s;
    case ConstraintKind::PrimaryKey:
        return table.name + u"_pkey"_s;
    case ConstraintKind::Unique:
        return table.name + columns + u"_key"_s;
    case ConstraintKind::Exclude:
        break;
    }
    return table.name + columns + u"_excl"_s;
}

/// SQLAlchemy's create_index() says it all: nothing but plain columns.
bool isPlainIndex(const Statement &statement)
{
    static const QRegularExpression more(
        uR"(\b(USING|WHERE|INCLUDE|WITH|TABLESPACE|NULLS|DESC|ASC|COLLATE)\b|_ops\b)"_s,
        QRegularExpression::CaseInsensitiveOption);
    return !more.match(statement.text).hasMatch();
}

} // namespace

QString pythonString(const QString &text)
{
    QString escaped = text;
    escaped.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s);
    return u'"' + escaped + u'"';
}

QString pythonList(const QStringList &items)
{
    QStringList quoted;
    for (const QString &item : items)
        quoted.append(item.startsWith(u'(') ? QString(u"sa.text("_s + pythonString(item) + u')')
                                            : pythonString(item));
    return u'[' + quoted.join(u", "_s) + u']';
}

QString schemaArgument(const RelationName &relation)
{
    return relation.schema.isEmpty() ? QString() : QString(u", schema="_s + pythonString(relation.schema));
}

QString executeCall(const QString &sql)
{
    if (!sql.contains(u'\n'))
        return u"op.execute("_s + pythonString(sql) + u')';
    QString escaped = sql;
    escaped.replace(u'\\', u"\\\\"_s).replace(u"\"\"\""_s, u"\\\"\\\"\\\""_s);
    return u"op.execute(\"\"\"\n"_s + escaped + u"\n\"\"\")"_s;
}

QString autocommitBlock(const QString &python)
{
    QString indented = python;
    indented.replace(u'\n', u"\n    "_s);
    return u"with op.get_context().autocommit_block():\n    "_s + indented;
}

QString sqlName(const QString &name)
{
    if (isPlainName(name))
        return name;
    QString quoted = name;
    quoted.replace(u'"', u"\"\""_s);
    return u'"' + quoted + u'"';
}

QString sqlName(const RelationName &relation)
{
    return relation.schema.isEmpty() ? sqlName(relation.name)
                                     : QString(sqlName(relation.schema) + u'.' + sqlName(relation.name));
}

QString sqlNames(const QStringList &names)
{
    QStringList quoted;
    for (const QString &name : names)
        quoted.append(name.startsWith(u'(') ? name : sqlName(name));
    return quoted.join(u", "_s);
}

void SaferForm::giveTo(Finding &finding) const
{
    finding.saferAlembic = alembic;
    finding.saferSql = sql;
}

SaferForm concurrentIndex(const Statement &statement, const Action &action)
{
    static const QRegularExpression create(
        uR"(^(CREATE\s+(?:UNIQUE\s+)?INDEX)(\s+CONCURRENTLY)?(\s+IF\s+NOT\s+EXISTS)?)"_s,
        QRegularExpression::CaseInsensitiveOption);
    QString sql = statement.text;
    sql.replace(create, u"\\1 CONCURRENTLY"_s);
    if (!isPlainIndex(statement) || action.relation.isEmpty() || action.columns.isEmpty())
        return {autocommitBlock(executeCall(sql)), sql + u';'};
    const QString call = u"op.create_index(%1, %2, %3%4%5, postgresql_concurrently=True)"_s.arg(
        pythonString(action.relation.name), pythonString(action.other.name), pythonList(action.columns),
        schemaArgument(action.other), action.unique ? u", unique=True"_s : QString());
    return {autocommitBlock(call), sql + u';'};
}

SaferForm concurrentUniqueConstraint(const RelationName &table, const ConstraintDefinition &constraint)
{
    const QString name = constraintName(table, constraint);
    const bool primary = constraint.kind == ConstraintKind::PrimaryKey;
    const QString attach = u"ALTER TABLE %1 ADD CONSTRAINT %2 %3 USING INDEX %2"_s.arg(
        sqlName(table), sqlName(name), primary ? u"PRIMARY KEY"_s : u"UNIQUE"_s);
    const QString index = u"op.create_index(%1, %2, %3%4, unique=True, postgresql_concurrently=True)"_s.arg(
        pythonString(name), pythonString(table.name), pythonList(constraint.columns), schemaArgument(table));
    return {autocommitBlock(index) + u'\n' + executeCall(attach),
            u"CREATE UNIQUE INDEX CONCURRENTLY %1 ON %2 (%3);\n%4;"_s.arg(
                sqlName(name), sqlName(table), sqlNames(constraint.columns), attach)};
}

SaferForm notValidFirst(const Statement &statement, const RelationName &table,
                        const ConstraintDefinition &constraint, bool only)
{
    const QString name = constraintName(table, constraint);
    const QString validate = u"ALTER TABLE %1 VALIDATE CONSTRAINT %2"_s.arg(sqlName(table), sqlName(name));
    const QString later = u"\n# in the next revision:\n"_s + executeCall(validate);
    if (constraint.kind == ConstraintKind::ForeignKey && !constraint.referencedColumns.isEmpty()) {
        const RelationName &parent = constraint.referenced;
        QString arguments;
        if (!constraint.onDelete.isEmpty())
            arguments += u", ondelete="_s + pythonString(constraint.onDelete);
        if (!table.schema.isEmpty())
            arguments += u", source_schema="_s + pythonString(table.schema);
        if (!parent.schema.isEmpty())
            arguments += u", referent_schema="_s + pythonString(parent.schema);
        const QString add =
            u"ALTER TABLE %1 ADD CONSTRAINT %2 FOREIGN KEY (%3) REFERENCES %4 (%5)%6 NOT VALID"_s.arg(
                sqlName(table), sqlName(name), sqlNames(constraint.columns), sqlName(parent),
                sqlNames(constraint.referencedColumns),
                constraint.onDelete.isEmpty() ? QString() : QString(u" ON DELETE "_s + constraint.onDelete));
        const QString call = u"op.create_foreign_key(%1, %2, %3, %4, %5%6, postgresql_not_valid=True)"_s.arg(
            pythonString(name), pythonString(table.name), pythonString(parent.name),
            pythonList(constraint.columns), pythonList(constraint.referencedColumns), arguments);
        return {call + later, add + u";\n-- in the next revision:\n"_s + validate + u';'};
    }
    const QString add =
        only ? QString(statement.text + u" NOT VALID"_s)
             : u"ALTER TABLE %1 ADD CONSTRAINT %2 … NOT VALID"_s.arg(sqlName(table), sqlName(name));
    return {executeCall(add) + later, add + u";\n-- in the next revision:\n"_s + validate + u';'};
}

SaferForm notNullByCheck(const RelationName &table, const QString &column)
{
    const QString check = table.name + u'_' + column + u"_not_null"_s;
    const QString alter = u"ALTER TABLE "_s + sqlName(table) + u' ';
    const QString add =
        alter + u"ADD CONSTRAINT %1 CHECK (%2 IS NOT NULL) NOT VALID"_s.arg(sqlName(check), sqlName(column));
    const QString validate = alter + u"VALIDATE CONSTRAINT "_s + sqlName(check);
    const QString set = alter + u"ALTER COLUMN %1 SET NOT NULL"_s.arg(sqlName(column));
    const QString drop = alter + u"DROP CONSTRAINT "_s + sqlName(check);
    return {executeCall(add) + u"\n# in the next revision:\n"_s + executeCall(validate) +
                u"\n# in the one after that:\n"_s +
                u"op.alter_column(%1, %2, nullable=False%3)\n"_s.arg(
                    pythonString(table.name), pythonString(column), schemaArgument(table)) +
                executeCall(drop),
            add + u";\n-- in the next revision:\n"_s + validate + u";\n-- in the one after that:\n"_s + set +
                u";\n"_s + drop + u';'};
}

} // namespace stepwell
