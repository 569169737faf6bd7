// SPDX-License-Identifier: MIT
#include "views/doctorlooked.h"

#include "models/repairtext.h"
#include "models/runtext.h"
#include "views/elidedlabel.h"
#include "views/environmentchip.h"
#include "views/runflowlayout.h"
#include "views/runmarks.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int markWidth = 24;

} // namespace

DoctorLooked::DoctorLooked(const DoctorRow &row, const EnvironmentColours &colours, QWidget *parent)
    : QWidget(parent)
    , m_isWell(row.troubles.isEmpty() && !row.error && !row.record)
    , m_isBad(row.error || std::ranges::any_of(row.troubles, [](const Trouble &trouble) {
                  return RepairText::tone(trouble.kind) == Tone::Bad;
              }))
{
    setObjectName(u"looked"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(markWidth, 0, 0, 2);
    column->setSpacing(4);
    QStringList facts{row.component};
    if (!row.error)
        facts += RunText::revisions(row.revisions);
    facts += m_isWell                   ? tr("well")
             : row.error                ? tr("cannot be read")
             : row.troubles.size() == 1 ? tr("1 trouble")
             : row.troubles.isEmpty()   ? tr("a repair is under way")
                                        : tr("%1 troubles").arg(row.troubles.size());
    auto *line = new ElidedLabel(this);
    line->setText(facts.join(u" · "_s));
    auto *config = new ElidedLabel(this);
    config->setElideMode(Qt::ElideMiddle);
    config->setText(row.config);
    config->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(line);
    column->addWidget(config);
    setAccessibleName(line->text());
    if (row.targets.isEmpty())
        return;
    auto *box = new QWidget(this);
    auto *flow = new RunFlowLayout(box);
    flow->setContentsMargins(0, 0, 0, 0);
    flow->setSpacing(6);
    for (const Target &target : row.targets) {
        const bool unread = row.unread.contains(target.id.text());
        auto *chip = new EnvironmentChip(unread ? tr("%1: not read").arg(target.id.text()) : target.id.text(),
                                         colours.value(target.id.environment), box);
        chip->setFaint(unread);
        flow->addWidget(chip);
    }
    column->addWidget(box);
}

void DoctorLooked::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintRunMark(painter, QRect(0, 0, 16, fontMetrics().height() + 2),
                 m_isWell  ? RunMark::Passed
                 : m_isBad ? RunMark::Failed
                           : RunMark::Warning,
                 palette());
}

} // namespace stepwell
