// SPDX-License-Identifier: MIT
#include "views/runbutton.h"

#include "views/theme.h"

#include <QEvent>

namespace stepwell {

RunButton::RunButton(const QString &text, QWidget *parent) : QPushButton(text, parent) {}

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

void RunButton::applyColour()
{
    m_applying = true;
    const QPalette around = parentWidget() ? parentWidget()->palette() : QPalette();
    QPalette own; // with these colours set, so that the others keep following
    if (m_tone) {
        const bool dark = theme::isDark(around);
        const QColor strong = *m_tone == Tone::Bad ? (dark ? QColor(0xc9, 0x3a, 0x36) : QColor(0xc6, 0x28, 0x28))
                                                   : theme::tone(*m_tone, around).background;
        QColor faded = strong;
        const QColor window = around.color(QPalette::Window);
        faded.setRgb((strong.red() + window.red()) / 2, (strong.green() + window.green()) / 2,
                     (strong.blue() + window.blue()) / 2);
        for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Inactive}) {
            own.setColor(group, QPalette::Button, strong);
            own.setColor(group, QPalette::ButtonText, Qt::white);
        }
        own.setColor(QPalette::Disabled, QPalette::Button, faded);
        own.setColor(QPalette::Disabled, QPalette::ButtonText, dark ? QColor(0xd0, 0xd0, 0xd0) : QColor(Qt::white));
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
