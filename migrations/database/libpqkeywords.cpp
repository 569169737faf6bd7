// SPDX-License-Identifier: MIT
#include "migrations/database/libpqkeywords.h"

#include <libpq-fe.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

struct FreeOptions {
    void operator()(PQconninfoOption *options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

struct FinishConnection {
    void operator()(PGconn *connection) const { PQfinish(connection); }
};

QHash<QString, QString> toValues(const PQconninfoOption *option)
{
    QHash<QString, QString> values;
    for (; option && option->keyword; ++option) {
        if (option->val && *option->val)
            values.insert(QString::fromLatin1(option->keyword), QString::fromUtf8(option->val));
    }
    return values;
}

} // namespace

const QSet<QString> &libpqKeywords()
{
    static const QSet<QString> keywords = [] {
        QSet<QString> found;
        const Options options(PQconndefaults());
        for (const PQconninfoOption *option = options.get(); option && option->keyword; ++option)
            found.insert(QString::fromLatin1(option->keyword));
        return found;
    }();
    return keywords;
}

QString quotedConninfoValue(const QString &value)
{
    QString escaped = value;
    escaped.replace(u'\\', u"\\\\"_s).replace(u'\'', u"\\'"_s);
    return u'\'' + escaped + u'\'';
}

QHash<QString, QString> effectiveConnectionValues(const QString &conninfo)
{
    // libpq merges service file, environment and defaults only while it starts a connection. A value
    // that it refuses stops it after the merge and before the first look at the network.
    const QString stopped = conninfo + u" gssencmode='only-look'"_s;
    const std::unique_ptr<PGconn, FinishConnection> connection(PQconnectStart(stopped.toUtf8().constData()));
    const Options options(connection ? PQconninfo(connection.get()) : nullptr);
    QHash<QString, QString> values = toValues(options.get());
    values.remove(u"gssencmode"_s);
    return values;
}

QHash<QString, QString> defaultConnectionValues()
{
    return effectiveConnectionValues({});
}

} // namespace stepwell
