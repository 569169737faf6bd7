// SPDX-License-Identifier: MIT
// Reads connection URLs. The grammar is SQLAlchemy's (specification, section A.5): where it and libpq
// read a text differently, env.py's view wins, because that is where the revisions will run.
#include "migrations/database/connectionsettings.h"
#include "migrations/database/urlquery.h"
#include "migrations/database/urltext.h"

#include <QRegularExpression>

#include <libpq-fe.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

std::unexpected<Error> unreadable(const QString &hint)
{
    // Nothing of the text is shown: a part of the password may stand anywhere in a URL with a mistake.
    return failure(ErrorKind::InvalidConfig, u"The database URL cannot be read."_s, hint);
}

std::unexpected<Error> badEncoding()
{
    return unreadable(u"It has percent-encoded characters that are no UTF-8 text. Encode the UTF-8 bytes of "
                      "each character: \"ä\" is %C3%A4."_s);
}

/// libpq's `h1:1,h2:2` between `//` and `/`, which SQLAlchemy does not know.
bool applyHostList(ConnectionSettings &settings, const QString &text)
{
    static const QRegularExpression entry(u"\\A(\\[[^\\]]+\\]|[^:\\[\\]]*)(?::([0-9]*))?\\z"_s);
    QStringList hosts;
    QStringList ports;
    for (const QString &part : text.split(u',')) {
        const QRegularExpressionMatch match = entry.match(part);
        if (!match.hasMatch())
            return false;
        QString host = match.captured(1);
        if (host.startsWith(u'['))
            host = host.mid(1, host.size() - 2);
        const auto name = unquoted(host);
        if (!name)
            return false;
        hosts.append(*name);
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
    // Port 0 is refused with the others: SQLAlchemy drops it here and hands it on elsewhere.
    if (hasPort && !plainPorts(port).value_or(QString()).size())
        return badPort(port);
    // A host is not decoded by SQLAlchemy; `%2F` is libpq's way to write a socket folder and can be
    // nothing else, so that it is safe to read it here.
    const bool socket = ipv6.isEmpty() && host.contains(u"%2f"_s, Qt::CaseInsensitive);
    const auto name = socket ? unquoted(host) : ipv6.isEmpty() ? host : ipv6;
    if (!name)
        return badEncoding();
    settings.host = *name;
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
    OptionReader reader(settings);
    for (const PQconninfoOption *option = parsed.get(); option->keyword; ++option) {
        if (!option->val || !*option->val)
            continue;
        const QString key = QString::fromLatin1(option->keyword);
        const QString value = QString::fromUtf8(option->val);
        if (key == u"host"_s)
            settings.host = value;
        else if (key == u"port"_s)
            settings.port = value;
        else if (const auto applied = reader.apply(key, value); !applied)
            return std::unexpected(applied.error());
    }
    return checked(settings);
}

Result<void> applyDialect(ConnectionSettings &settings, const QString &scheme)
{
    const QString dialect = scheme.section(u'+', 0, 0);
    settings.driver = scheme.section(u'+', 1);
    if (dialect == u"postgresql"_s || dialect == u"postgres"_s) {
        // Which drivers there are, only the project's Python knows.
        static const QRegularExpression driver(u"\\A[A-Za-z0-9_]+\\z"_s);
        if (!scheme.contains(u'+') || driver.match(settings.driver).hasMatch())
            return {};
        return unreadable(u"After \"postgresql+\" comes the name of a Python driver, such as psycopg or "
                          "asyncpg."_s);
    }
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
        u"\\A(?<name>[\\w\\+]+)://"
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
    if (url.contains(QChar(0)) || url.contains("%00"_L1))
        return unreadable(u"It has a NUL character in it, which PostgreSQL knows nowhere."_s);
    static const QRegularExpression scheme(u"\\A[\\w\\+]+://"_s,
                                           QRegularExpression::UseUnicodePropertiesOption);
    if (url.contains(u'=') && !scheme.match(url).hasMatch())
        return fromConninfo(url);

    const QRegularExpressionMatch match = urlPattern().match(url);
    if (!match.hasMatch())
        return unreadable(u"Write it as postgresql://user@host:5432/database, without leading blanks."_s);
    ConnectionSettings settings;
    if (const auto dialect = applyDialect(settings, match.captured(u"name")); !dialect)
        return std::unexpected(dialect.error());
    // SQLAlchemy passes over what it cannot read at the end.
    if (match.capturedEnd() != url.size())
        return unreadable(u"It goes on after the address in brackets, or has a line break in its options."_s);
    const auto user = unquoted(match.captured(u"user"));
    const auto password = unquoted(match.captured(u"password"));
    const auto query = parseQuery(match.captured(u"query"));
    if (!user || !password || !query)
        return badEncoding();
    settings.user = *user;
    settings.password = *password;
    settings.database = match.captured(u"database");
    if (const auto address = applyAddress(settings, match); !address)
        return std::unexpected(address.error());

    QStringList hosts;
    QStringList ports;
    OptionReader reader(settings);
    for (const auto &[key, value] : *query) {
        if (key == u"host"_s)
            hosts.append(value);
        else if (key == u"port"_s)
            ports.append(value);
        else if (const auto applied = reader.apply(key, value); !applied)
            return std::unexpected(applied.error());
    }
    return applyHosts(settings, hosts, ports)
        .and_then([&reader] { return reader.finish(); })
        .and_then([&settings] { return checked(settings); });
}

} // namespace stepwell
