// SPDX-License-Identifier: MIT
#include "views/runcard.h"

#include "views/chiplabel.h"
#include "views/runlabel.h"
#include "views/theme.h"

#include <QPainter>
#include <QVBoxLayout>

namespace stepwell {

RunCard::RunCard(const QString &title, QWidget *parent)
    : QFrame(parent), m_body(new QVBoxLayout(this)), m_chip(new ChipLabel(this))
{
    setAccessibleName(title);
    m_body->setContentsMargins(14, 11, 14, 12);
    m_body->setSpacing(7);
    auto *head = new QHBoxLayout;
    head->addWidget(new RunLabel(title, RunLabel::Bold, this), 1);
    head->addWidget(m_chip);
    m_body->addLayout(head);
}

void RunCard::setChip(const Chip &chip)
{
    m_chip->setChip(chip);
}

void RunCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    theme::paintCard(painter, rect(), palette());
}

} // namespace stepwell
