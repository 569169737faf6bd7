// SPDX-License-Identifier: MIT
#include "views/doctorpage.h"

#include "models/repairtext.h"
#include "models/runtext.h"
#include "views/breakabletext.h"
#include "views/doctorcard.h"
#include "views/doctorlooked.h"
#include "views/messagecard.h"
#include "views/runbutton.h"
#include "views/runcard.h"
#include "views/runlabel.h"
#include "views/runpane.h"

#include <QScrollArea>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int margin = 18;

RunLabel *wrapping(const QString &text, RunLabel::Look look, QWidget *parent)
{
    auto *label = new RunLabel(breakable(text), look, parent);
    label->setWordWrap(true);
    return label;
}

} // namespace

DoctorPage::DoctorPage(QWidget *parent)
    : QWidget(parent)
    , m_total(new RunLabel({}, RunLabel::Muted, this))
    , m_again(new RunButton(tr("&Look again"), this))
{
    setObjectName(u"doctorPage"_s);
    auto *pane = new RunPane(RunPane::Window);
    m_content = pane;
    m_column = new QVBoxLayout(pane);
    m_column->setContentsMargins(margin, 12, margin, margin);
    m_column->setSpacing(12);
    m_area = RunPane::scrolled(pane);
    m_area->setObjectName(u"doctorArea"_s);
    m_area->setAccessibleName(tr("Troubles of revision histories"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHead());
    layout->addWidget(m_area, 1);
    setReading();
}

QWidget *DoctorPage::makeHead()
{
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(margin, 12, 16, 12);
    row->setSpacing(10);
    m_total->setObjectName(u"doctorTotal"_s);
    m_again->setObjectName(u"againButton"_s);
    m_again->setToolTip(tr("Reads the revision files and the databases again."));
    row->addWidget(new RunLabel(tr("Revision histories"), RunLabel::Title, bar));
    row->addWidget(m_total, 1);
    row->addWidget(m_again);
    connect(m_again, &QPushButton::clicked, this, &DoctorPage::againRequested);
    return bar;
}

void DoctorPage::clear()
{
    while (QLayoutItem *item = m_column->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->setParent(nullptr); // one of its buttons may be on the way here
            widget->deleteLater();
        }
        delete item;
    }
}

void DoctorPage::setReading()
{
    m_again->setEnabled(false);
    m_total->setText(tr("reading…"));
    if (m_isFilled)
        return;
    clear();
    m_column->addStretch();
    auto *note = wrapping(tr("Reading revision files and databases…"), RunLabel::Muted, m_content);
    note->setObjectName(u"doctorNote"_s);
    note->setAlignment(Qt::AlignCenter);
    m_column->addWidget(note);
    m_column->addStretch();
}

void DoctorPage::setError(const Error &error)
{
    m_again->setEnabled(true);
    m_total->clear();
    m_isFilled = false;
    clear();
    auto *card = new MessageCard(m_content);
    card->setObjectName(u"doctorError"_s);
    card->setMessage(Tone::Bad, breakable(error.message), breakable(error.hint), error.detail);
    m_column->addWidget(card);
    m_column->addStretch();
}

void DoctorPage::setHistories(const QList<DoctorRow> &rows, const QDateTime &readAt)
{
    m_again->setEnabled(true);
    m_readAt = readAt.isValid() ? readAt : QDateTime::currentDateTime();
    m_colours.clear();
    for (const DoctorRow &row : rows) {
        for (const Target &target : row.targets)
            m_colours.insert(target.id.environment, target.environment.colour);
    }
    const int place = m_isFilled ? m_area->verticalScrollBar()->value() : 0;
    m_isFilled = true;
    clear();
    m_total->setText(summary(rows));
    for (const DoctorRow &row : rows) {
        if (row.record)
            addRepair(row);
    }
    addErrors(rows);
    addTroubles(rows);
    if (m_column->count() == 0 && !rows.isEmpty())
        addAllIsWell(rows);
    addLooked(rows);
    m_column->addStretch();
    m_content->layout()->activate();
    m_area->verticalScrollBar()->setValue(place);
}

QString DoctorPage::summary(const QList<DoctorRow> &rows) const
{
    qsizetype troubles = 0;
    for (const DoctorRow &row : rows)
        troubles += row.troubles.size() + (row.error ? 1 : 0) + (row.record ? 1 : 0);
    const QString read = tr("read at %1").arg(m_readAt.toLocalTime().toString(u"HH:mm:ss"_s));
    if (troubles == 0)
        return read;
    return troubles == 1 ? tr("1 thing to look at · %1").arg(read)
                         : tr("%1 things to look at · %2").arg(troubles).arg(read);
}

