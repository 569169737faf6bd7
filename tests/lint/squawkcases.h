// SPDX-License-Identifier: MIT
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace stepwell {

/// SQL and what squawk says of it by the description of one of its rules (tests/lint/squawk/cases.json).
struct SquawkCase {
    QString rule; ///< squawk's
    QString sql;
    bool squawkFires = false;
    QString note;        ///< why Stepwell judges otherwise; empty if it agrees
    QString claimScript; ///< for psql: shows on a real server what the note says
    QStringList claimRows;
};

[[nodiscard]] QList<SquawkCase> squawkCases();
/// The rules that answer to squawk's.
[[nodiscard]] QStringList rulesKnownAs(const QString &squawkRule);

} // namespace stepwell
