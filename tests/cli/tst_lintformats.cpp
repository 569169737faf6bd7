// SPDX-License-Identifier: MIT
// The formats of `lint`, read back with parsers of their own.

#include "app/cli/lintformats.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QXmlStreamReader>

using namespace stepwell;
using namespace stepwell::cli;
using namespace Qt::StringLiterals;

class tst_LintFormats : public QObject
{
    Q_OBJECT

private:
    static LintedScript sample()
    {
        LintedScript script{.revision = u"e41d"_s,
                            .direction = u"upgrade"_s,
                            .message = u"Index & <sessions>"_s,
                            .path = u"versions/e41d_index.py"_s,
                            .fileLine = 23,
                            .sql = u"CREATE INDEX i ON sessions (a);\nALTER TABLE sessions DROP COLUMN b;"_s};
        LintedStatement index{.statement = {.line = 1, .text = u"CREATE INDEX i ON sessions (a)"_s},
                              .command = u"CREATE INDEX"_s};
        index.effects.locks = {{.relation = {.name = u"sessions"_s}, .mode = LockMode::Share}};
        index.effects.builds = {{.name = u"sessions"_s}};
        LintedStatement drop{
            .statement = {.offset = 32, .line = 2, .text = u"ALTER TABLE sessions DROP COLUMN b"_s},
            .command = u"ALTER TABLE"_s};
        drop.effects.locks = {{.relation = {.name = u"sessions"_s}, .mode = LockMode::AccessExclusive},
                              {.relation = {.name = u"users"_s},
                               .mode = LockMode::AccessExclusive,
                               .isHidden = true,
                               .reason = u"referenced by fk_b"_s}};
        drop.effects.losesData = true;
        script.report.statements = {index, drop};
        script.report.findings = {
            {.rule = u"index-not-concurrent"_s,
             .severity = Severity::BlocksWrites,
             .statement = 0,
             .line = 1,
             .fileLine = 24,
             .relation = {.name = u"sessions"_s},
             .title = u"Builds an index, 100% of it: at once, \"now\""_s,
             .message = u"Writes wait.\nAll of them."_s,
             .advice = u"Use CONCURRENTLY."_s},
            {.rule = u"drop-column"_s,
             .severity = Severity::LosesData,
             .statement = 1,
             .line = 2,
             .relation = {.name = u"sessions"_s},
             .title = u"Drops a column"_s,
             .message = u"Its data is gone."_s,
             .accepted = Acceptance{.where = Acceptance::File, .reason = u"unused since May"_s}},
        };
        return script;
    }

    static QString written(LintFormat format, const QList<LintedScript> &scripts, bool lone = false)
    {
        QString text;
        QTextStream out(&text);
        writeLint(out, format, scripts, lone, false);
        return text;
    }

private Q_SLOTS:
    void json()
    {
        const QJsonObject whole =
            QJsonDocument::fromJson(written(LintFormat::Json, {sample()}, true).toUtf8()).object();
        QCOMPARE(whole["version"_L1].toInt(), 1);
        QCOMPARE(whole["server_version"_L1].toInt(), 17);
        const QJsonArray statements = whole["statements"_L1].toArray();
        QCOMPARE(statements.size(), 2);
        QCOMPARE(statements[0]["kind"_L1].toString(), u"CREATE INDEX"_s);
        QVERIFY(statements[0]["builds_index"_L1].toBool());
        QVERIFY(!statements[0]["loses_data"_L1].toBool());
        QCOMPARE(statements[1]["locks"_L1][0]["mode"_L1].toString(), u"ACCESS EXCLUSIVE"_s);
        QVERIFY(!statements[1]["locks"_L1][0].toObject().contains("hidden"_L1));
        QCOMPARE(statements[1]["locks"_L1][1]["hidden"_L1].toString(), u"referenced by fk_b"_s);
        const QJsonArray findings = whole["findings"_L1].toArray();
        QCOMPARE(findings[0]["severity"_L1].toString(), u"blocks-writes"_s);
        QCOMPARE(findings[0]["line"_L1].toInt(), 1);
        QCOMPARE(findings[1]["accepted"_L1].toString(), u"unused since May"_s);
    }