void DoctorPage::addRepair(const DoctorRow &row)
{
    const RepairRecord &record = *row.record;
    auto *card = new RunCard(tr("Under way: %1").arg(breakable(record.title)), m_content);
    card->setObjectName(u"repairCard"_s);
    const qsizetype done = std::ranges::count_if(row.stages, &RepairStage::isDone);
    const bool all = done == row.stages.size();
    card->setChip({tr("%1 of %2 done").arg(done).arg(row.stages.size()), all ? Tone::Good : Tone::Attention});
    QStringList facts{row.component};
    if (!record.who.isEmpty())
        facts += tr("begun by %1").arg(record.who);
    facts += RunText::moment(record.begun);
    facts.removeAll(QString());
    card->body()->addWidget(wrapping(facts.join(u" · "_s), RunLabel::Muted, card));
    auto *stages = new StageList(card);
    stages->setStages(row.stages, m_colours, true);
    connect(stages, &StageList::stageRequested, this,
            [this, config = row.config](const RepairStage &stage) { Q_EMIT stageRequested(config, stage); });
    card->body()->addWidget(stages);
    auto *foot = new QHBoxLayout;
    auto *note = wrapping(all ? tr("Everything is done.")
                              : tr("What is done is read from the files and the databases each time."),
                          RunLabel::Muted, card);
    foot->addWidget(note, 1);
    if (!all) {
        auto *undo = new RunButton(tr("Undo…"), card);
        undo->setObjectName(u"abandonButton"_s);
        undo->setToolTip(
            tr("Gives the repair up: the files become what they were. No database is touched; those that "
               "went down are named."));
        undo->setAccessibleDescription(undo->toolTip());
        connect(undo, &QPushButton::clicked, this,
                [this, config = row.config] { Q_EMIT abandonRequested(config); });
        foot->addWidget(undo, 0, Qt::AlignBottom);
    }
    card->body()->addLayout(foot);
    m_column->addWidget(card);
}

void DoctorPage::addErrors(const QList<DoctorRow> &rows)
{
    for (const DoctorRow &row : rows) {
        if (!row.error)
            continue;
        auto *card = new MessageCard(m_content);
        card->setObjectName(u"historyError"_s);
        card->setMessage(
            Tone::Bad, tr("The revision files of %1 cannot be read").arg(breakable(row.component)),
            breakable(QString(row.error->message + u' ' + row.error->hint).trimmed()), row.error->detail);
        m_column->addWidget(card);
    }
}

/// The gravest first, of all components together.
void DoctorPage::addTroubles(const QList<DoctorRow> &rows)
{
    struct Entry {
        const DoctorRow *row;
        const Trouble *trouble;
    };
    QList<Entry> entries;
    for (const DoctorRow &row : rows) {
        for (const Trouble &trouble : row.troubles)
            entries += Entry{&row, &trouble};
    }
    const auto gravity = [](const Entry &entry) {
        return entry.trouble->kind == TroubleKind::UnfinishedChange ? 0
               : RepairText::tone(entry.trouble->kind) == Tone::Bad ? 1
                                                                    : 2;
    };
    std::ranges::stable_sort(entries, {}, gravity);
    for (const Entry &entry : std::as_const(entries)) {
        auto *card = new DoctorCard(*entry.row, *entry.trouble, m_colours, m_content);
        connect(card, &DoctorCard::offerChosen, this,
                [this, config = entry.row->config, trouble = *entry.trouble](const RepairOffer &offer) {
                    Q_EMIT offerChosen(config, trouble, offer);
                });
        connect(card, &DoctorCard::showRequested, this, &DoctorPage::showRequested);
        m_column->addWidget(card);
    }
}

void DoctorPage::addAllIsWell(const QList<DoctorRow> &rows)
{
    QStringList unread;
    for (const DoctorRow &row : rows)
        unread += row.unread;
    auto *card = new MessageCard(m_content);
    card->setObjectName(u"allIsWell"_s);
    const QString text =
        tr("Every revision file can be read, each history has one head or is meant to have "
           "several, and the databases that were read are at revisions that the files have.");
    if (unread.isEmpty())
        card->setMessage(Tone::Good, tr("All is well"), text);
    else
        card->setMessage(Tone::Good, tr("All is well, as far as it could be read"),
                         QString(text + u'\n' + tr("Not read: %1.").arg(breakable(unread.join(u", "_s)))));
    m_column->addWidget(card);
}

void DoctorPage::addLooked(const QList<DoctorRow> &rows)
{
    auto *card = new RunCard(tr("What was looked at"), m_content);
    card->setObjectName(u"lookedCard"_s);
    if (rows.isEmpty())
        card->body()->addWidget(wrapping(tr("The workspace has no components."), RunLabel::Muted, card));
    for (const DoctorRow &row : rows)
        card->body()->addWidget(new DoctorLooked(row, m_colours, card));
    m_column->addWidget(card);
}

} // namespace stepwell
