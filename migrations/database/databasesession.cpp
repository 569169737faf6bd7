// SPDX-License-Identifier: MIT
#include "migrations/database/databasesession.h"

#include "migrations/database/connectionprobe.h"
#include "migrations/database/errortranslation.h"
#include "migrations/database/libpqkeywords.h"

#include <QSqlDatabase>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QSqlResult>
#include <QUuid>

#include <libpq-fe.h>

#include <poll.h>

using namespace Qt::StringLiterals;

namespace stepwell {

class DatabaseSession::Private
{
public:
    ~Private()
    {
        if (database.isValid()) {
            database.close();
            database = QSqlDatabase();
            QSqlDatabase::removeDatabase(name);
        }
    }

    /// The driver's libpq handle; null while closed.
    [[nodiscard]] PGconn *handle() const
    {
        const QVariant value = database.driver()->handle();
        const QByteArrayView type(value.typeName()); // by the type's own name in Qt 6, by its alias before
        if (type != "pg_conn*" && type != "PGconn*")
            return nullptr;
        return *static_cast<PGconn *const *>(value.constData());
    }

    /// `result`: what the server answered, if the driver still has it.
    [[nodiscard]] Error toError(const QSqlError &error, const QString &sql,
                                const QSqlResult *result = nullptr);
    [[nodiscard]] Result<QSqlQuery> run(const QString &sql, const QVariantList &values);

