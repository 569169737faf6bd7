// SPDX-License-Identifier: MIT
#pragma once

#include <QList>

namespace stepwell {

/// Which lines of two texts belong together: the n-th true of one to the n-th true of the other.
struct MatchedLines {
    QList<bool> before;
    QList<bool> after;
};

/// Lines as numbers, the same number for the same text. Myers' O(ND) in linear space ("An O(ND) Difference
/// Algorithm and Its Variations", 1986), with a bound on the time for each split.
[[nodiscard]] MatchedLines matchLines(const QList<int> &before, const QList<int> &after);

} // namespace stepwell
