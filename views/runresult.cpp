// SPDX-License-Identifier: MIT
#include "views/runresult.h"

#include "models/journalmodel.h"
#include "models/runtext.h"
#include "views/messagecard.h"
#include "views/runbutton.h"
#include "views/runlabel.h"
#include "views/theme.h"

#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int statementLines = 5;

QString headline(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Done:
        return RunResult::tr("Done");
    case Outcome::Stopped:
        return RunResult::tr("Stopped after a revision");
    case Outcome::FailedRolledBack:
        return RunResult::tr("Failed; the failed revision left nothing behind");
    case Outcome::FailedWithChanges:
        return RunResult::tr("Failed; part of the failed revision stays");
    case Outcome::Cancelled:
        return RunResult::tr("Cancelled");
    case Outcome::Refused:
        return RunResult::tr("Refused; nothing was changed");
    case Outcome::Unknown:
    case Outcome::Running:
        return RunResult::tr("What happened is not known yet");
    }
    return {};
}

RunLabel *wrapped(const QString &text, RunLabel::Look look = RunLabel::Plain)
{
    auto *label = new RunLabel(text, look);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

/// A rollback is offered where this run has put something in place that can be taken back.
bool canRollBack(const RunRequest &request, const RunReport &report)
{
    return request.plan.direction == Direction::Upgrade && report.rowsKnown && !report.rows.isEmpty() &&
           !sameSet(report.rows, request.plan.from);
}

} // namespace

RunResult::RunResult(QWidget *parent) : RunPane(Base, parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
}

void RunResult::setReport(const RunRequest &request, const RunReport &report)
{
    delete m_content;
    m_content = new QWidget(this);
    auto *body = new QVBoxLayout(m_content);
    body->setContentsMargins(18, 16, 18, 16);
    body->setSpacing(10);
    addHead(body, report);
    addFacts(body, report);
    if (report.error)
        addError(body, *report.error);
    if (!report.leftBehind.isEmpty()) {
        auto *card = new MessageCard;
        card->setObjectName(u"leftBehindCard"_s);
        card->setMessage(Tone::Attention, tr("Left behind in the database"), report.leftBehind.join(u'\n'));
        body->addWidget(card);
    }
    addNext(body, report);
    addButtons(body, request, report);
    body->addStretch();
    layout()->addWidget(m_content);
    m_content->show();
}

void RunResult::addHead(QVBoxLayout *layout, const RunReport &report)
{
    auto *title = wrapped(headline(report.outcome), RunLabel::Title);
    title->setObjectName(u"resultTitle"_s);
    title->setTone(toneOf(report.outcome));
    layout->addWidget(title);
    auto *summary =
        wrapped(report.summary.isEmpty() ? RunText::outcomeSentence(report.outcome) : report.summary);
    summary->setObjectName(u"resultSummary"_s);
    layout->addWidget(summary);
}

void RunResult::addFacts(QVBoxLayout *layout, const RunReport &report)
{
    QString where;
    if (!report.rowsKnown && report.outcome == Outcome::Refused)
        where = tr("The database was not changed.");
    else if (!report.rowsKnown)
        where = tr("Where the database is could not be read. Read it again before doing anything.");
    else if (report.rows.isEmpty())
        where = tr("The database is at base: no revision is applied.");
    else
        where = tr("The database is at %1.").arg(toText(report.rows));
    auto *rows = wrapped(where, RunLabel::Bold);
    rows->setObjectName(u"resultRows"_s);
    layout->addWidget(rows);
    if (!report.backup)
        return;
    auto *backup =
        wrapped(tr("Backup: %1 (%2, verified)").arg(report.backup->file, RunText::size(report.backup->size)),
                RunLabel::Muted);
    backup->setObjectName(u"resultBackup"_s);
    layout->addWidget(backup);
}

void RunResult::addError(QVBoxLayout *layout, const Error &error)
{
    auto *card = new MessageCard;
    card->setObjectName(u"errorCard"_s);
    QStringList text;
    if (!error.hint.isEmpty())
        text += error.hint;
    if (!error.sqlState.isEmpty())
        text += tr("SQLSTATE %1").arg(error.sqlState);
    card->setMessage(Tone::Bad, error.message, text.join(u'\n'), error.detail);
    layout->addWidget(card);
    if (error.statement.isEmpty())
        return;
    layout->addWidget(new RunLabel(tr("The statement"), RunLabel::Muted));
    auto *statement = new QPlainTextEdit(error.statement);
    statement->setObjectName(u"errorStatement"_s);
    statement->setAccessibleName(tr("The statement that failed"));
    statement->setReadOnly(true);
    statement->setTabChangesFocus(true);
    statement->setFont(theme::monospace());
    const int lines = qBound(1, int(error.statement.count(u'\n')) + 2, statementLines);
    statement->setFixedHeight(statement->fontMetrics().height() * lines + 14);
    layout->addWidget(statement);
}

void RunResult::addNext(QVBoxLayout *layout, const RunReport &report)
{
    if (report.next.isEmpty())
        return;
    layout->addWidget(new RunLabel(tr("What to do next"), RunLabel::Bold));
    QStringList lines;
    for (qsizetype i = 0; i < report.next.size(); ++i)
        lines += tr("%1. %2").arg(i + 1).arg(report.next.at(i).text);
    auto *next = wrapped(lines.join(u'\n'));
    next->setObjectName(u"resultNext"_s);
    layout->addWidget(next);
}

void RunResult::addButtons(QVBoxLayout *layout, const RunRequest &request, const RunReport &report)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    const auto add = [&](const QString &text, const QString &name) {
        auto *button = new RunButton(text, m_content);
        button->setObjectName(name);
        row->addWidget(button);
        return button;
    };
    auto *back = add(tr("Back to %1").arg(request.target.id.component), u"backButton"_s);
    connect(back, &QPushButton::clicked, this, &RunResult::backRequested);
    if (report.outcome != Outcome::Done) {
        auto *retry =
            add(report.outcome == Outcome::Unknown ? tr("Read the database again") : tr("Plan it again…"),
                u"retryButton"_s);
        connect(retry, &QPushButton::clicked, this, &RunResult::retryRequested);
    } else {
        back->setTone(Tone::Accent);
    }
    if (canRollBack(request, report)) {
        auto *rollBack = add(tr("Roll back…"), u"rollBackButton"_s);
        connect(rollBack, &QPushButton::clicked, this, &RunResult::rollBackRequested);
    }
    if (report.journalId > 0) {
        auto *journal = add(tr("Show in the journal"), u"journalButton"_s);
        connect(journal, &QPushButton::clicked, this,
                [this, id = report.journalId] { Q_EMIT journalRequested(id); });
    }
    row->addStretch();
    layout->addLayout(row);
}

} // namespace stepwell
