// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/connectionsettings.h"

#include <QSet>

namespace stepwell {

/// Puts the options of a URL or of `key=value` text, beside host and port, into settings. One that is there
/// twice is refused: SQLAlchemy hands both to the driver as one text "('a', 'b')".
/// Errors: InvalidConfig. They show no value, and no name that may be a part of a password.
class OptionReader
{
public:
    explicit OptionReader(ConnectionSettings &settings) : m_settings(settings) {}

    [[nodiscard]] Result<void> apply(const QString &name, const QString &value);
    /// Once after the last option: asyncpg takes from its dsn what is given nowhere else.
    [[nodiscard]] Result<void> finish();

private:
    ConnectionSettings &m_settings;
    QSet<QString> m_seen;
    QString m_dsn;
};

/// The hosts and ports of a URL's options, as SQLAlchemy reads them: `host=h:1`, `host=h1,h2&port=1,2` and
/// `host=h1:1&host=h2:2`. They win over those before the path.
[[nodiscard]] Result<void> applyHosts(ConnectionSettings &settings, const QStringList &hosts,
                                      const QStringList &ports);

/// What must hold however the settings were written; with plain ports.
[[nodiscard]] Result<ConnectionSettings> checked(ConnectionSettings settings);

[[nodiscard]] std::unexpected<Error> badPort(const QString &port);

} // namespace stepwell
