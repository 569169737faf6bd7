// SPDX-License-Identifier: MIT
// What a role may do, against what the SQL needs; that the server agrees is asked of the server.

#include "tests/preflight/preflightfixture.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const QString name = u"privileges"_s;

} // namespace

class tst_PrivilegeChecks : public QObject
{
    Q_OBJECT

private:
    /// Does the server let that role execute it? Rolled back.
    static bool isAllowed(const PreflightFixture &fixture, const QString &sql)
    {
        ConnectionSettings settings = fixture.database.settings;
        settings.user = u"weak"_s;
        const auto session = DatabaseSession::open(settings, {});
        if (!session)
            qFatal("%s", qPrintable(toText(session.error())));
        const bool done = (*session)->execute(u"BEGIN; %1"_s.arg(sql)).has_value();
        std::ignore = (*session)->execute(u"ROLLBACK"_s);
        return done;
    }

private Q_SLOTS:
    void initTestCase()
    {
        TestCluster::instance().execute(u"postgres"_s, u"CREATE ROLE weak LOGIN; CREATE ROLE owner_role"_s);
    }
    void init() { QTest::failOnWarning(); }

    void aSuperuserMayDoAnything()
    {
        PreflightFixture fixture;
        fixture.addThree();
        const CheckResult check = found(fixture.request(), name);
        QVERIFY2(check.state == CheckState::Passed && check.text.contains(u"superuser"_s), shown(check));
    }

