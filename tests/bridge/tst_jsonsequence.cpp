// SPDX-License-Identifier: MIT
#include "migrations/run/bridge_protocol.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class TestJsonSequence : public QObject
{
    Q_OBJECT

private:
    /// The values of "n" in the records that come out.
    static QString numbers(JsonSequence &sequence, const QList<QByteArray> &pieces)
    {
        QStringList found;
        for (const QByteArray &piece : pieces) {
            for (const QJsonObject &record : sequence.feed(piece))
                found += QString::number(record[u"n"].toInt());
        }
        return found.join(u' ');
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void readsRecords()
    {
        JsonSequence sequence;
        QCOMPARE(numbers(sequence, {"\x1e{\"n\":1}\n\x1e{\"n\":2}\n"}), u"1 2"_s);
        QCOMPARE(sequence.dropped(), 0);
        QVERIFY(sequence.stray().isEmpty());
    }

    void readsByteByByte()
    {
        JsonSequence sequence;
        const QByteArray all = "\x1e{\"n\":1,\"t\":\"gr\xc3\xbc\xc3\x9f\"}\n\x1e{\"n\":2}\n";
        QList<QByteArray> pieces;
        for (const char byte : all)
            pieces += QByteArray(1, byte);
        QCOMPARE(numbers(sequence, pieces), u"1 2"_s);
        QCOMPARE(sequence.dropped(), 0);
    }

    void keepsWhatIsBetweenRecords()
    {
        JsonSequence sequence;
        QCOMPARE(numbers(sequence, {"Welcome to db1\n\x1e{\"n\":1}\nlo", "ose\x1e{\"n\":2}\n"}), u"1 2"_s);
        QCOMPARE(sequence.stray(), "Welcome to db1\nloose"_ba);
        QCOMPARE(sequence.dropped(), 0);
        QCOMPARE(numbers(sequence, {QByteArray(100000, 'x'), "\x1e{\"n\":3}\n"}), u"3"_s);
        QCOMPARE(sequence.stray().size(), 4096);
    }

    void dropsWhatCannotBeRead_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("dropped");
        QTest::newRow("cut off by the next") << "\x1e{\"n\":1\x1e{\"n\":2}\n"_ba << 1;
        QTest::newRow("cut off by a line end") << "\x1e{\"n\":1\n\x1e{\"n\":2}\n"_ba << 1;
        QTest::newRow("an array") << "\x1e[1]\n\x1e{\"n\":2}\n"_ba << 1;
        QTest::newRow("empty") << "\x1e\n\x1e\x1e{\"n\":2}\n"_ba << 2;
        QTest::newRow("too long") << "\x1e{\"n\":111111111111111111111111111111}\n\x1e{\"n\":2}\n"_ba << 1;
        QTest::newRow("too long and cut off")
            << "\x1e{\"n\":11111111111111111111111111\x1e{\"n\":2}\n"_ba << 1;
    }

    void dropsWhatCannotBeRead()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, dropped);
        JsonSequence whole(20);
        QCOMPARE(numbers(whole, {bytes}), u"2"_s);
        QCOMPARE(whole.dropped(), dropped);
        JsonSequence split(20);
        QList<QByteArray> pieces;
        for (const char byte : bytes)
            pieces += QByteArray(1, byte);
        QCOMPARE(numbers(split, pieces), u"2"_s);
        QCOMPARE(split.dropped(), dropped);
    }

    void waitsForTheRest()
    {
        JsonSequence sequence;
        QCOMPARE(numbers(sequence, {"\x1e{\"n\":1}"}), QString());
        QCOMPARE(numbers(sequence, {"\n"}), u"1"_s);
    }

    void hidesPasswords()
    {
        const Redactor redact(u"postgresql+psycopg2://migrator:p%40ss%2Fword@db1/app?sslmode=require"_s);
        QCOMPARE(redact(u"using p@ss/word on postgresql://migrator:p%40ss%2Fword@db1/app"_s),
                 u"using *** on postgresql://migrator:***@db1/app"_s);
        QCOMPARE(Redactor(u"postgresql://db1/app?password=topsecret&x=y"_s)(u"topsecret"_s), u"***"_s);
        QCOMPARE(Redactor(u"postgresql://app@db1/app"_s)(u"app@db1"_s), u"app@db1"_s);
        QCOMPARE(Redactor(u"postgresql://app:app@db1/app"_s)(u"app@db1"_s), u"app@db1"_s);
        QCOMPARE(Redactor(QString())(u"text"_s), u"text"_s);
    }

    void carriesTheScript()
    {
        const QByteArray line = bridgeScript();
        QCOMPARE(line.count('\n'), 1);
        QVERIFY(line.endsWith("\"\n"));
        const QString script = QJsonDocument::fromJson("[" + line + "]").array().first().toString();
        QVERIFY(script.startsWith(u"# SPDX-License-Identifier: MIT\n"));
        QVERIFY(script.contains(u"def main(requests):"));
    }

    void quotesForTheShellOfSsh()
    {
        const QStringList local = bridgeCommand({u"/opt/venv/bin/python"_s});
        QCOMPARE(local.size(), 3);
        QCOMPARE(local.at(1), u"-c"_s);
        QVERIFY(!local.at(2).contains(u'\''));
        const QStringList remote = bridgeCommand({u"/usr/bin/ssh"_s, u"db1"_s, u"python3"_s});
        QCOMPARE(remote.last(), QString(u'\'' + local.at(2) + u'\''));
        QVERIFY(bridgeCommand({}).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestJsonSequence)
#include "tst_jsonsequence.moc"
