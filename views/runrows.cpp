// SPDX-License-Identifier: MIT
#include "views/runrows.h"

#include "models/runrowsmodel.h"
#include "views/runbutton.h"
#include "views/runcelldelegate.h"
#include "views/runlabel.h"
#include "views/runprose.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int rowsShown = 8; // more scroll
constexpr int widestColumn = 260;
constexpr int queryLines = 6;

} // namespace

RunRows::RunRows(const OffendingRows &rows, QWidget *parent) : RunCard(tr("Rows that break the rule"), parent)
{
    setObjectName(u"offendingCard"_s);
    QStringList notes;
    if (rows.more)
        notes += tr("The first %1; there are more.").arg(rows.rows.size());
    if (!rows.note.isEmpty())
        notes += rows.note;
    if (!notes.isEmpty()) {
        auto *note = new RunLabel(notes.join(u' '), RunLabel::Muted, this);
        note->setObjectName(u"offendingNote"_s);
        note->setWordWrap(true);
        body()->addWidget(note);
    }
    if (!rows.rows.isEmpty())
        addTable(rows);
    if (!rows.sql.isEmpty())
        addQuery(rows.sql);
}

void RunRows::addTable(const OffendingRows &rows)
{
    auto *table = new QTableView(this);
    table->setObjectName(u"offendingTable"_s);
    table->setAccessibleName(tr("Rows that break the rule"));
    auto *model = new RunRowsModel(rows, table);
    table->setModel(model);
    RunCellDelegate::dress(table);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    auto *cells = new RunCellDelegate(table);
    QSet<int> columns;
    for (int column = 0; column < rows.columns.size(); ++column)
        columns += column;
    cells->setMonoColumns(columns);
    table->setItemDelegate(cells);
    table->resizeColumnsToContents();
    for (int column = 0; column < rows.columns.size(); ++column)
        table->setColumnWidth(column, std::min(table->columnWidth(column) + 8, widestColumn));
    table->horizontalHeader()->setStretchLastSection(true);
    const int shown = std::min(int(rows.rows.size()), rowsShown);
    table->setFixedHeight(table->horizontalHeader()->sizeHint().height() +
                          shown * table->verticalHeader()->defaultSectionSize() + 2 * table->frameWidth() +
                          14);
    auto *copy = new QAction(tr("Copy rows"), table);
    copy->setObjectName(u"copyRows"_s);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, table, [table, model] {
        QList<int> chosen;
        for (const QModelIndex &index : table->selectionModel()->selectedRows())
            chosen += index.row();
        std::ranges::sort(chosen);
        if (chosen.isEmpty()) {
            for (int row = 0; row < model->rowCount(); ++row)
                chosen += row;
        }
        QGuiApplication::clipboard()->setText(model->toText(chosen));
    });
    table->addAction(copy);
    table->setContextMenuPolicy(Qt::ActionsContextMenu);
    body()->addWidget(table);
}

void RunRows::addQuery(const QString &sql)
{
    auto *head = new QHBoxLayout;
    head->addWidget(new RunLabel(tr("The query that finds them"), RunLabel::Muted, this), 1);
    auto *copy = new RunButton(tr("Copy query"), this);
    copy->setObjectName(u"copyQuery"_s);
    connect(copy, &QPushButton::clicked, this, [sql] { QGuiApplication::clipboard()->setText(sql); });
    head->addWidget(copy);
    body()->addLayout(head);
    auto *query = new RunProse(RunProse::Mono, this);
    query->setObjectName(u"offendingQuery"_s);
    query->setAccessibleName(tr("The query that finds the rows"));
    query->setMaximumLines(queryLines);
    query->setProse(sql);
    body()->addWidget(query);
}

} // namespace stepwell
