// SPDX-License-Identifier: MIT
#include "views/revisionlist.h"

#include "models/revisionfiltermodel.h"
#include "views/graphdelegate.h"
#include "views/tableheader.h"
#include "views/theme.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

/// Below this many pixels of message, other columns give way.
constexpr int messageRoom = 260;
/// What the risk leaves of it: it matters more than the end of a long message.
constexpr int leastMessageRoom = 170;

} // namespace

void setUpRevisionTable(QTableView *table)
{
    table->setAccessibleName(RevisionList::tr("Revisions, newest first"));
    table->setHorizontalHeader(new TableHeader(8, 0, table));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setTabKeyNavigation(false);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setFrameShape(QFrame::NoFrame);
    table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->verticalHeader()->setVisible(false);
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
}

RevisionList::RevisionList(RevisionListModel *model, QWidget *parent)
    : QTableView(parent)
    , m_model(model)
    , m_filter(new RevisionFilterModel(this))
    , m_delegate(new GraphDelegate(this))
    , m_menu(new QMenu(this))
{
    setObjectName(u"revisionList"_s);
    makeActions();
    setUpRevisionTable(this);
    m_filter->setSourceModel(model);
    setModel(m_filter);
    setItemDelegate(m_delegate);
    QHeaderView *header = horizontalHeader();
    header->setMinimumSectionSize(40);
    header->setSectionResizeMode(RevisionListModel::Message, QHeaderView::Stretch);
    updateFonts();
    connect(model, &QAbstractItemModel::dataChanged, this, &RevisionList::fitColumns);
    connect(model, &QAbstractItemModel::rowsInserted, this, &RevisionList::fitColumns);
    connect(model, &QAbstractItemModel::dataChanged, this, &RevisionList::updateActions);
}

QAction *RevisionList::makeAction(const QString &name, const QString &text,
                                  void (RevisionList::*signal)(const RevisionId &))
{
    auto *action = new QAction(text, this);
    action->setObjectName(name);
    connect(action, &QAction::triggered, this, [this, signal] {
        if (const RevisionId id = selectedRevision(); !id.isEmpty())
            Q_EMIT(this->*signal)(id);
    });
    addAction(action);
    return action;
}

void RevisionList::makeActions()
{
    m_upgradeTo =
        makeAction(u"upgradeToAction"_s, tr("Upgrade to this revision…"), &RevisionList::upgradeToRequested);
    m_rollBackTo = makeAction(u"rollBackToAction"_s, tr("Roll back to this revision…"),
                              &RevisionList::rollBackToRequested);
    m_rollBackThis = makeAction(u"rollBackThisAction"_s, tr("Roll back this revision…"),
                                &RevisionList::rollBackThisRequested);
    m_copyId =
        makeAction(u"copyIdAction"_s, tr("Copy the revision identifier"), &RevisionList::copyIdRequested);
    m_copyId->setShortcut(QKeySequence::Copy);
    m_copyId->setShortcutContext(Qt::WidgetShortcut);
    m_openFile = new QAction(tr("Open the revision file"), this);
    m_openFile->setObjectName(u"openFileAction"_s);
    addAction(m_openFile);
    connect(m_openFile, &QAction::triggered, this, [this] {
        if (const RevisionRow *row = selectedRow(); row && !row->file.isEmpty())
            Q_EMIT openFileRequested(row->file);
    });
    m_menu->setObjectName(u"revisionMenu"_s);
    m_menu->addActions({m_upgradeTo, m_rollBackTo, m_rollBackThis});
    m_menu->addSeparator();
    m_menu->addActions({m_copyId, m_openFile});
    updateActions();
}

void RevisionList::updateActions()
{
    const RevisionRow *row = selectedRow();
    m_upgradeTo->setEnabled(row && row->state == RevisionState::Pending);
    m_rollBackTo->setEnabled(row && row->state == RevisionState::Applied && !row->current);
    m_rollBackThis->setEnabled(row && row->state == RevisionState::Applied && row->current);
    m_copyId->setEnabled(row);
    m_openFile->setEnabled(row && !row->file.isEmpty());
}

