// SPDX-License-Identifier: MIT
#include "views/planlink.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QStyleOptionFocusRect>
#include <QToolTip>

namespace stepwell {

namespace {

constexpr int margin = 2; // for the focus frame
constexpr int shortest = 40;

} // namespace

PlanLink::PlanLink(const QString &text, QWidget *parent) : QAbstractButton(parent)
{
    setText(text);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QSize PlanLink::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    // One more: widths are fractions, and a link that just fits must not be cut short.
    return {metrics.horizontalAdvance(text()) + 2 * margin + 1, metrics.height() + 2};
}

QSize PlanLink::minimumSizeHint() const
{
    const QSize wanted = sizeHint();
    return {qMin(shortest, wanted.width()), wanted.height()};
}

QString PlanLink::elided() const
{
    return fontMetrics().elidedText(text(), Qt::ElideRight, width() - 2 * margin);
}

void PlanLink::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool enabled = isEnabled();
    QFont font = this->font();
    font.setUnderline(enabled);
    painter.setFont(font);
    painter.setPen(enabled ? palette().color(QPalette::Link)
                           : palette().color(QPalette::Disabled, QPalette::WindowText));
    painter.drawText(rect().adjusted(margin, 0, -margin, 0), int(Qt::AlignLeft | Qt::AlignVCenter), elided());
    if (hasFocus()) {
        QStyleOptionFocusRect option;
        option.initFrom(this);
        style()->drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter, this);
    }
}

/// As a link: Return follows it too. In a dialog it would press the default button otherwise.
void PlanLink::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

bool PlanLink::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && elided() != text()) {
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), text(), this);
        return true;
    }
    return QAbstractButton::event(event);
}

} // namespace stepwell
