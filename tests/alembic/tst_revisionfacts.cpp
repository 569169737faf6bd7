// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionfile.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

Result<Revision> parse(const QByteArray &source)
{
    return parseRevision(source, u"/versions/0a_x.py"_s);
}

/// A revision with these bodies of upgrade() and downgrade(), each already indented.
Revision withBodies(const QByteArray &up, const QByteArray &down)
{
    const auto revision = parse("revision = 'a'\ndown_revision = None\n\n\ndef upgrade() -> None:\n" + up +
                                "\n\ndef downgrade() -> None:\n" + down + "\n");
    return revision.value_or(Revision{});
}

} // namespace

class TestRevisionFacts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void tellsTheWayBack_data();
    void tellsTheWayBack();
    void tellsLostData_data();
    void tellsLostData();
    void tellsOtherFacts();
    void tellsLines();
    void tellsTheAutocommitBlock_data();
    void tellsTheAutocommitBlock();
    void tellsChangedData_data();
    void tellsChangedData();
    void tellsExecutedTexts();
};

void TestRevisionFacts::tellsTheWayBack_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *name, const QByteArray &body, WayBack expected) {
        QTest::newRow(name) << body << static_cast<int>(expected);
    };
    row("work", "    op.drop_table('x')", WayBack::Yes);
    row("pass", "    pass", WayBack::Empty);
    row("docstring", "    '''Nothing to do.'''", WayBack::Empty);
    row("comment and pass", "    # nothing\n    '''x'''\n    pass", WayBack::Empty);
    row("ellipsis", "    ...", WayBack::Empty);
    row("return", "    return\n    op.drop_table('x')", WayBack::Empty);
    row("raise", "    raise NotImplementedError('no way back')", WayBack::Irreversible);
    row("docstring and raise", "    '''x'''\n    raise Exception(\n        'no')", WayBack::Irreversible);
    row("conditional raise", "    if x:\n        raise Exception()\n    op.f()", WayBack::Yes);
    row("conditional raise on one line", "    if x: op.f(); raise Exception()", WayBack::Yes);
    row("work and raise", "    op.drop_table('x')\n    raise Exception('no')", WayBack::Irreversible);
    row("work and raise on one line", "    op.drop_table('x'); raise Exception('no')", WayBack::Irreversible);
    row("raise that can be avoided", "    if x:\n        return\n    raise Exception('no')", WayBack::Yes);
    row("raise in a function inside", "    def f():\n        raise Exception()\n    f()", WayBack::Yes);
}

void TestRevisionFacts::tellsTheWayBack()
{
    QFETCH(QByteArray, body);
    QFETCH(int, expected);
    QCOMPARE(static_cast<int>(withBodies("    op.create_table('x')", body).wayBack), expected);
    const auto missing = parse("revision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\n");
    QVERIFY(missing);
    QCOMPARE(missing->wayBack, WayBack::Irreversible);
    const auto oneLine = parse("revision = 'a'\ndown_revision = None\ndef downgrade(): pass\n");
    QVERIFY(oneLine);
    QCOMPARE(oneLine->wayBack, WayBack::Empty);
    // A merge point: nothing to undo.
    QCOMPARE(withBodies("    pass", "    pass").wayBack, WayBack::Yes);
    // A downgrade() from elsewhere is not judged, the last one of several is.
    const auto wayBackOf = [](const QByteArray &source) {
        return parse("revision = 'a'\ndown_revision = None\ndef upgrade(): f()\n" + source)
            .value_or(Revision{})
            .wayBack;
    };
    QCOMPARE(wayBackOf("from x import downgrade\n"), WayBack::Yes);
    QCOMPARE(wayBackOf("if x:\n    def downgrade(): pass\n"), WayBack::Yes);
    QCOMPARE(wayBackOf("def downgrade(): f()\ndef downgrade(): pass\n"), WayBack::Empty);
    QCOMPARE(wayBackOf("downgrade = f\ndef downgrade(): pass\n"), WayBack::Empty);
}

