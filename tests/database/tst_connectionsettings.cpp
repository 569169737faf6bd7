// SPDX-License-Identifier: MIT
#include "migrations/database/connectionsettings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

/// What SQLAlchemy's own dialect would hand to the driver's connect(), for each URL.
QJsonArray connectArguments(const QStringList &urls)
{
    static const QString script = uR"(
import json, sys
from sqlalchemy.engine import make_url
for line in sys.stdin:
    out = []
    for text in json.loads(line):
        url = make_url(text)
        arguments = url.get_dialect()().create_connect_args(url)[1]
        out.append({key: value for key, value in arguments.items() if value is not None})
    print(json.dumps(out), flush=True)
)"_s;
    // One Python for all tests: its start costs more than the tests.
    static const std::unique_ptr<QProcess, void (*)(QProcess *)> python(new QProcess, [](QProcess *process) {
        process->closeWriteChannel();
        process->waitForFinished();
        delete process;
    });
    if (python->state() == QProcess::NotRunning)
        python->start(u"python3"_s, {u"-c"_s, script});
    python->write(QJsonDocument(QJsonArray::fromStringList(urls)).toJson(QJsonDocument::Compact) + '\n');
    while (!python->canReadLine()) {
        if (!python->waitForReadyRead(30'000))
            qFatal("python3 with SQLAlchemy: %s", python->readAllStandardError().constData());
    }
    return QJsonDocument::fromJson(python->readLine()).array();
}

/// Settings as psycopg2 would get them.
QJsonObject asArguments(const ConnectionSettings &settings, const QString &password)
{
    QJsonObject expected;
    const auto put = [&expected](const QString &key, const QString &value) {
        if (!value.isEmpty())
            expected[key] = value;
    };
    put(u"host"_s, settings.host);
    put(u"port"_s, settings.port);
    put(u"dbname"_s, settings.database);
    put(u"user"_s, settings.user);
    put(u"password"_s, password.isEmpty() ? settings.password : password);
    for (const auto &[key, value] : settings.options)
        put(key, value);
    return expected;
}

/// Ports come as numbers or texts; for the driver they are the same.
QJsonObject withTextPort(QJsonObject arguments)
{
    const QJsonValue port = arguments.value(u"port"_s);
    if (port.isDouble())
        arguments.insert(u"port"_s, QString::number(port.toInt()));
    return arguments;
}

QString asText(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

} // namespace

class TestConnectionSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void readsAUrl_data();
    void readsAUrl();
    void readsLikeSqlAlchemy();
    void refusesWithPlainWords_data();
    void refusesWithPlainWords();
    void neverShowsThePassword();
    void quotesConninfo();
    void comesBackFromSqlAlchemy_data();
    void comesBackFromSqlAlchemy();
    void speaksAsyncpg_data();
    void speaksAsyncpg();
    void resolvesAServiceForAsyncpg();
    void keepsDialectAndDriver();
};