void RevisionList::updateFonts()
{
    m_delegate->setFonts(font());
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 14);
    horizontalHeader()->setFixedHeight(fontMetrics().height() + 10);
    fitColumns();
}

void RevisionList::fitColumns()
{
    const auto chars = [this](int count) { return fontMetrics().averageCharWidth() * count + 16; };
    const auto words = [this](const QString &text) { return fontMetrics().horizontalAdvance(text) + 24; };
    const int id = QFontMetrics(theme::monospace()).horizontalAdvance(u"0123456789abcde"_s) + 16;
    const int chip =
        theme::chipWidth(m_model->headerData(RevisionListModel::State, Qt::Horizontal).toString(), font());
    const QHash<int, int> widths{
        {RevisionListModel::Graph, qMax(GraphDelegate::widthFor(m_model->laneCount()), chars(7))},
        {RevisionListModel::Id, id},
        {RevisionListModel::State, qMax(chip, chars(13))},
        {RevisionListModel::Risk, words(tr("2 blocking · 1 warning")) + 12},
        {RevisionListModel::Rollback, words(tr("irreversible"))},
        {RevisionListModel::Created, words(u"2026-00-00"_s)},
    };
    int rest = viewport()->width() - messageRoom;
    for (const int column :
         {RevisionListModel::Graph, RevisionListModel::Id, RevisionListModel::State,
          RevisionListModel::Rollback, RevisionListModel::Risk, RevisionListModel::Created}) {
        int width = widths.value(column);
        if (column == RevisionListModel::Risk && rest < width) {
            rest += messageRoom - leastMessageRoom;
            width = qBound(words(tr("2 blocking")) + 12, rest, width);
        }
        rest -= width;
        // What is least missed leaves a narrow window; the details tell it all the same.
        const bool optional = column == RevisionListModel::Risk || column == RevisionListModel::Created;
        setColumnHidden(column, optional && rest < 0);
        if (optional && rest < 0)
            rest += width;
        if (columnWidth(column) != width && !isColumnHidden(column))
            setColumnWidth(column, width);
    }
}

void RevisionList::setFilterText(const QString &text)
{
    const RevisionId selected = selectedRevision();
    m_filter->setText(text);
    m_delegate->setEdgesShown(!m_filter->isFiltering());
    viewport()->update();
    if (!selected.isEmpty())
        selectRevision(selected);
}

int RevisionList::shownRows() const
{
    return m_filter->rowCount();
}

bool RevisionList::selectRevision(const RevisionId &id)
{
    const int row = m_model->rowOf(id);
    if (row < 0)
        return false;
    const QModelIndex index = m_filter->mapFromSource(m_model->index(row, RevisionListModel::Message));
    if (!index.isValid())
        return false;
    setCurrentIndex(index);
    scrollTo(index);
    return true;
}

const RevisionRow *RevisionList::selectedRow() const
{
    const QModelIndex index = currentIndex();
    return index.isValid() ? index.data(RevisionListModel::RowRole).value<const RevisionRow *>() : nullptr;
}

RevisionId RevisionList::selectedRevision() const
{
    const RevisionRow *row = selectedRow();
    return row ? row->id : RevisionId();
}

void RevisionList::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    updateActions();
    if (current.row() != previous.row() || current.isValid() != previous.isValid())
        Q_EMIT revisionSelected(selectedRevision());
}

QModelIndex RevisionList::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    if (action == MoveHome)
        return m_filter->index(0, RevisionListModel::Message);
    if (action == MoveEnd)
        return m_filter->index(m_filter->rowCount() - 1, RevisionListModel::Message);
    return QTableView::moveCursor(action, modifiers);
}

void RevisionList::contextMenuEvent(QContextMenuEvent *event)
{
    const QModelIndex index =
        event->reason() == QContextMenuEvent::Mouse ? indexAt(event->pos()) : currentIndex();
    if (!index.isValid())
        return;
    setCurrentIndex(index);
    const QPoint place = event->reason() == QContextMenuEvent::Mouse
                             ? event->globalPos()
                             : viewport()->mapToGlobal(visualRect(index).bottomLeft());
    m_menu->popup(place);
    event->accept();
}

void RevisionList::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void RevisionList::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateFonts();
}

} // namespace stepwell
