// SPDX-License-Identifier: MIT
#include "views/journalpage.h"

#include "models/journalfiltermodel.h"
#include "models/journalmodel.h"
#include "models/runtext.h"
#include "views/journaldetails.h"
#include "views/runbutton.h"
#include "views/runcelldelegate.h"
#include "views/runlabel.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTextBrowser>

namespace stepwell {

using namespace Qt::StringLiterals;

JournalPage::JournalPage(QWidget *parent)
    : QWidget(parent)
    , m_model(new JournalModel(this))
    , m_filter(new JournalFilterModel(this))
    , m_target(makeChoice(u"journalTarget"_s, tr("Show the runs of")))
    , m_kind(makeChoice(u"journalKind"_s, tr("Show what was done")))
    , m_outcome(makeChoice(u"journalOutcome"_s, tr("Show runs that ended so")))
    , m_time(makeChoice(u"journalTime"_s, tr("Show runs since")))
    , m_text(new QLineEdit(this))
    , m_export(new RunButton(tr("Export"), this))
    , m_report(new RunButton(tr("Save report…"), this))
    , m_stack(new QStackedWidget(this))
    , m_table(new QTableView)
    , m_details(new QTextBrowser)
    , m_empty(new RunLabel({}, RunLabel::Muted))
{
    setObjectName(u"journalPage"_s);
    m_filter->setSourceModel(m_model);
    makeTable();
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(makeDetails());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({360, 260});
    m_content = splitter;
    m_empty->setObjectName(u"journalEmpty"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(30);
    m_stack->addWidget(m_content);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeFilters());
    layout->addWidget(m_stack, 1);
    fillChoices();
    fillTargets();
    showState();
    showSelected();
}

void JournalPage::makeTable()
{
    m_table->setObjectName(u"journalTable"_s);
    m_table->setAccessibleName(tr("Runs, newest first"));
    m_table->setModel(m_filter);
    m_table->setFrameShape(QFrame::NoFrame);
    RunCellDelegate::dress(m_table);
    auto *delegate = new RunCellDelegate(m_table);
    delegate->setMonoColumns({JournalModel::Way});
    delegate->setMutedColumns({JournalModel::Who, JournalModel::Took, JournalModel::Backup});
    delegate->setChipRole(JournalModel::ChipRole);
    m_table->setItemDelegate(delegate);
    QHeaderView *header = m_table->horizontalHeader();
    header->setResizeContentsPrecision(50);
    for (int column = 0; column < JournalModel::ColumnCount; ++column)
        header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    header->setSectionResizeMode(JournalModel::Way, QHeaderView::Stretch);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(JournalModel::When, Qt::DescendingOrder);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &JournalPage::showSelected);
}

QWidget *JournalPage::makeDetails()
{
    m_details->setObjectName(u"journalDetails"_s);
    m_details->setAccessibleName(tr("The selected run in full"));
    m_details->setOpenLinks(false);
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->document()->setDocumentMargin(14);
    m_report->setObjectName(u"journalReport"_s);
    m_report->setToolTip(tr("Save this run as a page for a ticket"));
    connect(m_report, &RunButton::clicked, this, [this] {
        if (const JournalEntry *entry = selected())
            Q_EMIT reportRequested(*entry);
    });
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(14, 8, 16, 4);
    bar->addWidget(new RunLabel(tr("The run in full"), RunLabel::Muted, pane));
    bar->addStretch(1);
    bar->addWidget(m_report);
    column->addLayout(bar);
    column->addWidget(m_details, 1);
    return pane;
}

QComboBox *JournalPage::makeChoice(const QString &name, const QString &accessibleName)
{
    auto *choice = new QComboBox(this);
    choice->setObjectName(name);
    choice->setAccessibleName(accessibleName);
    choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return choice;
}

QWidget *JournalPage::makeFilters()
{
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(18, 12, 16, 12);
    row->setSpacing(10);
    m_text->setObjectName(u"journalFilter"_s);
    m_text->setAccessibleName(tr("Find in the journal"));
    m_text->setPlaceholderText(tr("Find revision, person, statement…"));
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(140);
    m_text->setMaximumWidth(320);
    m_export->setObjectName(u"journalExport"_s);
    m_export->setToolTip(tr("Save the runs that are listed as CSV or JSON"));
    row->addWidget(new RunLabel(tr("Journal"), RunLabel::Title, bar));
    row->addStretch(1);
    for (QComboBox *choice : {m_target, m_kind, m_outcome, m_time})
        row->addWidget(choice);
    row->addWidget(m_text, 2);
    row->addWidget(m_export);
    auto *formats = new QMenu(m_export);
    m_export->setMenu(formats);
    const auto add = [this, formats](const QString &name, const QString &text, Format format) {
        QAction *action = formats->addAction(text);
        action->setObjectName(name);
        connect(action, &QAction::triggered, this,
                [this, format] { Q_EMIT exportRequested(m_filter->entries(), format); });
    };
    add(u"exportCsv"_s, tr("As &CSV…"), Format::Csv);
    add(u"exportJson"_s, tr("As &JSON, with statements…"), Format::Json);
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setText(text);
        showState();
    });
    return bar;
}