void TestRevisionFacts::tellsLostData_data()
{
    QTest::addColumn<QByteArray>("up");
    QTest::addColumn<QByteArray>("down");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *name, const QByteArray &up, const QByteArray &down, bool expected) {
        QTest::newRow(name) << QByteArray("    " + up) << QByteArray("    " + down) << expected;
    };
    row("fills what is NULL", "op.execute('UPDATE t SET p = 10 WHERE p IS NULL')", "pass", false);
    row("overwrites on the way back", "op.execute('SELECT 1')", "op.execute('UPDATE t SET c = NULL')", true);
    row("own table", "op.create_table('users', sa.Column('id'))", "op.drop_table('users')", false);
    row("own column", "op.add_column('t', sa.Column('c', sa.Text()))", "op.drop_column('t', 'c')", false);
    row("own column in a batch", "with op.batch_alter_table('t') as b:\n        b.add_column(sa.Column('c'))",
        "with op.batch_alter_table('t') as b:\n        b.drop_column('c')", false);
    row("own column in SQL", "op.execute('ALTER TABLE t ADD COLUMN c text')",
        "op.execute('ALTER TABLE t DROP COLUMN c')", false);
    row("table of a loop", "for n in names:\n        op.create_table(n)",
        "for n in names:\n        op.drop_table(n)", false);
    row("somebody else's table", "op.create_table('users')", "op.drop_table('orders')", true);
    row("upgrade drops a table", "op.drop_table('old')", "op.create_table('old')", true);
    row("upgrade drops a column", "op.drop_column('t', 'c')", "op.add_column('t', sa.Column('c'))", true);
    row("upgrade drops in SQL", "op.execute('drop  table if exists old')", "pass", true);
    row("upgrade deletes", "op.execute(\"\"\"\n    DELETE FROM t\n    WHERE x\"\"\")", "pass", true);
    row("upgrade deletes by expression", "op.execute(users.delete())", "pass", true);
    row("upgrade truncates", "op.execute('TRUNCATE t')", "pass", true);
    row("upgrade overwrites", "op.execute(sa.text('UPDATE t SET a = 1'))", "pass", true);
    row("upgrade fills its own column",
        "op.add_column('t', sa.Column('a'))\n    op.execute('UPDATE t SET a = 1')",
        "op.drop_column('t', 'a')", false);
    row("downgrade deletes", "op.bulk_insert(t, [])", "op.execute('DELETE FROM t')", true);
    row("temporary column", "op.add_column('t', sa.Column('x'))\n    op.drop_column('t', 'x')", "pass",
        false);
    row("indexes only", "op.create_index('i', 't', ['c'])", "op.drop_index('i')", false);
    row("SQL in several literals", "op.execute('UPDATE t SET p = 10 '\n        'WHERE p IS NULL')", "pass",
        false);
    row("SQL that deletes in several literals", "op.execute('DELETE '\n        'FROM t')", "pass", true);
    row("NULL of another statement", "op.execute('UPDATE t SET p = 1; SELECT p IS NULL')", "pass", true);
    row("NULL of another column", "op.execute('UPDATE t SET p = 1 WHERE (q IS NULL)')", "pass", true);
    row("NULL in brackets", "op.execute('UPDATE t SET p = 1 WHERE (t.p IS NULL)')", "pass", false);
    row("words in a docstring", "'''DELETE FROM t'''\n    pass", "pass", false);
}

void TestRevisionFacts::tellsLostData()
{
    QFETCH(QByteArray, up);
    QFETCH(QByteArray, down);
    QFETCH(bool, expected);
    QCOMPARE(withBodies(up, down).losesData, expected);
}

