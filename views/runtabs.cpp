// SPDX-License-Identifier: MIT
#include "views/runtabs.h"

#include "models/runlocksmodel.h"
#include "models/runstatementsmodel.h"
#include "views/runlabel.h"
#include "views/runpane.h"
#include "views/runresult.h"
#include "views/runsqldelegate.h"
#include "views/theme.h"

#include <QHeaderView>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int outputLines = 10'000;

void appendLines(QPlainTextEdit *edit, const QStringList &lines)
{
    if (lines.isEmpty())
        return;
    // What would be dropped again at once is not laid out first.
    const qsizetype skipped = qMax<qsizetype>(0, lines.size() - outputLines);
    edit->appendPlainText(skipped == 0 ? lines.join(u'\n') : lines.mid(skipped).join(u'\n'));
}

} // namespace

RunTabs::RunTabs(KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QTabWidget(parent)
    , m_statements(new RunStatementsModel(this))
    , m_locks(new RunLocksModel(this))
    , m_result(new RunResult)
    , m_resultPage(RunPane::scrolled(m_result))
    , m_statementsView(makeStatements(repository))
    , m_output(makeOutput(u"outputText"_s, tr("Output of the project's Alembic")))
    , m_locksPage(makeLocks())
    , m_afterwards(makeOutput(u"afterwardsText"_s, tr("Output of the restart and of the logs")))
{
    setObjectName(u"runTabs"_s);
    setDocumentMode(true);
    setMinimumWidth(360);
    addTab(m_resultPage, tr("&Result"));
    addTab(m_statementsView, tr("&Statements"));
    addTab(m_output, tr("&alembic output"));
    addTab(m_locksPage, tr("&Locks"));
    addTab(m_afterwards, tr("After&wards"));
    setTabVisible(indexOf(m_resultPage), false);
    setTabVisible(indexOf(m_afterwards), false);
}

QTableView *RunTabs::makeStatements(KSyntaxHighlighting::Repository &repository)
{
    auto *view = new QTableView(this);
    view->setObjectName(u"statementsTable"_s);
    view->setAccessibleName(tr("Statements, the newest last"));
    view->setModel(m_statements);
    view->setFrameShape(QFrame::NoFrame);
    RunCellDelegate::dress(view);
    view->horizontalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(view->fontMetrics().height() + 5);
    auto *cells = new RunCellDelegate(view);
    cells->setMonoColumns({RunStatementsModel::Time, RunStatementsModel::Took});
    cells->setMutedColumns({RunStatementsModel::Time, RunStatementsModel::Took});
    cells->setHairline(false);
    view->setItemDelegate(cells);
    view->setItemDelegateForColumn(RunStatementsModel::Sql, new RunSqlDelegate(repository, view));
    // Fixed widths: to measure ten thousand rows at each batch would cost more than to show them.
    const QFontMetrics mono(theme::monospace());
    QHeaderView *header = view->horizontalHeader();
    header->setSectionResizeMode(RunStatementsModel::Time, QHeaderView::Fixed);
    header->setSectionResizeMode(RunStatementsModel::Sql, QHeaderView::Stretch);
    header->setSectionResizeMode(RunStatementsModel::Took, QHeaderView::Fixed);
    header->resizeSection(RunStatementsModel::Time, mono.horizontalAdvance(u"00:00:00"_s) + 22);
    header->resizeSection(RunStatementsModel::Took,
                          mono.horizontalAdvance(u"12.3 s · 1,204,551 rows"_s) + 26);
    return view;
}

QWidget *RunTabs::makeLocks()
{
    auto *page = new RunPane(RunPane::Base, this);
    m_noLocks = new RunLabel(tr("No statement had to wait for a lock so far."), RunLabel::Muted, page);
    m_noLocks->setObjectName(u"noLocks"_s);
    m_noLocks->setContentsMargins(18, 14, 18, 14);
    m_locksView = new QTableView(page);
    m_locksView->setObjectName(u"locksTable"_s);
    m_locksView->setAccessibleName(tr("Waits for locks, the newest last"));
    m_locksView->setModel(m_locks);
    m_locksView->setFrameShape(QFrame::NoFrame);
    RunCellDelegate::dress(m_locksView);
    auto *cells = new RunCellDelegate(m_locksView);
    cells->setMonoColumns({RunLocksModel::Time, RunLocksModel::Relation, RunLocksModel::Waited});
    cells->setMutedColumns({RunLocksModel::Time});
    m_locksView->setItemDelegate(cells);
    const QFontMetrics mono(theme::monospace());
    QHeaderView *header = m_locksView->horizontalHeader();
    header->setSectionResizeMode(RunLocksModel::BlockerColumn, QHeaderView::Stretch);
    header->resizeSection(RunLocksModel::Time, mono.horizontalAdvance(u"00:00:00"_s) + 22);
    header->resizeSection(RunLocksModel::Lock, fontMetrics().horizontalAdvance(u"ACCESS EXCLUSIVE"_s) + 26);
    header->resizeSection(RunLocksModel::Relation, mono.horizontalAdvance(u"public.sessions"_s) + 26);
    header->resizeSection(RunLocksModel::Waited, mono.horizontalAdvance(u"1 min 05 s so far"_s) + 26);
    m_locksView->hide();
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_noLocks, 0, Qt::AlignTop);
    layout->addWidget(m_locksView, 1);
    return page;
}

