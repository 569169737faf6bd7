// SPDX-License-Identifier: MIT
#include "views/repairpreview.h"

#include "migrations/review/textdifference.h"
#include "models/repairtext.h"
#include "views/breakabletext.h"
#include "views/codepane.h"
#include "views/codeview.h"
#include "views/messagecard.h"
#include "views/planwarning.h"
#include "views/repairgraph.h"
#include "views/runcelldelegate.h"
#include "views/runlabel.h"
#include "views/runpane.h"
#include "views/runprose.h"

#include <QHeaderView>
#include <QListWidget>
#include <QResizeEvent>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int textLines = 9;  // more scroll
constexpr int shownFiles = 4; // likewise
constexpr int narrowGraphs = 640;
constexpr int leastTabs = 290; // pixels: below it the whole preview scrolls

/// Side by side; one above the other, without headers, where that would leave no room for messages.
class GraphSplitter : public QSplitter
{
protected:
    void resizeEvent(QResizeEvent *event) override
    {
        const bool narrow = event->size().width() < narrowGraphs;
        setOrientation(narrow ? Qt::Vertical : Qt::Horizontal);
        for (RepairGraph *graph : findChildren<RepairGraph *>())
            graph->horizontalHeader()->setVisible(!narrow);
        QSplitter::resizeEvent(event);
    }
};

QString textOf(const std::optional<QByteArray> &content)
{
    return QString::fromUtf8(content.value_or(QByteArray()));
}

} // namespace

RepairPreview::RepairPreview(KSyntaxHighlighting::Repository &repository, const History &history,
                             QWidget *parent)
    : QWidget(parent)
    , m_before(history.scripts.map)
    , m_stack(new QStackedWidget(this))
    , m_note(new RunLabel({}, RunLabel::Muted))
    , m_refusal(new MessageCard)
    , m_tabs(new QTabWidget)
{
    setObjectName(u"repairPreview"_s);
    for (const HistoryTarget &target : history.targets)
        m_colours.insert(target.target.id.environment, target.target.environment.colour);
    m_note->setObjectName(u"previewNote"_s);
    m_note->setAlignment(Qt::AlignCenter);
    m_note->setWordWrap(true);
    m_note->setMargin(24);
    m_refusal->setObjectName(u"refusalCard"_s);
    auto *refused = new QWidget;
    auto *column = new QVBoxLayout(refused);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_refusal);
    column->addStretch();

    auto *content = new QWidget;
    auto *words = new QVBoxLayout(content);
    words->setContentsMargins(0, 0, 0, 0);
    words->setSpacing(10);
    words->addWidget(makeWords());
    m_tabs->setObjectName(u"previewTabs"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->setMinimumHeight(leastTabs);
    m_tabs->addTab(makeGraphs(), tr("&Graph"));
    m_tabs->addTab(makeFiles(repository), tr("&Files"));
    m_tabs->addTab(makeDatabases(), tr("&Databases"));
    words->addWidget(m_tabs, 1);

    m_stack->addWidget(m_note);
    m_stack->addWidget(refused);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
}

QWidget *RepairPreview::makeWords()
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_title = new RunLabel({}, RunLabel::Title, box);
    m_title->setObjectName(u"planTitle"_s);
    m_title->setWordWrap(true);
    m_text = new RunProse(RunProse::Plain, box);
    m_text->setObjectName(u"planText"_s);
    m_text->setAccessibleName(tr("What will be done"));
    m_text->setMaximumLines(textLines);
    m_warnings = new QVBoxLayout;
    m_warnings->setSpacing(6);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addLayout(m_warnings);
    return box;
}

QWidget *RepairPreview::makeGraphs()
{
    auto *splitter = new GraphSplitter;
    splitter->setObjectName(u"previewGraphs"_s);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    const auto side = [&](const QString &caption, const QString &name, const QString &spoken) {
        auto *box = new QWidget;
        auto *column = new QVBoxLayout(box);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        auto *label = new RunLabel(caption, RunLabel::Bold, box);
        label->setContentsMargins(10, 6, 10, 6);
        auto *graph = new RepairGraph(box);
        graph->setObjectName(name);
        graph->setAccessibleName(spoken);
        column->addWidget(label);
        column->addWidget(graph, 1);
        splitter->addWidget(box);
        return graph;
    };
    m_graphBefore = side(tr("Before"), u"graphBefore"_s, tr("Revisions before, newest first"));
    m_graphAfter = side(tr("After"), u"graphAfter"_s, tr("Revisions after, newest first"));
    splitter->setSizes({500, 500});
    return splitter;
}

QWidget *RepairPreview::makeFiles(KSyntaxHighlighting::Repository &repository)
{
    auto *box = new RunPane(RunPane::Base);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_files = new QListWidget(box);
    m_files->setObjectName(u"filesList"_s);
    m_files->setAccessibleName(tr("Files that change"));
    m_files->setFrameShape(QFrame::NoFrame);
    m_files->setTextElideMode(Qt::ElideMiddle);
    m_files->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_files->setUniformItemSizes(true);
    auto *delegate = new RunCellDelegate(m_files);
    delegate->setMonoColumns({0});
    m_files->setItemDelegate(delegate);
    m_code = new CodePane(repository, {}, box);
    m_code->code()->setObjectName(u"fileCode"_s);
    m_code->code()->setTabChangesFocus(true);
    column->addWidget(m_files);
    column->addWidget(m_code, 1);
    connect(m_files, &QListWidget::currentRowChanged, this, &RepairPreview::showFile);
    return box;
}

