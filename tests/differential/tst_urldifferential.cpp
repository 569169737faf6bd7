// SPDX-License-Identifier: MIT
// Database URLs read by Stepwell and by the real SQLAlchemy with its three drivers, on fixed and random
// texts; and the URLs that Stepwell writes for each driver, read by the same.
//
// Where Stepwell reads more or less on purpose, the oracle names it and says why (url_oracle.py). libpq's
// `key=value` has no place there: tst_connectionsettings reads it back from libpq.
//
// STEPWELL_DIFFERENTIAL_URLS and STEPWELL_DIFFERENTIAL_SEED ask for a longer run than the fixed one.
#include "migrations/database/connectionsettings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QString asText(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QJsonObject asObject(const QList<QPair<QString, QString>> &options)
{
    QJsonObject object;
    for (const auto &[key, value] : options)
        object[key] = value;
    return object;
}

/// One port a host.
QString spreadPorts(const ConnectionSettings &settings, const QString &fallback = {})
{
    QStringList ports = settings.port.split(u',');
    while (ports.size() <= settings.host.count(u','))
        ports += ports.first();
    if (ports.size() > 1) {
        for (QString &port : ports)
            port = port.isEmpty() ? fallback : port;
    }
    const QString joined = ports.join(u',');
    return joined.count(u',') == joined.size() ? QString() : joined;
}

QJsonObject answerOf(const ConnectionSettings &settings)
{
    return {{u"host"_s, settings.host},
            {u"port"_s, spreadPorts(settings)},
            {u"user"_s, settings.user},
            {u"password"_s, settings.password},
            {u"dbname"_s, settings.database},
            {u"options"_s, asObject(settings.options)},
            {u"driverOptions"_s, asObject(settings.driverOptions)}};
}

/// What is left for asyncpg, which wants a port for each host and knows fewer options.
ConnectionSettings forAsyncpg(ConnectionSettings settings)
{
    static const QStringList known{u"sslmode"_s,
                                   u"sslrootcert"_s,
                                   u"sslcert"_s,
                                   u"sslkey"_s,
                                   u"sslcrl"_s,
                                   u"sslpassword"_s,
                                   u"sslnegotiation"_s,
                                   u"ssl_min_protocol_version"_s,
                                   u"ssl_max_protocol_version"_s,
                                   u"application_name"_s,
                                   u"options"_s,
                                   u"passfile"_s,
                                   u"target_session_attrs"_s,
                                   u"krbsrvname"_s,
                                   u"gsslib"_s};
    if (const QString address = settings.option(u"hostaddr"_s); !address.isEmpty())
        settings.host = address;
    settings.port = spreadPorts(settings, u"5432"_s);
    settings.options.removeIf([](const auto &option) { return !known.contains(option.first); });
    return settings;
}

QStringList runOracle(const QStringList &arguments, const QByteArray &input = {})
{
    QProcess oracle;
    oracle.start(u"python3"_s, QStringList{qEnvironmentVariable("STEPWELL_SOURCE") +
                                           u"/tests/differential/url_oracle.py"_s} +
                                   arguments);
    oracle.write(input);
    oracle.closeWriteChannel();
    if (!oracle.waitForFinished(-1) || oracle.exitCode() != 0)
        qFatal("the oracle failed: %s", oracle.readAllStandardError().constData());
    return QString::fromUtf8(oracle.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
}

QJsonObject parse(const QString &line)
{
    return QJsonDocument::fromJson(line.toUtf8()).object();
}

} // namespace

class UrlDifferential : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void agreesWithSqlAlchemy();

private:
    struct Written {
        QString from;
        QString url;
        QJsonObject meaning;
    };
    void read(const QString &url, const QJsonObject &expected);
    void write(const QString &from, const ConnectionSettings &settings);

    QList<Written> m_written;
    QStringList m_differences;
    int m_accepted = 0;
};

void UrlDifferential::read(const QString &url, const QJsonObject &expected)
{
    const auto settings = ConnectionSettings::fromUrl(url);
    const bool same = settings ? !expected.contains(u"error"_s) && answerOf(*settings) == expected
                               : expected.contains(u"error"_s);
    if (!same)
        m_differences += u"%1\nSQLAlchemy: %2\nStepwell:   %3\n"_s.arg(
            url, asText(expected), settings ? asText(answerOf(*settings)) : toText(settings.error()));
    if (!settings) {
        if (settings.error().kind != ErrorKind::InvalidConfig || settings.error().hint.isEmpty())
            m_differences += u"%1\nno good message: %2\n"_s.arg(url, toText(settings.error()));
        return;
    }
    ++m_accepted;
    write(url, *settings);
}

void UrlDifferential::write(const QString &from, const ConnectionSettings &settings)
{
    const QString own = settings.driver.isEmpty() ? u""_s : QString(u'+' + settings.driver);
    for (const QString &driver : {own, u"+psycopg2"_s, u"+psycopg"_s, u"+asyncpg"_s}) {
        const bool asyncpg = driver == "+asyncpg"_L1;
        // asyncpg has no word for "the default" among several hosts.
        if (asyncpg && settings.host.contains(u',') && settings.host.split(u',').contains(QString()))
            continue;
        ConnectionSettings meant = asyncpg ? forAsyncpg(settings) : settings;
        if (driver != own)
            meant.driverOptions.clear();
        m_written +=
            {from, settings.sqlAlchemyUrl(QString(u"postgresql"_s + driver + u"://"_s), {}), answerOf(meant)};
    }
}

void UrlDifferential::agreesWithSqlAlchemy()
{
    const QString urls = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_URLS", u"6000"_s);
    const QString seed = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_SEED", u"20240229"_s);
    const QStringList questions = runOracle({urls, seed});
    QVERIFY(questions.size() > urls.toInt());
    for (const QString &line : questions) {
        const QJsonObject question = parse(line);
        read(question["url"_L1].toString(), question["answer"_L1].toObject());
    }
    QVERIFY(m_accepted > questions.size() / 3);

    QByteArray lines;
    for (const Written &written : std::as_const(m_written))
        lines += QJsonDocument(QJsonArray{written.url}).toJson(QJsonDocument::Compact) + '\n';
    const QStringList answers = runOracle({u"read"_s}, lines);
    QCOMPARE(answers.size(), m_written.size());
    for (qsizetype at = 0; at < answers.size(); ++at) {
        const Written &written = m_written.at(at);
        if (const QJsonObject answer = parse(answers.at(at)); answer != written.meaning)
            m_differences += u"%1\nwritten as  %2\nSQLAlchemy: %3\nStepwell:   %4\n"_s.arg(
                written.from, written.url, asText(answer), asText(written.meaning));
    }
    qInfo("%lld URLs, %d accepted, %lld written", questions.size(), m_accepted, m_written.size());
    constexpr qsizetype shown = 5;
    QVERIFY2(m_differences.isEmpty(),
             qPrintable(u"%1 differences; the first:\n%2"_s.arg(m_differences.size())
                            .arg(m_differences.first(qMin(shown, m_differences.size()))
                                     .join(u'\n')
                                     .replace(QChar(0), u"NUL"_s))));
}

QTEST_GUILESS_MAIN(UrlDifferential)
#include "tst_urldifferential.moc"