void TestConnectionSettings::readsAUrl_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("conninfo");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("shown");

    const auto row = [](const char *name, const QString &url, const QString &conninfo,
                        const QString &password, const QString &shown) {
        QTest::newRow(name) << url << conninfo << password << shown;
    };
    row("plain", u"postgresql://u:p@h:5433/d"_s, u"host='h' port='5433' dbname='d' user='u'"_s, u"p"_s,
        u"u@h:5433/d"_s);
    row("nothing", u"postgresql://"_s, u""_s, u""_s, u"local"_s);
    row("driver", u"postgresql+psycopg2://h/d"_s, u"host='h' dbname='d'"_s, u""_s, u"h/d"_s);
    row("postgres", u"postgres://h/d"_s, u"host='h' dbname='d'"_s, u""_s, u"h/d"_s);
    row("decoded", u"postgresql://a%40b:p%40s%2Fs+x@h/d"_s, u"host='h' dbname='d' user='a@b'"_s, u"p@s/s+x"_s,
        u"a@b@h/d"_s);
    row("at in password", u"postgresql://u:p@ss@h/d"_s, u"host='ss@h' dbname='d' user='u'"_s, u"p"_s,
        u"u@ss@h/d"_s);
    row("odd password", u"postgresql://u:a/b?c:d@h/d"_s, u"host='h' dbname='d' user='u'"_s, u"a/b?c:d"_s,
        u"u@h/d"_s);
    row("literal database", u"postgresql://h/my%20db/x#y"_s, u"host='h' dbname='my%20db/x#y'"_s, u""_s,
        u"h/my%20db/x#y"_s);
    row("ipv6", u"postgresql://[::1]:5432/d"_s, u"host='::1' port='5432' dbname='d'"_s, u""_s,
        u"[::1]:5432/d"_s);
    row("socket", u"postgresql://u@/d?host=/var/run/pg&port=5433"_s,
        u"host='/var/run/pg' port='5433' dbname='d' user='u'"_s, u""_s, u"u@/var/run/pg:5433/d"_s);
    row("socket of libpq", u"postgresql://u@%2Fvar%2Frun/d"_s, u"host='/var/run' dbname='d' user='u'"_s,
        u""_s, u"u@/var/run/d"_s);
    row("two hosts", u"postgresql:///d?host=h1:5432&host=h2:5433"_s,
        u"host='h1,h2' port='5432,5433' dbname='d'"_s, u""_s, u"h1,h2:5432,5433/d"_s);
    row("two hosts, list", u"postgresql:///d?host=h1,h2&port=1,2"_s, u"host='h1,h2' port='1,2' dbname='d'"_s,
        u""_s, u"h1,h2:1,2/d"_s);
    row("two hosts of libpq", u"postgresql://u@h1:1,[::2]:2/d"_s,
        u"host='h1,::2' port='1,2' dbname='d' user='u'"_s, u""_s, u"u@h1,::2:1,2/d"_s);
    row("options", u"postgresql://h/d?sslmode=require&options=-csearch_path%3Dfoo&application_name=a+b"_s,
        u"host='h' dbname='d' sslmode='require' options='-csearch_path=foo' application_name='a b'"_s, u""_s,
        u"h/d"_s);
    row("asyncpg ssl", u"postgresql+asyncpg://h/d?ssl=verify-full"_s,
        u"host='h' dbname='d' sslmode='verify-full'"_s, u""_s, u"h/d"_s);
    row("asyncpg's own", u"postgresql+asyncpg://h/d?prepared_statement_cache_size=0"_s,
        u"host='h' dbname='d'"_s, u""_s, u"h/d"_s);
    row("asyncpg's dsn",
        u"postgresql+asyncpg://h/d?ssl=require&dsn=postgresql%3A%2F%2F%3Foptions%3D-cx.y%253D1"
        "%26sslmode%3Dprefer%26user%3Du"_s,
        u"host='h' dbname='d' user='u' sslmode='require' options='-cx.y=1'"_s, u""_s, u"u@h/d"_s);
    row("ports as Python reads them", u"postgresql://h:+5_432/d"_s, u"host='h' port='5432' dbname='d'"_s,
        u""_s, u"h:5432/d"_s);
    row("a URL among the keywords", u"dbname='a://b' host=h"_s, u"host='h' dbname='a://b'"_s, u""_s,
        u"h/a://b"_s);
    row("service", u"postgresql://?service=prod"_s, u"service='prod'"_s, u""_s, u"service prod"_s);
    row("query overrides", u"postgresql://u:p@h/d?user=x&password=y&dbname=z"_s,
        u"host='h' dbname='z' user='x'"_s, u"y"_s, u"x@h/z"_s);
    row("keywords", u"service=prod user='a b'"_s, u"user='a b' service='prod'"_s, u""_s,
        u"a b@service prod"_s);
    row("keywords, password", u"host=h password=s"_s, u"host='h'"_s, u"s"_s, u"h"_s);
}

void TestConnectionSettings::readsAUrl()
{
    QFETCH(const QString, url);
    const auto settings = ConnectionSettings::fromUrl(url);
    QVERIFY2(settings, settings ? "" : qPrintable(toText(settings.error())));
    QTEST(settings->conninfo(), "conninfo");
    QTEST(settings->password, "password");
    QTEST(settings->displayText(), "shown");
}

void TestConnectionSettings::readsLikeSqlAlchemy()
{
    const QStringList urls{u"postgresql://u:p%40s%2Fs@h:5432/d"_s,
                           u"postgresql://u:p@ss@h/d"_s,
                           u"postgresql://u:p+w/x?y:z@h/d"_s,
                           u"postgresql://u:%zz%4@h/d"_s,
                           u"postgresql://u%C3%A9@h/d%20x/y#z"_s,
                           u"postgresql://[fe80::1]:99/d"_s,
                           u"postgresql://:5433/d"_s,
                           u"postgresql:///d?host=/var/run&port=5433"_s,
                           u"postgresql://?host=h1:5432&host=h2:5433"_s,
                           u"postgresql:///d?host=h1,h2&port=1,2"_s,
                           u"postgresql:///d?host=h1:77"_s,
                           u"postgresql://h1,h2:5433/d"_s,
                           u"postgresql://u@h/d?application_name=a%2Bb+c&sslmode="_s,
                           u"postgresql://@h/d?options=-csearch_path%3Da,b%20-cfoo.x%3D1"_s};
    const QJsonArray expected = connectArguments(urls);
    QCOMPARE(expected.size(), urls.size());
    for (qsizetype i = 0; i < urls.size(); ++i) {
        const auto settings = ConnectionSettings::fromUrl(urls.at(i));
        QVERIFY2(settings, qPrintable(urls.at(i)));
        QCOMPARE(asText(asArguments(*settings, {})), asText(withTextPort(expected.at(i).toObject())));
    }
}

