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

QTEST_GUILESS_MAIN(TestRevisionFacts)
#include "tst_revisionfacts.moc"
