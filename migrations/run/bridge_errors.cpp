// SPDX-License-Identifier: MIT
#include "migrations/run/bridge_errors.h"

#include "migrations/run/errortranslation.h"

#include <QJsonArray>

#include <array>
#include <optional>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

struct Check {
    QLatin1StringView name;
    ErrorKind kind;
    QLatin1StringView message;
    QLatin1StringView hint;
};

/// Checks of the bridge, made before the first statement.
constexpr std::array checks{
    Check{"other-database"_L1, ErrorKind::Refused,
          "env.py is connected to another database than the one shown here; nothing was run."_L1,
          "Compare the URL env.py uses (ini, environment variables, its own settings) with the target. A "
          "connection pooler in between is refused too: use a direct connection."_L1},
    Check{"rows-changed"_L1, ErrorKind::Refused,
          "The version rows are no longer those the plan starts from; nothing was run."_L1,
          "Somebody else migrated this database. Reload and look at the new plan."_L1},
    Check{"locked"_L1, ErrorKind::Locked, "Another run works on this database; nothing was run."_L1,
          "Wait until it has ended, then reload."_L1},
    Check{
        "several-contexts"_L1, ErrorKind::Unsupported,
        "env.py runs migrations more than once (several databases or tenants), which Stepwell cannot follow; "
        "nothing was run."_L1,
        "Give each database a component with an ini section of its own, or run this one with alembic."_L1},
    Check{"not-postgresql"_L1, ErrorKind::Unsupported, "env.py does not connect to PostgreSQL."_L1,
          "Stepwell migrates PostgreSQL only. Check sqlalchemy.url and env.py."_L1},
    Check{"offline"_L1, ErrorKind::Unsupported,
          "env.py writes SQL instead of connecting, although it was asked to connect; nothing was run."_L1,
          "env.py must take its online path when context.is_offline_mode() is false."_L1},
    Check{
        "no-migrations"_L1, ErrorKind::MigrationFailed, "env.py ran no migrations."_L1,
        "env.py must call context.run_migrations() when Alembic executes it; look for a condition around it."_L1},
    Check{"not-applied"_L1, ErrorKind::MigrationFailed, "env.py ended without applying the revision."_L1,
          "env.py may swallow errors; its output may say more."_L1},
    Check{"unknown-revision"_L1, ErrorKind::UnknownRevision, "Alembic does not know this revision."_L1,
          "The files may have changed since the plan was made. Reload."_L1},
    Check{"broken-scripts"_L1, ErrorKind::BrokenScripts, "Python cannot load the revision files"_L1,
          "Alembic loads every file before it runs any. Mend the one that is named; nothing was run."_L1},
    Check{"no-pyproject"_L1, ErrorKind::Unsupported, "The project's Alembic reads no pyproject.toml."_L1,
          "That takes Alembic 1.16 or newer: update it, or move the settings into an alembic.ini."_L1},
    Check{"no-function"_L1, ErrorKind::BrokenScripts,
          "The revision file lacks the function for this direction."_L1,
          "Add upgrade() and downgrade() to the file."_L1},
};

struct Phrase {
    QLatin1StringView text;
    ErrorKind kind;
};

/// libpq gives no SQLSTATE for a failed connection; its words and Python's are what there is.
constexpr std::array phrases{
    Phrase{"password authentication failed"_L1, ErrorKind::AuthenticationFailed},
    Phrase{"no password supplied"_L1, ErrorKind::PasswordMissing},
    Phrase{"role \""_L1, ErrorKind::AuthenticationFailed},
    Phrase{"no pg_hba.conf entry"_L1, ErrorKind::AuthenticationFailed},
    Phrase{"authentication failed"_L1, ErrorKind::AuthenticationFailed},
    Phrase{"could not translate host name"_L1, ErrorKind::HostUnknown},
    Phrase{"Name or service not known"_L1, ErrorKind::HostUnknown},
    Phrase{"failed to resolve host"_L1, ErrorKind::HostUnknown},
    Phrase{"gaierror"_L1, ErrorKind::HostUnknown},
    Phrase{"timeout"_L1, ErrorKind::ConnectionTimeout},
    Phrase{"TimeoutError"_L1, ErrorKind::ConnectionTimeout},
    Phrase{"Connection refused"_L1, ErrorKind::ConnectionRefused},
    Phrase{"Connect call failed"_L1, ErrorKind::ConnectionRefused},
    Phrase{"No such file or directory"_L1, ErrorKind::ConnectionRefused},
    Phrase{"SSL"_L1, ErrorKind::TlsFailed},
    Phrase{"certificate"_L1, ErrorKind::TlsFailed},
    Phrase{"\" does not exist"_L1, ErrorKind::DatabaseMissing},
};

