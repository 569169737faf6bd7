// SPDX-License-Identifier: MIT
#include "migrations/review/textdifference.h"

#include "migrations/process/process.h"
#include "tests/support/testfiles.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <climits>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QString applied(const TextDifference &difference, const QString &before)
{
    QStringList lines = before.split(u'\n');
    if (lines.last().isEmpty())
        lines.removeLast();
    QString after;
    int next = 1;
    const auto copyTo = [&](int end) {
        for (; next < end; ++next)
            after +=
                lines.at(next - 1) + (next == lines.size() && !before.endsWith(u'\n') ? QString() : u"\n"_s);
    };
    for (const DifferenceHunk &hunk : difference.hunks) {
        copyTo(hunk.beforeCount > 0 ? hunk.beforeStart : hunk.beforeStart + 1);
        for (const DifferenceLine &line : hunk.lines) {
            if (line.kind != DifferenceLine::Removed)
                after += line.text + (line.hasLineEnd ? u"\n"_s : QString());
        }
        next += hunk.beforeCount;
    }
    copyTo(int(lines.size()) + 1);
    return after;
}

/// The length of the longest common subsequence, by the table.
int commonLines(const QStringList &left, const QStringList &right)
{
    QList<QList<int>> table(left.size() + 1, QList<int>(right.size() + 1, 0));
    for (qsizetype i = left.size() - 1; i >= 0; --i) {
        for (qsizetype j = right.size() - 1; j >= 0; --j)
            table[i][j] =
                left[i] == right[j] ? table[i + 1][j + 1] + 1 : std::max(table[i + 1][j], table[i][j + 1]);
    }
    return table[0][0];
}

QString randomText(QRandomGenerator &random, int most, int words)
{
    QString text;
    const int lines = random.bounded(most + 1);
    for (int i = 0; i < lines; ++i)
        text += QString::number(random.bounded(words)) + u'\n';
    if (!text.isEmpty() && random.bounded(4) == 0)
        text.chop(1);
    return text;
}

} // namespace

class tst_TextDifference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void unified()
    {
        QCOMPARE(unifiedDiff(u"a\nb\nc\n"_s, u"a\nB\nc\n"_s, u"before"_s, u"after"_s, 1),
                 u"--- before\n+++ after\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"_s);
        QCOMPARE(unifiedDiff(u"a\n"_s, u"a\n"_s, u"x"_s, u"y"_s), QString());
        QCOMPARE(unifiedDiff({}, u"a"_s, u"x"_s, u"y"_s),
                 u"--- x\n+++ y\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n"_s);
        QCOMPARE(unifiedDiff(u"a"_s, u"a\n"_s, u"x"_s, u"y"_s),
                 u"--- x\n+++ y\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"_s);
    }

    void linesKnowTheirNumbers()
    {
        const TextDifference difference = textDifference(u"a\nb\nc\n"_s, u"b\nx\nc\n"_s);
        QCOMPARE(difference.hunks.size(), 1);
        using Line = DifferenceLine;
        QCOMPARE(difference.hunks.first().lines,
                 (QList<Line>{{.kind = Line::Removed, .before = 1, .after = 0, .text = u"a"_s},
                              {.kind = Line::Same, .before = 2, .after = 1, .text = u"b"_s},
                              {.kind = Line::Added, .before = 0, .after = 2, .text = u"x"_s},
                              {.kind = Line::Same, .before = 3, .after = 3, .text = u"c"_s}}));
        QCOMPARE(difference.removed, 1);
        QCOMPARE(difference.added, 1);
    }

    void contextAndGaps()
    {
        QString before;
        for (int i = 1; i <= 30; ++i)
            before += QString::number(i) + u'\n';
        QString after = before;
        after.replace(u"\n5\n"_s, u"\nfive\n"_s)
            .replace(u"\n12\n"_s, u"\ntwelve\n"_s)
            .replace(u"\n20\n"_s, u"\n"_s);
        QCOMPARE(textDifference(before, after).hunks.size(), 2); // six lines lie between 5 and 12
        QCOMPARE(textDifference(before, after, 2).hunks.size(), 3);
        QCOMPARE(textDifference(before, after, 0).hunks.first().lines.size(), 2);
        QCOMPARE(textDifference(before, after, INT_MAX).hunks.first().lines.size(), 32);
    }

    void leadsFromOneToTheOtherByTheShortestWay()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 3000; ++round) {
            const QString before = randomText(random, 14, 1 + random.bounded(6));
            const QString after = randomText(random, 14, 1 + random.bounded(6));
            const TextDifference difference = textDifference(before, after, random.bounded(4));
            QCOMPARE(applied(difference, before), after);
            const auto lines = [](const QString &text) {
                QStringList all = text.split(u'\n');
                const QString last = all.takeLast();
                return last.isEmpty() ? all : all << QString(last + u"|no line end"_s);
            };
            const int common = commonLines(lines(before), lines(after));
            QCOMPARE(difference.removed, lines(before).size() - common);
            QCOMPARE(difference.added, lines(after).size() - common);
        }
    }

    void longTexts_data()
    {
        QTest::addColumn<int>("words");
        QTest::newRow("nothing in common") << -1;
        QTest::newRow("much in common") << 1'000'000;
        QTest::newRow("shuffled") << 10'000;
        QTest::newRow("few words") << 20;
    }
    void longTexts()
    {
        QFETCH(int, words);
        QRandomGenerator random(11);
        QString before;
        QString after;
        for (int i = 0; i < 10'000; ++i) {
            const QString line = words > 0 ? QString::number(random.bounded(words)) : u"b%1"_s.arg(i);
            before += line + u'\n';
            const bool same = words == 1'000'000 && random.bounded(10) > 0;
            after += (same        ? line
                      : words > 0 ? QString::number(random.bounded(words))
                                  : u"a%1"_s.arg(i)) +
                     u'\n';
        }
        QCOMPARE(applied(textDifference(before, after), before), after);
    }

    void patchTakesIt()
    {
        const QTemporaryDir folder;
        QRandomGenerator random(3);
        for (int round = 0; round < 20; ++round) {
            const QString before = QString(u"first\n"_s + randomText(random, 40, 8));
            const QString after = QString(u"other\n"_s + randomText(random, 40, 8));
            writeFile(folder.filePath(u"text"_s), before);
            const QString difference = unifiedDiff(before, after, u"a/text"_s, u"b/text"_s);
            const ProcessEnd end = runProcess({.program = u"git"_s,
                                               .arguments = {u"apply"_s, u"--unsafe-paths"_s, u"-"_s},
                                               .workingDirectory = folder.path()},
                                              {}, difference.toUtf8());
            QVERIFY2(end.succeeded(), qPrintable(difference));
            QCOMPARE(QString::fromUtf8(readFile(folder.filePath(u"text"_s))), after);
        }
    }
};

QTEST_GUILESS_MAIN(tst_TextDifference)
#include "tst_textdifference.moc"
