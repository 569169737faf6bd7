// SPDX-License-Identifier: MIT
#pragma once

#include "models/chip.h"

#include <QFrame>

class QVBoxLayout;

namespace stepwell {

class ChipLabel;

/// A rounded box with a bold title, a chip at its right and whatever is put below.
class RunCard : public QFrame
{
    Q_OBJECT

public:
    explicit RunCard(const QString &title, QWidget *parent = nullptr);

    [[nodiscard]] QVBoxLayout *body() const { return m_body; }
    void setChip(const Chip &chip);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QVBoxLayout *m_body;
    ChipLabel *m_chip;
};

} // namespace stepwell