std::optional<ErrorKind> connectionKind(const QJsonObject &told)
{
    const QString state = told[u"sqlstate"].toString();
    if (state == u"28P01"_s || state == u"28000"_s)
        return ErrorKind::AuthenticationFailed;
    if (state == u"3D000"_s)
        return ErrorKind::DatabaseMissing;
    if (told[u"connecting"].toBool()) {
        const QString text = told[u"type"].toString() + u' ' + told[u"message"].toString();
        for (const Phrase &phrase : phrases) {
            if (text.contains(phrase.text))
                return phrase.kind;
        }
        return ErrorKind::ConnectionFailed;
    }
    if (state == u"08001"_s || state == u"08004"_s || state == u"57P03"_s || state == u"53300"_s)
        return ErrorKind::ConnectionFailed;
    if (state.startsWith(u"08"_s) || state == u"57P01"_s || state == u"57P02"_s ||
        told[u"disconnected"].toBool())
        return ErrorKind::ConnectionLost;
    return {};
}

/// "message." as the end of a sentence.
QString sentence(const QString &text)
{
    return text.endsWith(u'.') || text.endsWith(u'!') || text.endsWith(u'?') ? text : QString(text + u'.');
}

struct Part {
    QLatin1StringView name;
    QLatin1StringView label;
};

/// What the server says besides its message, labelled as psql labels it. The message is among them where the
/// one of the error leaves something out.
constexpr std::array serverParts{
    Part{"full_message"_L1, "ERROR:  "_L1},
    Part{"detail"_L1, "DETAIL:  "_L1},
    Part{"hint"_L1, "HINT:  "_L1},
    Part{"context"_L1, "CONTEXT:  "_L1},
};

ErrorPlace placeOf(const QJsonObject &told)
{
    return {.schema = told["schema"_L1].toString(),
            .table = told["table"_L1].toString(),
            .column = told["column"_L1].toString(),
            .constraint = told["constraint"_L1].toString(),
            .type = told["data_type"_L1].toString()};
}

QString detailOf(QJsonObject told)
{
    QStringList parts;
    const QString message = told["message"_L1].toString();
    if (withoutValues(message, told["sqlstate"_L1].toString()) != message)
        told["full_message"_L1] = message;
    if (const int line = told[u"line"].toInt())
        parts += u"%1, line %2"_s.arg(told[u"file"].toString()).arg(line);
    for (const Part &part : serverParts) {
        if (const QString text = told[part.name].toString(); !text.isEmpty())
            parts += part.label + text;
    }
    if (const QString text = told[u"traceback"].toString().trimmed(); !text.isEmpty())
        parts += text;
    if (const QJsonValue rows = told[u"facts"][u"rows"]; rows.isArray()) {
        QStringList ids;
        for (const QJsonValue &id : rows.toArray())
            ids += id.toString();
        parts += u"Found: %1"_s.arg(ids.isEmpty() ? u"base"_s : ids.join(u", "_s));
    }
    if (const QString name = told[u"facts"][u"database"].toString(); !name.isEmpty())
        parts += u"env.py's database: %1"_s.arg(name);
    return parts.join(u"\n"_s);
}

} // namespace

Error bridgeError(const QJsonObject &told, const QString &doing)
{
    const QString message = withoutValues(told[u"message"].toString(), told[u"sqlstate"].toString());
    Error error{.kind = ErrorKind::MigrationFailed,
                .detail = detailOf(told),
                .sqlState = told[u"sqlstate"].toString(),
                .statement = told[u"statement"].toString(),
                .place = placeOf(told),
                .serverDetail = told[u"detail"].toString()};
    const QString name = told[u"kind"].toString();
    for (const Check &check : checks) {
        if (check.name == name) {
            error.kind = check.kind;
            error.message = name == u"broken-scripts"_s ? QString(check.message + u": "_s + sentence(message))
                                                        : QString(check.message);
            error.hint = check.hint;
            return error;
        }
    }
    const QString module = told[u"missing_module"].toString();
    if (!module.isEmpty() && told[u"file"].toString().isEmpty()) {
        error.kind = ErrorKind::PythonMissing;
        error.message =
            u"The project's code needs the Python module %1, which this interpreter does not have."_s.arg(
                module);
        error.hint =
            u"Install the project's requirements into this interpreter's environment, or name another "
            "interpreter as `python` of the component."_s;
        return error;
    }
    if (const auto kind = connectionKind(told)) {
        error.kind = *kind;
        error.connectionLost = *kind == ErrorKind::ConnectionLost;
        error.outcomeUnknown = error.connectionLost && told[u"commit_unknown"].toBool();
        error.message = error.connectionLost
                            ? u"%1: the connection was lost: %2"_s.arg(doing, sentence(message))
                            : u"env.py could not connect: %1"_s.arg(sentence(message));
        error.hint = error.connectionLost
                         ? u"Read the database's state before doing anything else."_s
                         : u"env.py opens its own connection: check the URL, role and password it uses."_s;
        return error;
    }
    error.message = u"%1: %2"_s.arg(doing, sentence(message));
    error.hint =
        u"Python's text below names file and line; correct the revision or env.py, then try again."_s;
    return translated(std::move(error));
}

} // namespace stepwell
