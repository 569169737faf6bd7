// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QSet>
#include <QString>

namespace stepwell {

/// Every connection keyword this libpq knows. Asked once, from any thread.
[[nodiscard]] const QSet<QString> &libpqKeywords();

/// `'…'` as libpq reads it in `key='value'`.
[[nodiscard]] QString quotedConninfoValue(const QString &value);

/// What libpq would use for `conninfo`: service file, environment and built-in defaults included, empty
/// values left out. Opens no connection. Holds a password if the service or the environment names one.
[[nodiscard]] QHash<QString, QString> effectiveConnectionValues(const QString &conninfo);

/// The values of one set of defaults: environment and built-in, without any service.
[[nodiscard]] QHash<QString, QString> defaultConnectionValues();

} // namespace stepwell
