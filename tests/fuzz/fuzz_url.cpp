// SPDX-License-Identifier: MIT
// Any text as a database URL; what is read and written again must be read as the same.
#include "migrations/database/connectionsettings.h"
#include "tests/fuzz/fuzzing.h"

#include <QMap>
#include <QRegularExpression>

#include <libpq-fe.h>

#include <algorithm>
#include <memory>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// Without what makes no difference: the order of the options, whether one port for all hosts is written
/// once or for each, and PostgreSQL's own port, which asyncpg wants to be told.
ConnectionSettings plain(ConnectionSettings settings)
{
    std::ranges::sort(settings.options);
    std::ranges::sort(settings.driverOptions);
    const qsizetype hosts = settings.host.count(u',') + 1;
    QStringList ports =
        settings.port.contains(u',') ? settings.port.split(u',') : QStringList(hosts, settings.port);
    ports.replaceInStrings(QRegularExpression(u"^$"_s), u"5432"_s);
    settings.port = ports.join(u',');
    return settings;
}

/// asyncpg knows fewer options: others are put into a `dsn`, looked up or left out.
bool asyncpgTakesAll(const ConnectionSettings &settings)
{
    return std::ranges::all_of(settings.options,
                               [](const auto &option) { return option.first == u"sslmode"_s; });
}

QString describe(const ConnectionSettings &settings)
{
    QString text = u"driver '%1' user '%2' password '%3' host '%4' port '%5' database '%6'"_s
                       .arg(settings.driver, settings.user, settings.password, settings.host)
                       .arg(settings.port, settings.database);
    for (const auto &[key, value] : settings.options + settings.driverOptions)
        text += u" %1='%2'"_s.arg(key, value);
    return text;
}

/// libpq reads the written connection string as it was meant, and finds no password in it.
void checkConninfo(const ConnectionSettings &settings)
{
    QMap<QString, QString> expected{{u"host"_s, settings.host},
                                    {u"port"_s, settings.port},
                                    {u"dbname"_s, settings.database},
                                    {u"user"_s, settings.user}};
    for (const auto &[key, value] : settings.options)
        expected.insert(key, value);
    const QString conninfo = settings.conninfo();
    const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption *)> read(
        PQconninfoParse(conninfo.toUtf8().constData(), nullptr), PQconninfoFree);
    fuzzing::require(read != nullptr, "libpq reads the written connection string", conninfo);
    for (const PQconninfoOption *option = read.get(); option->keyword; ++option)
        fuzzing::require(QString::fromUtf8(option->val) ==
                             expected.value(QString::fromLatin1(option->keyword)),
                         "libpq reads the connection string as it was meant", conninfo);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString url = QString::fromUtf8(fuzzing::bytes(data, size));
    const auto settings = ConnectionSettings::fromUrl(url);
    if (!settings) {
        fuzzing::require(!settings.error().message.isEmpty(), "an error says what is wrong");
        return 0;
    }
    const QString written = settings->sqlAlchemyUrl(url, {});
    if (settings->driver == u"asyncpg"_s && !asyncpgTakesAll(*settings))
        return 0;
    const auto again = ConnectionSettings::fromUrl(written);
    fuzzing::require(again.has_value(), "a written URL can be read",
                     QString(written + u'\n' + describe(*settings)));
    fuzzing::require(plain(*again) == plain(*settings), "a written URL is read as it was meant",
                     QString(written + u'\n' + describe(*settings) + u'\n' + describe(*again)));
    checkConninfo(*settings);
    ConnectionSettings open = *settings;
    open.password.clear();
    fuzzing::require(settings->displayText() == open.displayText(), "no password is shown");
    return 0;
}
