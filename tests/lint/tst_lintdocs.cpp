// SPDX-License-Identifier: MIT
#include "migrations/lint/rules.h"

#include "linting.h"
#include "squawkcases.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace stepwell;

/// docs/rules.md and docs/squawk.md are made from the code. STEPWELL_WRITE_DOCS=1 writes them.
class TestLintDocs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void rulesAreUpToDate();
    void agreesWithSquawkOrSaysWhyNot_data();
    void agreesWithSquawkOrSaysWhyNot();
    void squawkIsUpToDate();
};

namespace {

QString codeBlock(const QString &language, const QString &text)
{
    return text.isEmpty() ? QString() : QString(u"```"_s + language + u'\n' + text + u"\n```\n\n"_s);
}

QString rulesText()
{
    QString text = u"# Rules\n\nWhat `stepwell lint` and the review look for. A rule's severity is the worst "
                   u"it gives: with "
                   "the target's sizes known, what blocks a small table is only advice, and nothing is said "
                   "of tables that "
                   "the plan itself creates.\n\nTo accept a finding, write `# stepwell: ignore RULE reason` "
                   "into the revision "
                   "file (for the whole file) or `-- stepwell: ignore RULE reason` into its SQL (for the "
                   "next statement). "
                   "Without a reason it does not count.\n\n| rule | severity | |\n| --- | --- | --- |\n"_s;
    for (const Rule &rule : allRules())
        text += u"| [%1](#%1) | %2 | %3 |\n"_s.arg(rule.id, severityName(rule.severity), rule.title);
    text += u'\n';
    for (const Rule &rule : allRules()) {
        text += u"## %1\n\n%2: %3\n\n%4\n\n"_s.arg(rule.id, severityName(rule.severity), rule.title,
                                                   rule.explanation);
        text += codeBlock(u"python"_s, rule.saferAlembic) + codeBlock(u"sql"_s, rule.saferSql);
        if (!rule.knownAs.isEmpty())
            text += u"Elsewhere: %1.\n\n"_s.arg(rule.knownAs.join(u", "_s));
    }
    return text.trimmed() + u'\n';
}

bool stepwellFires(const SquawkCase &one)
{
    const LintReport report = lintSql(one.sql, {}, false);
    const QStringList rules = rulesKnownAs(one.rule);
    return std::ranges::any_of(report.findings,
                               [&](const Finding &finding) { return rules.contains(finding.rule); });
}

QString squawkText()
{
    const QList<SquawkCase> cases = squawkCases();
    QString rows;
    int agreements = 0;
    for (const SquawkCase &one : cases) {
        const bool fires = stepwellFires(one);
        agreements += fires == one.squawkFires ? 1 : 0;
        QString sql = one.sql;
        sql.replace(u'\n', u' ').replace(u'|', u"\\|"_s);
        rows +=
            u"| %1 | `%2` | %3 | %4 | %5 |\n"_s.arg(one.rule, sql, one.squawkFires ? u"finds"_s : u"silent"_s,
                                                    fires ? u"finds"_s : u"silent"_s, one.note);
    }
    return u"# Squawk's rules and Stepwell's\n\nOur own SQL for each rule of squawk 2.63, what squawk says "
           u"of it by the rule's "
           "description (squawk itself was not run), and what `stepwell lint` says without a database, the "
           "script run as psql "
           "runs a file. Where the two differ, the last column says why; what it claims of PostgreSQL is "
           "tried on a real server "
           "by tests/lint/tst_squawkclaims.cpp.\n\n%1 cases, %2 alike, %3 not.\n\n| squawk's rule | SQL | "
           "squawk | Stepwell | "
           "why |\n| --- | --- | --- | --- | --- |\n%4"_s.arg(
               QString::number(cases.size()), QString::number(agreements),
               QString::number(cases.size() - agreements), rows);
}

} // namespace

void TestLintDocs::rulesAreUpToDate()
{
    QVERIFY2(isUpToDate(u"docs/rules.md"_s, rulesText()),
             "STEPWELL_WRITE_DOCS=1 tst_lintdocs writes docs/rules.md");
}

void TestLintDocs::agreesWithSquawkOrSaysWhyNot_data()
{
    QTest::addColumn<int>("index");
    const QList<SquawkCase> cases = squawkCases();
    QVERIFY(cases.size() >= 120);
    for (int i = 0; i < cases.size(); ++i)
        QTest::addRow("%s %d", qPrintable(cases.at(i).rule), i) << i;
}

void TestLintDocs::agreesWithSquawkOrSaysWhyNot()
{
    QFETCH(int, index);
    const SquawkCase one = squawkCases().at(index);
    const bool agrees = stepwellFires(one) == one.squawkFires;
    QVERIFY2(agrees == one.note.isEmpty(), qPrintable(one.sql + u'\n' + rulesKnownAs(one.rule).join(u' ') +
                                                      u'\n' + findingsText(lintSql(one.sql, {}, false))));
    // Only what Stepwell has no use for is known under no name.
    QCOMPARE(rulesKnownAs(one.rule).isEmpty(), one.rule == "require-table-schema"_L1);
}

void TestLintDocs::squawkIsUpToDate()
{
    QVERIFY2(isUpToDate(u"docs/squawk.md"_s, squawkText()),
             "STEPWELL_WRITE_DOCS=1 tst_lintdocs writes docs/squawk.md");
}

QTEST_GUILESS_MAIN(TestLintDocs)
#include "tst_lintdocs.moc"