QPlainTextEdit *RunTabs::makeOutput(const QString &name, const QString &accessibleName)
{
    auto *edit = new QPlainTextEdit(this);
    edit->setObjectName(name);
    edit->setAccessibleName(accessibleName);
    edit->setReadOnly(true);
    edit->setTabChangesFocus(true);
    edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    edit->setMaximumBlockCount(outputLines);
    edit->setUndoRedoEnabled(false);
    edit->setFont(theme::monospace());
    edit->setFrameShape(QFrame::NoFrame);
    edit->setPlaceholderText(tr("Nothing printed yet."));
    return edit;
}

void RunTabs::start(const RunRequest &request)
{
    m_statements->clear();
    m_locks->clear();
    m_output->clear();
    m_afterwards->clear();
    m_locksView->hide();
    m_noLocks->show();
    setTabText(indexOf(m_locksPage), tr("&Locks"));
    setTabVisible(indexOf(m_resultPage), false);
    setTabVisible(indexOf(m_afterwards), request.restartAfterwards || request.watchLogsAfterwards);
    setCurrentWidget(m_statementsView);
}

void RunTabs::append(const QList<RunEvent> &events)
{
    QStringList output;
    QStringList afterwards;
    for (const RunEvent &event : events) {
        const bool after = event.phase == RunPhase::Restart || event.phase == RunPhase::WatchLogs;
        if (event.type == RunEvent::Output)
            (after ? afterwards : output) += event.text;
        else if (event.type == RunEvent::PhaseStarted && after)
            setCurrentWidget(m_afterwards);
    }
    appendLines(m_output, output);
    appendLines(m_afterwards, afterwards);
    const QScrollBar *bar = m_statementsView->verticalScrollBar();
    const bool follow = bar->value() >= bar->maximum();
    m_statements->append(events);
    if (follow)
        m_statementsView->scrollToBottom();
    m_locks->append(events);
    if (const int waits = m_locks->rowCount(); waits > 0) {
        m_noLocks->hide();
        m_locksView->show();
        setTabText(indexOf(m_locksPage), tr("&Locks (%1)").arg(waits));
    }
}

void RunTabs::showResult(const RunRequest &request, const RunReport &report)
{
    m_locks->finish();
    m_result->setReport(request, report);
    setTabVisible(indexOf(m_resultPage), true);
    setCurrentWidget(m_resultPage);
}

} // namespace stepwell
