// SPDX-License-Identifier: MIT
#include "app/cli/lintannotations.h"

#include "migrations/lint/rules.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QXmlStreamWriter>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

/// All that a script is blamed for: its findings, and that nobody can tell its SQL.
QList<Finding> findingsOf(const LintedScript &script)
{
    QList<Finding> findings = script.report.findings;
    if (!script.report.problem.isEmpty())
        findings.prepend({.rule = u"syntax-error"_s,
                          .severity = Severity::MayFail,
                          .title = u"The SQL cannot be read"_s,
                          .message = script.report.problem});
    if (!script.problem.isEmpty())
        findings.prepend(
            {.rule = u"not-rendered"_s,
             .severity = script.isBroken() ? Severity::MayFail : Severity::Advice,
             .fileLine = script.problemLine,
             .title = script.isBroken() ? u"It cannot be rendered"_s : u"Known only by rehearsal"_s,
             .message = script.problem});
    return findings;
}

QString textOf(const Finding &finding)
{
    return finding.advice.isEmpty() ? finding.message
                                    : QString(finding.message + u"\nInstead: "_s + finding.advice);
}

QString sarifLevel(Severity severity)
{
    return isBlocking(severity) ? u"error"_s : severity == Severity::Advice ? u"note"_s : u"warning"_s;
}

QJsonObject sarifRule(const Rule &rule)
{
    return {{u"id"_s, rule.id},
            {u"shortDescription"_s, QJsonObject{{u"text"_s, rule.title}}},
            {u"fullDescription"_s, QJsonObject{{u"text"_s, rule.explanation}}},
            {u"defaultConfiguration"_s, QJsonObject{{u"level"_s, sarifLevel(rule.severity)}}}};
}

/// The same finding keeps its fingerprint while lines above it move.
QString fingerprint(const LintedScript &script, const Finding &finding)
{
    const QString statement =
        finding.statement >= 0 ? script.report.statements.at(finding.statement).statement.text : QString();
    const QString whole =
        QStringList{script.path, script.direction, findingKey(finding), statement}.join(QChar(0x1f));
    return QString::fromLatin1(
        QCryptographicHash::hash(whole.toUtf8(), QCryptographicHash::Sha256).toHex().first(40));
}

QJsonObject sarifResult(const LintedScript &script, const Finding &finding)
{
    const QJsonObject place{
        {u"artifactLocation"_s, QJsonObject{{u"uri"_s, script.path}}},
        {u"region"_s, QJsonObject{{u"startLine"_s, script.lineOf(finding)}}},
    };
    QJsonObject result{
        {u"ruleId"_s, finding.rule},
        {u"level"_s, sarifLevel(finding.severity)},
        {u"message"_s, QJsonObject{{u"text"_s, textOf(finding)}}},
        {u"locations"_s, QJsonArray{QJsonObject{{u"physicalLocation"_s, place}}}},
        {u"partialFingerprints"_s, QJsonObject{{u"stepwell/v1"_s, fingerprint(script, finding)}}},
    };
    if (finding.accepted)
        result.insert(
            u"suppressions"_s,
            QJsonArray{QJsonObject{
                {u"kind"_s, finding.accepted->where == Acceptance::File ? u"inSource"_s : u"external"_s},
                {u"justification"_s, finding.accepted->reason}}});
    return result;
}

QString githubEscaped(QString text, bool isProperty)
{
    text.replace(u'%', u"%25"_s).replace(u'\r', u"%0D"_s).replace(u'\n', u"%0A"_s);
    return isProperty ? text.replace(u':', u"%3A"_s).replace(u',', u"%2C"_s) : text;
}

QString gitlabSeverity(Severity severity)
{
    switch (severity) {
    case Severity::BlocksReads:
        return u"blocker"_s;
    case Severity::BlocksWrites:
    case Severity::LosesData:
        return u"critical"_s;
    case Severity::MayFail:
        return u"major"_s;
    case Severity::BreaksClients:
        return u"minor"_s;
    case Severity::Advice:
        break;
    }
    return u"info"_s;
}

} // namespace

