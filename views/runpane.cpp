// SPDX-License-Identifier: MIT
#include "views/runpane.h"

#include "views/theme.h"

#include <QPainter>
#include <QScrollArea>

namespace stepwell {

namespace {

constexpr QRgb alarm = 0xffb3221f; // white on it is readable in dark and light

} // namespace

RunPane::RunPane(Ground ground, QWidget *parent) : QWidget(parent), m_ground(ground)
{
    if (ground == Alarm) {
        QPalette own;
        own.setColor(QPalette::WindowText, Qt::white);
        setPalette(own);
    }
}

QScrollArea *RunPane::scrolled(RunPane *pane)
{
    auto *area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    area->setWidget(pane);
    return area;
}

void RunPane::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    switch (m_ground) {
    case Base:
        painter.fillRect(rect(), palette().color(QPalette::Base));
        break;
    case Window:
        painter.fillRect(rect(), palette().color(QPalette::Window));
        break;
    case Bar:
        painter.fillRect(rect(), palette().color(QPalette::Window));
        painter.fillRect(QRect(0, 0, width(), 1), theme::hairline(palette()));
        break;
    case Alarm:
        painter.fillRect(rect(), QColor(alarm));
        break;
    }
}

} // namespace stepwell
