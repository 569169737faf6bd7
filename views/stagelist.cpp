// SPDX-License-Identifier: MIT
#include "views/stagelist.h"

#include "models/repairtext.h"
#include "views/breakabletext.h"
#include "views/environmentchip.h"
#include "views/runbutton.h"
#include "views/runlabel.h"
#include "views/runmarks.h"

#include <QGridLayout>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

class StageMark : public QWidget
{
public:
    StageMark(RunMark mark, const QString &name, QWidget *parent) : QWidget(parent), m_mark(mark)
    {
        setFixedSize(18, fontMetrics().height() + 2);
        setAccessibleName(name);
        setToolTip(name);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintRunMark(painter, rect(), m_mark, palette());
    }

private:
    RunMark m_mark;
};

} // namespace

StageList::StageList(QWidget *parent) : QWidget(parent)
{
    setObjectName(u"stageList"_s);
    setAccessibleName(tr("Stages, in order"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
}

void StageList::setStages(const QList<RepairStage> &stages, const EnvironmentColours &colours, bool next)
{
    const auto old = findChildren<QWidget *>(u"stage"_s, Qt::FindDirectChildrenOnly);
    for (QWidget *widget : old) {
        layout()->removeWidget(widget);
        widget->setParent(nullptr); // one of its buttons may be on the way here
        widget->deleteLater();
    }
    bool wantsNext = next;
    for (int row = 0; row < stages.size(); ++row) {
        const bool isNext = wantsNext && !stages.at(row).isDone;
        addStage(row, stages.at(row), colours, isNext);
        wantsNext = wantsNext && !isNext;
    }
}

void StageList::addStage(int row, const RepairStage &stage, const EnvironmentColours &colours, bool isNext)
{
    auto *line = new QWidget(this);
    line->setObjectName(u"stage"_s);
    auto *grid = new QGridLayout(line);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(2, 1);
    const RunMark mark = !stage.isKnown ? RunMark::Unknown
                         : stage.isDone ? RunMark::Passed
                                        : RunMark::Waiting;
    const QString state = !stage.isKnown ? tr("Not known yet.")
                          : stage.isDone ? tr("Done.")
                                         : tr("Still to do.");
    grid->addWidget(new StageMark(mark, state, line), 0, 0, Qt::AlignTop);
    auto *number = new RunLabel(tr("%1.", "number in a list").arg(row + 1), RunLabel::Muted, line);
    number->setMinimumWidth(number->fontMetrics().horizontalAdvance(u"00."_s)); // one below the other
    grid->addWidget(number, 0, 1, Qt::AlignTop);
    auto *text = new RunLabel(breakable(stage.text), stage.isDone ? RunLabel::Muted : RunLabel::Plain, line);
    text->setObjectName(u"stageText"_s);
    text->setWordWrap(true);
    grid->addWidget(text, 0, 2);
    line->setAccessibleName(tr("%1 %2", "what, state").arg(stage.text, state));
    if (!stage.target.environment.isEmpty())
        grid->addWidget(
            new EnvironmentChip(stage.target.text(), colours.value(stage.target.environment), line), 0, 3,
            Qt::AlignTop);
    if (!stage.isKnown) {
        auto *unknown = new RunLabel(state, RunLabel::Plain, line);
        unknown->setTone(Tone::Attention);
        unknown->setWordWrap(true);
        grid->addWidget(unknown, 1, 2);
    }
    if (isNext) {
        auto *button = new RunButton(RepairText::stageButton(stage.kind), line);
        button->setObjectName(u"stageButton"_s);
        button->setTone(Tone::Accent);
        button->setAutoDefault(false);
        button->setAccessibleDescription(stage.text);
        button->setEnabled(stage.isKnown);
        if (!stage.isKnown)
            button->setToolTip(tr("The database could not be read. Make it reachable, then look again."));
        connect(button, &QPushButton::clicked, this, [this, stage] { Q_EMIT stageRequested(stage); });
        grid->addWidget(button, 2, 2, 1, 2, Qt::AlignLeft);
    }
    layout()->addWidget(line);
}

} // namespace stepwell
