// SPDX-License-Identifier: MIT
#pragma once

#include "models/chip.h"

#include <QWidget>

namespace stepwell {

/// A chip as a widget of its own. Hidden while it has no text.
class ChipLabel : public QWidget
{
    Q_OBJECT

public:
    explicit ChipLabel(QWidget *parent = nullptr);

    void setChip(const Chip &chip);
    [[nodiscard]] const Chip &chip() const { return m_chip; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Chip m_chip;
};

} // namespace stepwell