void TestConnectionSettings::refusesWithPlainWords_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("says");

    QTest::newRow("empty") << u""_s << u"no database URL"_s;
    QTest::newRow("no url") << u"nonsense"_s << u"cannot be read"_s;
    QTest::newRow("leading blank") << u" postgresql://h/d"_s << u"cannot be read"_s;
    QTest::newRow("sqlite") << u"sqlite:///x.db"_s << u"\"sqlite\""_s;
    QTest::newRow("sample") << u"driver://user:pass@localhost/dbname"_s << u"sample URL"_s;
    QTest::newRow("no port") << u"postgresql://h:/d"_s << u"no port"_s;
    QTest::newRow("bad port") << u"postgresql://h:abc/d"_s << u"no number"_s;
    QTest::newRow("bad second port") << u"postgresql://h:1,i:x/d"_s << u"no number"_s;
    QTest::newRow("bad port option") << u"postgresql:///d?host=/s&port=x"_s << u"no number"_s;
    QTest::newRow("port 0") << u"postgresql://h:0/d"_s << u"no number"_s;
    QTest::newRow("port too high") << u"postgresql:///d?port=65536"_s << u"no number"_s;
    QTest::newRow("keyword port") << u"host=h port=x"_s << u"no number"_s;
    QTest::newRow("no UTF-8") << u"postgresql://u:%E4@h/d"_s << u"cannot be read"_s;
    QTest::newRow("no UTF-8 option") << u"postgresql://h/d?application_name=%C3"_s << u"cannot be read"_s;
    QTest::newRow("nul") << u"postgresql://u:a%00b@h/d"_s << u"cannot be read"_s;
    QTest::newRow("nul in keywords") << QString(u"host=h"_s + QChar(0) + u" user=x"_s) << u"cannot be read"_s;
    QTest::newRow("after the brackets") << u"postgresql://[::1]x/d"_s << u"cannot be read"_s;
    QTest::newRow("line break") << u"postgresql://h/d?sslmode=require\n&user=x"_s << u"cannot be read"_s;
    QTest::newRow("no driver") << u"postgresql+://h/d"_s << u"cannot be read"_s;
    QTest::newRow("two drivers") << u"postgresql+a+b://h/d"_s << u"cannot be read"_s;
    QTest::newRow("option twice") << u"postgresql://h/d?sslmode=a&sslmode=b"_s << u"twice: \"sslmode\""_s;
    QTest::newRow("database twice") << u"postgresql://h?dbname=a&database=b"_s << u"twice"_s;
    QTest::newRow("host with port") << u"host=h:5432"_s << u"port in its name"_s;
    QTest::newRow("addresses with ports")
        << u"postgresql://?host=[::1]:1&host=[::2]:2"_s << u"several hosts"_s;
    QTest::newRow("dsn in a dsn") << u"postgresql+asyncpg://h?dsn=postgresql%3A%2F%2F%3Fdsn%3Dx"_s
                                  << u"\"dsn\""_s;
    QTest::newRow("counts") << u"postgresql:///d?host=a,b,c&port=1,2"_s << u"3 hosts and 2 ports"_s;
    QTest::newRow("ports twice") << u"postgresql:///d?host=a:1&host=b:2&port=3"_s << u"both"_s;
    QTest::newRow("unknown option") << u"postgresql://h/d?sslmod=require"_s << u"\"sslmod\""_s;
    QTest::newRow("asyncpg's with psycopg2")
        << u"postgresql+psycopg2://h/d?command_timeout=3"_s << u"\"command_timeout\""_s;
    QTest::newRow("unknown keyword") << u"hots=x"_s << u"cannot be read"_s;
}

void TestConnectionSettings::refusesWithPlainWords()
{
    QFETCH(const QString, url);
    QFETCH(const QString, says);
    const auto settings = ConnectionSettings::fromUrl(url);
    QVERIFY(!settings);
    QCOMPARE(settings.error().kind, ErrorKind::InvalidConfig);
    QVERIFY2(settings.error().message.contains(says), qPrintable(settings.error().message));
    QVERIFY(!settings.error().hint.isEmpty());
}

