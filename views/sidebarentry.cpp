// SPDX-License-Identifier: MIT
#include "views/sidebarentry.h"

#include "views/theme.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOptionFocusRect>

namespace stepwell {

namespace {

constexpr int margin = 12;

} // namespace

SidebarEntry::SidebarEntry(const QString &text, QWidget *parent) : QAbstractButton(parent)
{
    setText(text);
    setAccessibleName(text);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void SidebarEntry::setCount(const QString &count)
{
    m_count = count;
    setAccessibleDescription(count);
    update();
}

void SidebarEntry::setBold(bool bold)
{
    QFont changed = font();
    changed.setBold(bold);
    setFont(changed);
}

QSize SidebarEntry::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + fontMetrics().horizontalAdvance(m_count) + 3 * margin,
            fontMetrics().height() + 13};
}

void SidebarEntry::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (isChecked())
        painter.fillRect(rect(), theme::selection(palette()));
    else if (underMouse())
        painter.fillRect(rect(), theme::rowWash(theme::Tone::Accent, palette()));
    QRect inner = rect().adjusted(margin, 0, -margin, 0);
    painter.setFont(font());
    painter.setPen(theme::mutedText(palette()));
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignRight, m_count);
    if (!m_count.isEmpty())
        inner.setRight(inner.right() - fontMetrics().horizontalAdvance(m_count) - margin);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignLeft,
                     fontMetrics().elidedText(text(), Qt::ElideRight, inner.width()));
    if (hasFocus()) {
        QStyleOptionFocusRect option;
        option.initFrom(this);
        option.backgroundColor = palette().color(QPalette::Base);
        style()->drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter, this);
    }
}

} // namespace stepwell
