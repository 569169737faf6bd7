// SPDX-License-Identifier: MIT
#include "views/sqlreviewview.h"

#include "migrations/lint/explain.h"
#include "models/reviewtext.h"
#include "views/codeview.h"
#include "views/findbar.h"
#include "views/findingslist.h"
#include "views/runpane.h"

#include <QClipboard>
#include <QMenu>
#include <QSplitter>
#include <QTextBlock>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int stripLines = 4;

} // namespace

int lastLine(const Statement &statement)
{
    return statement.line + int(statement.text.count(u'\n'));
}

int statementAt(const LintReport &report, int line)
{
    for (int i = 0; i < report.statements.size(); ++i) {
        const Statement &statement = report.statements.at(i).statement;
        if (line >= statement.line && line <= lastLine(statement))
            return i;
    }
    return -1;
}

QList<CodeMark> marksOf(const StepReview &review, const QList<ShownComment> &comments, const LineMap &map)
{
    QList<CodeMark> marks;
    for (const Finding &finding : review.lint.findings) {
        if (finding.line > 0)
            marks += {.line = finding.line, .tone = ReviewText::tone(finding), .tip = finding.title};
    }
    for (const LintedStatement &linted : review.lint.statements) {
        const Statement &statement = linted.statement;
        if (!statement.parseError.isEmpty())
            marks += {.line = statement.errorLine > 0 ? statement.errorLine : statement.line,
                      .tone = Tone::Bad,
                      .tip = statement.parseError};
    }
    for (const ShownComment &comment : comments) {
        const int line = comment.isStale ? comment.comment.line : map.toShown(comment.comment.line);
        if (line > 0)
            marks += {.line = line,
                      .tone = comment.isStale ? Tone::Neutral : Tone::Special,
                      .tip = comment.text(),
                      .isComment = true};
    }
    return marks;
}

SqlReviewView::SqlReviewView(KSyntaxHighlighting::Repository &repository, Direction direction,
                             QWidget *parent)
    : QWidget(parent)
    , m_direction(direction)
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_code(new CodeView(repository))
    , m_findings(new FindingsColumn(repository))
{
    const bool up = direction == Direction::Upgrade;
    setObjectName(up ? u"upgradeReview"_s : u"downgradeReview"_s);
    m_code->setObjectName(up ? u"upgradeCode"_s : u"downgradeCode"_s);
    m_code->setAccessibleName(up ? tr("SQL of the upgrade") : tr("SQL of the downgrade"));
    build();
    connectParts();
}

void SqlReviewView::build()
{
    auto *left = new QWidget;
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_code, 1);
    column->addWidget(new FindBar(m_code));
    column->addWidget(makeStrip());
    m_splitter->addWidget(left);
    m_splitter->addWidget(m_findings);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({720, 320});
    m_findings->setVisible(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
}

QWidget *SqlReviewView::makeStrip()
{
    auto *strip = new RunPane(RunPane::Bar);
    auto *row = new QHBoxLayout(strip);
    row->setContentsMargins(12, 4, 6, 4);
    row->setSpacing(2);
    m_strip = new QLabel(strip);
    m_strip->setObjectName(u"statementStrip"_s);
    m_strip->setAccessibleName(tr("What the statement at the cursor does"));
    m_strip->setTextFormat(Qt::PlainText);
    m_strip->setWordWrap(true);
    m_strip->setMinimumWidth(1);
    m_strip->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    // A statement may lock hundreds of partitions: the SQL keeps its room, the tooltip has it all.
    m_strip->setMaximumHeight(stripLines * m_strip->fontMetrics().lineSpacing());
    m_strip->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_strip, 1);
    const auto button = [&](const QString &name, const QString &text, const QString &accessible) {
        auto *made = new QToolButton(strip);
        made->setObjectName(name);
        made->setText(text);
        made->setAccessibleName(accessible);
        made->setToolTip(accessible);
        made->setAutoRaise(true);
        made->setFocusPolicy(Qt::StrongFocus);
        row->addWidget(made, 0, Qt::AlignTop);
        return made;
    };
    connect(button(u"findSqlButton"_s, tr("Find"), tr("Find in the SQL (Ctrl+F)")), &QToolButton::clicked,
            m_code, &CodeView::findRequested);
    connect(button(u"copySqlButton"_s, tr("Copy"), tr("Copy the whole SQL")), &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_code->toPlainText()); });
    connect(button(u"saveSqlButton"_s, tr("Save…"), tr("Save the SQL as a file")), &QToolButton::clicked,
            this, [this] { Q_EMIT saveRequested(m_sql.sql); });
    return strip;
}

void SqlReviewView::connectParts()
{
    connect(m_code, &CodeView::cursorLineChanged, this, &SqlReviewView::explainLine);
    connect(m_code, &CodeView::markClicked, this, [this](int line) {
        if (m_review)
            m_findings->showStatement(statementAt(m_review->lint, line));
    });
    connect(m_code, &CodeView::menuNeeded, this, &SqlReviewView::extendMenu);
    connect(m_findings->list(), &FindingsList::findingActivated, this, &SqlReviewView::showFinding);
    connect(m_findings->list(), &FindingsList::acceptRequested, this, &SqlReviewView::acceptRequested);
}

