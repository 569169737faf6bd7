// SPDX-License-Identifier: MIT
#pragma once

#include "models/targetfacts.h"

#include <QWidget>

class QHBoxLayout;

namespace stepwell {

class ElidedLabel;

/// Labelled values side by side. Narrow, each gives way and keeps its whole text as tooltip.
/// The value labels are named "fact-" and the fact's name.
class FactStrip : public QWidget
{
    Q_OBJECT

public:
    explicit FactStrip(QWidget *parent = nullptr);

    void setFacts(const QList<Fact> &facts);
    [[nodiscard]] const QList<Fact> &facts() const { return m_facts; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Cell {
        QWidget *box;
        ElidedLabel *label;
        ElidedLabel *value;
    };
    Cell makeCell();
    void fill(const Cell &cell, const Fact &fact) const;

    QList<Fact> m_facts;
    QList<Cell> m_cells;
    QHBoxLayout *m_row;
};

} // namespace stepwell
