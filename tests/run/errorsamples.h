// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

namespace stepwell {

/// Statements of which the last fails; "- " before one: its own failure does not count.
struct ErrorSample {
    const char *name;
    QStringList statements;
    QString state;
    QString what; ///< a part of the meaning's first text
    bool passing = false;
    QString place = {}; ///< "schema.table.column.constraint.type"; empty: not looked at
};

/// Executed by the superuser in a fresh database before each sample.
[[nodiscard]] QString sampleTables();
/// Each really happens on a server, in one session.
[[nodiscard]] QList<ErrorSample> errorSamples();

} // namespace stepwell
