// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

namespace stepwell {

/// Draws the side bar's tree: the environment's colour, names, chips at the right.
class TargetDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace stepwell
