// SPDX-License-Identifier: MIT
#include "views/targetdelegate.h"

#include "models/targettreemodel.h"
#include "views/theme.h"

#include <QPainter>

namespace stepwell {

namespace {

constexpr int margin = 12;
constexpr int indent = 26;

} // namespace

QSize TargetDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {60, option.fontMetrics.height() + 13};
}

void TargetDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    const bool target = index.parent().isValid();
    const QPalette &palette = option.palette;
    painter->save();
    if (target && option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, theme::selection(palette));
    else if (target && option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, theme::rowWash(theme::Tone::Accent, palette));

    QFont font = option.font;
    painter->setFont(font);
    QRect rect = option.rect.adjusted(target ? indent : margin, 0, -margin, 0);
    const Chips chips = index.data(TargetTreeModel::ChipsRole).value<Chips>();
    for (auto chip = chips.crbegin(); chip != chips.crend(); ++chip) {
        // A name always keeps some room beside its chip.
        const int width = qMin(theme::chipWidth(chip->text, font), rect.width() * 3 / 5);
        const QRect place(rect.right() - width + 1, rect.top(), width, rect.height());
        theme::paintChip(*painter, place, chip->text, chip->tone, palette);
        rect.setRight(place.left() - 6);
    }
    if (!target) {
        const int height = option.fontMetrics.height() - 2;
        const QRect bar(rect.left(), rect.center().y() - height / 2, 4, height);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme::environmentBar(index.data(TargetTreeModel::ColourRole).toString(), palette));
        painter->drawRoundedRect(bar, 1.5, 1.5);
        rect.setLeft(rect.left() + 12);
        font.setBold(true);
        painter->setFont(font);
    }
    painter->setPen(palette.color(QPalette::Active, QPalette::Text));
    const QString text = index.data(Qt::DisplayRole).toString();
    painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
    painter->restore();
}

} // namespace stepwell
