// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

namespace stepwell {

/// Which lines of a shown text are lines of a part of it. A review covers SQL without the transaction and
/// the version row, and its comments count lines of that.
class LineMap
{
public:
    LineMap() = default;
    LineMap(const QString &shown, const QString &part);

    /// Lines from 1. 0 if the shown line is none of the part.
    [[nodiscard]] int toPart(int shownLine) const;
    /// 0 if that line of the part is not shown.
    [[nodiscard]] int toShown(int partLine) const;

private:
    QList<int> m_toPart;  ///< by shown line - 1
    QList<int> m_toShown; ///< by line of the part - 1
};

} // namespace stepwell
