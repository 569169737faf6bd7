// SPDX-License-Identifier: MIT
#include "views/factstrip.h"

#include "views/elidedlabel.h"
#include "views/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace stepwell {

FactStrip::FactStrip(QWidget *parent) : QWidget(parent), m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(0, 0, 0, 1);
    m_row->setSpacing(0);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void FactStrip::setFacts(const QList<Fact> &facts)
{
    m_facts = facts;
    while (m_cells.size() < facts.size())
        m_cells.append(makeCell());
    for (qsizetype i = 0; i < m_cells.size(); ++i) {
        m_cells[i].box->setVisible(i < facts.size());
        if (i < facts.size())
            fill(m_cells[i], facts[i]);
    }
    update();
}

FactStrip::Cell FactStrip::makeCell()
{
    Cell cell{new QWidget(this), new ElidedLabel, new ElidedLabel};
    auto *column = new QVBoxLayout(cell.box);
    column->setContentsMargins(16, 8, 12, 8);
    column->setSpacing(2);
    column->addWidget(cell.label);
    column->addWidget(cell.value);
    cell.label->setFont(theme::scaled(cell.label->font(), 0.85));
    m_row->addWidget(cell.box, 1);
    return cell;
}

void FactStrip::fill(const Cell &cell, const Fact &fact) const
{
    cell.label->setText(fact.label);
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, theme::mutedText(palette()));
    cell.label->setPalette(muted);

    cell.value->setObjectName(u"fact-%1"_s.arg(fact.name));
    cell.value->setText(fact.text);
    cell.value->setTip(fact.tip);
    cell.value->setAccessibleName(tr("%1: %2").arg(fact.label, fact.text));
    QFont valueFont = fact.isRevision ? theme::monospace() : font();
    valueFont.setWeight(QFont::DemiBold);
    cell.value->setFont(valueFont);
    QPalette colours = palette();
    if (fact.tone != Tone::Neutral)
        colours.setColor(QPalette::WindowText, theme::tone(fact.tone, palette()).strong);
    cell.value->setPalette(colours);
    // An id cut short is no id.
    cell.value->setMinimumWidth(fact.isRevision && fact.text.size() <= 16 ? cell.value->sizeHint().width() + 1
                                                                          : 0);
    // Wider text asks for more of the row.
    m_row->setStretchFactor(cell.box,
                            qMax(cell.value->sizeHint().width(), cell.label->sizeHint().width()) + 32);
}

void FactStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    const QColor line = theme::hairline(palette());
    painter.fillRect(QRect(0, height() - 1, width(), 1), line);
    for (qsizetype i = 1; i < m_facts.size(); ++i)
        painter.fillRect(QRect(m_cells[i].box->x(), 0, 1, height()), line);
}

void FactStrip::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        setFacts(QList<Fact>(m_facts));
}

} // namespace stepwell