void TestRevisionFacts::tellsOtherFacts()
{
    const Revision plain = withBodies("    op.create_index('i', 't', ['c'])", "    op.drop_index('i')");
    QVERIFY(!plain.hasAutocommit);
    QVERIFY(!plain.usesConnection);
    const Revision both =
        withBodies("    with op.get_context().autocommit_block():\n        op.execute('x y')",
                   "    conn = op.get_bind()");
    QVERIFY(both.hasAutocommit);
    QVERIFY(both.usesConnection);
    // Functions of the file count where they are called.
    const auto called = parse("revision = 'a'\ndown_revision = None\ndef fill():\n    op.get_bind()\n"
                              "def unused():\n    op.execute('DELETE FROM t')\n"
                              "def upgrade():\n    fill()\ndef downgrade():\n    pass\n");
    QVERIFY(called);
    QVERIFY(called->usesConnection);
    QVERIFY(!called->losesData);
}

void TestRevisionFacts::tellsLines()
{
    const auto revision =
        parse("'''x'''\nrevision = 'a'\ndown_revision = None\n\n@f\nasync def upgrade(\n):\n"
              "    a\n    b('''\n\n''')\n    # c\n\n\ndef downgrade(): pass");
    QVERIFY(revision);
    QCOMPARE(revision->upgradeLines, (LineSpan{6, 11}));
    QCOMPARE(revision->downgradeLines, (LineSpan{15, 15}));
    const auto none = parse("revision = 'a'\ndown_revision = None\n");
    QVERIFY(none);
    QCOMPARE(none->upgradeLines, LineSpan{});
}

void TestRevisionFacts::tellsTheAutocommitBlock_data()
{
    QTest::addColumn<QByteArray>("up");
    QTest::addColumn<QByteArray>("down");
    QTest::addColumn<int>("line");
    QTest::addColumn<bool>("isFirst");
    const QByteArray block = "    with op.get_context().autocommit_block():\n        op.execute('x y')\n";
    const auto row = [](const char *name, const QByteArray &up, const QByteArray &down, int line,
                        bool isFirst) { QTest::newRow(name) << up << down << line << isFirst; };
    row("none", "    op.f()", "    pass", 0, true);
    row("alone", block, "    pass", 6, true);
    row("first", QByteArray(block + "    op.add_column('t', c)"), "    pass", 6, true);
    row("after a change", QByteArray("    op.add_column('t', c)\n" + block), "    pass", 7, false);
    row("after SQL", QByteArray("    op.execute('UPDATE t SET a = 1')\n" + block), "    pass", 7, false);
    row("after a setting", QByteArray("    op.execute(\"SET lock_timeout = '1s'\")\n" + block), "    pass", 7,
        true);
    row("after looking", QByteArray("    bind = op.get_bind()\n    print(len(sa.inspect(bind)))\n" + block),
        "    pass", 8, true);
    row("after making a value", QByteArray("    t = sa.Table('t', sa.MetaData())\n" + block), "    pass", 7,
        true);
    row("after what nobody knows", QByteArray("    library.prepare()\n" + block), "    pass", 7, false);
    row("in the way back", "    op.f()", QByteArray("    op.drop_index('i')\n" + block), 10, false);
    row("in both", block, QByteArray("    op.drop_index('i')\n" + block), 6, true);
    row("behind a function that changes", QByteArray("    change()\n" + block),
        "    pass\n\ndef change():\n    op.create_table('t')", 7, false);
    row("behind a function that does not", QByteArray("    look()\n" + block),
        "    pass\n\ndef look():\n    print('x')\n    look()", 7, true);
    row("in a function", "    change()", QByteArray("    pass\n\ndef change():\n" + block), 12, true);
    row("in a function, after a change", "    op.f()\n    op.drop_table('t')\n    change()",
        QByteArray("    pass\n\ndef change():\n" + block), 14, false);
}

void TestRevisionFacts::tellsTheAutocommitBlock()
{
    QFETCH(QByteArray, up);
    QFETCH(QByteArray, down);
    const Revision revision = withBodies(up, down);
    QTEST(revision.autocommitLine, "line");
    QTEST(revision.autocommitIsFirst, "isFirst");
    QCOMPARE(revision.hasAutocommit, revision.autocommitLine > 0);
}

