// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

namespace stepwell {

/// Draws one cell of the overview: chip above revision, or component above file.
class OverviewDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace stepwell