void TestConnectionSettings::neverShowsThePassword()
{
    const QString secret = u"geheim"_s;
    for (const QString &url : {u"postgresql://u:geheim@h/d"_s, u"password=geheim host=h"_s}) {
        const auto settings = ConnectionSettings::fromUrl(url);
        QVERIFY(settings);
        QVERIFY(!settings->displayText().contains(secret));
        QVERIFY(!settings->conninfo().contains(secret));
    }
    for (const QString &url :
         {u"oracle://u:geheim@h/d"_s, u"postgresql://u:geheim@h:x/d"_s, u"postgresql://u:geheim@h/d?a=b"_s,
          u"postgresql://u:geheim/d"_s, u"postgresql://u:x@y?geheim!=z@h/d"_s, u"password='geheim"_s,
          u"x=y password=geheim"_s}) {
        const auto settings = ConnectionSettings::fromUrl(url);
        QVERIFY(!settings);
        QVERIFY(!toText(settings.error()).contains(secret));
    }
}

void TestConnectionSettings::quotesConninfo()
{
    ConnectionSettings settings;
    settings.database = u"it's a \\ b; c"_s;
    settings.password = u"never"_s;
    QCOMPARE(settings.conninfo(), u"dbname='it\\'s a \\\\ b; c'"_s);
    const auto back = ConnectionSettings::fromUrl(settings.conninfo());
    QVERIFY(back);
    QCOMPARE(back->database, settings.database);
}

void TestConnectionSettings::comesBackFromSqlAlchemy_data()
{
    QTest::addColumn<ConnectionSettings>("settings");
    QTest::addColumn<QString>("password");

    using Options = QList<QPair<QString, QString>>;
    QTest::newRow("all plain") << ConnectionSettings{.user = u"u"_s,
                                                     .host = u"h"_s,
                                                     .port = u"5433"_s,
                                                     .database = u"d"_s}
                               << u"p"_s;
    QTest::newRow("nothing") << ConnectionSettings{} << u""_s;
    QTest::newRow("odd characters") << ConnectionSettings{.user = u"a@b:c/ä %"_s,
                                                          .host = u"h-1.example"_s,
                                                          .database = u"my db%20/x#y"_s}
                                    << u"p@:/?#%+ 'ß\\"_s;
    QTest::newRow("database with ?") << ConnectionSettings{.host = u"h"_s, .database = u"what?"_s} << u""_s;
    QTest::newRow("database with @") << ConnectionSettings{.host = u"h"_s,
                                                           .port = u"1"_s,
                                                           .database = u"a@b"_s}
                                     << u""_s;
    QTest::newRow("password alone") << ConnectionSettings{.host = u"h"_s} << u"p"_s;
    QTest::newRow("socket") << ConnectionSettings{.user = u"u"_s,
                                                  .host = u"/tmp/a b:c"_s,
                                                  .port = u"5433"_s,
                                                  .database = u"d"_s}
                            << u"p"_s;
    QTest::newRow("ipv6") << ConnectionSettings{.host = u"fe80::1"_s, .port = u"1"_s, .database = u"d"_s}
                          << u""_s;
    QTest::newRow("hosts") << ConnectionSettings{.host = u"h1,h2"_s, .port = u"1,2"_s, .database = u"d"_s}
                           << u""_s;
    QTest::newRow("port alone") << ConnectionSettings{.port = u"5433"_s, .database = u"d"_s} << u""_s;
    QTest::newRow("options") << ConnectionSettings{.host = u"h"_s,
                                                   .options = Options{{u"sslmode"_s, u"verify-full"_s},
                                                                      {u"options"_s,
                                                                       u"-c search_path=a,b -c x.y='&=+'"_s},
                                                                      {u"service"_s, u"prod"_s}}}
                             << u""_s;
}

void TestConnectionSettings::comesBackFromSqlAlchemy()
{
    QFETCH(const ConnectionSettings, settings);
    QFETCH(const QString, password);
    for (const QString &driver : {u"postgresql"_s, u"postgresql+psycopg2"_s, u"postgresql+psycopg"_s}) {
        const QString url = settings.sqlAlchemyUrl(driver + u"://"_s, password);
        const QJsonObject arguments = withTextPort(connectArguments({url}).at(0).toObject());
        QCOMPARE(asText(arguments), asText(asArguments(settings, password)));
        auto back = ConnectionSettings::fromUrl(url);
        QVERIFY(back);
        QCOMPARE(back->conninfo(), settings.conninfo());
        QCOMPARE(back->password, password);
    }
}