    void whatIsMissing_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("missing"); // empty: allowed
        QTest::newRow("own table") << u"ALTER TABLE mine ADD COLUMN x int"_s << QString();
        QTest::newRow("of a role that it is in") << u"ALTER TABLE shared ADD COLUMN x int"_s << QString();
        QTest::newRow("others' table")
            << u"ALTER TABLE theirs ADD COLUMN x int"_s << u"theirs belongs to stepwell"_s;
        QTest::newRow("others' index") << u"CREATE INDEX ON theirs (id)"_s << u"theirs belongs to stepwell"_s;
        QTest::newRow("drop") << u"DROP TABLE theirs"_s << u"theirs belongs to stepwell"_s;
        QTest::newRow("drop index") << u"DROP INDEX theirs_ix"_s << u"theirs_ix belongs to stepwell"_s;
        QTest::newRow("own index") << u"CREATE INDEX ON mine (id)"_s << QString();
        QTest::newRow("enum") << u"ALTER TYPE mood RENAME VALUE 'a' TO 'b'"_s
                              << u"mood belongs to stepwell"_s;
        QTest::newRow("create") << u"CREATE TABLE fresh (id int)"_s << QString();
        QTest::newRow("create and alter")
            << u"CREATE TABLE fresh (id int); ALTER TABLE fresh ADD COLUMN x int; "
               "CREATE INDEX ON fresh (id); INSERT INTO fresh VALUES (1)"_s
            << QString();
        QTest::newRow("create elsewhere")
            << u"CREATE TABLE closed.fresh (id int)"_s << u"CREATE on the schema closed"_s;
        QTest::newRow("index elsewhere")
            << u"CREATE INDEX ON closed.mine_there (id)"_s << u"CREATE on the schema closed"_s;
        QTest::newRow("move") << u"ALTER TABLE mine SET SCHEMA closed"_s << u"CREATE on the schema closed"_s;
        QTest::newRow("new schema") << u"CREATE SCHEMA fresh"_s << u"CREATE on the database"_s;
        QTest::newRow("drop schema") << u"DROP SCHEMA closed CASCADE"_s
                                     << u"the schema closed belongs to stepwell"_s;
        QTest::newRow("reference") << u"CREATE TABLE fresh (id int REFERENCES theirs (id))"_s
                                   << u"REFERENCES on theirs"_s;
        QTest::newRow("granted reference")
            << u"CREATE TABLE fresh (id int REFERENCES referable (id))"_s << QString();
        QTest::newRow("insert") << u"INSERT INTO theirs VALUES (1)"_s << u"INSERT on theirs"_s;
        QTest::newRow("granted insert") << u"INSERT INTO insertable VALUES (1)"_s << QString();
        QTest::newRow("granted columns") << u"UPDATE columns_of SET id = 1"_s << QString();
        QTest::newRow("update") << u"UPDATE theirs SET id = 1"_s << u"UPDATE on theirs"_s;
        QTest::newRow("delete") << u"DELETE FROM theirs"_s << u"DELETE on theirs"_s;
        QTest::newRow("read") << u"INSERT INTO mine SELECT id FROM theirs"_s << u"SELECT on theirs"_s;
        QTest::newRow("truncate") << u"TRUNCATE theirs"_s << u"TRUNCATE on theirs"_s;
        QTest::newRow("role") << u"CREATE ROLE another"_s << u"CREATEROLE"_s;
        QTest::newRow("untrusted extension") << u"CREATE EXTENSION pageinspect"_s << u"CREATE EXTENSION"_s;
        QTest::newRow("unknown extension")
            << u"CREATE EXTENSION no_such_thing"_s << u"does not have no_such_thing"_s;
        QTest::newRow("installed extension") << u"CREATE EXTENSION IF NOT EXISTS plpgsql"_s << QString();
    }
    void whatIsMissing()
    {
        QFETCH(QString, sql);
        QFETCH(QString, missing);
        PreflightFixture fixture;
        fixture.addStatements({sql});
        fixture.execute(
            u"GRANT owner_role TO weak; GRANT CREATE ON SCHEMA public TO weak, owner_role; "
            "CREATE TABLE mine (id int); ALTER TABLE mine OWNER TO weak; "
            "CREATE TABLE shared (id int); ALTER TABLE shared OWNER TO owner_role; "
            "CREATE TABLE theirs (id int PRIMARY KEY); CREATE INDEX theirs_ix ON theirs (id); "
            "CREATE TYPE mood AS ENUM ('a'); "
            "CREATE TABLE referable (id int PRIMARY KEY); GRANT REFERENCES ON referable TO weak; "
            "CREATE TABLE insertable (id int); GRANT INSERT ON insertable TO weak; "
            "CREATE TABLE columns_of (id int, x int); GRANT UPDATE (id) ON columns_of TO weak; "
            "CREATE SCHEMA closed; GRANT USAGE ON SCHEMA closed TO weak; "
            "CREATE TABLE closed.mine_there (id int); ALTER TABLE closed.mine_there OWNER TO weak"_s);
        QCOMPARE(isAllowed(fixture, sql), missing.isEmpty());
        const CheckResult check = found(PreflightFixture::as(u"weak"_s, fixture.requestFor({sql})), name);
        if (missing.isEmpty()) {
            QVERIFY2(check.state == CheckState::Passed && check.text == u"weak may do what the SQL needs"_s,
                     shown(check));
            return;
        }
        QVERIFY2(check.state == CheckState::Failed && check.text.contains(missing), shown(check));
        QVERIFY2(check.text.startsWith(u"weak lacks 1 privilege:"_s) && check.fixes.isEmpty(), shown(check));
    }

    void theGrantsMendIt()
    {
        PreflightFixture fixture;
        const QStringList statements{u"INSERT INTO \"Odd name\" VALUES (1)"_s,
                                     u"CREATE TABLE fresh (id int)"_s};
        fixture.addStatements(statements);
        fixture.execute(
            u"CREATE TABLE \"Odd name\" (id int); REVOKE CREATE ON SCHEMA public FROM weak, public"_s);
        const PreflightRequest request = PreflightFixture::as(u"weak"_s, fixture.requestFor(statements));
        const CheckResult check = found(request, name);
        QVERIFY2(check.state == CheckState::Failed && check.details.size() == 2, shown(check));
        for (const QString &grant : check.details)
            fixture.execute(grant);
        QCOMPARE(found(request, name).state, CheckState::Passed);
        QVERIFY(isAllowed(fixture, statements.join(u';')));
    }

    void theVersionTable()
    {
        PreflightFixture fixture;
        fixture.addThree();
        fixture.execute(u"REVOKE CREATE ON SCHEMA public FROM public"_s);
        const PreflightRequest request = PreflightFixture::as(u"weak"_s, fixture.request());
        const CheckResult absent = found(request, name);
        QVERIFY2(absent.state == CheckState::Failed && absent.text.contains(u"CREATE on the schema public"_s),
                 shown(absent));
        fixture.execute(u"CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); "
                        "GRANT SELECT, INSERT ON alembic_version TO weak"_s);
        const CheckResult there = found(request, name);
        QVERIFY2(there.state == CheckState::Failed && there.text.contains(u"DELETE on alembic_version"_s) &&
                     there.text.contains(u"UPDATE on alembic_version"_s) &&
                     there.text.startsWith(u"weak lacks 2 "_s),
                 shown(there));
        fixture.execute(u"GRANT UPDATE, DELETE ON alembic_version TO weak"_s);
        QCOMPARE(found(request, name).state, CheckState::Passed);
    }

    void whatCannotBeTold()
    {
        PreflightFixture fixture;
        const QStringList statements{u"DO $$ BEGIN PERFORM 1; END $$"_s};
        fixture.addStatements(statements);
        fixture.execute(u"GRANT CREATE ON SCHEMA public TO weak"_s);
        const CheckResult check =
            found(PreflightFixture::as(u"weak"_s, fixture.requestFor(statements)), name);
        QVERIFY2(check.state == CheckState::Passed &&
                     check.details == QStringList{u"not looked at: what a DO block executes in aaaa1"_s},
                 shown(check));
    }
};

QTEST_GUILESS_MAIN(tst_PrivilegeChecks)
#include "tst_privilegechecks.moc"
