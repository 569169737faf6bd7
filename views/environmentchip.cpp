// SPDX-License-Identifier: MIT
#include "views/environmentchip.h"

#include "views/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int padding = 8;
constexpr int barWidth = 4;
constexpr int gap = 6;

} // namespace

EnvironmentChip::EnvironmentChip(const QString &text, const QString &colour, QWidget *parent)
    : QWidget(parent), m_text(text), m_colour(colour.isEmpty() ? u"grey"_s : colour)
{
    setObjectName(u"environmentChip"_s);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setAccessibleName(text);
    setToolTip(text);
}

void EnvironmentChip::setTip(const QString &tip)
{
    setToolTip(tip.isEmpty() ? m_text : QString(m_text + u'\n' + tip));
    setAccessibleDescription(tip);
}

void EnvironmentChip::setFaint(bool faint)
{
    m_isFaint = faint;
    update();
}

QSize EnvironmentChip::sizeHint() const
{
    const QFontMetrics metrics(theme::chipFont(font()));
    // One more: widths are fractions.
    return {metrics.horizontalAdvance(m_text) + 2 * padding + barWidth + gap + 1, theme::chipHeight(font())};
}

QSize EnvironmentChip::minimumSizeHint() const
{
    return {qMin(60, sizeHint().width()), sizeHint().height()};
}

void EnvironmentChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor bar = theme::environmentBar(m_colour, palette());
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(m_isFaint ? QPen(theme::hairline(palette()), 1, Qt::DashLine) : QPen(bar, 1));
    painter.setBrush(m_isFaint ? QColor(Qt::transparent) : theme::environmentWash(m_colour, palette()));
    painter.drawRoundedRect(frame, 4, 4);
    painter.setPen(Qt::NoPen);
    painter.setBrush(bar);
    painter.drawRoundedRect(QRectF(padding - 2, 4, barWidth, height() - 8), 1.5, 1.5);
    painter.setFont(theme::chipFont(font()));
    painter.setPen(m_isFaint ? theme::mutedText(palette()) : palette().color(QPalette::Text));
    const QRect inner = rect().adjusted(padding - 2 + barWidth + gap, 0, -padding + 2, 0);
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(m_text, Qt::ElideMiddle, inner.width()));
}

} // namespace stepwell
