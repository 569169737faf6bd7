// SPDX-License-Identifier: MIT
#include "views/componentpage.h"

#include "models/attention.h"
#include "models/targetfacts.h"
#include "views/banner.h"
#include "views/factstrip.h"
#include "views/messagecard.h"
#include "views/reviewpane.h"
#include "views/revisionlist.h"

#include <QLabel>
#include <QProgressBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace stepwell {

ComponentPage::ComponentPage(KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QWidget(parent)
    , m_model(new RevisionListModel(this))
    , m_banner(new Banner)
    , m_facts(new FactStrip)
    , m_cardBox(new QWidget)
    , m_card(new MessageCard)
    , m_body(new QStackedWidget)
    , m_splitter(new QSplitter(Qt::Vertical))
    , m_list(new RevisionList(m_model))
    , m_review(new ReviewPane(repository))
    , m_notePage(new QWidget)
    , m_note(new QLabel)
    , m_progress(new QProgressBar)
{
    setObjectName(u"componentPage"_s);
    build();
    connectParts();
    updateHead();
    showNote(tr("Select a target in the side bar."), false);
}

void ComponentPage::build()
{
    m_banner->setObjectName(u"componentBanner"_s);
    m_facts->setObjectName(u"componentFacts"_s);
    m_card->setObjectName(u"componentCard"_s);
    m_note->setObjectName(u"componentNote"_s);
    m_splitter->setObjectName(u"componentSplitter"_s);

    auto *cardColumn = new QVBoxLayout(m_cardBox);
    cardColumn->setContentsMargins(16, 12, 16, 12);
    cardColumn->addWidget(m_card);
    m_cardBox->setVisible(false);

    m_note->setAlignment(Qt::AlignCenter);
    m_note->setWordWrap(true);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setFixedSize(220, 6);
    m_progress->setAccessibleName(tr("Reading"));
    auto *noteColumn = new QVBoxLayout(m_notePage);
    noteColumn->setContentsMargins(24, 24, 24, 24);
    noteColumn->addStretch();
    noteColumn->addWidget(m_note);
    noteColumn->addWidget(m_progress, 0, Qt::AlignHCenter);
    noteColumn->addStretch();

    m_splitter->addWidget(m_list);
    m_splitter->addWidget(m_review);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 11);
    m_splitter->setStretchFactor(1, 9);
    m_splitter->setSizes({460, 440});
    m_list->setMinimumHeight(120);
    m_review->setMinimumHeight(120);
    m_body->addWidget(m_notePage);
    m_body->addWidget(m_splitter);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_facts);
    column->addWidget(m_cardBox);
    column->addWidget(m_body, 1);
}

void ComponentPage::connectParts()
{
    connect(m_list, &RevisionList::revisionSelected, this, [this](const RevisionId &id) {
        showSelected();
        Q_EMIT revisionSelected(id);
    });
    connect(m_list, &RevisionList::upgradeToRequested, this, &ComponentPage::upgradeToRequested);
    connect(m_list, &RevisionList::rollBackToRequested, this, &ComponentPage::rollBackToRequested);
    connect(m_list, &RevisionList::rollBackThisRequested, this, &ComponentPage::rollBackThisRequested);
    connect(m_list, &RevisionList::copyIdRequested, this, &ComponentPage::copyIdRequested);
    connect(m_list, &RevisionList::openFileRequested, this, &ComponentPage::openFileRequested);
    connect(m_review, &ReviewPane::openFileRequested, this, &ComponentPage::openFileRequested);
    connect(m_review, &ReviewPane::scriptNeeded, this, &ComponentPage::scriptNeeded);
    connect(m_review, &ReviewPane::sqlNeeded, this, &ComponentPage::sqlNeeded);
    connect(m_card, &MessageCard::actionRequested, this, [this](const QString &name) {
        if (name == actionName(TargetAction::EnterPassword))
            Q_EMIT passwordRequested(m_target.id);
        else if (name == actionName(TargetAction::Resolve))
            Q_EMIT resolveRequested(m_target.id);
        else
            Q_EMIT retryRequested(m_target.id);
    });
}

void ComponentPage::setTarget(const Target &target)
{
    m_target = target;
    m_status.reset();
    m_filesOf.clear();
    m_lastRun.reset();
    m_lastBackup.reset();
    m_reviews.clear();
    m_reading = true;
    m_review->clear();
    m_model->clear();
    updateHead();
    updateCard();
    updateBody();
}

void ComponentPage::setReading()
{
    m_reading = true;
    updateHead();
}

