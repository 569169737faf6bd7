// SPDX-License-Identifier: MIT
#pragma once

#include <QHeaderView>

namespace stepwell {

/// A calm header in line with the cells below; a section may carry a bar in an environment's colour.
class TableHeader : public QHeaderView
{
    Q_OBJECT

public:
    /// `margin`: pixels left of the text, as in the cells. `barHeight`: 0 for no bars.
    TableHeader(int margin, int barHeight, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;

private:
    int m_margin;
    int m_barHeight;
};

} // namespace stepwell