    void jsonOfRevisions()
    {
        LintedScript hidden{
            .revision = u"52ab"_s, .direction = u"upgrade"_s, .problem = u"needs a database"_s};
        const QJsonObject whole =
            QJsonDocument::fromJson(written(LintFormat::Json, {sample(), hidden}).toUtf8()).object();
        QCOMPARE(whole["revisions"_L1][0]["revision"_L1].toString(), u"e41d"_s);
        QVERIFY(whole["revisions"_L1][1]["sql"_L1].isNull());
        QCOMPARE(whole["revisions"_L1][1]["problem"_L1].toString(), u"needs a database"_s);
    }

    void sarif()
    {
        const QJsonObject whole =
            QJsonDocument::fromJson(written(LintFormat::Sarif, {sample()}).toUtf8()).object();
        QCOMPARE(whole["version"_L1].toString(), u"2.1.0"_s);
        const QJsonArray results = whole["runs"_L1][0]["results"_L1].toArray();
        QCOMPARE(results.size(), 2);
        QCOMPARE(results[0]["level"_L1].toString(), u"error"_s);
        const QJsonValue place = results[0]["locations"_L1][0]["physicalLocation"_L1];
        QCOMPARE(place["artifactLocation"_L1]["uri"_L1].toString(), u"versions/e41d_index.py"_s);
        QCOMPARE(place["region"_L1]["startLine"_L1].toInt(), 24);
        QCOMPARE(results[1]["suppressions"_L1][0]["justification"_L1].toString(), u"unused since May"_s);
        // Every result names a rule that the tool lists.
        QSet<QString> rules;
        for (const QJsonValue &rule : whole["runs"_L1][0]["tool"_L1]["driver"_L1]["rules"_L1].toArray())
            rules.insert(rule["id"_L1].toString());
        for (const QJsonValue &result : results)
            QVERIFY2(rules.contains(result["ruleId"_L1].toString()),
                     qPrintable(result["ruleId"_L1].toString()));
    }

    void junit()
    {
        QXmlStreamReader xml(written(LintFormat::Junit, {sample(), {.path = u"clean.sql"_s}}));
        int cases = 0;
        int failures = 0;
        int skipped = 0;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement)
                continue;
            cases += xml.name() == "testcase"_L1 ? 1 : 0;
            failures += xml.name() == "failure"_L1 ? 1 : 0;
            skipped += xml.name() == "skipped"_L1 ? 1 : 0;
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(cases, 3);
        QCOMPARE(failures, 1);
        QCOMPARE(skipped, 1);
    }

    void github()
    {
        const QString text = written(LintFormat::Github, {sample()});
        QCOMPARE(text.count(u'\n'), 1);
        QVERIFY2(
            text.startsWith(u"::error file=versions/e41d_index.py,line=24,title=Builds an index%2C 100%25 of "
                            "it%3A at once%2C \"now\" [index-not-concurrent]::Writes wait.%0AAll of them."_s),
            qPrintable(text));
    }

    void gitlab()
    {
        const QJsonArray issues =
            QJsonDocument::fromJson(written(LintFormat::Gitlab, {sample()}).toUtf8()).array();
        QCOMPARE(issues.size(), 1);
        QCOMPARE(issues[0]["severity"_L1].toString(), u"critical"_s);
        QCOMPARE(issues[0]["location"_L1]["lines"_L1]["begin"_L1].toInt(), 24);
        LintedScript moved = sample();
        moved.report.findings[0].fileLine = 90;
        const QJsonArray later =
            QJsonDocument::fromJson(written(LintFormat::Gitlab, {moved}).toUtf8()).array();
        QCOMPARE(later[0]["fingerprint"_L1].toString(), issues[0]["fingerprint"_L1].toString());
    }

    void text()
    {
        const QString text = written(LintFormat::Text, {sample()});
        QVERIFY2(text.contains(u"versions/e41d_index.py:24 (line 1 of the SQL)"_s), qPrintable(text));
        QVERIFY(text.contains(u"Accepted: unused since May"_s));
        QVERIFY(text.contains(u"1 finding, 1 of them blocking; no database was asked"_s));
    }
};

QTEST_GUILESS_MAIN(tst_LintFormats)
#include "tst_lintformats.moc"
