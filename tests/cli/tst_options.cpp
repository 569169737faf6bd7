// SPDX-License-Identifier: MIT
#include "app/cli/options.h"

#include <QTest>

using namespace stepwell;
using namespace stepwell::cli;
using namespace Qt::StringLiterals;

class tst_Options : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void nothingOpensTheWindow()
    {
        const Result<Options> options = parseOptions({});
        QVERIFY(options);
        QVERIFY(options->command.isEmpty());
        QVERIFY(!options->help);
    }

    void relativeRevisionsAreNoOptions_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("down") << QStringList{u"rollback"_s, u"a/b"_s, u"-1"_s}
                              << QStringList{u"a/b"_s, u"-1"_s};
        QTest::newRow("down, two digits")
            << QStringList{u"plan"_s, u"--down"_s, u"a/b"_s, u"-12"_s} << QStringList{u"a/b"_s, u"-12"_s};
        QTest::newRow("up") << QStringList{u"upgrade"_s, u"a/b"_s, u"+2"_s} << QStringList{u"a/b"_s, u"+2"_s};
        QTest::newRow("after --") << QStringList{u"plan"_s, u"--down"_s, u"--"_s, u"-1"_s}
                                  << QStringList{u"-1"_s};
    }
    void relativeRevisionsAreNoOptions()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, expected);
        const Result<Options> options = parseOptions(arguments);
        QVERIFY2(options.has_value(), options ? "" : qPrintable(options.error().message));
        QCOMPARE(options->arguments, expected);
    }

    void globalOptionsStandAnywhere()
    {
        const Result<Options> before =
            parseOptions({u"--workspace"_s, u"/w"_s, u"status"_s, u"--format"_s, u"json"_s});
        const Result<Options> after = parseOptions({u"status"_s, u"--format=json"_s, u"--workspace=/w"_s});
        QVERIFY(before && after);
        QCOMPARE(before->workspace, u"/w"_s);
        QCOMPARE(after->workspace, u"/w"_s);
        QVERIFY(before->json && after->json);
    }

    void fromMayBeEmptyButIsThere()
    {
        QVERIFY(parseOptions({u"plan"_s, u"--from"_s, u"base"_s, u"head"_s})->hasFrom);
        QVERIFY(!parseOptions({u"plan"_s, u"a/b"_s})->hasFrom);
    }

    void watchTakesNoTargetForSeconds_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("seconds");
        QTest::addColumn<QStringList>("targets");
        QTest::newRow("alone") << QStringList{u"status"_s, u"--watch"_s} << 5 << QStringList{};
        QTest::newRow("seconds") << QStringList{u"status"_s, u"--watch"_s, u"9"_s, u"a/b"_s} << 9
                                 << QStringList{u"a/b"_s};
        QTest::newRow("target") << QStringList{u"status"_s, u"--watch"_s, u"a/b"_s} << 5
                                << QStringList{u"a/b"_s};
        QTest::newRow("not asked") << QStringList{u"status"_s} << 0 << QStringList{};
    }
    void watchTakesNoTargetForSeconds()
    {
        QFETCH(QStringList, arguments);
        const Result<Options> options = parseOptions(arguments);
        QVERIFY2(options.has_value(), options ? "" : qPrintable(options.error().message));
        QTEST(options->watchSeconds, "seconds");
        QTEST(options->arguments, "targets");
    }

    void runOptionsAreKept()
    {
        const Result<Options> options =
            parseOptions({u"upgrade"_s, u"a/b"_s, u"--transactions"_s, u"all"_s, u"--lock-retries"_s, u"0"_s,
                          u"--concurrent-timeout"_s, u"1h"_s, u"--watch-logs"_s, u"--progress"_s, u"json"_s});
        QVERIFY2(options.has_value(), options ? "" : qPrintable(options.error().message));
        QCOMPARE(options->transactions, u"all"_s);
        QCOMPARE(options->lockRetries, 0);
        QCOMPARE(options->concurrentTimeout, u"1h"_s);
        QVERIFY(options->watchLogs);
        QCOMPARE(options->progress, u"json"_s);
        QCOMPARE(parseOptions({u"upgrade"_s, u"a/b"_s})->lockRetries, -1);
    }

    void wrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("unknown command") << QStringList{u"frobnicate"_s};
        QTest::newRow("unknown option") << QStringList{u"status"_s, u"--fast"_s};
        QTest::newRow("unknown format") << QStringList{u"status"_s, u"--format"_s, u"yaml"_s};
        QTest::newRow("missing value") << QStringList{u"plan"_s, u"--from"_s};
        QTest::newRow("empty argument") << QStringList{u"upgrade"_s, u"a/b"_s, QString()};
        QTest::newRow("empty rows") << QStringList{u"plan"_s, u"--from"_s, QString(), u"head"_s};
        QTest::newRow("database without ini")
            << QStringList{u"status"_s, u"--database"_s, u"postgresql://h/d"_s};
        QTest::newRow("no such transactions")
            << QStringList{u"upgrade"_s, u"a/b"_s, u"--transactions"_s, u"none"_s};
        QTest::newRow("negative retries") << QStringList{u"upgrade"_s, u"a/b"_s, u"--lock-retries=-1"_s};
        QTest::newRow("no such progress") << QStringList{u"upgrade"_s, u"a/b"_s, u"--progress"_s, u"xml"_s};
        QTest::newRow("watch without pause") << QStringList{u"status"_s, u"--watch"_s, u"0"_s};
        QTest::newRow("two commands") << QStringList{u"demo"_s, u"status"_s};
    }
    void wrongUsage()
    {
        QFETCH(QStringList, arguments);
        const Result<Options> options = parseOptions(arguments);
        QVERIFY(!options);
        QCOMPARE(exitCode(options.error().kind), 2);
        QVERIFY(!options.error().hint.isEmpty());
    }

    void help()
    {
        const QString all = parseOptions({u"--help"_s})->helpText;
        for (const QString &command :
             {u"status"_s, u"check"_s, u"doctor"_s, u"upgrade"_s, u"rollback"_s, u"stamp"_s, u"journal"_s})
            QVERIFY2(all.contains(command), qPrintable(command));
        QVERIFY(parseOptions({u"upgrade"_s, u"--help"_s})->helpText.contains(u"--confirm"_s));
        QVERIFY(parseOptions({u"--version"_s})->helpText.startsWith(u"stepwell "_s));
    }
};

QTEST_GUILESS_MAIN(tst_Options)
#include "tst_options.moc"
