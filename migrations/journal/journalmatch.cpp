// SPDX-License-Identifier: MIT
#include "migrations/journal/journalmatch.h"

#include <algorithm>

namespace stepwell {

bool matchesText(const JournalEntry &entry, const QString &text)
{
    const QString wanted = text.trimmed();
    if (wanted.isEmpty())
        return true;
    const auto has = [&wanted](const QString &value) { return value.contains(wanted, Qt::CaseInsensitive); };
    if (has(entry.who) || has(entry.message))
        return true;
    return std::ranges::any_of(entry.steps, [&has](const JournalStep &step) {
        return has(step.revision.text()) || has(step.message) || has(step.error) ||
               std::ranges::any_of(step.statements, has, &JournalStatement::text);
    });
}

bool isPlainWord(const QString &text)
{
    return !text.isEmpty() &&
           std::ranges::all_of(text, [](QChar c) { return c.unicode() < 0x80 && c.isLetterOrNumber(); });
}

} // namespace stepwell
