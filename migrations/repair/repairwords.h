// SPDX-License-Identifier: MIT
// How revisions are told of: who, when, how many.
#pragma once

#include "migrations/repair/gitorigins.h"

namespace stepwell {

/// "two" to "ten", digits above. Upper: as the first word of a sentence.
[[nodiscard]] QString numberWord(qsizetype number, bool upper = false);
/// "a, b and c".
[[nodiscard]] QString joinedWords(const QStringList &words);
/// "3 May 2024".
[[nodiscard]] QString dayText(const QDateTime &when);
/// `1a2b by Ada on 3 May 2024`, with what is known of it.
[[nodiscard]] QString describedRevision(const RevisionMap &map, const RevisionId &id,
                                        const RevisionOrigins &origins);
/// When it was written: as the file says, else as git does. May be invalid.
[[nodiscard]] QDateTime dateOf(const Revision &revision, const RevisionOrigins &origins);

} // namespace stepwell
