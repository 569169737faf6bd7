// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <vector>

namespace stepwell {

/// What the SQL and the calls of one direction do to tables and columns, as far as their text tells.
/// Names are lower case and without schema; an empty name is one that is put together at run time.
struct SqlDeeds {
    std::vector<QByteArray> created; ///< tables and columns
    std::vector<QByteArray> dropped; ///< likewise
    std::vector<QByteArray> filled;  ///< the first column of each UPDATE
    bool deletes = false;
    bool changes = false; ///< rows are inserted, updated or deleted
};

/// A word of SQL as a bare name: quotes, schema and punctuation removed.
[[nodiscard]] QByteArray bareName(QByteArrayView word);

/// True if a text may hold a statement that readSqlDeeds() looks for: cheap, and sometimes true in vain.
[[nodiscard]] bool mayBeSql(QByteArrayView text);

/// Adds what the statements in a text do; those in the body of a function that is only created do nothing
/// yet. Takes time in proportion to the text.
void readSqlDeeds(QByteArrayView text, SqlDeeds &deeds);

} // namespace stepwell
