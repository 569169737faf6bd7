// SPDX-License-Identifier: MIT
// Writes the URL that env.py gets. Each Python driver has its own names for the same things.
#include "migrations/database/connectionsettings.h"
#include "migrations/database/libpqkeywords.h"

#include <QRegularExpression>
#include <QSet>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

using Option = QPair<QString, QString>;

/// asyncpg takes these only through its `dsn` argument; what it does not know itself there it sends
/// to the server, so nothing else may be put into it.
const QSet<QString> &asyncpgDsnKeys()
{
    static const QSet<QString> keys{u"sslrootcert"_s,
                                    u"sslcert"_s,
                                    u"sslkey"_s,
                                    u"sslcrl"_s,
                                    u"sslpassword"_s,
                                    u"sslnegotiation"_s,
                                    u"ssl_min_protocol_version"_s,
                                    u"ssl_max_protocol_version"_s,
                                    u"application_name"_s,
                                    u"options"_s};
    return keys;
}

/// Arguments of asyncpg.connect() with libpq's name and meaning.
const QSet<QString> &asyncpgKeys()
{
    static const QSet<QString> keys{u"passfile"_s, u"target_session_attrs"_s, u"krbsrvname"_s, u"gsslib"_s};
    return keys;
}

QString encoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

QString queryText(const QList<Option> &query)
{
    QStringList parts;
    for (const auto &[key, value] : query)
        parts.append(encoded(key) + u'=' + encoded(value));
    return parts.join(u'&');
}

/// "postgresql" or "postgresql+driver": the ini's own if it is PostgreSQL, else the settings'.
QString schemeFor(const QString &like, const QString &driver)
{
    static const QRegularExpression pattern(u"^(postgresql|postgres)(\\+\\w+)?://"_s);
    const QRegularExpressionMatch match = pattern.match(like);
    if (match.hasMatch())
        return u"postgresql"_s + match.captured(2);
    return driver.isEmpty() ? u"postgresql"_s : QString(u"postgresql+"_s + driver);
}

/// Fills in what a service file says; the password too, as asyncpg has no other way to learn it.
ConnectionSettings withoutService(const ConnectionSettings &settings)
{
    if (settings.option(u"service"_s).isEmpty())
        return settings;
    const QHash<QString, QString> defaults = defaultConnectionValues();
    const QHash<QString, QString> values = effectiveConnectionValues(settings.conninfo());
    ConnectionSettings full = settings;
    const auto fill = [&values](QString &field, const QString &key) {
        if (field.isEmpty())
            field = values.value(key);
    };
    fill(full.host, u"host"_s);
    fill(full.port, u"port"_s);
    fill(full.user, u"user"_s);
    fill(full.database, u"dbname"_s);
    fill(full.password, u"password"_s);
    static const QSet<QString> fields{u"host"_s,   u"port"_s,     u"user"_s,
                                      u"dbname"_s, u"password"_s, u"service"_s};
    full.options.removeIf([](const Option &option) { return option.first == u"service"_s; });
    for (const auto &[key, value] : values.asKeyValueRange()) {
        if (!fields.contains(key) && full.option(key).isEmpty() && defaults.value(key) != value)
            full.options.emplace_back(key, value);
    }
    return full;
}

void toAsyncpg(ConnectionSettings &settings, QList<Option> &query)
{
    QList<Option> dsn;
    for (const auto &[key, value] : std::as_const(settings.options)) {
        if (key == u"sslmode"_s)
            query.emplace_back(u"ssl"_s, value);
        else if (asyncpgKeys().contains(key))
            query.emplace_back(key, value);
        else if (asyncpgDsnKeys().contains(key))
            dsn.emplace_back(key, value);
        else if (key == u"hostaddr"_s) // never let it fall back to whatever the name resolves to
            settings.host = value;
    }
    if (!dsn.isEmpty())
        query.emplace_back(u"dsn"_s, u"postgresql://?"_s + queryText(dsn));
}

/// One port for each host: SQLAlchemy counts them, and asyncpg wants every one.
void spreadPorts(ConnectionSettings &settings, bool asyncpg)
{
    const qsizetype hosts = settings.host.count(u',') + 1;
    if (hosts < 2)
        return;
    QStringList ports = settings.port.split(u',');
    while (ports.size() < hosts)
        ports.append(ports.constFirst());
    if (asyncpg) {
        for (QString &port : ports) {
            if (port.isEmpty())
                port = u"5432"_s;
        }
    }
    settings.port = ports.join(u',');
    if (settings.port.count(u',') == settings.port.size())
        settings.port.clear();
}

} // namespace

QString ConnectionSettings::sqlAlchemyUrl(const QString &like, const QString &withPassword) const
{
    const QString scheme = schemeFor(like, driver);
    const QString likeDriver = scheme.section(u'+', 1);
    const bool asyncpg = likeDriver == u"asyncpg"_s;

    ConnectionSettings given = asyncpg ? withoutService(*this) : *this;
    QList<Option> query;
    if (asyncpg)
        toAsyncpg(given, query);
    else
        query = given.options;
    if (likeDriver == driver)
        query += driverOptions;
    spreadPorts(given, asyncpg);

    const QString secret = withPassword.isEmpty() ? given.password : withPassword;
    QString url = scheme + u"://"_s;
    if (!given.user.isEmpty() || !secret.isEmpty()) {
        url += encoded(given.user);
        if (!secret.isEmpty())
            url += u':' + encoded(secret);
        url += u'@';
    }

    static const QRegularExpression plainHost(u"\\A[A-Za-z0-9._-]+\\z"_s);
    static const QRegularExpression ipv6(u"\\A[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?\\z"_s);
    const bool single = !given.host.contains(u',') && !given.port.contains(u',');
    if (given.host.isEmpty() || (single && plainHost.match(given.host).hasMatch())) {
        url += given.host;
        if (!given.port.isEmpty())
            url += u':' + given.port;
    } else if (single && ipv6.match(given.host).hasMatch()) {
        url += u'[' + given.host + u']';
        if (!given.port.isEmpty())
            url += u':' + given.port;
    } else {
        query.prepend({u"host"_s, given.host});
        if (!given.port.isEmpty())
            query.insert(1, {u"port"_s, given.port});
    }

    // The path is taken as it stands, up to a question mark; an @ in it makes what is before it a password.
    if (given.database.contains(u'?') || given.database.contains(u'@'))
        query.emplace_back(asyncpg ? u"database"_s : u"dbname"_s, given.database);
    else if (!given.database.isEmpty())
        url += u'/' + given.database;
    if (!query.isEmpty())
        url += u'?' + queryText(query);
    return url;
}

} // namespace stepwell
