// SPDX-License-Identifier: MIT
#include "views/runcelldelegate.h"

#include "views/theme.h"

#include <QApplication>
#include <QHeaderView>
#include <QPainter>
#include <QTableView>

namespace stepwell {

RunCellDelegate::RunCellDelegate(QObject *parent) : QStyledItemDelegate(parent) {}

void RunCellDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (m_mono.contains(index.column()))
        option->font = theme::monospace();
    QColor text = option->palette.color(QPalette::Text);
    if (m_muted.contains(index.column()))
        text = theme::mutedText(option->palette);
    if (m_severityRole >= 0) {
        const int severity = index.data(m_severityRole).toInt();
        if (severity > 0)
            text = theme::tone(severity == 1 ? Tone::Attention : Tone::Bad, option->palette).text;
    }
    const QColor selection = theme::selection(option->palette);
    for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Inactive}) {
        option->palette.setColor(group, QPalette::Text, text);
        option->palette.setColor(group, QPalette::Highlight, selection);
        option->palette.setColor(group, QPalette::HighlightedText, text);
    }
}

void RunCellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    cell.state &= ~QStyle::State_HasFocus; // whole rows are chosen, a frame on one cell only distracts
    const QVariant chip = m_chipRole >= 0 ? index.data(m_chipRole) : QVariant();
    if (chip.canConvert<Chip>())
        cell.text.clear();
    // Words at the right keep off the next column, or the edge of the window.
    if (cell.displayAlignment & Qt::AlignRight) {
        if (cell.state & QStyle::State_Selected)
            painter->fillRect(cell.rect, theme::selection(option.palette));
        cell.rect.adjust(0, 0, -10, 0);
    }
    const QStyle *style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    painter->save();
    if (chip.canConvert<Chip>()) {
        const Chip value = chip.value<Chip>();
        painter->setFont(option.font);
        theme::paintChip(*painter, cell.rect.adjusted(4, 0, -4, 0), value.text, value.tone, option.palette);
    }
    if (m_hairline) {
        painter->setPen(theme::hairline(option.palette));
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    }
    painter->restore();
}

QSize RunCellDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (m_chipRole >= 0) {
        if (const QVariant chip = index.data(m_chipRole); chip.canConvert<Chip>())
            size.setWidth(theme::chipWidth(chip.value<Chip>().text, option.font) + 12);
    }
    return {size.width() + 14, qMax(size.height(), option.fontMetrics.height() + 10)};
}

void RunCellDelegate::dress(QTableView *table)
{
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTextElideMode(Qt::ElideRight);
    table->setTabKeyNavigation(false);
    table->setCornerButtonEnabled(false);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 11);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->horizontalHeader()->setMinimumSectionSize(28);
}

} // namespace stepwell
