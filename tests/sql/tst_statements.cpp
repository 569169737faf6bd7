// SPDX-License-Identifier: MIT
#include "migrations/sql/statements.h"

#include <QTest>

#include <array>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

/// One line a statement: "line:offset node text".
QString asText(const QList<Statement> &statements)
{
    QStringList lines;
    for (const Statement &statement : statements) {
        const QString node = statement.node.isEmpty() ? u"?"_s : statement.node;
        lines.append(u"%1:%2 %3 %4"_s.arg(QString::number(statement.line), QString::number(statement.offset),
                                          node, statement.text));
    }
    return lines.join(u'\n');
}

} // namespace

class TestStatements : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void psqlsOwnThingsStayApart()
    {
        const auto statements = splitStatements(
            u"\\connect foo\nDROP TABLE u;\nCOPY z (a, b) FROM stdin;\n1\tfoo; DROP TABLE t;\n\\.\n\nALTER TABLE q DROP COLUMN c;\n"_s);
        QVERIFY(statements);
        QStringList nodes;
        for (const Statement &statement : *statements)
            nodes += statement.node;
        QCOMPARE(nodes, QStringList({QString(), u"DropStmt"_s, u"CopyStmt"_s, u"AlterTableStmt"_s}));
        QVERIFY(!statements->first().parseError.isEmpty());
        QCOMPARE(statements->last().line, 7);
        QCOMPARE(statements->at(1).line, 2);
    }

    void init() { QTest::failOnWarning(); }
    void splits_data();
    void splits();
    void keepsOffsetsOfTheScript();
    void splitsAroundASyntaxError();
    void pointsAtASyntaxError_data();
    void pointsAtASyntaxError();
    void showsWhatOnlyPsqlKnows();
    void refusesWhatCannotBeScanned();
    void knowsTheVersionTable_data();
    void knowsTheVersionTable();
    void countsWhatChanges_data();
    void countsWhatChanges();
    void worksOnManyThreads();
};

void TestStatements::splits_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("expected");

    QTest::newRow("nothing") << u""_s << u""_s;
    QTest::newRow("blanks and comments") << u" \n-- only\n/* this /* nested */ */ ;;\n"_s << u""_s;
    QTest::newRow("one") << u"SELECT 1"_s << u"1:0 SelectStmt SELECT 1"_s;
    QTest::newRow("two") << u"SELECT 1;\n\n  SELECT 2 ;\n"_s
                         << u"1:0 SelectStmt SELECT 1\n3:13 SelectStmt SELECT 2"_s;
    QTest::newRow("comments before")
        << u"-- Running upgrade a -> b\n\nCREATE TABLE t ();\n/* x;y */ DROP TABLE t;"_s
        << u"3:27 CreateStmt CREATE TABLE t ()\n4:56 DropStmt DROP TABLE t"_s;
    QTest::newRow("semicolons inside")
        << u"INSERT INTO t VALUES (';', $$;$$, \";\");SELECT 1 -- ;\n"_s
        << u"1:0 InsertStmt INSERT INTO t VALUES (';', $$;$$, \";\")\n1:39 SelectStmt SELECT 1 -- ;"_s;
    QTest::newRow("body")
        << u"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3"_s
        << u"1:0 CreateFunctionStmt CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END\n"
           "1:70 SelectStmt SELECT 3"_s;
    QTest::newRow("transaction") << u"BEGIN; COMMIT; SAVEPOINT a; ROLLBACK TO a"_s
                                 << u"1:0 TransactionStmt BEGIN\n1:7 TransactionStmt COMMIT\n"
                                    "1:15 TransactionStmt SAVEPOINT a\n1:28 TransactionStmt ROLLBACK TO a"_s;
}

void TestStatements::splits()
{
    QFETCH(const QString, sql);
    const auto statements = splitStatements(sql);
    QVERIFY(statements);
    QTEST(asText(*statements), "expected");
    for (const Statement &statement : *statements)
        QCOMPARE(statement.isTransactionControl, statement.node == u"TransactionStmt"_s);
}

void TestStatements::keepsOffsetsOfTheScript()
{
    const QString sql = u"SELECT 'ä€😀';\n-- 😀😀\nSELECT 'x€'; SELECT 3;"_s;
    const auto statements = splitStatements(sql);
    QVERIFY(statements);
    QCOMPARE(statements->size(), 3);
    for (const Statement &statement : *statements)
        QCOMPARE(sql.mid(statement.offset, statement.text.size()), statement.text);
    QCOMPARE(statements->at(1).line, 3);
    QCOMPARE(statements->at(2).text, u"SELECT 3"_s);
}

void TestStatements::splitsAroundASyntaxError()
{
    const auto statements = splitStatements(u"BEGIN;\nSELEC 1;\nINSERT INTO t VALUES (';');"_s);
    QVERIFY(statements);
    QCOMPARE(asText(*statements), u"1:0 TransactionStmt BEGIN\n2:7 ? SELEC 1\n3:16 InsertStmt "
                                  "INSERT INTO t VALUES (';')"_s);
    QCOMPARE(statements->at(0).parseError, QString());
    QVERIFY(statements->at(1).parseError.contains(u"SELEC"_s));
    QCOMPARE(statements->at(2).relation, u"t"_s);
}

void TestStatements::pointsAtASyntaxError_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("rest"); // from the error on
    QTest::addColumn<int>("line");

    QTest::newRow("first") << u"SELEC 1"_s << u"SELEC 1"_s << 1;
    QTest::newRow("later") << u"BEGIN;\n\n-- x\nALTER TABLE t\n  ADDD c int;"_s << u"ADDD c int;"_s << 5;
    QTest::newRow("wide characters") << u"SELECT '😀€ä';\nSELECT '😀€ä' FROMM t;"_s << u"t;"_s << 2;
    QTest::newRow("at the end") << u"SELECT 1;\nALTER TABLE t ADD"_s << u""_s << 2;
}

