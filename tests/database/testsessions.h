// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/databasesession.h"

#include <QVariant>

namespace stepwell {

/// The error of a session that must not open.
inline Error openError(const ConnectionSettings &settings, const QString &password = {})
{
    const auto session =
        DatabaseSession::open(settings, password, {.connectTimeout = std::chrono::seconds(2)});
    if (session)
        return Error{.message = QStringLiteral("it opened")};
    return session.error();
}

inline std::unique_ptr<DatabaseSession> openSession(const ConnectionSettings &settings,
                                                    const QString &password = {},
                                                    const SessionOptions &options = {})
{
    auto session = DatabaseSession::open(settings, password, options);
    if (!session)
        qFatal("%s", qPrintable(toText(session.error())));
    return std::move(*session);
}

inline QVariant single(DatabaseSession &session, const QString &sql)
{
    const auto rows = session.query(sql);
    if (!rows)
        qFatal("%s", qPrintable(toText(rows.error())));
    return rows->value(0).value(0);
}

/// An environment variable for the length of a test.
class Environment
{
public:
    Environment(const char *name, const QString &value) : m_name(name) { qputenv(name, value.toLocal8Bit()); }
    ~Environment() { qunsetenv(m_name); }
    Environment(const Environment &) = delete;
    Environment &operator=(const Environment &) = delete;

private:
    const char *m_name;
};

} // namespace stepwell
