// SPDX-License-Identifier: MIT
#include "views/repairgraph.h"

#include "models/revisionfiltermodel.h"
#include "views/graphdelegate.h"
#include "views/revisionlist.h"
#include "views/theme.h"

#include <QHeaderView>
#include <QResizeEvent>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int leastMessage = 120; // pixels; below it the view scrolls sideways

} // namespace

RepairGraph::RepairGraph(QWidget *parent)
    : QTableView(parent)
    , m_model(new HistoryGraphModel(this))
    , m_filter(new RevisionFilterModel(this))
    , m_delegate(new GraphDelegate(this))
{
    setUpRevisionTable(this);
    m_filter->setSourceModel(m_model);
    setModel(m_filter);
    setItemDelegate(m_delegate);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setMinimumSectionSize(30);
    setMinimumHeight(84);
    updateFonts();
}

void RepairGraph::setGraph(const RevisionMap &map, const RevisionMarks &marks, const RevisionIds &current)
{
    m_isFilling = true;
    m_model->setGraph(map, marks, current);
    m_isFilling = false;
    fitColumns();
    reveal();
}

void RepairGraph::setPlace(const RevisionId &place)
{
    m_place = place;
    reveal();
}

/// The newest mark is seen in any case, and as much below it as there is room for.
void RepairGraph::reveal()
{
    const QList<int> marked = m_model->markedRows();
    const auto show = [this](int row) {
        const QModelIndex index = m_filter->mapFromSource(m_model->index(row, RevisionListModel::Id));
        if (index.isValid())
            scrollTo(index, QAbstractItemView::EnsureVisible);
    };
    const int place = m_model->rowOf(m_place);
    if (place >= 0)
        show(qMin(place + 1, int(m_model->rows().size()) - 1));
    if (!marked.isEmpty()) {
        show(marked.constLast());
        show(qMax(0, marked.constFirst() - 1));
    }
    horizontalScrollBar()->setValue(0);
}

void RepairGraph::setFilterText(const QString &text)
{
    const RevisionIds before = selected();
    m_isFilling = true;
    m_filter->setText(text);
    m_isFilling = false;
    m_delegate->setEdgesShown(!m_filter->isFiltering());
    viewport()->update();
    if (selected() != before)
        Q_EMIT chosen();
}

int RepairGraph::shownRows() const
{
    return m_filter->rowCount();
}

void RepairGraph::select(const RevisionIds &ids)
{
    QItemSelection selection;
    QModelIndex first;
    for (const RevisionId &id : ids) {
        const int row = m_model->rowOf(id);
        const QModelIndex index =
            row < 0 ? QModelIndex() : m_filter->mapFromSource(m_model->index(row, RevisionListModel::Id));
        if (!index.isValid())
            continue;
        if (!first.isValid())
            first = index;
        selection.select(index, index);
    }
    selectionModel()->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (first.isValid())
        scrollTo(first, QAbstractItemView::PositionAtCenter);
}

RevisionIds RepairGraph::selected() const
{
    QList<int> rows;
    for (const QModelIndex &index : selectionModel()->selectedRows())
        rows += index.row();
    std::ranges::sort(rows);
    RevisionIds ids;
    for (const int row : rows)
        ids += RevisionId(m_filter->index(row, 0).data(RevisionListModel::IdRole).toString());
    return ids;
}

void RepairGraph::updateFonts()
{
    m_delegate->setFonts(font());
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 12);
    horizontalHeader()->setFixedHeight(fontMetrics().height() + 10);
    fitColumns();
}

void RepairGraph::fitColumns()
{
    const int graph = qMax(GraphDelegate::widthFor(m_model->laneCount()),
                           fontMetrics().horizontalAdvance(tr("Graph")) + 20);
    const QFontMetrics fixed(theme::monospace());
    qsizetype letters = 0;
    for (const RevisionRow &row : m_model->rows())
        letters = qMax(letters, row.id.text().size());
    const int id = fixed.horizontalAdvance(QString(qBound(8, int(letters), 13), u'0')) + 18;
    setColumnWidth(RevisionListModel::Graph, graph);
    setColumnWidth(RevisionListModel::Id, id);
    setColumnWidth(RevisionListModel::Message, qMax(leastMessage, viewport()->width() - graph - id));
}

/// It takes the room there is and asks for none: what is around it would scroll instead.
QSize RepairGraph::sizeHint() const
{
    return {QTableView::sizeHint().width(), minimumHeight()};
}

void RepairGraph::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
    if (event->oldSize().height() != event->size().height() && !hasFocus())
        reveal();
}

void RepairGraph::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateFonts();
}

void RepairGraph::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTableView::selectionChanged(selected, deselected);
    if (!m_isFilling)
        Q_EMIT chosen();
}

} // namespace stepwell
