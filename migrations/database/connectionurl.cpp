// SPDX-License-Identifier: MIT
// Reads connection URLs. The grammar is SQLAlchemy's (specification, section A.5): where it and libpq
// read a text differently, env.py's view wins, because that is where the revisions will run.
#include "migrations/database/connectionsettings.h"
#include "migrations/database/libpqkeywords.h"

#include <QRegularExpression>

#include <libpq-fe.h>

#include <cctype>
#include <memory>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

using Option = QPair<QString, QString>;

/// Arguments of asyncpg.connect() and of SQLAlchemy's dialect for it that mean nothing to a server.
const QSet<QString> &asyncpgOnly()
{
    static const QSet<QString> names{u"timeout"_s,
                                     u"command_timeout"_s,
                                     u"statement_cache_size"_s,
                                     u"max_cached_statement_lifetime"_s,
                                     u"max_cacheable_statement_size"_s,
                                     u"direct_tls"_s,
                                     u"prepared_statement_cache_size"_s,
                                     u"prepared_statement_name_func"_s,
                                     u"async_fallback"_s};
    return names;
}

/// Python's unquote: `%XX` as UTF-8, anything else as it is; `+` stays.
QString unquoted(QStringView text)
{
    // Qt's own decoder drops what Python leaves alone: a percent sign without two hex digits.
    const QByteArray bytes = text.toUtf8();
    QByteArray decoded;
    decoded.reserve(bytes.size());
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        bool hex = false;
        const bool escape =
            bytes.at(i) == '%' && i + 2 < bytes.size() && std::isxdigit(uchar(bytes.at(i + 1)));
        const int value = escape ? bytes.mid(i + 1, 2).toInt(&hex, 16) : 0;
        decoded.append(hex ? static_cast<char>(value) : bytes.at(i));
        i += hex ? 2 : 0;
    }
    return QString::fromUtf8(decoded);
}

/// Python's parse_qsl: `+` is a blank, empty values do not count.
QList<Option> parseQuery(const QString &query)
{
    QList<Option> found;
    for (const QString &part : query.split(u'&', Qt::SkipEmptyParts)) {
        const qsizetype equals = part.indexOf(u'=');
        if (equals < 0)
            continue;
        QString value = part.mid(equals + 1);
        if (value.isEmpty())
            continue;
        QString key = part.left(equals);
        found.emplace_back(unquoted(key.replace(u'+', u' ')), unquoted(value.replace(u'+', u' ')));
    }
    return found;
}

bool isNumber(const QString &text)
{
    static const QRegularExpression digits(u"^[0-9]{1,5}$"_s);
    return digits.match(text).hasMatch();
}

bool arePorts(const QString &text)
{
    for (const QString &port : text.split(u',')) {
        if (!port.isEmpty() && !isNumber(port))
            return false;
    }
    return true;
}

void putOption(ConnectionSettings &settings, const QString &key, const QString &value)
{
    for (Option &option : settings.options) {
        if (option.first == key) {
            option.second = value;
            return;
        }
    }
    settings.options.emplace_back(key, value);
}

std::unexpected<Error> badPort(const QString &port)
{
    return failure(ErrorKind::InvalidConfig,
                   port.isEmpty() ? u"The database URL has a colon after the host, but no port."_s
                                  : u"The port \"%1\" in the database URL is no number."_s.arg(port),
                   u"Write the port as a number after the colon, such as :5432, or leave both out. A \":\", "
                   "\"/\" or \"@\" in a user name or password must be percent-encoded."_s);
}

