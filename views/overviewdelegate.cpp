// SPDX-License-Identifier: MIT
#include "views/overviewdelegate.h"

#include "models/overviewmodel.h"
#include "views/theme.h"

#include <QPainter>

namespace stepwell {

namespace {

constexpr int margin = 14;
constexpr int lineGap = 4;

void drawLine(QPainter *painter, const QRect &rect, const QString &text)
{
    painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
}

} // namespace

QSize OverviewDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *cell = index.data(OverviewModel::CellRole).value<const OverviewCell *>();
    int width = QFontMetrics(theme::monospace())
                    .horizontalAdvance(index.data(OverviewModel::SubtitleRole).toString());
    if (cell) {
        const QFontMetrics metrics(cell->isRevision ? theme::monospace() : option.font);
        width = metrics.horizontalAdvance(cell->text);
        if (cell->chip)
            width = qMax(width, theme::chipWidth(cell->chip->text, option.font));
    }
    return {width + 2 * margin + 8, 2 * option.fontMetrics.height() + 42};
}

void OverviewDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const QPalette &palette = option.palette;
    painter->save();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool hover =
        option.state.testFlag(QStyle::State_MouseOver) && index.flags().testFlag(Qt::ItemIsSelectable);
    painter->fillRect(option.rect, selected ? theme::selection(palette)
                                   : hover  ? theme::rowWash(theme::Tone::Accent, palette)
                                            : palette.color(QPalette::Base));
    const QColor line = theme::hairline(palette);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), line);
    painter->fillRect(QRect(option.rect.right(), option.rect.top(), 1, option.rect.height()), line);

    const int height = option.fontMetrics.height() + 2;
    const QRect inner = option.rect.adjusted(margin, 0, -margin, 0);
    const int middle = inner.center().y();
    const QRect upper(inner.left(), middle - height - lineGap / 2, inner.width(), height);
    const QRect lower(inner.left(), middle + lineGap / 2, inner.width(), height);
    painter->setFont(option.font);

    const auto *cell = index.data(OverviewModel::CellRole).value<const OverviewCell *>();
    if (!cell) {
        QFont bold = option.font;
        bold.setBold(true);
        painter->setFont(bold);
        painter->setPen(palette.color(QPalette::Text));
        drawLine(painter, upper, index.data().toString());
        painter->setFont(theme::monospace());
        painter->setPen(theme::mutedText(palette));
        drawLine(painter, lower, index.data(OverviewModel::SubtitleRole).toString());
    } else if (!cell->chip) {
        painter->setPen(theme::mutedText(palette));
        drawLine(painter, QRect(inner.left(), middle - height / 2, inner.width(), height),
                 index.data().toString());
    } else {
        theme::paintChip(*painter, upper, cell->chip->text, cell->chip->tone, palette);
        painter->setFont(cell->isRevision ? theme::monospace() : option.font);
        painter->setPen(cell->isRevision ? palette.color(QPalette::Text) : theme::mutedText(palette));
        drawLine(painter, lower, cell->text);
    }
    painter->restore();
}

} // namespace stepwell
