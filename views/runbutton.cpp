// SPDX-License-Identifier: MIT
#include "views/runbutton.h"

#include "views/theme.h"

#include <QEvent>

namespace stepwell {

RunButton::RunButton(const QString &text, QWidget *parent) : QPushButton(text, parent) {}

QSize RunButton::sizeHint() const
{
    // Fusion leaves no room beside the words once they are wider than its smallest button.
    const int words = fontMetrics().size(Qt::TextShowMnemonic, text()).width();
    const QSize hint = QPushButton::sizeHint();
    return {qMax(hint.width(), words + 26), hint.height() + 4};
}

void RunButton::setTone(Tone tone)
{
    m_tone = tone;
    applyColour();
}

void RunButton::clearTone()
{
    m_tone.reset();
    applyColour();
}

namespace {

/// Fusion takes a quarter of the saturation off a button and lightens it; this is undone beforehand,
/// so that white words stay readable.
QColor forFusion(const QColor &wanted)
{
    float hue = 0;
    float saturation = 0;
    float value = 0;
    wanted.getHsvF(&hue, &saturation, &value);
    return QColor::fromHsvF(qMax(0.0F, hue), qMin(1.0F, saturation / 0.75F), value / 1.28F);
}

} // namespace

void RunButton::applyColour()
{
    m_applying = true;
    const QPalette around = parentWidget() ? parentWidget()->palette() : QPalette();
    QPalette own; // with these colours set, so that the others keep following
    if (m_tone) {
        const bool dark = theme::isDark(around);
        const QColor strong = *m_tone == Tone::Bad
                                  ? (dark ? QColor(0xc9, 0x3a, 0x36) : QColor(0xc6, 0x28, 0x28))
                                  : theme::tone(*m_tone, around).background;
        QColor faded = strong;
        const QColor window = around.color(QPalette::Window);
        faded.setRgb((strong.red() + window.red()) / 2, (strong.green() + window.green()) / 2,
                     (strong.blue() + window.blue()) / 2);
        for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Inactive}) {
            own.setColor(group, QPalette::Button, forFusion(strong));
            own.setColor(group, QPalette::ButtonText, Qt::white);
        }
        own.setColor(QPalette::Disabled, QPalette::Button, faded);
        own.setColor(QPalette::Disabled, QPalette::ButtonText,
                     dark ? QColor(0xd0, 0xd0, 0xd0) : QColor(Qt::white));
    }
    setPalette(own);
    m_applying = false;
}

void RunButton::changeEvent(QEvent *event)
{
    QPushButton::changeEvent(event);
    const bool colours = event->type() == QEvent::PaletteChange || event->type() == QEvent::ParentChange;
    if (colours && !m_applying)
        applyColour();
}

} // namespace stepwell