/// `host=h1:5432&host=h2:5433`, `host=h1,h2&port=1,2` and `host=h:5432`, as SQLAlchemy reads them.
Result<void> applyHosts(ConnectionSettings &settings, const QStringList &hosts, const QStringList &ports)
{
    static const QRegularExpression hostAndPort(u"^([a-zA-Z0-9\\-\\.]*):(\\d*)$"_s);
    QStringList names;
    QStringList ownPorts;
    bool integrated = hosts.size() > 1;
    for (const QString &host : hosts) {
        const QRegularExpressionMatch match = hostAndPort.match(host);
        names.append(match.hasMatch() ? match.captured(1) : host);
        ownPorts.append(match.captured(2));
        integrated = integrated || match.hasMatch();
    }
    if (integrated && !ports.isEmpty()) {
        return failure(ErrorKind::InvalidConfig,
                       u"The database URL gives ports both beside the hosts and as an option of their own."_s,
                       u"Write either host=h1:5432&host=h2:5433 or host=h1,h2&port=5432,5433."_s);
    }
    if (!names.isEmpty()) {
        settings.host = names.join(u',');
        if (integrated)
            settings.port = ownPorts.join(u',');
    }
    if (!ports.isEmpty())
        settings.port = ports.join(u',');
    const qsizetype hostCount = settings.host.count(u',') + 1;
    const qsizetype portCount = settings.port.count(u',') + 1;
    if (!arePorts(settings.port))
        return badPort(settings.port);
    if (portCount > 1 && portCount != hostCount) {
        return failure(ErrorKind::InvalidConfig,
                       u"The database URL names %1 hosts and %2 ports."_s.arg(hostCount).arg(portCount),
                       u"Give one port for each host, or one for all."_s);
    }
    if (settings.port.count(u',') == settings.port.size())
        settings.port.clear();
    return {};
}

Result<void> applyOption(ConnectionSettings &settings, const QString &key, const QString &value)
{
    if (key == u"user"_s)
        settings.user = value;
    else if (key == u"password"_s)
        settings.password = value;
    else if (key == u"dbname"_s || key == u"database"_s)
        settings.database = value;
    else if (key == u"ssl"_s)
        putOption(settings, u"sslmode"_s,
                  value.compare(u"true"_s, Qt::CaseInsensitive) == 0 ? u"require"_s : value);
    else if (libpqKeywords().contains(key))
        putOption(settings, key, value);
    else if (settings.driver == u"asyncpg"_s && asyncpgOnly().contains(key))
        settings.driverOptions.emplace_back(key, value);
    else
        return failure(
            ErrorKind::InvalidConfig,
            u"The database URL has an option \"%1\" that PostgreSQL connections do not know."_s.arg(key),
            u"Remove it or correct its name. Known options are libpq's keywords, such as sslmode, "
            "options, application_name and service."_s);
    return {};
}

/// libpq's `h1:1,h2:2` between `//` and `/`, which SQLAlchemy does not know.
bool applyHostList(ConnectionSettings &settings, const QString &text)
{
    static const QRegularExpression entry(u"^(\\[[^\\]]+\\]|[^:\\[\\]]*)(?::([0-9]*))?$"_s);
    QStringList hosts;
    QStringList ports;
    for (const QString &part : text.split(u',')) {
        const QRegularExpressionMatch match = entry.match(part);
        if (!match.hasMatch())
            return false;
        QString host = match.captured(1);
        if (host.startsWith(u'['))
            host = host.mid(1, host.size() - 2);
        hosts.append(unquoted(host));
        ports.append(match.captured(2));
    }
    settings.host = hosts.join(u',');
    settings.port = ports.join(u',');
    return true;
}

Result<void> applyAddress(ConnectionSettings &settings, const QRegularExpressionMatch &match)
{
    const QString host = match.captured(u"host");
    const QString ipv6 = match.captured(u"ipv6");
    const QString port = match.captured(u"port");
    const bool hasPort = match.hasCaptured(u"port");
    if (hasPort && port.contains(u',')) {
        const QString list = (ipv6.isEmpty() ? host : QString(u'[' + ipv6 + u']')) + u':' + port;
        if (!applyHostList(settings, list))
            return badPort(port);
        return {};
    }
    if (hasPort && !isNumber(port))
        return badPort(port);
    // A host is not decoded by SQLAlchemy; `%2F` is libpq's way to write a socket folder and can be
    // nothing else, so that it is safe to read it here.
    settings.host =
        ipv6.isEmpty() ? (host.contains(u"%2f"_s, Qt::CaseInsensitive) ? unquoted(host) : host) : ipv6;
    settings.port = port;
    return {};
}

