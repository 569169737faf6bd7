// SPDX-License-Identifier: MIT
#include "views/journalpage.h"

#include "models/journalfiltermodel.h"
#include "models/journalmodel.h"
#include "views/journaldetails.h"
#include "views/runcelldelegate.h"
#include "views/runlabel.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
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
    , m_target(new QComboBox(this))
    , m_text(new QLineEdit(this))
    , m_stack(new QStackedWidget(this))
    , m_table(new QTableView)
    , m_details(new QTextBrowser)
    , m_empty(new RunLabel({}, RunLabel::Muted))
{
    setObjectName(u"journalPage"_s);
    m_filter->setSourceModel(m_model);
    makeTable();
    m_details->setObjectName(u"journalDetails"_s);
    m_details->setAccessibleName(tr("The selected run in full"));
    m_details->setOpenLinks(false);
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->document()->setDocumentMargin(14);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(m_details);
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
    fillTargets();
    showState();
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

QWidget *JournalPage::makeFilters()
{
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(18, 12, 16, 12);
    row->setSpacing(10);
    m_target->setObjectName(u"journalTarget"_s);
    m_target->setAccessibleName(tr("Show the runs of"));
    m_target->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_text->setObjectName(u"journalFilter"_s);
    m_text->setAccessibleName(tr("Find in the journal"));
    m_text->setPlaceholderText(tr("Find revision, person, note…"));
    m_text->setClearButtonEnabled(true);
    m_text->setMaximumWidth(320);
    row->addWidget(new RunLabel(tr("Journal"), RunLabel::Title, bar));
    row->addStretch(1);
    row->addWidget(m_target);
    row->addWidget(m_text, 2);
    connect(m_target, &QComboBox::currentIndexChanged, this, [this] {
        m_filter->setTarget(m_target->currentData().toString());
        showState();
    });
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setText(text);
        showState();
    });
    return bar;
}

void JournalPage::setEntries(const QList<JournalEntry> &entries)
{
    const JournalEntry *current = selected();
    const qint64 id = current ? current->id : 0;
    m_model->setEntries(entries);
    fillTargets();
    showState();
    const int row = m_model->rowOf(id);
    const QModelIndex index = row < 0 ? QModelIndex() : m_filter->mapFromSource(m_model->index(row, 0));
    m_table->selectRow(index.isValid() ? index.row() : 0);
    showSelected();
}

bool JournalPage::showEntry(qint64 id)
{
    const int row = m_model->rowOf(id);
    if (row < 0)
        return false;
    QModelIndex index = m_filter->mapFromSource(m_model->index(row, 0));
    if (!index.isValid()) {
        m_text->clear();
        m_target->setCurrentIndex(0);
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
    if (m_filter->rowCount() > 0 && !m_table->currentIndex().isValid())
        m_table->selectRow(0);
}

const JournalEntry *JournalPage::selected() const
{
    return m_model->entry(m_filter->mapToSource(m_table->currentIndex()).row());
}

void JournalPage::showSelected()
{
    if (const JournalEntry *entry = selected())
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
