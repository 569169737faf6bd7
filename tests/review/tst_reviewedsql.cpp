// SPDX-License-Identifier: MIT
#include "migrations/review/signoff.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_ReviewedSql : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void sql_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("reviewed");
        const QString one = u"CREATE TABLE one (id int);\n"_s;
        const QString none = u"-- no statements\n"_s;
        QTest::newRow("from nothing")
            << u"CREATE TABLE alembic_version (\n    version_num VARCHAR(32) NOT NULL, \n    CONSTRAINT "
               "alembic_version_pkc PRIMARY KEY (version_num)\n);\n\n-- Running upgrade  -> a\n\n"
               "CREATE TABLE one (id int);\n\nINSERT INTO alembic_version (version_num) VALUES ('a') "
               "RETURNING "
               "alembic_version.version_num;\n"_s
            << QString() << one;
        QTest::newRow("from a row")
            << u"-- Running upgrade z -> a\n\nCREATE TABLE one (id int);\n\nUPDATE alembic_version SET "
               "version_num='a' WHERE alembic_version.version_num = 'z';\n"_s
            << QString() << one;
        QTest::newRow("a merge")
            << u"-- Running upgrade y, z -> a\n\nDELETE FROM alembic_version WHERE "
               u"alembic_version.version_num = 'y';\n"
               "\nUPDATE alembic_version SET version_num='a' WHERE alembic_version.version_num = 'z';\n"_s
            << QString() << none;
        QTest::newRow("a frame")
            << u"BEGIN;\n\n-- Running downgrade a -> z\n\nCREATE TABLE one (id int);\n\nCOMMIT;\n"_s
            << QString() << one;
        QTest::newRow("an autocommit block is no frame")
            << u"COMMIT;\nCREATE INDEX CONCURRENTLY i ON t (c);\nBEGIN;\nDELETE FROM alembic_version WHERE "
               "alembic_version.version_num = 'a';\n"_s
            << QString() << u"COMMIT;\n\nCREATE INDEX CONCURRENTLY i ON t (c);\n\nBEGIN;\n"_s;
        QTest::newRow("an autocommit block in a frame")
            << u"BEGIN;\nCOMMIT;\nCREATE INDEX CONCURRENTLY i ON t (c);\nBEGIN;\nDELETE FROM alembic_version "
               u"WHERE "
               "alembic_version.version_num = 'a';\nCOMMIT;\n"_s
            << QString() << u"COMMIT;\n\nCREATE INDEX CONCURRENTLY i ON t (c);\n\nBEGIN;\n"_s;
        QTest::newRow("a version table with a schema")
            << u"CREATE TABLE one (id int);\nINSERT INTO admin.\"Versions\" (version_num) VALUES ('a');\n"_s
            << u"admin.Versions"_s << one;
        QTest::newRow("the version table of another schema is no bookkeeping")
            << u"DELETE FROM other.alembic_version WHERE version_num = 'a';\n"_s << QString()
            << u"DELETE FROM other.alembic_version WHERE version_num = 'a';\n"_s;
        QTest::newRow("a revision that empties the version table is seen")
            << u"DELETE FROM alembic_version;\nDROP TABLE alembic_version;\n"_s << QString()
            << u"DELETE FROM alembic_version;\n\nDROP TABLE alembic_version;\n"_s;
        QTest::newRow("a function in what looks like bookkeeping is seen")
            << u"INSERT INTO alembic_version (version_num) VALUES (drop_all());\n"
               "UPDATE alembic_version SET version_num='b' WHERE version_num = 'a' OR drop_all();\n"_s
            << QString()
            << u"INSERT INTO alembic_version (version_num) VALUES (drop_all());\n\n"
               "UPDATE alembic_version SET version_num='b' WHERE version_num = 'a' OR drop_all();\n"_s;
        QTest::newRow("a function in RETURNING is seen")
            << u"INSERT INTO alembic_version (version_num) VALUES ('a') RETURNING drop_all();\n"_s
            << QString()
            << u"INSERT INTO alembic_version (version_num) VALUES ('a') RETURNING drop_all();\n"_s;
        QTest::newRow("comments stay")
            << u"-- Running upgrade z -> a\n\n-- why\n/* more */ SELECT 1;\nSELECT 2\n"_s << QString()
            << u"-- why\n/* more */\nSELECT 1;\n\nSELECT 2;\n"_s;
        QTest::newRow("a string that looks like a comment stays")
            << u"SELECT '\n-- Running upgrade z -> a\n';\n"_s << QString()
            << u"SELECT '\n-- Running upgrade z -> a\n';\n"_s;
        QTest::newRow("a syntax error stays")
            << u"-- Running upgrade z -> a\n\nCREATE TABEL one ();\nSELECT 1;\n"_s << QString()
            << u"CREATE TABEL one ();\n\nSELECT 1;\n"_s;
        QTest::newRow("an open quote stays")
            << u"-- Running upgrade z -> a\n\nSELECT 'one;\n"_s << QString() << u"SELECT 'one;\n"_s;
        QTest::newRow("nothing") << QString() << QString() << none;
    }
    void sql()
    {
        QFETCH(QString, sql);
        QFETCH(QString, table);
        QFETCH(QString, reviewed);
        QCOMPARE(reviewedSql({.sql = sql}, table), reviewed);
        QVERIFY(!hashesOf({.upgrade = reviewed}).upgrade.isEmpty());
    }

    void whatCannotBeRenderedHasNone()
    {
        QCOMPARE(reviewedSql({.problem = u"needs a database"_s}, {}), QString());
    }

    void files()
    {
        QCOMPARE(reviewedFile("caf\xc3\xa9\r\n"), u"café\r\n"_s);
        QVERIFY(reviewedFile("caf\xe9") != reviewedFile("caf\xe8"));
        QCOMPARE(reviewedFile({}), QString());
    }
};

QTEST_GUILESS_MAIN(tst_ReviewedSql)
#include "tst_reviewedsql.moc"
