// SPDX-License-Identifier: MIT
#include "migrations/database/urlquery.h"

#include "migrations/database/libpqkeywords.h"
#include "migrations/database/urltext.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

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

std::unexpected<Error> badHosts(const QString &message)
{
    return failure(ErrorKind::InvalidConfig, message,
                   u"Write either host=h1:5432&host=h2:5433 or host=h1,h2&port=5432,5433; an IPv6 address "
                   "goes with the second only."_s);
}

const QRegularExpression &hostAndPort()
{
    static const QRegularExpression pattern(u"\\A([a-zA-Z0-9\\-\\.]*):([0-9]*)\\z"_s);
    return pattern;
}

/// `host=h1:5432&host=h2:5433`: here SQLAlchemy takes every host apart at its colon.
Result<void> applyRepeatedHosts(ConnectionSettings &settings, const QStringList &hosts)
{
    QStringList names;
    QStringList ports;
    for (const QString &host : hosts) {
        if (host.count(u':') > 1 || host.contains(u','))
            return badHosts(u"One of several hosts in the database URL cannot be read."_s);
        names += host.section(u':', 0, 0);
        ports += host.section(u':', 1);
    }
    settings.host = names.join(u',');
    settings.port = ports.join(u',');
    return {};
}

/// `host=h:5432` and `host=h1,h2`. Several hosts have nothing to do with the port beside the first.
void applyHost(ConnectionSettings &settings, const QString &host, bool portsToCome)
{
    const QRegularExpressionMatch match = hostAndPort().match(host);
    settings.host = host;
    if (portsToCome)
        return;
    if (match.hasMatch()) {
        settings.host = match.captured(1);
        if (!match.captured(2).isEmpty())
            settings.port = match.captured(2);
    } else if (host.contains(u',')) {
        settings.port.clear();
    }
}

/// A name that is no name may be a part of a password.
QString shown(const QString &name)
{
    static const QRegularExpression plain(u"\\A[a-z_]{1,40}\\z"_s);
    return plain.match(name).hasMatch() ? name : u"…"_s;
}

} // namespace

std::unexpected<Error> badPort(const QString &port)
{
    return failure(ErrorKind::InvalidConfig,
                   port.isEmpty() ? u"The database URL has a colon after the host, but no port."_s
                                  : u"The port in the database URL is no number from 1 to 65535."_s,
                   u"Write the port as a number after the colon, such as :5432, or leave both out. A \":\", "
                   "\"/\" or \"@\" in a user name or password must be percent-encoded."_s);
}

Result<void> OptionReader::apply(const QString &name, const QString &value)
{
    const QString key = name == u"database"_s ? u"dbname"_s : name == u"ssl"_s ? u"sslmode"_s : name;
    if (m_seen.contains(key))
        return failure(ErrorKind::InvalidConfig,
                       u"The database URL has an option twice: \"%1\"."_s.arg(shown(name)),
                       u"Remove one of them."_s);
    m_seen.insert(key);
    if (key == u"user"_s)
        m_settings.user = value;
    else if (key == u"password"_s)
        m_settings.password = value;
    else if (key == u"dbname"_s)
        m_settings.database = value;
    else if (name == u"ssl"_s && value.compare(u"true"_s, Qt::CaseInsensitive) == 0)
        m_settings.options.emplace_back(key, u"require"_s);
    else if (libpqKeywords().contains(key))
        m_settings.options.emplace_back(key, value);
    else if (m_settings.driver == u"asyncpg"_s && asyncpgOnly().contains(key))
        m_settings.driverOptions.emplace_back(key, value);
    else if (m_settings.driver == u"asyncpg"_s && key == u"dsn"_s)
        m_dsn = value;
    else
        return failure(
            ErrorKind::InvalidConfig,
            u"The database URL has an option \"%1\" that PostgreSQL connections do not know."_s.arg(
                shown(name)),
            u"Remove it or correct its name. Known options are libpq's keywords, such as "
            "sslmode, options, application_name and service."_s);
    return {};
}

Result<void> OptionReader::finish()
{
    if (m_dsn.isEmpty())
        return {};
    const auto dsn = ConnectionSettings::fromUrl(m_dsn);
    if (!dsn)
        return std::unexpected(dsn.error());
    const auto fill = [](QString &field, const QString &value) {
        if (field.isEmpty())
            field = value;
    };
    fill(m_settings.host, dsn->host);
    fill(m_settings.port, dsn->port);
    fill(m_settings.user, dsn->user);
    fill(m_settings.password, dsn->password);
    fill(m_settings.database, dsn->database);
    for (const auto &option : dsn->options) {
        if (!m_seen.contains(option.first))
            m_settings.options += option;
    }
    return {};
}

Result<void> applyHosts(ConnectionSettings &settings, const QStringList &hosts, const QStringList &ports)
{
    if (hosts.size() > 1 && !ports.isEmpty())
        return badHosts(
            u"The database URL gives ports both beside the hosts and as an option of their own."_s);
    if (ports.size() > 1 && ports.join(QString()).contains(u','))
        return badHosts(u"The database URL gives several ports in two ways."_s);
    if (hosts.size() > 1) {
        if (auto done = applyRepeatedHosts(settings, hosts); !done)
            return done;
    } else if (!hosts.isEmpty()) {
        applyHost(settings, hosts.first(), !ports.isEmpty());
    }
    if (!ports.isEmpty())
        settings.port = ports.join(u',');
    return {};
}

Result<ConnectionSettings> checked(ConnectionSettings settings)
{
    const QStringList hosts = settings.host.split(u',');
    const qsizetype portCount = settings.port.count(u',') + 1;
    const auto ports = plainPorts(settings.port);
    if (!ports)
        return badPort(settings.port);
    settings.port = *ports;
    if (portCount > 1 && portCount != hosts.size())
        return failure(ErrorKind::InvalidConfig,
                       u"The database URL names %1 hosts and %2 ports."_s.arg(hosts.size()).arg(portCount),
                       u"Give one port for each host, or one for all."_s);
    const QString addresses = settings.option(u"hostaddr"_s);
    if (!settings.host.isEmpty() && !addresses.isEmpty() && addresses.count(u',') + 1 != hosts.size())
        return failure(ErrorKind::InvalidConfig,
                       u"The database URL names %1 hosts and %2 addresses in hostaddr."_s.arg(hosts.size())
                           .arg(addresses.count(u',') + 1),
                       u"Give one address for each host."_s);
    for (const QString &host : hosts) {
        if (hostAndPort().match(host).hasMatch())
            return badHosts(u"A host in the database URL has a port in its name."_s);
    }
    return settings;
}

} // namespace stepwell
