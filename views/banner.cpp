// SPDX-License-Identifier: MIT
#include "views/banner.h"

#include "views/chiplabel.h"
#include "views/elidedlabel.h"
#include "views/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int barWidth = 6;

} // namespace

Banner::Banner(QWidget *parent)
    : QWidget(parent), m_title(new ElidedLabel), m_line(new ElidedLabel), m_chipRow(new QHBoxLayout)
{
    m_title->setObjectName(u"bannerTitle"_s);
    QFont large = m_title->font();
    large.setBold(true);
    large = theme::scaled(large, 1.25);
    m_title->setFont(large);
    m_line->setObjectName(u"bannerLine"_s);
    m_line->setFont(theme::monospace());

    auto *texts = new QVBoxLayout;
    texts->setSpacing(3);
    texts->addWidget(m_title);
    texts->addWidget(m_line);
    m_chipRow->setSpacing(6);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(barWidth + 16, 10, 16, 10);
    row->setSpacing(16);
    row->addLayout(texts, 1);
    row->addLayout(m_chipRow);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    applyColours();
}

void Banner::setColour(const QString &colour)
{
    m_colour = colour;
    update();
}

void Banner::setTitle(const QString &title)
{
    m_title->setText(title);
}

void Banner::setLine(const QString &line)
{
    m_line->setText(line);
}

void Banner::setChips(const Chips &chips)
{
    m_chips = chips;
    while (m_chipLabels.size() < chips.size()) {
        m_chipLabels.append(new ChipLabel(this));
        m_chipRow->addWidget(m_chipLabels.last());
    }
    for (qsizetype i = 0; i < m_chipLabels.size(); ++i)
        m_chipLabels[i]->setChip(i < chips.size() ? chips[i] : Chip());
}

QString Banner::title() const
{
    return m_title->text();
}

QString Banner::line() const
{
    return m_line->text();
}

void Banner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor bar = theme::environmentBar(m_colour, palette());
    painter.fillRect(rect(), theme::environmentWash(m_colour, palette()));
    painter.fillRect(QRect(0, 0, barWidth, height()), bar);
    QColor line = bar;
    line.setAlphaF(0.35F);
    painter.fillRect(QRect(0, height() - 1, width(), 1), line);
}

void Banner::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyColours();
}

void Banner::applyColours()
{
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, theme::mutedText(palette()));
    m_line->setPalette(muted);
}

} // namespace stepwell
