// SPDX-License-Identifier: MIT
#include "migrations/database/connectionprobe.h"

#include "migrations/database/libpqkeywords.h"

#include <libpq-fe.h>

#include <QStringList>

#include <cerrno>
#include <memory>
#include <optional>

#include <locale.h>
#include <poll.h>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

using Clock = std::chrono::steady_clock;

struct FinishConnection {
    void operator()(PGconn *connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, FinishConnection>;

/// libpq and the C library speak English in this thread for as long as it lives.
class EnglishMessages
{
public:
    EnglishMessages()
        : m_locale(newlocale(LC_MESSAGES_MASK, "C", duplocale(LC_GLOBAL_LOCALE)))
        , m_before(m_locale ? uselocale(m_locale) : locale_t())
    {
    }
    ~EnglishMessages()
    {
        if (m_locale) {
            uselocale(m_before);
            freelocale(m_locale);
        }
    }
    EnglishMessages(const EnglishMessages &) = delete;
    EnglishMessages &operator=(const EnglishMessages &) = delete;

private:
    locale_t m_locale;
    locale_t m_before;
};

/// One entry for each host, so that a dead first host leaves time for the second.
QList<ConnectionSettings> eachHost(const ConnectionSettings &settings)
{
    const QStringList hosts = settings.host.split(u',');
    if (hosts.size() < 2)
        return {settings};
    const QStringList ports = settings.port.split(u',');
    const QStringList addresses = settings.option(u"hostaddr"_s).split(u',');
    QList<ConnectionSettings> found;
    for (qsizetype i = 0; i < hosts.size(); ++i) {
        ConnectionSettings one = settings;
        one.host = hosts.at(i);
        one.port = ports.size() == hosts.size() ? ports.at(i) : ports.constFirst();
        for (auto &[key, value] : one.options) {
            if (key == u"hostaddr"_s)
                value = addresses.value(i);
        }
        found.append(one);
    }
    return found;
}

QString place(const PGconn *connection)
{
    const QString host = QString::fromUtf8(PQhost(connection));
    const bool bracketed = host.contains(u':') && !host.startsWith(u'/');
    const QString shown = bracketed ? QString(u'[' + host + u']') : host;
    const QString address = shown + u':' + QString::fromUtf8(PQport(connection));
    return QString::fromUtf8(PQuser(connection)) + u'@' + address + u'/' +
           QString::fromUtf8(PQdb(connection));
}

/// False when the deadline passed.
bool waitFor(int socket, short events, Clock::time_point deadline)
{
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0)
            return false;
        pollfd watched{socket, events, 0};
        const int ready = poll(&watched, 1, static_cast<int>(left.count()));
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return true; // libpq reports what is wrong with the socket
    }
}

/// Empty if the connection stands.
std::optional<ConnectionFailure> attempt(const ConnectionSettings &settings, const QString &password,
                                         std::chrono::milliseconds timeout)
{
    const EnglishMessages english;
    const Clock::time_point deadline = Clock::now() + timeout;
    QString conninfo = settings.conninfo() + u" fallback_application_name='stepwell'"_s;
    if (!password.isEmpty())
        conninfo += u" password="_s + quotedConninfoValue(password);

    const Connection connection(PQconnectStart(conninfo.toUtf8().constData()));
    if (!connection)
        return ConnectionFailure{.text = u"out of memory"_s, .where = settings.displayText()};
    // Makes libpq write the SQLSTATE into its text: there is no other way to get it here.
    PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
    PQsetNoticeReceiver(connection.get(), [](void *, const PGresult *) {}, nullptr);

    bool timedOut = false;
    PostgresPollingStatusType step = PGRES_POLLING_WRITING;
    while (PQstatus(connection.get()) != CONNECTION_BAD && step != PGRES_POLLING_OK &&
           step != PGRES_POLLING_FAILED) {
        const short events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (!waitFor(PQsocket(connection.get()), events, deadline)) {
            timedOut = true;
            break;
        }
        step = PQconnectPoll(connection.get());
    }
    if (!timedOut && PQstatus(connection.get()) == CONNECTION_OK)
        return std::nullopt;
    return ConnectionFailure{.text = QString::fromUtf8(PQerrorMessage(connection.get())).trimmed(),
                             .where = place(connection.get()),
                             .timedOut = timedOut,
                             .needsPassword = PQconnectionNeedsPassword(connection.get()) == 1,
                             .usedPassword = PQconnectionUsedPassword(connection.get()) == 1};
}

} // namespace

Result<void> probeConnection(const ConnectionSettings &settings, const QString &password,
                             std::chrono::milliseconds timeout)
{
    std::optional<Error> first;
    QStringList details;
    for (const ConnectionSettings &one : eachHost(settings)) {
        const std::optional<ConnectionFailure> failed = attempt(one, password, timeout);
        if (!failed)
            return {};
        Error error = classifyConnectionFailure(*failed);
        details.append(error.detail);
        if (!first)
            first = std::move(error);
    }
    first->detail = details.join(u'\n');
    return std::unexpected(*first);
}

} // namespace stepwell
