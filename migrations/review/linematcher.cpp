// SPDX-License-Identifier: MIT
#include "migrations/review/linematcher.h"

#include <QSet>

#include <algorithm>
#include <limits>
#include <vector>

namespace stepwell {

namespace {

constexpr int longestSearch =
    2048; ///< changes of one split; beyond it a good split serves as well as the best

/// A part of the grid of both texts: before[x, xEnd) against after[y, yEnd).
struct Box {
    int x = 0;
    int xEnd = 0;
    int y = 0;
    int yEnd = 0;
};

struct Point {
    int x = 0;
    int y = 0;
};

class Matcher
{
public:
    Matcher(const std::vector<int> &before, const std::vector<int> &after)
        : isMatchedBefore(before.size())
        , isMatchedAfter(after.size())
        , m_before(before)
        , m_after(after)
        , m_zero(int(after.size()) + 1)
        , m_forward(before.size() + after.size() + 3)
        , m_backward(before.size() + after.size() + 3)
    {
    }

    void match(Box box);

    std::vector<bool> isMatchedBefore;
    std::vector<bool> isMatchedAfter;

private:
    /// Diagonals x - y that a search has reached, and those that there are.
    struct Band {
        int low;
        int high;
        int least;
        int greatest;
    };

    [[nodiscard]] Point split(const Box &box);
    [[nodiscard]] bool searchForward(const Box &box, Band &band, const Band &other, bool meets, Point &found);
    [[nodiscard]] bool searchBackward(const Box &box, Band &band, const Band &other, bool meets,
                                      Point &found);
    [[nodiscard]] Point furthest(const Box &box, const Band &forward, const Band &backward) const;
    void pair(int x, int y)
    {
        isMatchedBefore[size_t(x)] = true;
        isMatchedAfter[size_t(y)] = true;
    }
    [[nodiscard]] bool same(int x, int y) const { return m_before[size_t(x)] == m_after[size_t(y)]; }
    int &forward(int diagonal) { return m_forward[size_t(diagonal + m_zero)]; }
    int &backward(int diagonal) { return m_backward[size_t(diagonal + m_zero)]; }

    const std::vector<int> &m_before;
    const std::vector<int> &m_after;
    int m_zero;                 ///< place of diagonal 0
    std::vector<int> m_forward; ///< furthest x on each diagonal
    std::vector<int> m_backward;
};

void Matcher::match(Box box)
{
    while (box.x < box.xEnd && box.y < box.yEnd && same(box.x, box.y))
        pair(box.x++, box.y++);
    while (box.x < box.xEnd && box.y < box.yEnd && same(box.xEnd - 1, box.yEnd - 1))
        pair(--box.xEnd, --box.yEnd);
    if (box.x == box.xEnd || box.y == box.yEnd)
        return;
    const Point middle = split(box);
    match({box.x, middle.x, box.y, middle.y});
    match({middle.x, box.xEnd, middle.y, box.yEnd});
}

/// A point on a shortest way through the box, found from both ends at once.
Point Matcher::split(const Box &box)
{
    const int start = box.x - box.y;
    const int end = box.xEnd - box.yEnd;
    const int least = box.x - box.yEnd;
    const int greatest = box.xEnd - box.y;
    Band ahead{start, start, least, greatest};
    Band back{end, end, least, greatest};
    const bool odd = ((start - end) & 1) != 0;
    forward(start) = box.x;
    backward(end) = box.xEnd;
    for (int changes = 1;; ++changes) {
        Point found;
        if (searchForward(box, ahead, back, odd, found) || searchBackward(box, back, ahead, !odd, found))
            return found;
        if (changes >= longestSearch)
            return furthest(box, ahead, back);
    }
}

bool Matcher::searchForward(const Box &box, Band &band, const Band &other, bool meets, Point &found)
{
    if (band.low > band.least)
        forward(--band.low - 1) = -1;
    else
        ++band.low;
    if (band.high < band.greatest)
        forward(++band.high + 1) = -1;
    else
        --band.high;
    for (int diagonal = band.high; diagonal >= band.low; diagonal -= 2) {
        int x = std::max(forward(diagonal - 1) + 1, forward(diagonal + 1));
        while (x < box.xEnd && x - diagonal < box.yEnd && same(x, x - diagonal))
            ++x;
        forward(diagonal) = x;
        if (meets && other.low <= diagonal && diagonal <= other.high && backward(diagonal) <= x) {
            found = {x, x - diagonal};
            return true;
        }
    }
    return false;
}

bool Matcher::searchBackward(const Box &box, Band &band, const Band &other, bool meets, Point &found)
{
    constexpr int unreached = std::numeric_limits<int>::max();
    if (band.low > band.least)
        backward(--band.low - 1) = unreached;
    else
        ++band.low;
    if (band.high < band.greatest)
        backward(++band.high + 1) = unreached;
    else
        --band.high;
    for (int diagonal = band.high; diagonal >= band.low; diagonal -= 2) {
        int x = std::min(backward(diagonal - 1), backward(diagonal + 1) - 1);
        while (box.x < x && box.y < x - diagonal && same(x - 1, x - diagonal - 1))
            --x;
        backward(diagonal) = x;
        if (meets && other.low <= diagonal && diagonal <= other.high && x <= forward(diagonal)) {
            found = {x, x - diagonal};
            return true;
        }
    }
    return false;
}

/// Where the search came furthest from one of the ends.
Point Matcher::furthest(const Box &box, const Band &ahead, const Band &back) const
{
    Point best{box.x, box.y};
    for (int diagonal = ahead.high; diagonal >= ahead.low; diagonal -= 2) {
        const int reached = m_forward[size_t(diagonal + m_zero)];
        const int x = std::min({reached, box.xEnd, box.yEnd + diagonal});
        if (x + x - diagonal > best.x + best.y)
            best = {x, x - diagonal};
    }
    Point nearest{box.xEnd, box.yEnd};
    for (int diagonal = back.high; diagonal >= back.low; diagonal -= 2) {
        const int reached = m_backward[size_t(diagonal + m_zero)];
        const int x = std::max({reached, box.x, box.y + diagonal});
        if (x + x - diagonal < nearest.x + nearest.y)
            nearest = {x, x - diagonal};
    }
    const int fromStart = best.x + best.y - box.x - box.y;
    const int fromEnd = box.xEnd + box.yEnd - nearest.x - nearest.y;
    return fromStart > fromEnd ? best : nearest;
}

/// Lines that the other text has, too, with their places. The others cannot match and would only be searched.
struct Candidates {
    std::vector<int> lines;
    std::vector<qsizetype> places;
};

Candidates candidates(const QList<int> &lines, const QList<int> &others)
{
    const QSet<int> known(others.begin(), others.end());
    Candidates found;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (!known.contains(lines.at(i)))
            continue;
        found.lines.push_back(lines.at(i));
        found.places.push_back(i);
    }
    return found;
}

QList<bool> spread(const std::vector<bool> &isMatched, const std::vector<qsizetype> &places, qsizetype size)
{
    QList<bool> all(size, false);
    for (size_t i = 0; i < places.size(); ++i)
        all[places[i]] = isMatched[i];
    return all;
}

} // namespace

MatchedLines matchLines(const QList<int> &before, const QList<int> &after)
{
    const Candidates left = candidates(before, after);
    const Candidates right = candidates(after, before);
    Matcher matcher(left.lines, right.lines);
    matcher.match({0, int(left.lines.size()), 0, int(right.lines.size())});
    return {.before = spread(matcher.isMatchedBefore, left.places, before.size()),
            .after = spread(matcher.isMatchedAfter, right.places, after.size())};
}

} // namespace stepwell
