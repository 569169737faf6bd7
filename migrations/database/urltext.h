// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QPair>
#include <QString>

#include <optional>

namespace stepwell {

/// Python's unquote: `%XX` as UTF-8, anything else as it is; `+` stays. Nothing if that is no UTF-8.
[[nodiscard]] std::optional<QString> unquoted(QStringView text);

/// Python's parse_qsl: `+` is a blank, empty values do not count. Nothing if that is no UTF-8.
[[nodiscard]] std::optional<QList<QPair<QString, QString>>> parseQuery(QStringView query);

/// Ports with commas between them as plain numbers from 1 to 65535; each may be missing, and all are
/// missing if only commas are left. Takes what Python's int() takes: " 5432", "+5432", "5_432". Nothing if
/// one is no port.
[[nodiscard]] std::optional<QString> plainPorts(const QString &ports);

} // namespace stepwell