void writeSarif(QTextStream &out, const QList<LintedScript> &scripts)
{
    QJsonArray rules;
    for (const Rule &rule : allRules())
        rules += sarifRule(rule);
    QJsonArray results;
    for (const LintedScript &script : scripts) {
        for (const Finding &finding : findingsOf(script))
            results += sarifResult(script, finding);
    }
    const QJsonObject driver{{u"name"_s, u"Stepwell"_s}, {u"rules"_s, rules}};
    const QJsonObject run{{u"tool"_s, QJsonObject{{u"driver"_s, driver}}}, {u"results"_s, results}};
    const QJsonObject whole{{u"version"_s, u"2.1.0"_s},
                            {u"$schema"_s, u"https://json.schemastore.org/sarif-2.1.0.json"_s},
                            {u"runs"_s, QJsonArray{run}}};
    out << QJsonDocument(whole).toJson(QJsonDocument::Indented);
}

void writeJunit(QTextStream &out, const QList<LintedScript> &scripts)
{
    QString text;
    QXmlStreamWriter xml(&text);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    xml.writeStartElement(u"testsuites"_s);
    for (const LintedScript &script : scripts) {
        const QList<Finding> findings = findingsOf(script);
        const QString name =
            script.revision.isEmpty() ? script.path : QString(script.direction + u' ' + script.revision);
        xml.writeStartElement(u"testsuite"_s);
        xml.writeAttribute(u"name"_s, name);
        xml.writeAttribute(u"tests"_s, QString::number(std::max<qsizetype>(1, findings.size())));
        xml.writeAttribute(u"failures"_s,
                           QString::number(std::ranges::count_if(findings, &LintedScript::counts)));
        if (findings.isEmpty()) {
            xml.writeEmptyElement(u"testcase"_s);
            xml.writeAttribute(u"classname"_s, name);
            xml.writeAttribute(u"name"_s, u"lint"_s);
        }
        for (const Finding &finding : findings) {
            xml.writeStartElement(u"testcase"_s);
            xml.writeAttribute(u"classname"_s, name);
            xml.writeAttribute(u"name"_s, findingKey(finding));
            xml.writeAttribute(u"file"_s, script.path);
            xml.writeAttribute(u"line"_s, QString::number(script.lineOf(finding)));
            xml.writeStartElement(LintedScript::counts(finding) ? u"failure"_s : u"skipped"_s);
            xml.writeAttribute(u"message"_s, finding.title);
            if (LintedScript::counts(finding))
                xml.writeAttribute(u"type"_s, severityName(finding.severity));
            xml.writeCharacters(finding.accepted ? finding.accepted->reason : textOf(finding));
            xml.writeEndElement();
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndDocument();
    out << text;
}

void writeGithub(QTextStream &out, const QList<LintedScript> &scripts)
{
    for (const LintedScript &script : scripts) {
        for (const Finding &finding : findingsOf(script)) {
            if (finding.accepted)
                continue;
            const QString level = isBlocking(finding.severity)           ? u"error"_s
                                  : finding.severity == Severity::Advice ? u"notice"_s
                                                                         : u"warning"_s;
            out << u"::%1 file=%2,line=%3,title=%4::%5\n"_s.arg(
                level, githubEscaped(script.path, true), QString::number(script.lineOf(finding)),
                githubEscaped(u"%1 [%2]"_s.arg(finding.title, finding.rule), true),
                githubEscaped(textOf(finding), false));
        }
    }
}

void writeGitlab(QTextStream &out, const QList<LintedScript> &scripts)
{
    QJsonArray issues;
    for (const LintedScript &script : scripts) {
        for (const Finding &finding : findingsOf(script)) {
            if (finding.accepted)
                continue;
            issues +=
                QJsonObject{{u"description"_s, QString(finding.title + u": "_s + finding.message)},
                            {u"check_name"_s, finding.rule},
                            {u"fingerprint"_s, fingerprint(script, finding)},
                            {u"severity"_s, gitlabSeverity(finding.severity)},
                            {u"location"_s,
                             QJsonObject{{u"path"_s, script.path},
                                         {u"lines"_s, QJsonObject{{u"begin"_s, script.lineOf(finding)}}}}}};
        }
    }
    out << QJsonDocument(issues).toJson(QJsonDocument::Indented);
}

} // namespace stepwell::cli
