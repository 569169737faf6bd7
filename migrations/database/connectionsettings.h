// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QList>
#include <QPair>

namespace stepwell {

/// Where a database is, in libpq's keywords. Holds a password only while a session is being opened.
/// SQLAlchemy's URL rules: specification, section A.5.
struct ConnectionSettings {
    QString driver; ///< SQLAlchemy's driver name: "", "psycopg2", "psycopg", "asyncpg" …
    QString user;
    QString host; ///< host name, address or socket folder; several with commas
    QString port; ///< several with commas
    QString database;
    QList<QPair<QString, QString>> options;       ///< other libpq keywords (sslmode, service …)
    QList<QPair<QString, QString>> driverOptions; ///< of the Python driver alone; libpq never sees them
    QString password;                             ///< from the URL of an ini only; a workspace refuses one

    /// Reads a SQLAlchemy URL, a libpq URL, or libpq's own `key=value …` ("service=prod").
    /// Errors: InvalidConfig for what is no PostgreSQL URL or has an option libpq does not know.
    [[nodiscard]] static Result<ConnectionSettings> fromUrl(const QString &url);

    /// "user@host:port/database": for people, without password.
    [[nodiscard]] QString displayText() const;
    [[nodiscard]] QString option(const QString &key) const;
    /// libpq's `key='value' …`, quoted, without the password.
    [[nodiscard]] QString conninfo() const;
    /// A URL for env.py: dialect and driver of `like` (an ini's own URL) are kept, so that an
    /// asyncpg project gets an asyncpg URL; plain `postgresql://` if there is none. What asyncpg does
    /// not know is translated (a service is looked up, `sslmode` becomes `ssl`) or left out.
    /// Holds the password: never log it.
    [[nodiscard]] QString sqlAlchemyUrl(const QString &like, const QString &withPassword) const;

    bool operator==(const ConnectionSettings &) const = default;
};

} // namespace stepwell
