// SPDX-License-Identifier: MIT
#include "views/backupspage.h"

#include "models/runtext.h"
#include "views/runbutton.h"
#include "views/runcelldelegate.h"
#include "views/runlabel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTableView>

namespace stepwell {

using namespace Qt::StringLiterals;

BackupsPage::BackupsPage(QWidget *parent)
    : QWidget(parent)
    , m_model(new BackupModel(this))
    , m_sorted(new QSortFilterProxyModel(this))
    , m_table(new QTableView)
    , m_stack(new QStackedWidget(this))
    , m_total(new RunLabel({}, RunLabel::Muted, this))
    , m_open(new RunButton(tr("Open &folder"), this))
    , m_journal(new RunButton(tr("Show in the &journal"), this))
{
    setObjectName(u"backupsPage"_s);
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(BackupModel::SortRole);
    makeTable();
    auto *empty =
        new RunLabel(tr("No backup yet. An upgrade or rollback makes one before its first statement where "
                        "the environment asks for it."),
                     RunLabel::Muted);
    empty->setObjectName(u"backupsEmpty"_s);
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    empty->setMargin(30);
    m_stack->addWidget(m_table);
    m_stack->addWidget(empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHead());
    layout->addWidget(m_stack, 1);
    refresh();
}

void BackupsPage::makeTable()
{
    m_table->setObjectName(u"backupsTable"_s);
    m_table->setAccessibleName(tr("Backups"));
    m_table->setModel(m_sorted);
    m_table->setFrameShape(QFrame::NoFrame);
    RunCellDelegate::dress(m_table);
    m_table->setTextElideMode(Qt::ElideMiddle);
    auto *delegate = new RunCellDelegate(m_table);
    delegate->setMonoColumns({BackupModel::File, BackupModel::Revisions});
    delegate->setMutedColumns({BackupModel::Size});
    delegate->setChipRole(BackupModel::ChipRole);
    m_table->setItemDelegate(delegate);
    QHeaderView *header = m_table->horizontalHeader();
    for (int column = 0; column < BackupModel::ColumnCount; ++column)
        header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    header->setSectionResizeMode(BackupModel::File, QHeaderView::Stretch);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(BackupModel::When, Qt::DescendingOrder);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &BackupsPage::refresh);
}

QWidget *BackupsPage::makeHead()
{
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(18, 12, 16, 12);
    row->setSpacing(10);
    m_total->setObjectName(u"backupsTotal"_s);
    m_open->setObjectName(u"openFolderButton"_s);
    m_journal->setObjectName(u"backupJournalButton"_s);
    row->addWidget(new RunLabel(tr("Backups"), RunLabel::Title, bar));
    row->addWidget(m_total, 1);
    row->addWidget(m_journal);
    row->addWidget(m_open);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (const BackupRow *backup = selected())
            Q_EMIT openFolderRequested(backup->record.file);
    });
    connect(m_journal, &QPushButton::clicked, this, [this] {
        if (const BackupRow *backup = selected())
            Q_EMIT journalRequested(backup->journalId);
    });
    return bar;
}

void BackupsPage::setBackups(const QList<BackupRow> &backups)
{
    m_model->setBackups(backups);
    if (!m_table->currentIndex().isValid())
        m_table->selectRow(0);
    refresh();
}

const BackupRow *BackupsPage::selected() const
{
    return m_model->backup(m_sorted->mapToSource(m_table->currentIndex()).row());
}

void BackupsPage::refresh()
{
    const int count = m_model->rowCount();
    m_stack->setCurrentIndex(count == 0 ? 1 : 0);
    m_total->setText(count == 0 ? QString()
                                : tr("%1 · %2").arg(count).arg(RunText::size(m_model->totalSize())));
    const BackupRow *row = selected();
    m_open->setEnabled(row != nullptr);
    m_journal->setEnabled(row && row->journalId > 0);
}

} // namespace stepwell