QWidget *RepairPreview::makeDatabases()
{
    auto *pane = new RunPane(RunPane::Base);
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(12);
    m_databasesNote = new RunLabel({}, RunLabel::Muted, pane);
    m_databasesNote->setObjectName(u"databasesNote"_s);
    m_databasesNote->setWordWrap(true);
    m_stages = new StageList(pane);
    column->addWidget(m_databasesNote);
    column->addWidget(m_stages);
    column->addStretch();
    QScrollArea *area = RunPane::scrolled(pane);
    area->setAccessibleName(tr("What happens to databases"));
    return area;
}

void RepairPreview::setTitleShown(bool shown)
{
    m_title->setVisible(shown);
}

void RepairPreview::setNote(const QString &note)
{
    m_note->setText(note);
    m_stack->setCurrentIndex(0);
}

void RepairPreview::setRefusal(const Error &error)
{
    m_refusal->setMessage(error.kind == ErrorKind::Refused ? Tone::Attention : Tone::Bad,
                          breakable(error.message), breakable(error.hint), error.detail);
    m_stack->setCurrentIndex(1);
}

void RepairPreview::setPlan(const RepairPlan &plan, const QString &folder, const RevisionId &place)
{
    m_changes = plan.changes;
    m_folder = folder;
    m_title->setText(breakable(plan.title));
    QStringList lines;
    for (int i = 0; i < plan.text.size(); ++i)
        lines += plan.text.size() == 1 ? plan.text.at(i) : tr("%1. %2").arg(i + 1).arg(plan.text.at(i));
    m_text->setProse(lines.join(u'\n'));
    m_text->setVisible(!lines.isEmpty());
    tellWarnings(plan);

    m_graphBefore->setGraph(m_before, RepairText::marksBefore(m_before, plan));
    m_graphAfter->setGraph(plan.after, RepairText::marksAfter(m_before, plan));
    m_graphBefore->setPlace(place);
    m_graphAfter->setPlace(place);
    fillFiles();
    m_tabs->setTabText(1, tr("&Files (%1)").arg(plan.changes.size()));

    const bool touched = !plan.detours.isEmpty();
    m_databasesNote->setText(
        touched
            ? tr("Revisions that move are applied in these databases. They go down there with the files as "
                 "they are now, then the files are written, then they come up again. Each run shows its own "
                 "plan and asks before it begins.")
            : tr("No database is touched."));
    m_stages->setVisible(touched);
    m_stages->setStages(touched ? RepairText::stages(plan) : QList<RepairStage>(), m_colours, false);
    m_tabs->setTabText(2, touched ? tr("&Databases (%1)").arg(plan.detours.size()) : tr("&Databases"));
    m_stack->setCurrentIndex(2);
}

void RepairPreview::tellWarnings(const RepairPlan &plan)
{
    while (QLayoutItem *item = m_warnings->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    QStringList texts = plan.warnings;
    for (const ScriptProblem &problem : plan.problemsAfter)
        texts += tr("Still wrong afterwards: %1").arg(problem.error.message);
    for (const QString &text : std::as_const(texts)) {
        auto *warning = new PlanWarning(u"planWarning"_s, this);
        warning->setText(text);
        m_warnings->addWidget(warning);
    }
}

void RepairPreview::fillFiles()
{
    m_files->clear();
    const QDir from(m_folder);
    for (const FileChange &change : std::as_const(m_changes)) {
        const QString path = m_folder.isEmpty() ? change.file : from.relativeFilePath(change.file);
        auto *item = new QListWidgetItem(
            tr("%1: %2", "changed, file").arg(RepairText::changeChip(change).text, path), m_files);
        item->setToolTip(change.file);
    }
    const int row = m_files->sizeHintForRow(0);
    m_files->setFixedHeight(qMax(1, qMin(shownFiles, m_files->count())) * qMax(18, row) + 4);
    m_code->setVisible(!m_changes.isEmpty());
    if (!m_changes.isEmpty())
        m_files->setCurrentRow(0);
}

void RepairPreview::showFile(int row)
{
    if (row < 0 || row >= m_changes.size())
        return;
    const FileChange &change = m_changes.at(row);
    CodeView *code = m_code->code();
    if (!change.before) {
        code->setAccessibleName(tr("The new file"));
        code->setCode(textOf(change.after), u"Python"_s);
        return;
    }
    const QString path = m_folder.isEmpty() ? change.file : QDir(m_folder).relativeFilePath(change.file);
    code->setAccessibleName(tr("What changes in the file"));
    code->setCode(unifiedDiff(textOf(change.before), textOf(change.after), QString(u"a/"_s + path),
                              change.after ? QString(u"b/"_s + path) : u"/dev/null"_s),
                  u"Diff"_s);
}

} // namespace stepwell