void TestStatements::pointsAtASyntaxError()
{
    QFETCH(const QString, sql);
    const auto statements = splitStatements(sql);
    QVERIFY(statements);
    const Statement &last = statements->constLast();
    QVERIFY(!last.parseError.isEmpty());
    QVERIFY(last.tree.isEmpty());
    QVERIFY(last.errorOffset >= 0);
    QTEST(sql.mid(last.errorOffset), "rest");
    QTEST(last.errorLine, "line");
}

void TestStatements::showsWhatOnlyPsqlKnows()
{
    const auto copied =
        splitStatements(u"CREATE TABLE t (n int);\nCOPY t FROM stdin;\n1\n2\n\\.\n\nSELECT 1;"_s);
    QVERIFY(copied);
    QCOMPARE(copied->size(), 3);
    QCOMPARE(copied->at(1).node, u"CopyStmt"_s);
    QVERIFY(copied->at(1).parseError.isEmpty());
    QCOMPARE(copied->at(2).text, u"SELECT 1"_s);
    QCOMPARE(copied->at(2).line, 7);

    const auto commands = splitStatements(u"\\set ON_ERROR_STOP on\nSELECT 1;"_s);
    QVERIFY(commands);
    QCOMPARE(commands->size(), 2);
    QVERIFY(!commands->constFirst().parseError.isEmpty());
    QVERIFY(commands->constLast().parseError.isEmpty());
}

void TestStatements::refusesWhatCannotBeScanned()
{
    for (const QString &sql : {u"SELECT 'open"_s, u"SELECT $$open"_s, u"SELECT 1; /* open"_s}) {
        const auto statements = splitStatements(sql);
        QVERIFY2(!statements, qPrintable(sql));
        QCOMPARE(statements.error().kind, ErrorKind::RenderFailed);
        QCOMPARE(countStatements(sql, {}), 1);
    }
    QVERIFY(!splitStatements(QString(u"SELECT "_s + QChar::Null + u" 1"_s)));
}

void TestStatements::knowsTheVersionTable_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("table");
    QTest::addColumn<bool>("touches");

    const QString insert =
        u"INSERT INTO alembic_version (version_num) VALUES ('a') RETURNING alembic_version.version_num"_s;
    QTest::newRow("insert") << insert << u""_s << true;
    QTest::newRow("insert, named") << insert << u"alembic_version"_s << true;
    QTest::newRow("insert, other table") << insert << u"versions"_s << false;
    QTest::newRow("update")
        << u"UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a'"_s << u""_s
        << true;
    QTest::newRow("delete") << u"DELETE FROM alembic_version WHERE alembic_version.version_num = 'a'"_s
                            << u""_s << true;
    QTest::newRow("create") << u"CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"_s << u""_s
                            << true;
    QTest::newRow("drop") << u"DROP TABLE alembic_version"_s << u""_s << true;
    QTest::newRow("drop in schema") << u"DROP TABLE app.alembic_version"_s << u"app.alembic_version"_s
                                    << true;
    QTest::newRow("alter") << u"ALTER TABLE alembic_version ADD COLUMN n int"_s << u""_s << true;
    QTest::newRow("schema") << u"INSERT INTO app.versions VALUES ('a')"_s << u"app.versions"_s << true;
    QTest::newRow("other schema") << u"INSERT INTO web.versions VALUES ('a')"_s << u"app.versions"_s << false;
    QTest::newRow("any schema") << u"INSERT INTO web.versions VALUES ('a')"_s << u"versions"_s << true;
    QTest::newRow("reading") << u"SELECT * FROM alembic_version"_s << u""_s << false;
    QTest::newRow("only mentioned") << u"INSERT INTO t SELECT version_num FROM alembic_version"_s << u""_s
                                    << false;
    QTest::newRow("drop index") << u"DROP INDEX alembic_version"_s << u""_s << false;
}

void TestStatements::knowsTheVersionTable()
{
    QFETCH(const QString, sql);
    QFETCH(const QString, table);
    const auto statements = splitStatements(sql);
    QVERIFY(statements);
    QCOMPARE(statements->size(), 1);
    QTEST(statements->constFirst().touchesVersionTable(table), "touches");
}

void TestStatements::countsWhatChanges_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<int>("count");

    QTest::newRow("nothing") << u""_s << 0;
    QTest::newRow("bookkeeping only")
        << u"BEGIN; UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a'; COMMIT;"_s
        << 0;
    QTest::newRow("a revision")
        << u"BEGIN;\n-- Running upgrade a -> b\nCREATE TABLE t (n int);\nCREATE INDEX i ON t (n);"
           "\nUPDATE alembic_version SET version_num='b';\nCOMMIT;"_s
        << 2;
    QTest::newRow("syntax error") << u"BEGIN; SELEC 1; SELECT 1;"_s << 2;
}

void TestStatements::countsWhatChanges()
{
    QFETCH(const QString, sql);
    QTEST(countStatements(sql, {}), "count");
}

void TestStatements::worksOnManyThreads()
{
    std::array<int, 8> counts{};
    {
        std::vector<std::jthread> threads;
        for (int &count : counts) {
            threads.emplace_back([&count] {
                for (int round = 0; round < 50; ++round)
                    count += countStatements(u"SELECT 1; SELEC; CREATE TABLE t (n int);"_s, {});
            });
        }
    }
    for (const int count : counts)
        QCOMPARE(count, 150);
}

QTEST_GUILESS_MAIN(TestStatements)
#include "tst_statements.moc"
