// SPDX-License-Identifier: MIT
#include "views/sqlsearch.h"

#include "models/sqlsearchmodel.h"
#include "views/runcelldelegate.h"
#include "views/runlabel.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTableView>

using namespace Qt::StringLiterals;

namespace stepwell {

SqlSearch::SqlSearch(QWidget *parent)
    : QDialog(parent)
    , m_model(new SqlSearchModel(this))
    , m_edit(new QLineEdit(this))
    , m_table(new QTableView(this))
    , m_count(new RunLabel({}, RunLabel::Muted, this))
{
    setObjectName(u"sqlSearch"_s);
    setWindowTitle(tr("Search the Pending SQL"));
    m_edit->setObjectName(u"sqlSearchEdit"_s);
    m_edit->setPlaceholderText(tr("Table, column, command …"));
    m_edit->setAccessibleName(tr("Text to search for in the pending SQL"));
    m_edit->setClearButtonEnabled(true);
    m_edit->installEventFilter(this);
    m_count->setObjectName(u"sqlSearchCount"_s);
    m_table->setObjectName(u"sqlSearchHits"_s);
    m_table->setAccessibleName(tr("Lines that were found"));
    m_table->setModel(m_model);
    RunCellDelegate::dress(m_table);
    auto *delegate = new RunCellDelegate(m_table);
    delegate->setMonoColumns({SqlSearchModel::RevisionColumn, SqlSearchModel::Text});
    delegate->setMutedColumns({SqlSearchModel::DirectionColumn, SqlSearchModel::Line});
    m_table->setItemDelegate(delegate);
    m_table->installEventFilter(this);
    QHeaderView *header = m_table->horizontalHeader();
    header->setResizeContentsPrecision(50);
    for (int column = 0; column < SqlSearchModel::ColumnCount; ++column)
        header->setSectionResizeMode(column, column == SqlSearchModel::Text ? QHeaderView::Stretch
                                                                            : QHeaderView::ResizeToContents);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    layout->addWidget(m_edit);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_count);
    resize(820, 480);
    connect(m_edit, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_model->setText(text);
        if (m_model->rowCount() > 0)
            m_table->selectRow(0);
        tellCount();
    });
    connect(m_table, &QTableView::doubleClicked, this, &SqlSearch::openCurrent);
    tellCount();
}

void SqlSearch::setReviews(const QList<StepReview> &reviews)
{
    m_model->setReviews(reviews);
    tellCount();
}

void SqlSearch::tellCount()
{
    const int revisions = m_model->searched();
    const QString where =
        revisions == 1 ? tr("1 revision is searched") : tr("%1 revisions are searched").arg(revisions);
    const int hits = m_model->rowCount();
    if (m_edit->text().trimmed().isEmpty())
        m_count->setText(tr("%1.").arg(where));
    else if (m_model->isCut())
        m_count->setText(tr("%1; the first %2 lines found are shown.").arg(where).arg(hits));
    else
        m_count->setText(hits == 1 ? tr("%1; 1 line found.").arg(where)
                                   : tr("%1; %2 lines found.").arg(where).arg(hits));
}

void SqlSearch::openCurrent()
{
    const int row = m_table->currentIndex().row();
    if (row < 0 || row >= m_model->hits().size())
        return;
    const SqlHit hit = m_model->hits().at(row);
    Q_EMIT openRequested(hit.revision, hit.direction, hit.line);
}

bool SqlSearch::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    auto *key = static_cast<QKeyEvent *>(event);
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
        openCurrent();
        return true;
    }
    if (watched == m_edit && key->key() == Qt::Key_Down) {
        m_table->setFocus();
        return true;
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace stepwell
