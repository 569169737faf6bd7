// SPDX-License-Identifier: MIT
#include "views/runmarks.h"

#include "views/theme.h"

#include <QPainter>
#include <QPainterPath>

namespace stepwell {

namespace {

QColor colourOf(RunMark mark, const QPalette &palette)
{
    switch (mark) {
    case RunMark::Passed:
        return theme::tone(Tone::Good, palette).strong;
    case RunMark::Warning:
    case RunMark::Unknown:
        return theme::tone(Tone::Attention, palette).strong;
    case RunMark::Failed:
        return theme::tone(Tone::Bad, palette).strong;
    case RunMark::Running:
        return theme::tone(Tone::Info, palette).strong;
    case RunMark::Waiting:
    case RunMark::NotRun:
        break;
    }
    return theme::mutedText(palette);
}

} // namespace

void paintRunMark(QPainter &painter, const QRect &rect, RunMark mark, const QPalette &palette)
{
    const QColor colour = colourOf(mark, palette);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(QRectF(rect).center());
    painter.setPen(QPen(colour, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    switch (mark) {
    case RunMark::Passed:
        painter.drawPolyline(QPolygonF{{-4, 0.5}, {-1.2, 3.5}, {4.2, -3.5}});
        break;
    case RunMark::Failed:
        painter.drawLine(QPointF(-3.3, -3.3), QPointF(3.3, 3.3));
        painter.drawLine(QPointF(-3.3, 3.3), QPointF(3.3, -3.3));
        break;
    case RunMark::Warning:
        painter.drawLine(QPointF(0, -4.5), QPointF(0, 1));
        painter.drawPoint(QPointF(0, 4.5));
        break;
    case RunMark::Unknown: {
        QPainterPath path(QPointF(-2.6, -2.4));
        path.cubicTo(-2.6, -5.6, 2.8, -5.6, 2.8, -2.4);
        path.cubicTo(2.8, -0.4, 0, -0.6, 0, 1.6);
        painter.drawPath(path);
        painter.drawPoint(QPointF(0, 5));
        break;
    }
    case RunMark::Running:
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF{{-3.5, -5}, {-3.5, 5}, {5, 0}});
        break;
    case RunMark::Waiting:
        painter.setPen(QPen(colour, 1.2));
        painter.drawEllipse(QPointF(0, 0), 4, 4);
        break;
    case RunMark::NotRun:
        painter.drawLine(QPointF(-3.5, 0), QPointF(3.5, 0));
        break;
    }
    painter.restore();
}

} // namespace stepwell
