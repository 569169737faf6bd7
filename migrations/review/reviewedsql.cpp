// SPDX-License-Identifier: MIT
#include "migrations/review/signoff.h"

#include "migrations/sql/statements.h"

#include <QRegularExpression>
#include <QStringDecoder>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// `-- Running upgrade a -> b`, which Alembic writes above each step.
QString withoutStepName(const QString &text)
{
    static const QRegularExpression name(u"^-- Running (?:upgrade|downgrade) .*\\n?"_s,
                                         QRegularExpression::MultilineOption);
    return QString(text).remove(name);
}

QRegularExpression statementPattern(const QString &pattern)
{
    QString whole = pattern;
    whole.replace(u"TABLE"_s, u"(?:NAME\\.)?NAME"_s)
        .replace(u"EQUATION"_s, u"(?:NAME\\.){0,2}NAME ?= ?LITERAL"_s)
        .replace(u"NAME"_s, u"(?:\\w+|\"(?:[^\"]|\"\")+\")"_s)
        .replace(u"LITERAL"_s, u"(?:'(?:[^']|'')*'|\\d+|NULL)"_s);
    return QRegularExpression(u"^(?:%1)$"_s.arg(whole));
}

/// Alembic's own statements, and no others: what a revision itself does to the version table is reviewed.
bool isBookkeeping(const Statement &statement, const QString &versionTable)
{
    const QString wanted = versionTable.isEmpty() ? u"alembic_version"_s : versionTable;
    const qsizetype dot = wanted.lastIndexOf(u'.');
    if (statement.relation != QStringView(wanted).sliced(dot + 1) ||
        statement.schema != QStringView(wanted).first(std::max<qsizetype>(dot, 0)))
        return false;
    static const QRegularExpression rows =
        statementPattern(u"INSERT INTO TABLE \\(NAME(?:, NAME)*\\) VALUES \\(LITERAL(?:, LITERAL)*\\)(?: "
                         u"RETURNING (?:NAME\\.){0,2}NAME)?"
                         "|UPDATE TABLE SET EQUATION(?:, EQUATION)* WHERE EQUATION(?: AND EQUATION)*"
                         "|DELETE FROM TABLE WHERE EQUATION(?: AND EQUATION)*"_s);
    return statement.node == u"CreateStmt"_s || rows.match(statement.text.simplified()).hasMatch();
}

bool isFrame(const Statement &statement, QLatin1StringView command)
{
    return statement.isTransactionControl && statement.text.compare(command, Qt::CaseInsensitive) == 0;
}

/// Statements, each with the comments before it.
QString joined(const QString &sql, QList<Statement> statements, const QString &versionTable)
{
    // BEGIN and COMMIT of an autocommit block are the revision's; those around the whole step are not.
    const bool framed = statements.size() > 1 && isFrame(statements.first(), "BEGIN"_L1) &&
                        isFrame(statements.last(), "COMMIT"_L1);
    QStringList parts;
    qsizetype done = 0;
    for (qsizetype i = 0; i < statements.size(); ++i) {
        const Statement &statement = statements.at(i);
        const QString before = withoutStepName(sql.sliced(done, statement.offset - done));
        done = statement.offset + statement.text.size();
        while (done < sql.size() && (sql.at(done) == u';' || sql.at(done).isSpace()))
            ++done;
        const bool ofFrame = framed && (i == 0 || i + 1 == statements.size());
        if (ofFrame || isBookkeeping(statement, versionTable))
            continue;
        const QString comments = before.trimmed();
        parts +=
            QString((comments.isEmpty() ? QString() : QString(comments + u'\n')) + statement.text + u';');
    }
    return parts.isEmpty() ? u"-- no statements\n"_s : QString(parts.join(u"\n\n"_s) + u'\n');
}

} // namespace

QString reviewedSql(const RenderedSql &rendered, const QString &versionTable)
{
    if (!rendered.problem.isEmpty())
        return {};
    const Result<QList<Statement>> statements = splitStatements(rendered.sql);
    if (!statements) // an open quote: the server will refuse it, and it is reviewed as it is
        return QString(withoutStepName(rendered.sql).trimmed() + u'\n');
    return joined(rendered.sql, *statements, versionTable);
}

QString reviewedFile(const QByteArray &content)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(content);
    return decoder.hasError() ? QString::fromLatin1(content) : text;
}

} // namespace stepwell
