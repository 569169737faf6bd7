// SPDX-License-Identifier: MIT
#include "views/runlabel.h"

#include "views/theme.h"

#include <QEvent>

namespace stepwell {

RunLabel::RunLabel(const QString &text, Look look, QWidget *parent) : QLabel(text, parent), m_look(look)
{
    setTextFormat(Qt::PlainText);
    applyLook();
    applyColour();
}

void RunLabel::setTone(Tone tone)
{
    m_tone = tone;
    applyColour();
}

void RunLabel::applyLook()
{
    if (m_look == Plain || m_look == Muted)
        return;
    QFont look = m_look == Mono ? theme::monospace() : font();
    look.setBold(m_look == Bold || m_look == Title);
    if (m_look == Title)
        look = theme::scaled(look, 1.25);
    setFont(look);
}

void RunLabel::applyColour()
{
    m_applying = true;
    const QPalette around = parentWidget() ? parentWidget()->palette() : QPalette();
    QPalette own; // with one colour set, so that the others keep following
    if (m_tone)
        own.setColor(QPalette::WindowText, theme::tone(*m_tone, around).strong);
    else if (m_look == Muted)
        own.setColor(QPalette::WindowText, theme::mutedText(around));
    setPalette(own);
    m_applying = false;
}

void RunLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    const bool colours = event->type() == QEvent::PaletteChange || event->type() == QEvent::ParentChange;
    if (colours && !m_applying)
        applyColour();
}

} // namespace stepwell
