// SPDX-License-Identifier: MIT
#include "views/sqlpane.h"

#include "views/codeview.h"
#include "views/findingslist.h"
#include "views/messagecard.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace stepwell {

SqlPane::SqlPane(KSyntaxHighlighting::Repository &repository, Direction direction, QWidget *parent)
    : QStackedWidget(parent)
    , m_direction(direction)
    , m_view(new SqlReviewView(repository, direction))
    , m_note(new QLabel)
    , m_cardPage(new QWidget)
    , m_card(new MessageCard)
    , m_fileFindings(new FindingsList(repository))
{
    m_note->setObjectName(u"sqlNote"_s);
    m_note->setAlignment(Qt::AlignCenter);
    m_note->setWordWrap(true);
    m_note->setMargin(24);
    m_note->setAutoFillBackground(true);
    m_note->setBackgroundRole(QPalette::Base);
    m_cardPage->setAutoFillBackground(true);
    m_cardPage->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(m_cardPage);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(m_card);
    column->addWidget(m_fileFindings);
    column->addStretch();
    auto *area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(m_cardPage);
    m_cardArea = area;
    addWidget(m_note);
    addWidget(m_view);
    addWidget(area);
    connect(m_view, &SqlReviewView::acceptRequested, this, &SqlPane::acceptRequested);
    connect(m_view, &SqlReviewView::fileLineRequested, this, &SqlPane::showLineRequested);
    connect(m_fileFindings, &FindingsList::acceptRequested, this, &SqlPane::acceptRequested);
    connect(m_fileFindings, &FindingsList::findingActivated, this, [this](const Finding &finding) {
        if (finding.fileLine > 0)
            Q_EMIT showLineRequested(finding.fileLine);
    });
    connect(m_card, &MessageCard::actionRequested, this, [this](const QString &name) {
        if (name == "line"_L1)
            Q_EMIT showLineRequested(m_line);
        else
            Q_EMIT retryRequested();
    });
    setEmpty();
}

void SqlPane::showNote(const QString &text)
{
    m_note->setText(text);
    setCurrentWidget(m_note);
}

void SqlPane::setEmpty()
{
    showNote(tr("Select a revision to see its SQL."));
}

void SqlPane::setRendering()
{
    showNote(tr("Rendering the SQL with the project's own Alembic…"));
}

void SqlPane::setSql(const RenderedSql &sql)
{
    m_fileFindings->setFindings({});
    if (!sql.problem.isEmpty()) {
        showProblem(sql);
    } else if (sql.sql.trimmed().isEmpty()) {
        showNote(m_direction == Direction::Upgrade
                     ? tr("No SQL: the upgrade only moves the version row.")
                     : tr("No SQL: the downgrade only moves the version row, the schema stays as it is."));
    } else {
        m_view->setSql(sql);
        setCurrentWidget(m_view);
    }
}

void SqlPane::setReview(const StepReview &review)
{
    if (review.sql.problem.isEmpty() && !review.sql.sql.trimmed().isEmpty()) {
        m_view->setReview(review);
        setCurrentWidget(m_view);
        return;
    }
    setSql(review.sql);
    m_fileFindings->setFindings(review.lint.findings);
    if (review.sql.problem.isEmpty() && !review.lint.findings.isEmpty()) {
        m_card->setMessage(Tone::Neutral, tr("No SQL"), m_note->text());
        m_card->setActions({});
        setCurrentWidget(m_cardArea);
    }
}

void SqlPane::showProblem(const RenderedSql &sql)
{
    m_line = sql.problemLine;
    const QString where = m_line > 0 ? tr(" (line %1 of the revision file)").arg(m_line) : QString();
    const QString text = tr("%1%2. What it does is known only by rehearsal on a scratch database.")
                             .arg(sql.problem.endsWith(u'.') ? sql.problem.chopped(1) : sql.problem, where);
    m_card->setMessage(Tone::Attention, tr("This revision cannot be rendered without a database"), text);
    QList<CardAction> actions;
    if (m_line > 0)
        actions.append({u"line"_s, tr("Show Line %1").arg(m_line)});
    m_card->setActions(actions);
    setCurrentWidget(m_cardArea);
}

void SqlPane::setError(const Error &error)
{
    const QString text = error.hint.isEmpty() ? error.message : u"%1 %2"_s.arg(error.message, error.hint);
    m_card->setMessage(Tone::Bad, tr("The SQL could not be rendered"), text, error.detail);
    m_card->setActions({{u"retry"_s, tr("Try Again")}});
    m_fileFindings->setFindings({});
    setCurrentWidget(m_cardArea);
}

QString SqlPane::shownText() const
{
    if (currentWidget() == m_view)
        return m_view->code()->toPlainText();
    if (currentWidget() == m_note)
        return m_note->text();
    return u"%1\n%2"_s.arg(m_card->title(), m_card->text());
}

} // namespace stepwell
