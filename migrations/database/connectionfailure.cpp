// SPDX-License-Identifier: MIT
#include "migrations/database/connectionprobe.h"

#include <QRegularExpression>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

struct Diagnosis {
    ErrorKind kind = ErrorKind::ConnectionFailed;
    QString message;
    QString hint;
};

bool hasAny(const QString &text, const QStringList &words)
{
    for (const QString &word : words) {
        if (text.contains(word, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

/// The last one: libpq may have tried with TLS first and without it after that.
QString lastSqlState(const QString &text)
{
    static const QRegularExpression pattern(u":  ([0-9A-Z]{5}): "_s);
    QString state;
    for (auto matches = pattern.globalMatch(text); matches.hasNext();)
        state = matches.next().captured(1);
    return state;
}

/// The text as people want to read it: without SQLSTATE and the server's source file.
QString readable(QString text)
{
    static const QRegularExpression state(u":  [0-9A-Z]{5}: "_s);
    static const QRegularExpression location(u"\\n?LOCATION:[^\\n]*"_s);
    return text.replace(state, u":  "_s).remove(location).trimmed();
}

Diagnosis refusedLogin(const ConnectionFailure &failure, const QString &state)
{
    if (state == u"28P01"_s) {
        const bool fromFile = failure.text.contains(u"password retrieved from file"_s);
        return {
            ErrorKind::AuthenticationFailed, u"The server refused the password for %1."_s.arg(failure.where),
            fromFile
                ? u"The password came from the password file (.pgpass or PGPASSFILE): correct its line for "
                  "this host, port, database and user, or enter the password."_s
                : u"Check user and password. A stored password may be outdated: enter it again."_s};
    }
    if (state == u"42501"_s) {
        return {ErrorKind::AuthenticationFailed,
                u"The role may not connect to the database: %1."_s.arg(failure.where),
                u"Ask for GRANT CONNECT ON DATABASE … TO …, or use another role."_s};
    }
    if (failure.text.contains(u"pg_hba.conf"_s)) {
        const bool plain = hasAny(failure.text, {u"no encryption"_s, u"SSL off"_s});
        return {
            ErrorKind::AuthenticationFailed,
            u"The server's pg_hba.conf does not let %1 in from here."_s.arg(failure.where),
            plain
                ? u"The server may want TLS: try sslmode=require in the URL. Otherwise its pg_hba.conf needs "
                  u"a "
                  "line for this user, database and address."_s
                : u"Its pg_hba.conf needs a line for this user, database and address; or connect through the "
                  "VPN or host that has one."_s};
    }
    return {
        ErrorKind::AuthenticationFailed, u"The server refused the login of %1."_s.arg(failure.where),
        u"Check that the role exists and may log in, and which way to log in pg_hba.conf asks for (password, "
        "certificate, peer)."_s};
}

Diagnosis fromSqlState(const ConnectionFailure &failure, const QString &state)
{
    if (state == u"3D000"_s) {
        return {ErrorKind::DatabaseMissing, u"The server has no such database: %1."_s.arg(failure.where),
                u"Check the database name in the URL, or create the database."_s};
    }
    if (state.startsWith(u"28"_s) || state == u"42501"_s)
        return refusedLogin(failure, state);
    if (state == u"57P03"_s) {
        return {ErrorKind::ConnectionFailed,
                u"The server is starting, stopping or in recovery: %1."_s.arg(failure.where),
                u"Wait a moment and try again. If it stays so, look at the server's log."_s};
    }
    if (state == u"53300"_s) {
        return {ErrorKind::ConnectionFailed, u"The server has no free connection: %1."_s.arg(failure.where),
                u"Close other connections, or raise max_connections or the role's connection limit."_s};
    }
    if (state == u"08P01"_s && failure.text.contains(u"startup parameter"_s)) {
        return {
            ErrorKind::ConnectionFailed,
            u"A connection pooler refused Stepwell's timeouts: %1."_s.arg(failure.where),
            u"Use the address of the database itself. Migrations and their locks need a direct connection."_s};
    }
    return {ErrorKind::ConnectionFailed, u"The server refused the connection: %1."_s.arg(failure.where),
            u"The server's own words are below."_s};
}

bool isTlsFailure(const QString &text)
{
    return hasAny(text, {u"SSL"_s, u"certificate"_s, u"TLS"_s, u"channel binding"_s});
}

Diagnosis tlsFailure(const ConnectionFailure &failure)
{
    QString hint = u"Check sslmode and the certificates named in the URL (sslrootcert, sslcert, sslkey)."_s;
    if (failure.text.contains(u"does not support SSL"_s)) {
        hint =
            u"The server offers no TLS. Is this the right server? If it is, and the network may be trusted, "
            "set sslmode=prefer or sslmode=disable in the URL; otherwise switch on TLS on the server."_s;
    } else if (failure.text.contains(u"root certificate file"_s)) {
        hint = u"Name the file of the certificate authority with sslrootcert in the URL, put it at "
               "~/.postgresql/root.crt, or use sslrootcert=system."_s;
    } else if (failure.text.contains(u"does not match host name"_s)) {
        hint = u"Use the host name that stands in the server's certificate."_s;
    } else if (failure.text.contains(u"verify failed"_s)) {
        hint = u"The server's certificate is not signed by the authority you trust. Check sslrootcert; if it "
               u"was "
               "right before, somebody may be in between."_s;
    }
    return {ErrorKind::TlsFailed, u"TLS could not be agreed on with %1."_s.arg(failure.where), hint};
}

Diagnosis fromClientText(const ConnectionFailure &failure)
{
    const QString &text = failure.text;
    if (hasAny(text, {u"could not translate host name"_s, u"could not parse network address"_s})) {
        return {ErrorKind::HostUnknown, u"The host name has no address: %1."_s.arg(failure.where),
                u"Check the spelling. An internal name may need the VPN or another DNS server."_s};
    }
    if (hasAny(text, {u"definition of service"_s, u"service file"_s})) {
        return {ErrorKind::ConnectionFailed, u"The service in the URL is not known: %1."_s.arg(failure.where),
                u"Add it to ~/.pg_service.conf or to the file that PGSERVICEFILE names."_s};
    }
    if (text.contains(u"Connection refused"_s)) {
        return {ErrorKind::ConnectionRefused, u"Nobody listens at %1."_s.arg(failure.where),
                u"Is the server running, and is this its host and port? Behind a tunnel or VPN, is it up?"_s};
    }
    if (text.contains(u"No such file or directory"_s) && !isTlsFailure(text)) {
        return {
            ErrorKind::ConnectionRefused, u"There is no server at this socket: %1."_s.arg(failure.where),
            u"Is the server running, and is this its socket folder and port? For a server in the network, "
            "name its host in the URL."_s};
    }
    if (hasAny(text, {u"timeout expired"_s, u"Connection timed out"_s})) {
        return {ErrorKind::ConnectionTimeout, u"No answer in time from %1."_s.arg(failure.where),
                u"Check host and port, the VPN and the firewall between."_s};
    }
    if (hasAny(text, {u"No route to host"_s, u"Network is unreachable"_s, u"Network is down"_s})) {
        return {ErrorKind::ConnectionFailed,
                u"There is no way through the network to %1."_s.arg(failure.where),
                u"Check the network and the VPN."_s};
    }
    if (text.contains(u"Permission denied"_s) && !isTlsFailure(text)) {
        return {ErrorKind::ConnectionFailed, u"You may not use this socket: %1."_s.arg(failure.where),
                u"Ask for access to the server's socket folder, or connect through the network."_s};
    }
    if (isTlsFailure(text))
        return tlsFailure(failure);
    return {ErrorKind::ConnectionFailed, u"The connection to %1 failed."_s.arg(failure.where),
            u"Check that the URL names a PostgreSQL server; libpq's own words are below."_s};
}

} // namespace

Error classifyConnectionFailure(const ConnectionFailure &failure)
{
    const QString state = lastSqlState(failure.text);
    Diagnosis found;
    if (failure.timedOut) {
        found = {ErrorKind::ConnectionTimeout, u"No answer in time from %1."_s.arg(failure.where),
                 u"Check host and port, the VPN and the firewall between. A busy server may need a longer "
                 "connect_timeout in the URL."_s};
    } else if (failure.needsPassword) {
        found = {ErrorKind::PasswordMissing, u"The server wants a password for %1."_s.arg(failure.where),
                 u"Enter it, or put it into ~/.pgpass (mode 0600) as host:port:database:user:password."_s};
    } else if (!state.isEmpty()) {
        found = fromSqlState(failure, state);
    } else {
        found = fromClientText(failure);
    }
    return Error{.kind = found.kind,
                 .message = found.message,
                 .hint = found.hint,
                 .detail = readable(failure.text),
                 .sqlState = state};
}

} // namespace stepwell
