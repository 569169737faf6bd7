// SPDX-License-Identifier: MIT
#include "migrations/database/connectionsettings.h"

#include "migrations/database/libpqkeywords.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace stepwell {

QString ConnectionSettings::displayText() const
{
    const QString service = option(u"service"_s);
    QString place = host.isEmpty() ? option(u"hostaddr"_s) : host;
    if (place.isEmpty())
        place = service.isEmpty() ? u"local"_s : QString(u"service "_s + service);
    if (place.contains(u':') && !place.contains(u','))
        place = u'[' + place + u']';

    QString text;
    if (!user.isEmpty())
        text += user + u'@';
    text += place;
    if (!port.isEmpty())
        text += u':' + port;
    if (!database.isEmpty())
        text += u'/' + database;
    return text;
}

QString ConnectionSettings::option(const QString &key) const
{
    for (const auto &[name, value] : options) {
        if (name == key)
            return value;
    }
    return {};
}

QString ConnectionSettings::conninfo() const
{
    QStringList parts;
    const auto add = [&parts](const QString &key, const QString &value) {
        if (!value.isEmpty())
            parts.append(key + u'=' + quotedConninfoValue(value));
    };
    add(u"host"_s, host);
    add(u"port"_s, port);
    add(u"dbname"_s, database);
    add(u"user"_s, user);
    for (const auto &[key, value] : options)
        add(key, value);
    return parts.join(u' ');
}

} // namespace stepwell