void TestConnectionSettings::speaksAsyncpg_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("arguments");

    QTest::newRow("ssl")
        << u"postgresql://u:p@h:5433/d?sslmode=require"_s
        << uR"({"database":"d","host":"h","password":"p","port":5433,"ssl":"require","user":"u"})"_s;
    QTest::newRow("socket") << u"postgresql://u@/d?host=/tmp/x"_s
                            << uR"({"database":"d","host":"/tmp/x","user":"u"})"_s;
    QTest::newRow("hosts") << u"postgresql:///d?host=h1,h2"_s
                           << uR"({"database":"d","host":["h1","h2"],"port":[5432,5432]})"_s;
    QTest::newRow("search path and certificate")
        << u"postgresql://h/d?options=-csearch_path%3Dx&sslrootcert=/a+b"_s
        << uR"({"database":"d","dsn":"postgresql://?options=-csearch_path%3Dx&sslrootcert=%2Fa%20b","host":"h"})"_s;
    QTest::newRow("what it does not know")
        << u"postgresql://h/d?connect_timeout=3&keepalives=1&gssencmode=disable"_s
        << uR"({"database":"d","host":"h"})"_s;
    QTest::newRow("its own")
        << u"postgresql+asyncpg://h/d?prepared_statement_cache_size=0&target_session_attrs=any"_s
        << uR"({"database":"d","host":"h","prepared_statement_cache_size":0,)"_s +
               uR"("target_session_attrs":"any"})"_s;
    QTest::newRow("address") << u"postgresql://h/d?hostaddr=10.0.0.1"_s
                             << uR"({"database":"d","host":"10.0.0.1"})"_s;
    QTest::newRow("database with ?") << u"postgresql://h?dbname=a%3Fb"_s
                                     << uR"({"database":"a?b","host":"h"})"_s;
}

void TestConnectionSettings::speaksAsyncpg()
{
    QFETCH(const QString, url);
    const auto settings = ConnectionSettings::fromUrl(url);
    QVERIFY(settings);
    const QString written = settings->sqlAlchemyUrl(u"postgresql+asyncpg://old/one"_s, {});
    QTEST(asText(connectArguments({written}).at(0).toObject()), "arguments");
}

void TestConnectionSettings::resolvesAServiceForAsyncpg()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"services"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[prod]\nhost=h9\nport=77\nuser=migrator\npassword=geheim\ndbname=shop\nsslmode=require\n"
               "options=-csearch_path=app\n");
    file.close();
    qputenv("PGSERVICEFILE", file.fileName().toLocal8Bit());
    const auto settings = ConnectionSettings::fromUrl(u"service=prod user=me"_s);
    QVERIFY(settings);
    const QString written = settings->sqlAlchemyUrl(u"postgresql+asyncpg://"_s, {});
    qunsetenv("PGSERVICEFILE");
    QCOMPARE(asText(connectArguments({written}).at(0).toObject()),
             uR"({"database":"shop","dsn":"postgresql://?options=-csearch_path%3Dapp","host":"h9",)"_s +
                 uR"("password":"geheim","port":77,"ssl":"require","user":"me"})"_s);
    // libpq-based drivers read the service themselves.
    QCOMPARE(settings->sqlAlchemyUrl({}, {}), u"postgresql://me@?service=prod"_s);
}

void TestConnectionSettings::keepsDialectAndDriver()
{
    const ConnectionSettings plain{.host = u"h"_s, .database = u"d"_s};
    QCOMPARE(plain.sqlAlchemyUrl({}, {}), u"postgresql://h/d"_s);
    QCOMPARE(plain.sqlAlchemyUrl(u"postgresql+psycopg://x/y"_s, {}), u"postgresql+psycopg://h/d"_s);
    QCOMPARE(plain.sqlAlchemyUrl(u"postgres://x/y"_s, {}), u"postgresql://h/d"_s);
    QCOMPARE(plain.sqlAlchemyUrl(u"driver://user:pass@localhost/dbname"_s, {}), u"postgresql://h/d"_s);
    const ConnectionSettings own{.driver = u"psycopg"_s, .host = u"h"_s};
    QCOMPARE(own.sqlAlchemyUrl({}, {}), u"postgresql+psycopg://h"_s);
    QCOMPARE(own.sqlAlchemyUrl(u"postgresql+psycopg2://x"_s, u"s"_s), u"postgresql+psycopg2://:s@h"_s);
}

QTEST_GUILESS_MAIN(TestConnectionSettings)
#include "tst_connectionsettings.moc"