void ComponentPage::setFilesOf(const QString &refOrConfig)
{
    m_filesOf = refOrConfig;
    updateHead();
}

void ComponentPage::setStatus(const TargetStatus &status)
{
    if (status.id != m_target.id)
        return;
    m_status = status;
    m_reading = false;
    m_model->setStatus(status);
    updateHead();
    updateCard();
    updateBody();
    if (m_list->selectedRevision().isEmpty() && m_model->rowCount() > 0) {
        // The next thing to be run is what most people come for; else where the database is.
        if (!status.pending.isEmpty() && m_list->selectRevision(status.pending.first()))
            return;
        if (!status.current.isEmpty() && m_list->selectRevision(status.current.first()))
            return;
        m_list->selectRevision(m_model->rows().first().id);
        return;
    }
    showSelected();
}

void ComponentPage::setLastRun(const std::optional<JournalEntry> &entry)
{
    m_lastRun = entry;
    updateHead();
}

void ComponentPage::setLastBackup(const std::optional<BackupRecord> &backup)
{
    m_lastBackup = backup;
    updateHead();
}

void ComponentPage::setReviews(const QHash<RevisionId, StepReview> &reviews)
{
    m_reviews = reviews;
    m_model->setReviews(reviews);
    updateHead();
}

void ComponentPage::setFilterText(const QString &text)
{
    m_list->setFilterText(text);
}

bool ComponentPage::selectRevision(const RevisionId &id)
{
    return m_list->selectRevision(id);
}

RevisionId ComponentPage::selectedRevision() const
{
    return m_list->selectedRevision();
}

QByteArray ComponentPage::saveSplitter() const
{
    return m_splitter->saveState();
}

void ComponentPage::restoreSplitter(const QByteArray &state)
{
    m_splitter->restoreState(state);
}

void ComponentPage::updateHead()
{
    m_banner->setColour(m_target.environment.colour);
    m_banner->setTitle(m_target.id.component.isEmpty()
                           ? QString()
                           : u"%1 / %2"_s.arg(m_target.id.environment, m_target.id.component));
    Chips chips = environmentChips(m_target.environment);
    if (m_status)
        chips.append(stateChip(*m_status));
    if (!m_filesOf.isEmpty())
        chips.append({tr("files of %1").arg(m_filesOf), Tone::Attention});
    if (m_reading)
        chips.append({tr("reading…"), Tone::Neutral});
    m_banner->setChips(chips);
    m_banner->setLine(m_status ? connectionLine(*m_status) : m_target.config);
    m_facts->setVisible(m_status.has_value());
    if (m_status)
        m_facts->setFacts(
            factsOf(*m_status, m_lastRun, m_lastBackup, QDateTime::currentDateTime(), m_reviews));
}

void ComponentPage::updateCard()
{
    m_cardBox->setVisible(false);
    if (!m_status)
        return;
    if (const auto attention = attentionOf(*m_status)) {
        m_card->setMessage(attention->tone, attention->title, attention->text, attention->detail);
        QList<CardAction> actions;
        for (const TargetAction action : attention->actions) {
            if (action != TargetAction::Open)
                actions.append({actionName(action), actionText(action)});
        }
        m_card->setActions(actions);
        m_cardBox->setVisible(true);
    } else if (m_status->state == TargetState::Empty && !m_status->pending.isEmpty()) {
        const qsizetype count = m_status->pending.size();
        m_card->setMessage(
            Tone::Neutral, tr("The database has no revision yet"),
            count == 1 ? tr("An upgrade to head will run the one revision there is.")
                       : tr("An upgrade to head will run all %1 revisions, from the first one.").arg(count));
        m_card->setActions({});
        m_cardBox->setVisible(true);
    }
}

void ComponentPage::updateBody()
{
    if (!m_status)
        showNote(tr("Reading the files and the database…"), true);
    else if (m_model->rowCount() > 0)
        m_body->setCurrentWidget(m_splitter);
    else if (!m_status->scripts)
        showNote(tr("The revisions cannot be shown until the files can be read."), false);
    else
        showNote(tr("This component has no revisions yet."), false);
}

void ComponentPage::showNote(const QString &text, bool busy)
{
    m_note->setText(text);
    m_progress->setVisible(busy);
    m_body->setCurrentWidget(m_notePage);
}

void ComponentPage::showSelected()
{
    const RevisionRow *row = m_list->selectedRow();
    if (!row || !m_status || !m_status->scripts) {
        m_review->clear();
        return;
    }
    const RevisionMap &map = m_status->scripts->map;
    m_review->showRevision(*row, map.find(row->id), map.children(row->id));
}

} // namespace stepwell
