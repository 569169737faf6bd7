// SPDX-License-Identifier: MIT
#pragma once

#include "models/chip.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;

namespace stepwell {

class ChipLabel;
class ElidedLabel;

/// The head of a page, in the environment's colour, so that nobody mistakes where they are.
class Banner : public QWidget
{
    Q_OBJECT

public:
    explicit Banner(QWidget *parent = nullptr);

    /// The environment's colour as the workspace says it.
    void setColour(const QString &colour);
    void setTitle(const QString &title);
    /// The second line, in the fixed-width font.
    void setLine(const QString &line);
    /// At the right, in this order.
    void setChips(const Chips &chips);
    [[nodiscard]] Chips chips() const { return m_chips; }
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString line() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void applyColours();

    QString m_colour;
    Chips m_chips;
    ElidedLabel *m_title;
    ElidedLabel *m_line;
    QHBoxLayout *m_chipRow;
    QList<ChipLabel *> m_chipLabels;
};

} // namespace stepwell
