// SPDX-License-Identifier: MIT
#include "app/cli/textgraph.h"

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

/// One line of the drawing: a character for each lane and one between each two.
class Canvas
{
public:
    void put(int lane, char16_t c) { at(2 * lane) = c; }

    void vertical(const LaneEdge &edge)
    {
        put(edge.from, edge.from == sharedLane ? u'║' : edge.dashed ? u'┆' : u'│');
    }

    /// Behind a node: the other end of a dependency is too far away for a line.
    void mark(int lane, bool above, bool below)
    {
        if (above || below)
            at(2 * lane + 1) = above && below ? u'↕' : above ? u'↑' : u'↓';
    }

    /// Along the line from the node's lane to another: it passes over lanes, and turns at the end.
    void turn(int node, int lane, bool dashed, char16_t left, char16_t right, char16_t tee)
    {
        const int from = std::min(node, lane);
        const int to = std::max(node, lane);
        for (int column = 2 * from + 1; column < 2 * to; ++column) {
            QChar &c = at(column);
            if (c == u'│' || c == u'┆')
                c = u'┼';
            else if (c == u' ')
                c = dashed ? u'┄' : u'─';
            else if (c == u'├' || c == u'┤')
                c = u'┼';
            else if (c == left || c == right)
                c = tee;
        }
        // A line that goes on past the turn stays whole.
        QChar &end = at(2 * lane);
        if (lane == sharedLane)
            end = end == u'║' ? u'╢' : right == u'╯' ? u'╜' : u'╖';
        else if (end == u'│' || end == u'┆')
            end = lane < node ? u'├' : u'┤';
        else
            end = lane < node ? left : right;
        QChar &start = at(2 * node);
        const bool both = start == (lane < node ? u'├' : u'┤');
        start = both ? u'┼' : lane < node ? u'┤' : u'├';
    }

    [[nodiscard]] QString text() const { return m_text; }

private:
    QChar &at(int column)
    {
        if (column >= m_text.size())
            m_text.resize(column + 1, u' ');
        return m_text[column];
    }

    QString m_text;
};

/// Lines that do not come straight down into the node, or leave it sideways.
bool hasTurns(const QList<LaneEdge> &edges)
{
    return std::ranges::any_of(edges, [](const LaneEdge &edge) { return edge.from != edge.to; });
}

QString arriving(const LaneRow &row)
{
    Canvas canvas;
    for (const LaneEdge &edge : row.through)
        canvas.vertical(edge);
    canvas.put(row.lane, u'│');
    for (const LaneEdge &edge : row.in) {
        if (edge.from != row.lane)
            canvas.turn(row.lane, edge.from, edge.dashed, u'╰', u'╯', u'┴');
    }
    return canvas.text();
}

QString leaving(const LaneRow &row)
{
    Canvas canvas;
    for (const LaneEdge &edge : row.through)
        canvas.vertical(edge);
    // The node's own line goes on only if one leaves straight down.
    const bool straight =
        std::ranges::any_of(row.out, [&](const LaneEdge &edge) { return edge.to == row.lane; });
    canvas.put(row.lane, straight ? u'│' : u'╵');
    for (const LaneEdge &edge : row.out) {
        if (edge.to != row.lane)
            canvas.turn(row.lane, edge.to, edge.dashed, u'╭', u'╮', u'┬');
    }
    return canvas.text();
}

QString nodeLine(const LaneRow &row)
{
    Canvas canvas;
    for (const LaneEdge &edge : row.through)
        canvas.vertical(edge);
    canvas.put(row.lane, row.kind == NodeKind::Head ? u'◉' : u'○');
    canvas.mark(row.lane, row.neededFarAbove, row.dependsFarBelow);
    // The column between the last lane and the text is there, marked or not.
    return canvas.text().leftJustified((canvas.text().size() + 1) / 2 * 2);
}

} // namespace

QStringList graphLines(const LaneLayout &layout, const QStringList &texts)
{
    // Wide graphs push their own text aside, not that of all others.
    constexpr int aligned = 12;
    const auto width = 2 * std::min(layout.laneCount, aligned) - 1;
    QStringList lines;
    for (qsizetype at = 0; at < layout.rows.size(); ++at) {
        const LaneRow &row = layout.rows.at(at);
        if (hasTurns(row.in))
            lines += arriving(row);
        lines += QString(nodeLine(row).leftJustified(width + 1) + u" "_s + texts.value(at));
        if (hasTurns(row.out))
            lines += leaving(row);
    }
    return lines;
}

} // namespace stepwell::cli