void SqlReviewView::setSql(const RenderedSql &sql)
{
    m_sql = sql;
    m_review.reset();
    // Blank lines at the end only: findings count lines from the top.
    QString text = sql.sql;
    while (!text.isEmpty() && text.back().isSpace())
        text.chop(1);
    m_code->setCode(text, u"SQL (PostgreSQL)"_s);
    m_findings->list()->setFindings({});
    m_findings->setVisible(false);
    explainLine(m_code->cursorLine());
}

void SqlReviewView::setReview(const StepReview &review)
{
    if (!m_review || m_sql.sql != review.sql.sql)
        setSql(review.sql);
    m_review = review;
    m_map = LineMap(m_code->toPlainText(),
                    m_direction == Direction::Upgrade ? review.texts.upgrade : review.texts.downgrade);
    m_findings->list()->setFindings(review.lint.findings);
    m_findings->setVisible(!review.lint.findings.isEmpty());
    qsizetype error = -1;
    for (const LintedStatement &linted : review.lint.statements) {
        if (error < 0 && !linted.statement.parseError.isEmpty())
            error = linted.statement.errorOffset;
    }
    m_code->setErrorAt(error);
    refreshMarks();
    // The first line is a comment that names the step: what matters begins below it.
    if (m_code->cursorLine() == 1 && !review.lint.statements.isEmpty())
        m_code->setTextCursor(QTextCursor(
            m_code->document()->findBlockByNumber(review.lint.statements.constFirst().statement.line - 1)));
    explainLine(m_code->cursorLine());
}

void SqlReviewView::setComments(const QList<ShownComment> &comments)
{
    m_comments = comments;
    refreshMarks();
}

void SqlReviewView::refreshMarks()
{
    if (m_review)
        m_code->setMarks(marksOf(*m_review, m_comments, m_map));
    explainLine(m_code->cursorLine());
}

void SqlReviewView::showLine(int line)
{
    m_code->markLine(line);
    explainLine(line);
}

void SqlReviewView::showFinding(const Finding &finding)
{
    if (finding.line <= 0) {
        if (finding.fileLine > 0)
            Q_EMIT fileLineRequested(finding.fileLine);
        return;
    }
    int last = finding.line;
    if (m_review && finding.statement >= 0 && finding.statement < m_review->lint.statements.size())
        last = qMax(last, lastLine(m_review->lint.statements.at(finding.statement).statement));
    m_code->markLines(finding.line, last);
}

void SqlReviewView::explainLine(int line)
{
    const int at = m_review ? statementAt(m_review->lint, line) : -1;
    m_findings->list()->markStatement(at);
    QStringList parts;
    if (!m_review)
        parts += tr("The SQL is being checked…");
    else if (!m_review->lint.problem.isEmpty())
        parts += tr("The SQL cannot be split into statements: %1").arg(m_review->lint.problem);
    else if (at >= 0)
        parts += explainStatement(m_review->lint.statements.at(at), nullptr);
    else
        parts += tr("No statement at line %1.").arg(line);
    for (const ShownComment &comment : std::as_const(m_comments)) {
        if ((comment.isStale ? comment.comment.line : m_map.toShown(comment.comment.line)) == line)
            parts += comment.text();
    }
    m_strip->setText(parts.join(u'\n'));
    m_strip->setToolTip(m_strip->text());
}

int SqlReviewView::reviewedLine(int line) const
{
    // A comment on a line that no review covers belongs to the next one that is covered.
    for (int at = line; at <= m_code->blockCount(); ++at) {
        if (const int reviewed = m_map.toPart(at); reviewed > 0)
            return reviewed;
    }
    for (int at = line; at > 0; --at) {
        if (const int reviewed = m_map.toPart(at); reviewed > 0)
            return reviewed;
    }
    return 0;
}

void SqlReviewView::extendMenu(QMenu *menu, int line)
{
    QAction *copy = menu->addAction(tr("Copy All SQL"), this,
                                    [this] { QGuiApplication::clipboard()->setText(m_code->toPlainText()); });
    copy->setObjectName(u"copyAllAction"_s);
    QAction *save = menu->addAction(tr("Save SQL…"), this, [this] { Q_EMIT saveRequested(m_sql.sql); });
    save->setObjectName(u"saveSqlAction"_s);
    const int reviewed = reviewedLine(line);
    if (!m_review || reviewed <= 0)
        return;
    menu->addSeparator();
    QAction *comment = menu->addAction(tr("Comment on This Line…"), this,
                                       [this, reviewed] { Q_EMIT commentRequested(reviewed); });
    comment->setObjectName(u"commentAction"_s);
}

} // namespace stepwell
