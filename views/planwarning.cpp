// SPDX-License-Identifier: MIT
#include "views/planwarning.h"

#include "views/breakabletext.h"
#include "views/runlabel.h"
#include "views/runmarks.h"

#include <QPainter>
#include <QVBoxLayout>

namespace stepwell {

namespace {

constexpr int markWidth = 20;

} // namespace

PlanWarning::PlanWarning(const QString &labelName, QWidget *parent)
    : QWidget(parent), m_label(new RunLabel({}, RunLabel::Plain, this))
{
    m_label->setObjectName(labelName);
    m_label->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(markWidth, 0, 0, 0);
    column->addWidget(m_label);
}

void PlanWarning::setText(const QString &text)
{
    m_label->setText(breakable(text));
}

void PlanWarning::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintRunMark(painter, QRect(0, 0, 14, fontMetrics().height()), RunMark::Warning, palette());
}

} // namespace stepwell
