// SPDX-License-Identifier: MIT
#pragma once

#include <QProxyStyle>

namespace stepwell {

/// Fusion outlines boxes, radio buttons and fields in a darker shade of the window, which in the dark is next
/// to nothing: there they get a lighter line.
class IndicatorStyle : public QProxyStyle
{
    Q_OBJECT

public:
    IndicatorStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
};

} // namespace stepwell
