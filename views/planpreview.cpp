// SPDX-License-Identifier: MIT
#include "views/planpreview.h"

#include "models/planmodel.h"
#include "views/codeview.h"
#include "views/findbar.h"
#include "views/findingcard.h"
#include "views/findingslist.h"
#include "views/runcelldelegate.h"
#include "views/runlabel.h"
#include "views/sqlreviewview.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int messageWidth = 100;
constexpr int tablesWidth = 150; // names may be long
constexpr int visibleSteps = 7;  // more scroll
constexpr auto sqlDefinition = "SQL (PostgreSQL)"_L1;

} // namespace

PlanPreview::PlanPreview(KSyntaxHighlighting::Repository &repository, PlanModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_table(new QTableView(this))
    , m_code(new CodeView(repository, this))
    , m_note(new RunLabel({}, RunLabel::Plain, this))
    , m_findings(new FindingsList(repository, this))
{
    m_table->setObjectName(u"stepsTable"_s);
    m_table->setAccessibleName(tr("Revisions that will run, in order"));
    m_table->setModel(model);
    RunCellDelegate::dress(m_table);
    auto *delegate = new RunCellDelegate(m_table);
    delegate->setMonoColumns({PlanModel::RevisionColumn});
    delegate->setMutedColumns({PlanModel::Number});
    delegate->setSeverityRole(PlanModel::SeverityRole);
    m_table->setItemDelegate(delegate);
    m_table->viewport()->installEventFilter(this);
    m_code->setObjectName(u"stepSql"_s);
    m_code->setAccessibleName(tr("SQL of the selected revision"));
    m_code->setMinimumHeight(150);
    m_note->setObjectName(u"stepSqlNote"_s);
    m_note->setWordWrap(true);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(9);
    layout->addWidget(new RunLabel(tr("What will run"), RunLabel::Bold, this));
    layout->addWidget(m_table);
    layout->addWidget(m_note);
    layout->addWidget(m_code, 1);
    layout->addWidget(new FindBar(m_code, this));
    layout->addWidget(m_findings);
    layout->addStretch(0);
    connectParts();

    fitTable();
    m_table->selectRow(0);
    showSelected();
}

void PlanPreview::connectParts()
{
    connect(m_model, &QAbstractItemModel::dataChanged, this, [this] {
        fitTable();
        showSelected();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &PlanPreview::showSelected);
    connect(m_code, &CodeView::cursorLineChanged, this, [this](int line) {
        const StepReview *review = m_model->review(m_table->currentIndex().row());
        m_findings->markStatement(review ? statementAt(review->lint, line) : -1);
    });
    connect(m_code, &CodeView::markClicked, this, [this](int line) {
        const StepReview *review = m_model->review(m_table->currentIndex().row());
        if (FindingCard *card = m_findings->markStatement(review ? statementAt(review->lint, line) : -1))
            card->setFocus(Qt::OtherFocusReason);
    });
    connect(m_findings, &FindingsList::findingActivated, this, &PlanPreview::showFinding);
    connect(m_findings, &FindingsList::acceptRequested, this,
            [this](const Finding &finding, const QString &reason) {
                if (const StepReview *review = m_model->review(m_table->currentIndex().row()))
                    Q_EMIT acceptRequested(review->revision, finding, reason);
            });
}

void PlanPreview::selectStep(int row)
{
    m_table->selectRow(row);
}

void PlanPreview::showFinding(const Finding &finding)
{
    const StepReview *review = m_model->review(m_table->currentIndex().row());
    if (!review || finding.line <= 0 || m_code->isHidden())
        return;
    int last = finding.line;
    if (finding.statement >= 0 && finding.statement < review->lint.statements.size())
        last = qMax(last, lastLine(review->lint.statements.at(finding.statement).statement));
    m_code->markLines(finding.line, last);
}

void PlanPreview::showReview(const StepReview *review)
{
    m_findings->setFindings(review ? review->lint.findings : QList<Finding>());
    m_findings->setVisible(review && !review->lint.findings.isEmpty());
    m_code->setMarks(review && review->sql.problem.isEmpty() ? marksOf(*review, {}, {}) : QList<CodeMark>());
}

void PlanPreview::fitTable()
{
    QHeaderView *header = m_table->horizontalHeader();
    int others = 0;
    for (int column = 0; column < PlanModel::ColumnCount; ++column) {
        if (column == PlanModel::Message)
            continue;
        header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
        if (column == PlanModel::Tables && header->sectionSize(column) > tablesWidth) {
            header->setSectionResizeMode(column, QHeaderView::Fixed);
            header->resizeSection(column, tablesWidth);
        }
        others += header->sectionSize(column);
    }
    // The message takes what is left; in a small window it keeps this much and the table scrolls.
    m_width = m_table->viewport()->width();
    const int left = m_width - others;
    header->setSectionResizeMode(PlanModel::Message, QHeaderView::Fixed);
    header->resizeSection(PlanModel::Message, qMax(messageWidth, left));
    const int bar = left < messageWidth ? m_table->horizontalScrollBar()->sizeHint().height() : 0;
    const int rows = qBound(1, m_model->rowCount(), visibleSteps);
    const int frame = 2 * m_table->frameWidth();
    m_table->setFixedHeight(rows * m_table->verticalHeader()->defaultSectionSize() +
                            header->sizeHint().height() + frame + bar);
}

bool PlanPreview::eventFilter(QObject *watched, QEvent *event)
{
    // Only the width counts: fitting changes the height itself.
    if (watched == m_table->viewport() && event->type() == QEvent::Resize &&
        m_table->viewport()->width() != m_width)
        fitTable();
    return QWidget::eventFilter(watched, event);
}

void PlanPreview::setProblem(const Error &error)
{
    m_problem = error.hint.isEmpty() ? error.message : QString(error.message + u' ' + error.hint);
    showSelected();
}

void PlanPreview::showSelected()
{
    const int row = m_table->currentIndex().row();
    const RenderedSql *sql = m_model->rendered(row);
    m_note->setVisible(true);
    m_code->setVisible(sql && sql->problem.isEmpty());
    if (sql) {
        showSql(*sql);
        showReview(m_model->review(row));
        return;
    }
    showReview(nullptr);
    m_code->setCode({}, sqlDefinition);
    if (row < 0)
        m_note->setVisible(false);
    else if (!m_problem.isEmpty())
        m_note->setText(tr("The SQL could not be rendered. %1").arg(m_problem));
    else
        m_note->setText(tr("Rendering the SQL with the project's own Alembic…"));
    m_note->setToolTip(m_problem);
}

void PlanPreview::showSql(const RenderedSql &sql)
{
    if (sql.problem.isEmpty()) {
        m_note->setVisible(false);
        QString text = sql.sql;
        while (!text.isEmpty() && text.back().isSpace())
            text.chop(1);
        if (m_code->toPlainText() != text)
            m_code->setCode(text, sqlDefinition);
        return;
    }
    const QString line =
        sql.problemLine > 0 ? tr(" (line %1 of the revision file)").arg(sql.problemLine) : QString();
    m_note->setText(
        tr("What this revision does cannot be shown as SQL%1: %2\nIt runs all the same; its script "
           "is in the review pane.")
            .arg(line, sql.problem));
    m_code->setCode({}, sqlDefinition);
}

} // namespace stepwell
