// SPDX-License-Identifier: MIT
#include "views/resolveside.h"

#include "models/repairtext.h"
#include "views/breakabletext.h"
#include "views/elidedlabel.h"
#include "views/environmentchip.h"
#include "views/runflowlayout.h"
#include "views/runlabel.h"
#include "views/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int narrow = 20; // letters that the column has room for
constexpr int namedRevisions = 12;

RunLabel *wrapping(const QString &text, RunLabel::Look look, QWidget *parent)
{
    auto *label = new RunLabel(breakable(text, narrow), look, parent);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    return label;
}

/// "production/manager" as TargetId; the component may hold no slash.
QString environmentOf(const QString &target)
{
    return target.section(u'/', 0, -2);
}

} // namespace

ResolveSide::ResolveSide(const HeadSide &side, const History &history, const RevisionOrigins &origins,
                         const EnvironmentColours &colours, QWidget *parent)
    : QFrame(parent)
{
    setObjectName(QString(u"side-"_s + side.head.text()));
    setAccessibleName(tr("Head %1").arg(side.head.text()));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(4);
    addHead(column, side, history);
    addFacts(column, side, history, origins);
    addTargets(column, side, history, colours);
}

void ResolveSide::addHead(QBoxLayout *column, const HeadSide &side, const History &history)
{
    auto *head = new ElidedLabel(this);
    head->setObjectName(u"sideHead"_s);
    QFont fixed = theme::monospace();
    fixed.setBold(true);
    head->setFont(fixed);
    head->setText(side.head.text());
    head->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(head);
    const Revision *revision = history.scripts.map.find(side.head);
    if (revision && !revision->message.isEmpty())
        column->addWidget(wrapping(revision->message, RunLabel::Plain, this));
}

void ResolveSide::addFacts(QBoxLayout *column, const HeadSide &side, const History &history,
                           const RevisionOrigins &origins)
{
    QStringList facts{RepairText::sideSize(side)};
    if (const QString who = RepairText::origin(side.head, origins); !who.isEmpty())
        facts += who;
    auto *size = wrapping(facts.join(u" · "_s), RunLabel::Muted, this);
    size->setObjectName(u"sideFacts"_s);
    QStringList names;
    for (const RevisionId &id : side.revisions.mid(qMax(0, side.revisions.size() - namedRevisions))) {
        const Revision *revision = history.scripts.map.find(id);
        names.prepend(revision ? QString(id.text() + u"  "_s + revision->message) : id.text());
    }
    if (side.revisions.size() > namedRevisions)
        names += tr("and %1 more").arg(side.revisions.size() - namedRevisions);
    size->setToolTip(names.join(u'\n'));
    column->addWidget(size);
    if (side.revisions.size() > 1)
        addRevisions(column, side, history, origins);
    if (const auto origin = origins.constFind(side.head);
        origin != origins.constEnd() && !origin->branches.isEmpty()) {
        auto *branches =
            wrapping(tr("on %1").arg(RepairText::branches(origin->branches)), RunLabel::Muted, this);
        branches->setObjectName(u"sideBranches"_s);
        branches->setToolTip(origin->branches.join(u'\n'));
        column->addWidget(branches);
    }
    if (!side.labels.isEmpty())
        column->addWidget(wrapping(tr("label %1").arg(side.labels.join(u", "_s)), RunLabel::Muted, this));
    if (!side.mergedBy.isEmpty()) {
        auto *merged = wrapping(tr("Revisions of another side rest on it: %1.").arg(toText(side.mergedBy)),
                                RunLabel::Plain, this);
        merged->setTone(Tone::Attention);
        column->addWidget(merged);
    }
}

/// The newest first: what it is, who wrote it and when, where it is applied.
void ResolveSide::addRevisions(QBoxLayout *column, const HeadSide &side, const History &history,
                               const RevisionOrigins &origins)
{
    constexpr qsizetype shown = 6;
    for (qsizetype i = side.revisions.size() - 1; i >= qMax(qsizetype(0), side.revisions.size() - shown);
         --i) {
        const RevisionId &id = side.revisions.at(i);
        const Revision *revision = history.scripts.map.find(id);
        QStringList facts{revision ? QString(id.text() + u' ' + revision->message) : id.text()};
        if (const QString who = RepairText::origin(id, origins); !who.isEmpty())
            facts += who;
        if (const QStringList where = history.appliedIn(id); !where.isEmpty())
            facts += tr("applied in %1").arg(where.join(u", "_s));
        auto *line = wrapping(facts.join(u" · "_s), RunLabel::Muted, this);
        line->setObjectName(u"sideRevision"_s);
        column->addWidget(line);
    }
    if (side.revisions.size() > shown)
        column->addWidget(
            wrapping(tr("and %1 more").arg(side.revisions.size() - shown), RunLabel::Muted, this));
}

void ResolveSide::addTargets(QBoxLayout *column, const HeadSide &side, const History &history,
                             const EnvironmentColours &colours)
{
    column->addSpacing(2);
    auto *applied = wrapping(side.appliedIn.isEmpty() ? side.unknownIn.isEmpty()
                                                            ? tr("Applied in no database.")
                                                            : tr("Applied in no database that was read.")
                                                      : tr("Applied in"),
                             RunLabel::Plain, this);
    applied->setObjectName(u"sideApplied"_s);
    column->addWidget(applied);
    if (side.appliedIn.isEmpty() && side.unknownIn.isEmpty())
        return;
    auto *box = new QWidget(this);
    auto *flow = new RunFlowLayout(box);
    flow->setContentsMargins(0, 0, 0, 0);
    flow->setSpacing(6);
    for (const QString &name : side.appliedIn)
        flow->addWidget(new EnvironmentChip(name, colours.value(environmentOf(name)), box));
    for (const QString &name : side.unknownIn) {
        auto *chip =
            new EnvironmentChip(tr("%1: not known").arg(name), colours.value(environmentOf(name)), box);
        chip->setFaint(true);
        for (const HistoryTarget &target : history.targets) {
            if (target.target.id.text() == name && target.error)
                chip->setTip(target.error->message);
        }
        flow->addWidget(chip);
    }
    column->addWidget(box);
}

void ResolveSide::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    theme::paintCard(painter, rect(), palette());
}

} // namespace stepwell
