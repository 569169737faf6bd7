// SPDX-License-Identifier: MIT
#include "models/linemap.h"

namespace stepwell {

LineMap::LineMap(const QString &shown, const QString &part)
{
    const QStringList shownLines = shown.split(u'\n');
    const QStringList partLines = part.split(u'\n');
    m_toPart.fill(0, shownLines.size());
    m_toShown.fill(0, partLines.size());
    qsizetype from = 0;
    for (qsizetype line = 0; line < partLines.size(); ++line) {
        const QString wanted = partLines.at(line).trimmed();
        if (wanted.isEmpty())
            continue;
        qsizetype at = from;
        while (at < shownLines.size() && shownLines.at(at).trimmed() != wanted)
            ++at;
        // A line that is not shown leaves the place to the next one.
        if (at == shownLines.size())
            continue;
        m_toPart[at] = int(line) + 1;
        m_toShown[line] = int(at) + 1;
        from = at + 1;
    }
}

int LineMap::toPart(int shownLine) const
{
    return m_toPart.value(shownLine - 1);
}

int LineMap::toShown(int partLine) const
{
    return m_toShown.value(partLine - 1);
}

} // namespace stepwell