void TestRevisionFacts::tellsChangedData_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *name, const QByteArray &body, bool expected) {
        QTest::newRow(name) << QByteArray("    " + body) << expected;
    };
    row("schema", "op.create_table('t', sa.Column('c'))", false);
    row("INSERT", "op.execute('insert into t values (1)')", true);
    row("UPDATE", "op.execute('UPDATE t SET a = 1')", true);
    row("UPDATE with alias", "op.execute('UPDATE ONLY t AS x SET a = 1')", true);
    row("DELETE", "op.execute('DELETE FROM t')", true);
    row("TRUNCATE", "op.execute('TRUNCATE t')", true);
    row("MERGE", "op.execute('MERGE INTO t USING s ON true WHEN MATCHED THEN DO NOTHING')", true);
    row("COPY in", "op.execute(\"COPY t (a, b) FROM '/x'\")", true);
    row("COPY out", "op.execute(\"COPY t TO '/x'\")", false);
    row("bulk_insert", "op.bulk_insert(t, [])", true);
    row("insert of a table", "op.execute(t.insert().values(a=1))", true);
    row("update of a module", "op.execute(sa.update(t).values(a=1))", true);
    row("imported insert", "bind.execute(insert(t), rows)", true);
    row("delete of a table", "op.execute(t.delete())", true);
    row("a dictionary", "d.update(e)", false);
    row("a list", "sys.path.insert(0, p)", false);
    row("a foreign key", "op.execute('ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES b ON UPDATE SET NULL')",
        false);
    row("a trigger", "op.execute('CREATE TRIGGER x BEFORE INSERT OR UPDATE OR TRUNCATE ON t')", false);
    row("a function", "op.execute('CREATE OR REPLACE FUNCTION f() RETURNS void AS $$ DELETE FROM t $$')",
        false);
    row("behind a function",
        "op.execute('CREATE FUNCTION f() RETURNS void AS $x$ BEGIN $$ END $x$; DELETE FROM t')", true);
    row("a block", "op.execute('DO $$ BEGIN DELETE FROM t; END $$')", true);
}

void TestRevisionFacts::tellsChangedData()
{
    QFETCH(QByteArray, body);
    QTEST(withBodies(body, "    pass").changesData, "expected");
    // Only the way up counts.
    QVERIFY(!withBodies("    op.f()", body).changesData);
}

void TestRevisionFacts::tellsExecutedTexts()
{
    const auto revision =
        parse("revision = 'a'\ndown_revision = None\n\n\ndef upgrade():\n"
              "    op.execute('SELECT 1')\n    op.execute(sa.text(\n        r\"a\\b\"\n        'c'))\n"
              "    op.execute(text('t').bindparams(x=1))\n    op.execute(f'{x}')\n    op.execute('a' + b)\n"
              "    op.execute('%s' % b)\n    op.execute(sql)\n    bind.execute('other')\n"
              "    op.execute('o', execution_options={})\n    op.execute('ü\\u00fc')\n    more()\n\n"
              "def downgrade():\n    op.execute('back')\n\ndef more():\n    op.execute('more')\n");
    QVERIFY(revision);
    const QStringList expected{u"SELECT 1"_s, u"a\\bc"_s, u"t"_s, u"o"_s, u"üü"_s, u"more"_s};
    QCOMPARE(revision->executed, expected);
    QCOMPARE(revision->connectionLine, 0);
    const Revision looks = withBodies("    op.f()\n    b = op.get_bind()", "    op.get_bind()");
    QCOMPARE(looks.connectionLine, 7);
    QCOMPARE(withBodies("    pass", "    op.get_bind()").connectionLine, 9);
}

QTEST_GUILESS_MAIN(TestRevisionFacts)
#include "tst_revisionfacts.moc"
