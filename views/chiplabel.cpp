// SPDX-License-Identifier: MIT
#include "views/chiplabel.h"

#include "views/theme.h"

#include <QPainter>

namespace stepwell {

ChipLabel::ChipLabel(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setVisible(false);
}

void ChipLabel::setChip(const Chip &chip)
{
    m_chip = chip;
    setAccessibleName(chip.text);
    setVisible(!chip.text.isEmpty());
    updateGeometry();
    update();
}

QSize ChipLabel::sizeHint() const
{
    return {theme::chipWidth(m_chip.text, font()), theme::chipHeight(font())};
}

void ChipLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(font());
    theme::paintChip(painter, rect(), m_chip.text, m_chip.tone, palette());
}

} // namespace stepwell