    QString name;
    QString where;
    QSqlDatabase database;
    bool lost = false; ///< once lost, always lost: libpq may notice later than the server says it
};

namespace {

bool isLost(const QString &state, PGconn *connection)
{
    // A failed write alone does not mark the connection as bad in libpq; reading its end does. What the
    // server said last may come before that.
    for (int tries = 0; state.isEmpty() && tries < 3 && PQstatus(connection) == CONNECTION_OK; ++tries) {
        pollfd watched{PQsocket(connection), POLLIN, 0};
        if (poll(&watched, 1, 100) > 0)
            PQconsumeInput(connection);
    }
    // The server announces its own end with one of these; the socket is closed a moment later.
    static const QStringList endings{u"57P01"_s, u"57P02"_s, u"57P03"_s, u"57P05"_s, u"25P03"_s};
    return state.startsWith(u"08"_s) || endings.contains(state) || PQstatus(connection) == CONNECTION_BAD;
}

/// "relation … does not exist" of "ERROR:  relation … does not exist\nLINE 1: …".
QString primaryText(const QString &text)
{
    const QString line = text.section(u'\n', 0, 0);
    const qsizetype colon = line.indexOf(u":  "_s);
    return colon < 0 ? line : line.mid(colon + 3);
}

/// The driver keeps a failed statement's answer, and null after a PREPARE that failed.
const PGresult *answerOf(const QSqlResult *result)
{
    const QVariant value = result ? result->handle() : QVariant();
    const QByteArrayView type(value.typeName());
    if (type != "pg_result*" && type != "PGresult*")
        return nullptr;
    return *static_cast<PGresult *const *>(value.constData());
}

QString fieldOf(const PGresult *answer, int field)
{
    return answer ? QString::fromUtf8(PQresultErrorField(answer, field)) : QString();
}

ErrorPlace placeOf(const PGresult *answer)
{
    return {.schema = fieldOf(answer, PG_DIAG_SCHEMA_NAME),
            .table = fieldOf(answer, PG_DIAG_TABLE_NAME),
            .column = fieldOf(answer, PG_DIAG_COLUMN_NAME),
            .constraint = fieldOf(answer, PG_DIAG_CONSTRAINT_NAME),
            .type = fieldOf(answer, PG_DIAG_DATATYPE_NAME)};
}

/// libpq uses one source for `options`: the URL, else the service, else PGOPTIONS. The timeouts must
/// not hide what that source says (search_path, above all), so they go after it.
QString startupOptions(const ConnectionSettings &settings, const SessionOptions &session)
{
    const QString given = effectiveConnectionValues(settings.conninfo()).value(u"options"_s);
    const QString own = u"-c lock_timeout=%1 -c statement_timeout=%2"_s.arg(session.lockTimeout.count())
                            .arg(session.statementTimeout.count());
    return given.isEmpty() ? own : QString(given + u' ' + own);
}

/// The settings as a session uses them: timeouts and application name in place.
ConnectionSettings sessionSettings(const ConnectionSettings &settings, const SessionOptions &session)
{
    ConnectionSettings own = settings;
    own.options.removeIf([](const QPair<QString, QString> &option) {
        return option.first == u"options"_s || option.first == u"application_name"_s;
    });
    if (settings.option(u"connect_timeout"_s).isEmpty())
        own.options.emplace_back(u"connect_timeout"_s, QString::number(session.connectTimeout.count()));
    // A silent network is noticed within about a minute, and a firewall does not forget an idle session
    // while a backup or a revision takes its hours.
    for (const auto &[key, value] :
         {std::pair(u"keepalives_idle"_s, u"30"_s), std::pair(u"keepalives_interval"_s, u"10"_s),
          std::pair(u"keepalives_count"_s, u"3"_s), std::pair(u"tcp_user_timeout"_s, u"60000"_s)}) {
        if (settings.option(key).isEmpty())
            own.options.emplace_back(key, value);
    }
    own.options.emplace_back(u"application_name"_s, session.applicationName);
    own.options.emplace_back(u"options"_s, startupOptions(settings, session));
    return own;
}

/// QPSQL turns each ';' of its connect options into a blank, so a value with one cannot pass.
Result<QString> driverOptions(const ConnectionSettings &settings)
{
    QStringList parts;
    const auto add = [&parts](const QString &key, const QString &value) {
        parts.append(key + u'=' + quotedConninfoValue(value));
    };
    if (!settings.port.isEmpty())
        add(u"port"_s, settings.port);
    for (const auto &[key, value] : settings.options) {
        if (!libpqKeywords().contains(key))
            return failure(ErrorKind::InvalidConfig, u"libpq knows no option \"%1\"."_s.arg(key),
                           u"Remove it from the database URL."_s);
        if (value.contains(u';'))
            return failure(
                ErrorKind::InvalidConfig,
                u"The option \"%1\" of the database URL holds a semicolon, which cannot be passed on."_s.arg(
                    key),
                u"Write the value without a semicolon; a file can be renamed or linked."_s);
        add(key, value);
    }
    return parts.join(u' ');
}

std::chrono::milliseconds probeTimeout(const ConnectionSettings &settings, const SessionOptions &session)
{
    const int asked = settings.option(u"connect_timeout"_s).toInt();
    return asked > 0 ? std::chrono::seconds(asked) : session.connectTimeout;
}

} // namespace

Error DatabaseSession::Private::toError(const QSqlError &error, const QString &sql, const QSqlResult *result)
{
    QString text = error.databaseText();
    const QString state = error.nativeErrorCode();
    const QString suffix = u'(' + state + u')';
    if (!state.isEmpty() && text.endsWith(suffix))
        text.chop(suffix.size());
    text = text.trimmed();

    Error found{.detail = text, .sqlState = state, .statement = sql};
    lost = lost || isLost(state, handle());
    if (lost) {
        found.kind = ErrorKind::ConnectionLost;
        found.connectionLost = true;
        found.message = u"The connection to %1 was lost."_s.arg(where);
        found.hint = u"Check that the server is running and reachable, then read the state again."_s;
        return found;
    }
    found.kind = ErrorKind::DatabaseError;
    found.message = u"The database refused a statement: %1"_s.arg(withoutValues(primaryText(text), state));
    found.place = placeOf(answerOf(result));
    found.serverDetail = fieldOf(answerOf(result), PG_DIAG_MESSAGE_DETAIL);
    found.hint = u"The server's own words are in the details."_s;
    return translated(found);
}

Result<QSqlQuery> DatabaseSession::Private::run(const QString &sql, const QVariantList &values)
{
    if (lost || PQstatus(handle()) == CONNECTION_BAD) // QtSql would only say that the database is not open
        return std::unexpected(toError(QSqlError(), sql));
    QSqlQuery query(database);
    bool good = false;
    if (values.isEmpty()) {
        good = query.exec(sql); // not prepared: several statements and `?` operators pass unchanged
    } else {
        good = query.prepare(sql);
        for (const QVariant &value : values)
            query.addBindValue(value);
        good = good && query.exec();
    }
    if (!good)
        return std::unexpected(toError(query.lastError(), sql, query.result()));
    return query;
}

DatabaseSession::DatabaseSession(std::unique_ptr<Private> opened) : d(std::move(opened)) {}

DatabaseSession::~DatabaseSession() = default;

Result<std::unique_ptr<DatabaseSession>> DatabaseSession::open(const ConnectionSettings &settings,
                                                               const QString &password,
                                                               const SessionOptions &options)
{
    const QString secret = password.isEmpty() ? settings.password : password;
    const ConnectionSettings own = sessionSettings(settings, options);
    const Result<QString> connectOptions = driverOptions(own);
    if (!connectOptions)
        return std::unexpected(connectOptions.error());
    if (const auto probed = probeConnection(own, secret, probeTimeout(settings, options)); !probed)
        return std::unexpected(probed.error());

    auto d = std::make_unique<Private>();
    d->name = u"stepwell-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    d->where = settings.displayText();
    d->database = QSqlDatabase::addDatabase(u"QPSQL"_s, d->name);
    if (!d->database.isValid()) {
        return failure(ErrorKind::ProgramMissing, u"Qt's PostgreSQL driver is not installed."_s,
                       u"Install Qt's QPSQL plugin (Debian: libqt6sql6-psql)."_s);
    }
    d->database.setHostName(own.host);
    d->database.setDatabaseName(own.database);
    d->database.setUserName(own.user);
    d->database.setPassword(secret); // an empty one is left out by the driver: .pgpass counts
    d->database.setConnectOptions(*connectOptions);
    if (!d->database.open()) {
        // The probe stood a moment ago: the server went away in between, or its connections ran out.
        ConnectionFailure failed{.text = d->database.lastError().databaseText(), .where = d->where};
        return std::unexpected(classifyConnectionFailure(failed));
    }
    if (!d->handle()) {
        return failure(ErrorKind::Internal, u"Qt's PostgreSQL driver does not give out its connection."_s,
                       u"Use the QPSQL plugin of the Qt version that Stepwell was built with."_s);
    }
    // Without a receiver libpq prints notices on standard error.
    PQsetNoticeReceiver(d->handle(), [](void *, const PGresult *) {}, nullptr);
    return std::unique_ptr<DatabaseSession>(new DatabaseSession(std::move(d)));
}

Result<QList<QVariantList>> DatabaseSession::query(const QString &sql, const QVariantList &values)
{
    Result<QSqlQuery> result = d->run(sql, values);
    if (!result)
        return std::unexpected(result.error());
    QList<QVariantList> rows;
    const int columns = result->record().count();
    while (result->next()) {
        QVariantList row;
        row.reserve(columns);
        for (int column = 0; column < columns; ++column)
            row.append(result->value(column));
        rows.append(row);
    }
    return rows;
}

Result<void> DatabaseSession::execute(const QString &sql, const QVariantList &values)
{
    Result<QSqlQuery> result = d->run(sql, values);
    if (!result)
        return std::unexpected(result.error());
    // Of several statements the driver tells of the first; each has an answer of its own.
    while (result->nextResult()) {
    }
    if (result->lastError().isValid())
        return std::unexpected(d->toError(result->lastError(), sql));
    return {};
}

int DatabaseSession::backendPid() const
{
    return PQbackendPID(d->handle());
}

int DatabaseSession::serverVersion() const
{
    return PQserverVersion(d->handle());
}

QString DatabaseSession::tlsProtocol() const
{
    PGconn *connection = d->handle();
    return PQsslInUse(connection) ? QString::fromUtf8(PQsslAttribute(connection, "protocol")) : QString();
}

} // namespace stepwell
