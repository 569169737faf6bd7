// SPDX-License-Identifier: MIT
#include "views/tableheader.h"

#include "models/overviewmodel.h"
#include "views/theme.h"

#include <QPainter>

namespace stepwell {

TableHeader::TableHeader(int margin, int barHeight, QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent), m_margin(margin), m_barHeight(barHeight)
{
    setSectionsClickable(false);
    setHighlightSections(false);
}

QSize TableHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(),
            fontMetrics().height() + (m_barHeight > 0 ? 20 + m_barHeight : 10)};
}

void TableHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    painter->save();
    painter->fillRect(rect, theme::panel(palette()));
    const QVariant colour = model()->headerData(section, Qt::Horizontal, OverviewModel::ColourRole);
    if (m_barHeight > 0 && colour.isValid())
        painter->fillRect(QRect(rect.left(), rect.top(), rect.width(), m_barHeight),
                          theme::environmentBar(colour.toString(), palette()));
    const QColor line = theme::hairline(palette());
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), line);
    if (m_barHeight > 0)
        painter->fillRect(QRect(rect.right(), rect.top() + m_barHeight, 1, rect.height()), line);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    if (m_barHeight == 0)
        bold = theme::scaled(bold, 0.92);
    painter->setFont(bold);
    painter->setPen(theme::mutedText(palette()));
    const QRect inner = rect.adjusted(m_margin, m_barHeight, 2 - m_margin, 0);
    const QString text = model()->headerData(section, Qt::Horizontal).toString();
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, inner.width()));
    painter->restore();
}

} // namespace stepwell
