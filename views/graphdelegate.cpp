// SPDX-License-Identifier: MIT
#include "views/graphdelegate.h"

#include "models/revisionlistmodel.h"
#include "views/theme.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int laneWidth = 18;
constexpr int shownLanes = 14;
constexpr int padding = 8;
constexpr int chipGap = 4;

int laneX(const QRect &rect, int lane)
{
    return rect.left() + laneWidth * (qMin(lane, shownLanes) + 1);
}

QColor background(const RevisionRow &row, bool selected, const QPalette &palette)
{
    if (selected)
        return theme::selection(palette);
    if (row.state == RevisionState::NotHere)
        return theme::rowWash(Tone::Bad, palette);
    if (row.current)
        return theme::rowWash(Tone::Info, palette);
    if (row.state == RevisionState::Pending)
        return theme::rowWash(Tone::Attention, palette);
    return palette.color(QPalette::Base);
}

/// Done long ago steps back behind what is still to come.
QColor textColour(const RevisionRow &row, const QPalette &palette)
{
    if (row.state == RevisionState::Applied && !row.current)
        return theme::mutedText(palette);
    return palette.color(QPalette::Text);
}

void paintText(QPainter *painter, const QRect &rect, const QString &text)
{
    const QRect inner = rect.adjusted(padding, 0, -padding, 0);
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, inner.width()));
}

/// A line from border to node or back; a change of lane leaves the node sideways.
QPainterPath edgePath(const QPointF &border, const QPointF &node)
{
    QPainterPath path(border);
    if (qFuzzyCompare(border.x(), node.x())) {
        path.lineTo(node);
        return path;
    }
    path.cubicTo(QPointF(border.x(), node.y()), QPointF(border.x(), node.y()), node);
    return path;
}

} // namespace

GraphDelegate::GraphDelegate(QObject *parent) : QStyledItemDelegate(parent)
{
    setFonts(QFont());
}

void GraphDelegate::setFonts(const QFont &plain)
{
    m_plain = plain;
    m_bold = plain;
    m_bold.setBold(true);
    m_fixed = theme::monospace();
    m_fixedBold = m_fixed;
    m_fixedBold.setBold(true);
}

int GraphDelegate::widthFor(int laneCount)
{
    return laneWidth * (qBound(2, laneCount, shownLanes + 1) + 1) + 4;
}

QSize GraphDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return {QStyledItemDelegate::sizeHint(option, index).width(), option.fontMetrics.height() + 14};
}

void GraphDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    const auto *row = index.data(RevisionListModel::RowRole).value<const RevisionRow *>();
    if (!row)
        return;
    const QPalette &palette = option.palette;
    const QRect rect = option.rect;
    painter->save();
    painter->setClipRect(rect);
    painter->fillRect(rect, background(*row, option.state.testFlag(QStyle::State_Selected), palette));
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme::hairline(palette));
    painter->setFont(m_plain);
    painter->setPen(textColour(*row, palette));

    switch (RevisionListModel::Column(index.column())) {
    case RevisionListModel::Graph:
        paintGraph(painter, rect, palette, *row);
        break;
    case RevisionListModel::Id:
        painter->setFont(row->current ? m_fixedBold : m_fixed);
        paintText(painter, rect, row->id.text());
        break;
    case RevisionListModel::Message:
        paintMessage(painter, rect, palette, *row);
        break;
    case RevisionListModel::State:
        // A chip only where it tells news: a thousand green ones would be noise.
        if ((row->state == RevisionState::Applied && !row->current) || row->state == RevisionState::NotKnown)
            paintText(painter, rect, row->stateText.text);
        else
            theme::paintChip(*painter, rect.adjusted(padding, 0, -4, 0), row->stateText.text,
                             row->stateText.tone, palette);
        break;
    case RevisionListModel::Risk:
        paintRisk(painter, rect, palette, *row);
        break;
    case RevisionListModel::Rollback:
        if (row->rollback.tone != Tone::Neutral)
            painter->setPen(theme::tone(row->rollback.tone, palette).strong);
        paintText(painter, rect, row->rollback.text);
        break;
    case RevisionListModel::Created:
        painter->setPen(theme::mutedText(palette));
        paintText(painter, rect, row->created);
        break;
    case RevisionListModel::ColumnCount:
        break;
    }
    painter->restore();
}