Result<ConnectionSettings> fromConninfo(const QString &text)
{
    char *message = nullptr;
    const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption *)> parsed(
        PQconninfoParse(text.toUtf8().constData(), &message), PQconninfoFree);
    const std::unique_ptr<char, void (*)(void *)> reason(message, PQfreemem);
    if (!parsed) {
        // libpq's text may repeat a part of the string, and that part may be the password.
        return failure(ErrorKind::InvalidConfig, u"The connection string cannot be read."_s,
                       u"Write postgresql://user@host:5432/database, or libpq's keywords such as "
                       "\"host=… dbname=… user=…\" or \"service=…\"."_s);
    }
    ConnectionSettings settings;
    for (const PQconninfoOption *option = parsed.get(); option->keyword; ++option) {
        if (!option->val || !*option->val)
            continue;
        const QString key = QString::fromLatin1(option->keyword);
        const QString value = QString::fromUtf8(option->val);
        if (key == u"host"_s)
            settings.host = value;
        else if (key == u"port"_s)
            settings.port = value;
        else if (const auto applied = applyOption(settings, key, value); !applied)
            return std::unexpected(applied.error());
    }
    return settings;
}

Result<void> applyDialect(ConnectionSettings &settings, const QString &scheme)
{
    const QString dialect = scheme.section(u'+', 0, 0);
    settings.driver = scheme.section(u'+', 1);
    if (dialect == u"postgresql"_s || dialect == u"postgres"_s)
        return {};
    if (dialect == u"driver"_s) {
        return failure(ErrorKind::InvalidConfig,
                       u"The ini still holds Alembic's sample URL (driver://user:pass@localhost/dbname)."_s,
                       u"Give this target a url in stepwell.toml, or set sqlalchemy.url in the ini."_s);
    }
    return failure(ErrorKind::InvalidConfig,
                   u"The database URL is for \"%1\", and Stepwell works with PostgreSQL only."_s.arg(dialect),
                   u"Use a URL that starts with postgresql://, or with postgresql+ and a driver."_s);
}

const QRegularExpression &urlPattern()
{
    // SQLAlchemy's own expression.
    static const QRegularExpression pattern(
        u"^(?<name>[\\w\\+]+)://"
        "(?:(?<user>[^:/]*)(?::(?<password>[^@]*))?@)?"
        "(?:(?:\\[(?<ipv6>[^/\\?]+)\\]|(?<host>[^/:\\?]+))?(?::(?<port>[^/\\?]*))?)?"
        "(?:/(?<database>[^\\?]*))?"
        "(?:\\?(?<query>.*))?"_s,
        QRegularExpression::UseUnicodePropertiesOption);
    return pattern;
}

} // namespace

Result<ConnectionSettings> ConnectionSettings::fromUrl(const QString &url)
{
    if (url.isEmpty()) {
        return failure(ErrorKind::InvalidConfig, u"There is no database URL."_s,
                       u"Give this target a url in stepwell.toml, or set sqlalchemy.url in the ini. Projects "
                       "whose env.py computes the URL need the first."_s);
    }
    if (!url.contains(u"://"_s) && url.contains(u'='))
        return fromConninfo(url);

    const QRegularExpressionMatch match = urlPattern().match(url);
    if (!match.hasMatch()) {
        return failure(ErrorKind::InvalidConfig, u"The database URL cannot be read."_s,
                       u"Write it as postgresql://user@host:5432/database, without leading blanks."_s);
    }
    ConnectionSettings settings;
    if (const auto dialect = applyDialect(settings, match.captured(u"name")); !dialect)
        return std::unexpected(dialect.error());
    settings.user = unquoted(match.captured(u"user"));
    settings.password = unquoted(match.captured(u"password"));
    settings.database = match.captured(u"database");
    if (const auto address = applyAddress(settings, match); !address)
        return std::unexpected(address.error());

    QStringList hosts;
    QStringList ports;
    for (const auto &[key, value] : parseQuery(match.captured(u"query"))) {
        if (key == u"host"_s)
            hosts.append(value);
        else if (key == u"port"_s)
            ports.append(value);
        else if (const auto applied = applyOption(settings, key, value); !applied)
            return std::unexpected(applied.error());
    }
    if (const auto applied = applyHosts(settings, hosts, ports); !applied)
        return std::unexpected(applied.error());
    return settings;
}

} // namespace stepwell
