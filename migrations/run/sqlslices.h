// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

namespace stepwell {

/// Text between two parentheses.
struct SqlGroup {
    QString inside;
    qsizetype end = -1; ///< behind the closing parenthesis; -1: there is none
};

// The parser's tree says where an expression begins, and has no text for it. These cut it out of the SQL;
// quotes, dollar quotes and comments are known. For SQL that parsed.

/// The first group at or after `from`, outside of quotes.
[[nodiscard]] SqlGroup firstGroup(const QString &sql, qsizetype from);
/// At the commas outside of quotes and parentheses, trimmed.
[[nodiscard]] QStringList splitAtCommas(const QString &sql);
/// What follows a keyword (in capitals) that stands outside of quotes and parentheses, trimmed; or nothing.
[[nodiscard]] QString afterKeyword(const QString &sql, qsizetype from, QStringView keyword);

} // namespace stepwell
