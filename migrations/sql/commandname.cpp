// SPDX-License-Identifier: MIT
#include "migrations/sql/action.h"

#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// The first words of a statement in capitals, comments between them left out.
QStringList leadingWords(const QString &text, int count)
{
    static const QRegularExpression token(u"\\G(?:\\s|--[^\\n]*(?:\\n|$)|/\\*.*?\\*/)*([A-Za-z_]+|\\()"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    QStringList words;
    qsizetype at = 0;
    while (words.size() < count) {
        const QRegularExpressionMatch match = token.match(text, at);
        if (!match.hasMatch())
            break;
        words.append(match.captured(1).toUpper());
        at = match.capturedEnd();
    }
    return words;
}

/// Words that say more about an object, not what it is.
bool isAdjective(const QString &word)
{
    static const QStringList adjectives{u"OR"_s,        u"REPLACE"_s, u"TEMP"_s,      u"TEMPORARY"_s,
                                        u"UNLOGGED"_s,  u"UNIQUE"_s,  u"GLOBAL"_s,    u"LOCAL"_s,
                                        u"RECURSIVE"_s, u"TRUSTED"_s, u"PROCEDURAL"_s};
    return adjectives.contains(word);
}

/// How many words name an object: MATERIALIZED VIEW has two.
int objectWords(const QStringList &words, qsizetype at)
{
    static const QStringList three{u"TEXT SEARCH CONFIGURATION"_s, u"TEXT SEARCH DICTIONARY"_s,
                                   u"TEXT SEARCH PARSER"_s, u"TEXT SEARCH TEMPLATE"_s,
                                   u"FOREIGN DATA WRAPPER"_s};
    static const QStringList two{u"MATERIALIZED VIEW"_s, u"FOREIGN TABLE"_s,  u"EVENT TRIGGER"_s,
                                 u"ACCESS METHOD"_s,     u"OPERATOR CLASS"_s, u"OPERATOR FAMILY"_s,
                                 u"USER MAPPING"_s,      u"LARGE OBJECT"_s,   u"DEFAULT PRIVILEGES"_s};
    if (three.contains(words.mid(at, 3).join(u' ')))
        return 3;
    return two.contains(words.mid(at, 2).join(u' ')) ? 2 : 1;
}

bool isConcurrent(const QStringList &words, qsizetype from)
{
    return words.value(from) == "CONCURRENTLY"_L1;
}

/// CREATE, ALTER and DROP name the object; everything else is one or two words.
QString nameFromWords(const QStringList &words)
{
    const QString verb = words.value(0);
    if (verb == "CREATE"_L1 || verb == "ALTER"_L1 || verb == "DROP"_L1) {
        qsizetype at = 1;
        while (at < words.size() && isAdjective(words.at(at)))
            ++at;
        if (words.value(at) == "CONSTRAINT"_L1 && words.value(at + 1) == "TRIGGER"_L1)
            ++at;
        const int count = objectWords(words, at);
        const QString name = QString(verb + u' ' + words.mid(at, count).join(u' ')).trimmed();
        const bool concurrent = words.value(at) == "INDEX"_L1 && isConcurrent(words, at + 1);
        return concurrent ? QString(name + " CONCURRENTLY"_L1) : name;
    }
    if (verb == "REFRESH"_L1)
        return isConcurrent(words, 3) ? u"REFRESH MATERIALIZED VIEW CONCURRENTLY"_s
                                      : u"REFRESH MATERIALIZED VIEW"_s;
    static const QStringList pairs{u"COMMENT ON"_s,        u"SECURITY LABEL"_s,    u"START TRANSACTION"_s,
                                   u"RELEASE SAVEPOINT"_s, u"ROLLBACK TO"_s,       u"PREPARE TRANSACTION"_s,
                                   u"COMMIT PREPARED"_s,   u"ROLLBACK PREPARED"_s, u"REASSIGN OWNED"_s,
                                   u"SET CONSTRAINTS"_s,   u"SET ROLE"_s,          u"SET TRANSACTION"_s,
                                   u"IMPORT FOREIGN"_s};
    const QString pair = words.mid(0, 2).join(u' ');
    if (pairs.contains(pair))
        return pair == "COMMENT ON"_L1    ? u"COMMENT"_s
               : pair == "ROLLBACK TO"_L1 ? u"ROLLBACK TO SAVEPOINT"_s
                                          : pair;
    return verb;
}

/// A WITH clause or a bracket may come first, and options may be in brackets: there the parser knows better.
QString nameFromTree(const Statement &statement)
{
    static const QHash<QString, QString> names{
        {u"InsertStmt"_s, u"INSERT"_s},     {u"UpdateStmt"_s, u"UPDATE"_s}, {u"DeleteStmt"_s, u"DELETE"_s},
        {u"MergeStmt"_s, u"MERGE"_s},       {u"SelectStmt"_s, u"SELECT"_s}, {u"LockStmt"_s, u"LOCK"_s},
        {u"TruncateStmt"_s, u"TRUNCATE"_s}, {u"DoStmt"_s, u"DO"_s},         {u"CopyStmt"_s, u"COPY"_s},
        {u"ClusterStmt"_s, u"CLUSTER"_s},
    };
    if (statement.node == "VacuumStmt"_L1 || statement.node == "ReindexStmt"_L1) {
        const QList<Action> actions = actionsOf(statement);
        const Action action = actions.isEmpty() ? Action{} : actions.constFirst();
        if (action.kind == ActionKind::Analyze)
            return u"ANALYZE"_s;
        if (action.kind == ActionKind::Vacuum)
            return action.full ? u"VACUUM FULL"_s : u"VACUUM"_s;
        return action.concurrently ? u"REINDEX CONCURRENTLY"_s : u"REINDEX"_s;
    }
    return names.value(statement.node);
}

} // namespace

QString commandName(const Statement &statement)
{
    const QString name = nameFromTree(statement);
    return name.isEmpty() ? nameFromWords(leadingWords(statement.text, 8)) : name;
}

} // namespace stepwell