void GraphDelegate::paintGraph(QPainter *painter, const QRect &rect, const QPalette &palette,
                               const RevisionRow &row) const
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    const QPointF node(laneX(rect, row.lane.lane), rect.center().y());
    if (m_edgesShown) {
        const auto pen = [&](const LaneEdge &edge) {
            // The lanes that are too many to show are one grey line.
            const QColor colour =
                edge.colour < shownLanes ? theme::lane(edge.colour, palette) : theme::mutedText(palette);
            painter->setPen(QPen(colour, 2, edge.dashed ? Qt::DotLine : Qt::SolidLine, Qt::FlatCap));
        };
        for (const LaneEdge &edge : row.lane.through) {
            pen(edge);
            painter->drawLine(laneX(rect, edge.from), rect.top(), laneX(rect, edge.to), rect.bottom() + 1);
        }
        for (const LaneEdge &edge : row.lane.in) {
            pen(edge);
            painter->drawPath(edgePath(QPointF(laneX(rect, edge.from), rect.top()), node));
        }
        for (const LaneEdge &edge : row.lane.out) {
            pen(edge);
            painter->drawPath(edgePath(QPointF(laneX(rect, edge.to), rect.bottom() + 1), node));
        }
        // A dependency whose other end is far away stops short of the border.
        painter->setPen(QPen(theme::lane(row.lane.colour, palette), 2, Qt::DotLine, Qt::FlatCap));
        if (row.lane.neededFarAbove)
            painter->drawPath(edgePath(QPointF(node.x() + laneWidth / 2.0, rect.top() + 3), node));
        if (row.lane.dependsFarBelow)
            painter->drawPath(edgePath(QPointF(node.x() + laneWidth / 2.0, rect.bottom() - 3), node));
    }
    paintNode(painter, node, palette, row);
}

void GraphDelegate::paintNode(QPainter *painter, const QPointF &centre, const QPalette &palette,
                              const RevisionRow &row) const
{
    const bool unknown = row.state == RevisionState::NotKnown;
    QColor colour = unknown ? theme::mutedText(palette) : theme::lane(row.lane.colour, palette);
    if (row.state == RevisionState::NotHere)
        colour = theme::tone(Tone::Bad, palette).strong;
    const bool hollow = row.state == RevisionState::Pending || unknown;
    painter->setPen(QPen(colour, 2));
    painter->setBrush(hollow ? palette.color(QPalette::Base) : colour);
    const double radius = row.current ? 5.5 : hollow ? 5.0 : 4.0;
    painter->drawEllipse(centre, radius, radius);
}

/// A dot and words in the colour of what it means; what is applied is no risk any more.
void GraphDelegate::paintRisk(QPainter *painter, const QRect &rect, const QPalette &palette,
                              const RevisionRow &row) const
{
    const bool matters = row.state != RevisionState::Applied && row.risk.tone != Tone::Neutral;
    if (!matters) {
        painter->setPen(theme::mutedText(palette));
        paintText(painter, rect, row.risk.text);
        return;
    }
    constexpr int dot = 8;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme::tone(row.risk.tone, palette).strong);
    painter->drawEllipse(QRectF(rect.left() + padding, rect.center().y() - dot / 2.0 + 0.5, dot, dot));
    painter->setPen(theme::tone(row.risk.tone, palette).text);
    paintText(painter, rect.adjusted(dot + 4, 0, 0, 0), row.risk.text);
}

void GraphDelegate::paintMessage(QPainter *painter, const QRect &rect, const QPalette &palette,
                                 const RevisionRow &row) const
{
    int wanted = 0;
    for (const Chip &chip : row.chips)
        wanted += theme::chipWidth(chip.text, m_plain) + chipGap;
    painter->setFont(row.current ? m_bold : m_plain);
    const QFontMetrics metrics = painter->fontMetrics();
    QRect inner = rect.adjusted(padding, 0, -padding, 0);
    // The text gives way first, but never altogether.
    const int room = qMax(inner.width() - wanted, qMin(inner.width(), 12 * metrics.averageCharWidth()));
    const QString text = metrics.elidedText(row.message, Qt::ElideRight, room);
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft, text);
    inner.setLeft(inner.left() + metrics.horizontalAdvance(text) + chipGap);
    painter->setFont(m_plain);
    for (const Chip &chip : row.chips) {
        // A chip that is nothing but "…" tells nothing; the tooltip has them all.
        if (inner.width() < qMin(36, theme::chipWidth(chip.text, m_plain)))
            break;
        inner.setLeft(inner.left() + theme::paintChip(*painter, inner, chip.text, chip.tone, palette) +
                      chipGap);
    }
}

bool GraphDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                              const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const auto *row = index.data(RevisionListModel::RowRole).value<const RevisionRow *>();
    QString tip = index.data(Qt::ToolTipRole).toString();
    if (row && index.column() == RevisionListModel::Message) {
        QStringList chips;
        for (const Chip &chip : row->chips)
            chips.append(chip.text);
        if (!chips.isEmpty())
            tip = u"%1\n%2"_s.arg(tip, chips.join(u" · "_s));
    }
    if (tip.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPos(), tip, view->viewport());
    return true;
}

} // namespace stepwell
