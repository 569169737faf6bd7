// SPDX-License-Identifier: MIT
#include "migrations/review/textdifference.h"

#include "migrations/review/linematcher.h"

#include <QHash>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Lines with their ends, so that a last line without one differs.
QList<QStringView> linesOf(const QString &text)
{
    QList<QStringView> lines;
    for (qsizetype start = 0; start < text.size();) {
        const qsizetype newline = text.indexOf(u'\n', start);
        const qsizetype end = newline < 0 ? text.size() : newline + 1;
        lines += QStringView(text).sliced(start, end - start);
        start = end;
    }
    return lines;
}

/// All lines of both texts in the order of a difference.
QList<DifferenceLine> wholeDifference(const QString &beforeText, const QString &afterText)
{
    const QList<QStringView> before = linesOf(beforeText);
    const QList<QStringView> after = linesOf(afterText);
    QHash<QStringView, int> numbers;
    const auto numbered = [&numbers](const QList<QStringView> &lines) {
        QList<int> all;
        for (const QStringView line : lines) {
            auto number = numbers.constFind(line);
            if (number == numbers.constEnd())
                number = numbers.insert(line, int(numbers.size()));
            all += *number;
        }
        return all;
    };
    const MatchedLines matched = matchLines(numbered(before), numbered(after));
    QList<DifferenceLine> all;
    const auto add = [&all](DifferenceLine::Kind kind, QStringView line, qsizetype i, qsizetype j) {
        const bool ends = line.endsWith(u'\n');
        all += DifferenceLine{.kind = kind,
                              .before = kind == DifferenceLine::Added ? 0 : int(i + 1),
                              .after = kind == DifferenceLine::Removed ? 0 : int(j + 1),
                              .text = (ends ? line.chopped(1) : line).toString(),
                              .hasLineEnd = ends};
    };
    for (qsizetype i = 0, j = 0; i < before.size() || j < after.size();) {
        if (i < before.size() && !matched.before.at(i)) {
            add(DifferenceLine::Removed, before.at(i), i, j);
            ++i;
        } else if (j < after.size() && !matched.after.at(j)) {
            add(DifferenceLine::Added, after.at(j), i, j);
            ++j;
        } else {
            add(DifferenceLine::Same, before.at(i), i, j);
            ++i;
            ++j;
        }
    }
    return all;
}

DifferenceHunk makeHunk(const QList<DifferenceLine> &all, qsizetype first, qsizetype end)
{
    DifferenceHunk hunk{.lines = all.sliced(first, end - first)};
    for (const DifferenceLine &line : std::as_const(hunk.lines)) {
        hunk.beforeCount += line.before > 0 ? 1 : 0;
        hunk.afterCount += line.after > 0 ? 1 : 0;
    }
    for (qsizetype i = 0; i < first; ++i) {
        hunk.beforeStart = std::max(hunk.beforeStart, all.at(i).before);
        hunk.afterStart = std::max(hunk.afterStart, all.at(i).after);
    }
    hunk.beforeStart += hunk.beforeCount > 0 ? 1 : 0;
    hunk.afterStart += hunk.afterCount > 0 ? 1 : 0;
    return hunk;
}

QString rangeText(int start, int count)
{
    return count == 1 ? QString::number(start) : u"%1,%2"_s.arg(start).arg(count);
}

} // namespace

TextDifference textDifference(const QString &before, const QString &after, int context)
{
    TextDifference difference;
    const QList<DifferenceLine> all = wholeDifference(before, after);
    const qsizetype around = std::max(context, 0);
    const auto changed = [](const DifferenceLine &line) { return line.kind != DifferenceLine::Same; };
    for (auto at = std::find_if(all.begin(), all.end(), changed); at != all.end();) {
        const qsizetype first = std::max<qsizetype>(at - all.begin() - around, 0);
        auto last = at; // the last changed line before a gap that is longer than the context of both sides
        for (auto next = at; next != all.end() && next - last <= 2 * around + 1;
             next = std::find_if(next + 1, all.end(), changed))
            last = next;
        const qsizetype end = std::min(last - all.begin() + 1 + around, all.size());
        difference.hunks += makeHunk(all, first, end);
        at = std::find_if(last + 1, all.end(), changed);
    }
    difference.removed = int(std::ranges::count(all, DifferenceLine::Removed, &DifferenceLine::kind));
    difference.added = int(std::ranges::count(all, DifferenceLine::Added, &DifferenceLine::kind));
    return difference;
}

QString unifiedDiff(const QString &before, const QString &after, const QString &beforeLabel,
                    const QString &afterLabel, int context)
{
    const TextDifference difference = textDifference(before, after, context);
    if (difference.hunks.isEmpty())
        return {};
    QString text = u"--- %1\n+++ %2\n"_s.arg(beforeLabel, afterLabel);
    for (const DifferenceHunk &hunk : difference.hunks) {
        text += u"@@ -%1 +%2 @@\n"_s.arg(rangeText(hunk.beforeStart, hunk.beforeCount),
                                         rangeText(hunk.afterStart, hunk.afterCount));
        for (const DifferenceLine &line : hunk.lines) {
            const QChar mark = line.kind == DifferenceLine::Same      ? u' '
                               : line.kind == DifferenceLine::Removed ? u'-'
                                                                      : u'+';
            text += mark + line.text + u'\n';
            if (!line.hasLineEnd)
                text += u"\\ No newline at end of file\n"_s;
        }
    }
    return text;
}

} // namespace stepwell