void JournalPage::fillChoices()
{
    m_kind->addItem(tr("All kinds"));
    for (const RunKind kind : {RunKind::Upgrade, RunKind::Downgrade, RunKind::Backup, RunKind::Stamp})
        m_kind->addItem(RunText::kind(kind), int(kind));
    m_outcome->addItem(tr("Any outcome"));
    for (const Outcome outcome :
         {Outcome::Done, Outcome::FailedRolledBack, Outcome::FailedWithChanges, Outcome::Unknown,
          Outcome::Stopped, Outcome::Cancelled, Outcome::Refused, Outcome::Running})
        m_outcome->addItem(RunText::outcome(outcome), int(outcome));
    m_time->addItem(tr("Any time"));
    m_time->addItem(tr("Last 24 hours"), 1);
    m_time->addItem(tr("Last 7 days"), 7);
    m_time->addItem(tr("Last 30 days"), 30);
    m_time->addItem(tr("Last 365 days"), 365);
    connect(m_target, &QComboBox::currentIndexChanged, this, [this] {
        m_filter->setTarget(m_target->currentData().toString());
        showState();
    });
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        const QVariant kind = m_kind->currentData();
        m_filter->setKind(kind.isValid() ? std::optional(RunKind(kind.toInt())) : std::nullopt);
        showState();
    });
    connect(m_outcome, &QComboBox::currentIndexChanged, this, [this] {
        const QVariant outcome = m_outcome->currentData();
        m_filter->setOutcome(outcome.isValid() ? std::optional(Outcome(outcome.toInt())) : std::nullopt);
        showState();
    });
    connect(m_time, &QComboBox::currentIndexChanged, this, [this] {
        const int days = m_time->currentData().toInt();
        m_filter->setSince(days > 0 ? QDateTime::currentDateTimeUtc().addDays(-days) : QDateTime());
        showState();
    });
}

void JournalPage::clearFilters()
{
    m_text->clear();
    for (QComboBox *choice : {m_target, m_kind, m_outcome, m_time})
        choice->setCurrentIndex(0);
}

void JournalPage::setEntries(const QList<JournalEntry> &entries)
{
    const JournalEntry *current = selected();
    const qint64 id = current ? current->id : 0;
    const QString uid = current ? current->uid : QString();
    m_model->setEntries(entries);
    fillTargets();
    showState();
    const int row = id > 0 ? m_model->rowOf(id) : m_model->rowOf(uid);
    const QModelIndex index = row < 0 ? QModelIndex() : m_filter->mapFromSource(m_model->index(row, 0));
    m_table->selectRow(index.isValid() ? index.row() : 0);
    showSelected();
}

bool JournalPage::showEntry(qint64 id)
{
    const int row = id > 0 ? m_model->rowOf(id) : -1; // runs of others have no number
    if (row < 0)
        return false;
    QModelIndex index = m_filter->mapFromSource(m_model->index(row, 0));
    if (!index.isValid()) {
        clearFilters();
        index = m_filter->mapFromSource(m_model->index(row, 0));
    }
    m_table->selectRow(index.row());
    m_table->scrollTo(index);
    m_table->setFocus();
    return true;
}

void JournalPage::setTarget(const QString &target)
{
    if (!target.isEmpty() && m_target->findData(target) < 0)
        m_target->addItem(target, target);
    m_target->setCurrentIndex(qMax(0, m_target->findData(target)));
}

void JournalPage::fillTargets()
{
    const QString chosen = m_target->currentData().toString();
    const QSignalBlocker quiet(m_target);
    m_target->clear();
    m_target->addItem(tr("All targets"), QString());
    for (const QString &target : m_model->targets())
        m_target->addItem(target, target);
    if (!chosen.isEmpty() && m_target->findData(chosen) < 0)
        m_target->addItem(chosen, chosen);
    m_target->setCurrentIndex(qMax(0, m_target->findData(chosen)));
}

void JournalPage::showState()
{
    m_empty->setText(
        m_model->rowCount() == 0
            ? tr("Nothing has been run yet. Every upgrade, rollback and backup will be told here.")
            : tr("No run fits this filter."));
    m_stack->setCurrentWidget(m_filter->rowCount() == 0 ? static_cast<QWidget *>(m_empty) : m_content);
    m_export->setEnabled(m_filter->rowCount() > 0);
    if (m_filter->rowCount() > 0 && !m_table->currentIndex().isValid())
        m_table->selectRow(0);
}

const JournalEntry *JournalPage::selected() const
{
    return m_model->entry(m_filter->mapToSource(m_table->currentIndex()).row());
}

void JournalPage::showSelected()
{
    const JournalEntry *entry = selected();
    m_report->setEnabled(entry);
    if (entry)
        m_details->setHtml(journalDetails(*entry, palette()));
    else
        m_details->clear();
}

void JournalPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showSelected();
}

} // namespace stepwell
