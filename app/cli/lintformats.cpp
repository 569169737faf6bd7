// SPDX-License-Identifier: MIT
// Text for people, JSON for scripts. The formats of code hosts are in lintannotations.cpp.
#include "app/cli/lintformats.h"

#include "app/cli/lintannotations.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonArray names(const QList<RelationName> &relations)
{
    QJsonArray array;
    for (const RelationName &relation : relations)
        array += relation.text();
    return array;
}

QJsonObject statementJson(const LintedStatement &linted, int index)
{
    QJsonArray locks;
    for (const RelationLock &lock : linted.effects.locks) {
        QJsonObject object{{u"relation"_s, lock.relation.text()}, {u"mode"_s, lockName(lock.mode)}};
        if (lock.isHidden)
            object.insert(u"hidden"_s, lock.reason);
        locks += object;
    }
    QJsonObject object{{u"index"_s, index},
                       {u"line"_s, linted.statement.line},
                       {u"kind"_s, linted.command},
                       {u"locks"_s, locks},
                       {u"rewrites"_s, names(linted.effects.rewrites)},
                       {u"scans"_s, names(linted.effects.scans)},
                       {u"builds_index"_s, !linted.effects.builds.isEmpty()},
                       {u"transactional"_s, linted.effects.transactional},
                       {u"loses_data"_s, linted.effects.losesData}};
    if (!linted.effects.unknowns.isEmpty())
        object.insert(u"unknown"_s, QJsonArray::fromStringList(linted.effects.unknowns));
    if (!linted.statement.parseError.isEmpty())
        object.insert(u"error"_s, QJsonObject{{u"message"_s, linted.statement.parseError},
                                              {u"line"_s, linted.statement.errorLine}});
    return object;
}

QString count(qsizetype number, const QString &one, const QString &many)
{
    return number == 1 ? u"1 %1"_s.arg(one) : u"%1 %2"_s.arg(number).arg(many);
}

const char *colourOf(Severity severity)
{
    return isBlocking(severity) ? "31" : severity == Severity::Advice ? "36" : "33";
}

/// "    " before every line.
QString indented(const QString &text, int spaces)
{
    const QString margin(spaces, u' ');
    return margin + QString(text).replace(u'\n', QString(u'\n' + margin)) + u'\n';
}

class TextWriter
{
public:
    TextWriter(QTextStream &out, bool colour) : m_out(out), m_colour(colour) {}

    void script(const LintedScript &script)
    {
        const QString title = script.revision.isEmpty()
                                  ? script.path
                                  : u"%1 %2  %3"_s.arg(script.direction, script.revision, script.message);
        m_out << coloured(title, "1") << u'\n';
        if (!script.problem.isEmpty()) {
            m_out << indented(
                (script.isBroken() ? u"Cannot be rendered: "_s : u"Known only by rehearsal: "_s) +
                    script.problem,
                2);
            m_out << indented(u"%1:%2"_s.arg(script.path).arg(script.problemLine), 2);
        }
        if (!script.report.problem.isEmpty())
            m_out << indented(script.report.problem, 2);
        summary(script.report);
        for (const Finding &finding : script.report.findings)
            this->finding(script, finding);
        m_out << u'\n';
    }

private:
    void summary(const LintReport &report)
    {
        const auto statements = std::ranges::count_if(
            report.statements, [](const LintedStatement &linted) { return !linted.isBookkeeping; });
        QStringList facts{count(statements, u"statement"_s, u"statements"_s)};
        if (const LockMode lock = report.strongestLock(); lock != LockMode::None)
            facts += u"strongest lock %1"_s.arg(lockName(lock));
        QStringList tables;
        for (const RelationName &table : report.tables())
            tables += table.text();
        if (!tables.isEmpty())
            facts += u"on "_s + tables.join(u", "_s);
        m_out << u"  "_s << facts.join(u" · "_s) << u'\n';
    }

    void finding(const LintedScript &script, const Finding &finding)
    {
        const QString where = u"%1:%2"_s.arg(script.path).arg(script.lineOf(finding));
        const QString sqlLine = script.revision.isEmpty() || finding.line == 0
                                    ? QString()
                                    : u" (line %1 of the SQL)"_s.arg(finding.line);
        m_out << u"\n  "_s << coloured(severityText(finding.severity), colourOf(finding.severity)) << u": "_s
              << coloured(finding.title, "1") << u"  ["_s << finding.rule << u"]\n    "_s << where << sqlLine
              << u'\n';
        m_out << indented(finding.message, 4);
        if (finding.accepted) {
            m_out << indented(u"Accepted: "_s + finding.accepted->reason, 4);
            return;
        }
        if (!finding.advice.isEmpty())
            m_out << indented(u"Instead: "_s + finding.advice, 4);
        const QString &code = script.revision.isEmpty() ? finding.saferSql : finding.saferAlembic;
        if (!code.isEmpty())
            m_out << indented(code.trimmed(), 8);
    }

