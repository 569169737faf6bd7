// SPDX-License-Identifier: MIT
#include "migrations/sql/passwordliteral.h"

#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_PasswordLiteral : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void finds_data()
    {
        QTest::addColumn<QString>("sql");
        for (const QString &sql :
             {u"CREATE ROLE app LOGIN PASSWORD 'hunter2'"_s,
              u"alter user app with encrypted password 'md5abc'"_s,
              u"ALTER ROLE app PASSWORD\n  E'hun\\'ter'"_s,
              u"ALTER ROLE app PASSWORD $$hunter2$$"_s,
              u"ALTER ROLE app PASSWORD $pw$hunter2$pw$"_s,
              u"ALTER ROLE app PASSWORD U&'hunter2'"_s,
              u"ALTER ROLE app PASSWORD /* it's */ 'hunter2'"_s,
              u"ALTER ROLE app PASSWORD -- it's\n'hunter2'"_s,
              u"ALTER ROLE app PASSWORD ''''"_s,
              u"ALTER ROLE app PASSWORD 'cut off"_s,
              u"CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'a', password 'hunter2')"_s,
              u"UPDATE users SET password = 'hunter2'"_s,
              u"UPDATE users SET \"password\" = 'hunter2'"_s,
              u"SELECT f(password => 'hunter2')"_s,
              u"CREATE SUBSCRIPTION s CONNECTION 'host=h password=hunter2' PUBLICATION p"_s,
              u"SELECT dblink_connect('postgresql://app:hunter2@db/x')"_s,
              u"DO $$ BEGIN CREATE ROLE app PASSWORD 'hunter2'; END $$"_s,
              u"DO $a$ BEGIN EXECUTE $b$ALTER ROLE app PASSWORD 'hunter2'$b$; END $a$"_s,
              u"SELECT 'it''s'; ALTER ROLE app PASSWORD 'hunter2'"_s,
              u"SELECT E'\\''; ALTER ROLE app PASSWORD 'hunter2'"_s,
              u"SELECT '\\'; ALTER ROLE app PASSWORD 'hunter2'"_s})
            QTest::addRow("%s", qPrintable(sql.simplified())) << sql;
    }
    void finds()
    {
        QFETCH(QString, sql);
        QVERIFY(holdsPassword(sql));
    }

    void passes_data()
    {
        QTest::addColumn<QString>("sql");
        for (const QString &sql :
             {u""_s, u"ALTER ROLE app PASSWORD NULL"_s, u"ALTER ROLE app PASSWORD ''"_s,
              u"ALTER TABLE users ADD COLUMN password text DEFAULT 'x'"_s,
              u"-- PASSWORD 'hunter2'\nSELECT 1"_s, u"/* PASSWORD 'hunter2' */ SELECT 1"_s,
              u"COMMENT ON COLUMN users.password IS 'a hash'"_s, u"UPDATE users SET password_hash = 'abc'"_s,
              u"UPDATE users SET password = crypt(a, b)"_s, u"SELECT 'https://example.org/a:b@c'"_s,
              u"SELECT 'reset your password: now'"_s, u"INSERT INTO settings VALUES ('password', 'x')"_s,
              u"SELECT $1, $2 -- password"_s})
            QTest::addRow("%s", qPrintable(sql.simplified())) << sql;
    }
    void passes()
    {
        QFETCH(QString, sql);
        QVERIFY(!holdsPassword(sql));
    }
};

QTEST_GUILESS_MAIN(tst_PasswordLiteral)
#include "tst_passwordliteral.moc"
