// SPDX-License-Identifier: MIT
#include "views/indicatorstyle.h"

#include "views/theme.h"

#include <QPainter>
#include <QStyleOption>

namespace stepwell {

using namespace Qt::StringLiterals;

IndicatorStyle::IndicatorStyle() : QProxyStyle(u"Fusion"_s) {}

void IndicatorStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                   const QWidget *widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool isRound = element == PE_IndicatorRadioButton;
    const bool isField = element == PE_FrameLineEdit;
    if ((!isRound && !isField && element != PE_IndicatorCheckBox) || !theme::isDark(option->palette))
        return;
    if (isField && (option->state & State_HasFocus))
        return; // Fusion's own line shows
    const bool isEnabled = option->state & State_Enabled;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(isField || !isEnabled ? theme::hairline(option->palette)
                                          : theme::mutedText(option->palette));
    const QRectF rect = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
    if (isRound)
        painter->drawEllipse(rect);
    else
        painter->drawRoundedRect(rect, 2, 2);
    painter->restore();
}

} // namespace stepwell