    [[nodiscard]] QString coloured(const QString &text, const char *code) const
    {
        return m_colour ? u"\x1b[%1m%2\x1b[0m"_s.arg(QLatin1StringView(code), text) : text;
    }

    QTextStream &m_out;
    bool m_colour;
};

void writeText(QTextStream &out, const QList<LintedScript> &scripts, bool colour)
{
    TextWriter writer(out, colour);
    qsizetype findings = 0;
    qsizetype blocking = 0;
    bool sizes = true;
    for (const LintedScript &script : scripts) {
        writer.script(script);
        findings += std::ranges::count_if(script.report.findings, &LintedScript::counts);
        blocking += script.report.blockingCount();
        sizes = sizes && script.report.sizesKnown;
    }
    out << count(findings, u"finding"_s, u"findings"_s) << u", "_s << blocking << u" of them blocking"_s;
    out << (sizes || scripts.isEmpty() ? QString()
                                       : u"; no database was asked, so no table's size is known"_s)
        << u".\n"_s;
}

void writeJson(QTextStream &out, const QList<LintedScript> &scripts, bool lone)
{
    QJsonObject whole;
    if (lone) {
        whole = toJson(scripts.constFirst().report);
    } else {
        QJsonArray revisions;
        for (const LintedScript &script : scripts) {
            QJsonObject object = toJson(script.report);
            object.insert(u"revision"_s, script.revision);
            object.insert(u"direction"_s, script.direction);
            object.insert(u"file"_s, script.path);
            object.insert(u"sql"_s, script.problem.isEmpty() ? QJsonValue(script.sql) : QJsonValue());
            object.insert(u"problem"_s, script.problem.isEmpty() ? QJsonValue() : QJsonValue(script.problem));
            revisions += object;
        }
        whole.insert(u"revisions"_s, revisions);
        whole.insert(u"server_version"_s, scripts.isEmpty() ? 0 : scripts.constFirst().report.serverVersion);
    }
    whole.insert(u"version"_s, 1);
    out << QJsonDocument(whole).toJson(QJsonDocument::Compact) << u'\n';
}

} // namespace

bool LintedScript::isBroken() const
{
    return !problem.isEmpty() && !problem.startsWith("needs a database"_L1);
}

int LintedScript::lineOf(const Finding &finding) const
{
    if (revision.isEmpty())
        return std::max(1, finding.line);
    return finding.fileLine > 0 ? finding.fileLine : fileLine;
}

QJsonObject toJson(const Finding &finding)
{
    QJsonObject object{
        {u"rule"_s, finding.rule},
        {u"severity"_s, severityName(finding.severity)},
        {u"statement"_s, finding.statement >= 0 ? QJsonValue(finding.statement) : QJsonValue()},
        {u"line"_s, finding.line > 0 ? QJsonValue(finding.line) : QJsonValue()},
        {u"relation"_s, finding.relation.isEmpty() ? QJsonValue() : QJsonValue(finding.relation.text())},
        {u"title"_s, finding.title},
        {u"message"_s, finding.message},
        {u"advice"_s, finding.advice},
        {u"key"_s, findingKey(finding)}};
    if (!finding.saferAlembic.isEmpty())
        object.insert(u"safer_alembic"_s, finding.saferAlembic);
    if (!finding.saferSql.isEmpty())
        object.insert(u"safer_sql"_s, finding.saferSql);
    if (finding.bytes >= 0)
        object.insert(u"bytes"_s, finding.bytes);
    if (finding.accepted)
        object.insert(u"accepted"_s, finding.accepted->reason);
    return object;
}

QJsonObject toJson(const LintReport &report)
{
    QJsonArray statements;
    for (qsizetype at = 0; at < report.statements.size(); ++at)
        statements += statementJson(report.statements.at(at), static_cast<int>(at));
    QJsonArray findings;
    for (const Finding &finding : report.findings)
        findings += toJson(finding);
    QJsonObject object{{u"server_version"_s, report.serverVersion},
                       {u"sizes_known"_s, report.sizesKnown},
                       {u"statements"_s, statements},
                       {u"findings"_s, findings}};
    if (!report.problem.isEmpty())
        object.insert(u"error"_s, QJsonObject{{u"kind"_s, kindName(ErrorKind::RenderFailed)},
                                              {u"message"_s, report.problem}});
    return object;
}

void writeLint(QTextStream &out, LintFormat format, const QList<LintedScript> &scripts, bool lone,
               bool colour)
{
    switch (format) {
    case LintFormat::Text:
        writeText(out, scripts, colour);
        break;
    case LintFormat::Json:
        writeJson(out, scripts, lone);
        break;
    case LintFormat::Sarif:
        writeSarif(out, scripts);
        break;
    case LintFormat::Junit:
        writeJunit(out, scripts);
        break;
    case LintFormat::Github:
        writeGithub(out, scripts);
        break;
    case LintFormat::Gitlab:
        writeGitlab(out, scripts);
        break;
    }
    out.flush();
}

} // namespace stepwell::cli
