// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

namespace stepwell {

struct DifferenceLine {
    enum Kind { Same, Removed, Added };
    Kind kind = Same;
    int before = 0; ///< line number from 1; 0 if Added
    int after = 0;  ///< likewise; 0 if Removed
    QString text;   ///< without the line end
    bool hasLineEnd = true;

    bool operator==(const DifferenceLine &) const = default;
};

/// Lines that changed, with some that did not around them.
struct DifferenceHunk {
    int beforeStart = 0; ///< line number from 1; of the line before it if the count is 0
    int beforeCount = 0;
    int afterStart = 0;
    int afterCount = 0;
    QList<DifferenceLine> lines; ///< removed ones before added ones

    bool operator==(const DifferenceHunk &) const = default;
};

struct TextDifference {
    QList<DifferenceHunk> hunks; ///< none: the texts are the same
    int removed = 0;             ///< lines
    int added = 0;
};

/// The lines that lead from one text to the other, by Myers' algorithm in linear space. The fewest possible,
/// but for long texts with little in common, where time is bounded instead. `context`: lines around each
/// change; a large number gives the whole text as one hunk. Any thread.
[[nodiscard]] TextDifference textDifference(const QString &before, const QString &after, int context = 3);

/// The same as `diff -u` prints it, with a head of both labels; empty if the texts are the same.
[[nodiscard]] QString unifiedDiff(const QString &before, const QString &after, const QString &beforeLabel,
                                  const QString &afterLabel, int context = 3);

} // namespace stepwell
