// SPDX-License-Identifier: MIT
#include "views/runresult.h"

#include "migrations/database/errortranslation.h"
#include "models/journalmodel.h"
#include "models/runtext.h"
#include "views/messagecard.h"
#include "views/runbutton.h"
#include "views/runflowlayout.h"
#include "views/runlabel.h"
#include "views/runprose.h"
#include "views/runrows.h"

#include <QFileInfo>
#include <QMessageBox>
#include <QSet>
#include <QVBoxLayout>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int codeLines = 8; // more scroll

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

/// Text of a machine under a quiet title, for as much as there is of it.
void addCode(QVBoxLayout *layout, const QString &title, const QString &text, const QString &name)
{
    if (text.isEmpty())
        return;
    if (!title.isEmpty())
        layout->addWidget(new RunLabel(title, RunLabel::Muted));
    auto *code = new RunProse(RunProse::Mono);
    code->setObjectName(name);
    code->setAccessibleName(title.isEmpty() ? RunResult::tr("The lines that it goes by") : title);
    code->setMaximumLines(codeLines);
    code->setProse(text);
    layout->addWidget(code);
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
    if (report.offending)
        body->addWidget(new RunRows(*report.offending));
    if (!report.leftBehind.isEmpty()) {
        auto *card = new MessageCard;
        card->setObjectName(u"leftBehindCard"_s);
        card->setMessage(Tone::Attention, tr("This stays in the database"),
                         tr("The failed revision had committed it, or could not take it back."));
        body->addWidget(card);
        addCode(body, {}, report.leftBehind.join(u'\n'), u"leftBehind"_s);
    }
    addAfterwards(body, report);
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

/// What it means first, in plain words; the database's own below, to be read and copied.
void RunResult::addError(QVBoxLayout *layout, const Error &error)
{
    const ErrorMeaning meaning = meaningOf(error);
    auto *card = new MessageCard;
    card->setObjectName(u"errorCard"_s);
    QStringList text;
    if (!meaning.why.isEmpty())
        text += meaning.why;
    if (const QString todo = meaning.todo.isEmpty() ? error.hint : meaning.todo; !todo.isEmpty())
        text += todo;
    if (!error.sqlState.isEmpty())
        text += tr("SQLSTATE %1").arg(error.sqlState);
    card->setMessage(Tone::Bad, meaning.what.isEmpty() ? error.message : meaning.what, text.join(u'\n'));
    layout->addWidget(card);
    QStringList own;
    if (!meaning.what.isEmpty())
        own += error.message;
    if (const QString detail = error.detail.trimmed(); !detail.isEmpty())
        own += detail;
    addCode(layout, tr("In the database's own words"), own.join(u'\n'), u"errorDetail"_s);
    addCode(layout, tr("The statement"), error.statement, u"errorStatement"_s);
}

/// Never red: the migration itself is done.
void RunResult::addAfterwards(QVBoxLayout *layout, const RunReport &report)
{
    for (const JournalAfter &after : report.after) {
        auto *card = new MessageCard;
        card->setObjectName(after.kind == JournalAfter::Restart ? u"restartCard"_s : u"logCard"_s);
        const QString title = after.kind == JournalAfter::Restart
                                  ? tr("Restart: %1").arg(after.what)
                                  : tr("Log: %1").arg(QFileInfo(after.what).fileName());
        card->setMessage(after.ok ? Tone::Good : Tone::Attention, title, after.text);
        card->setToolTip(after.what);
        layout->addWidget(card);
        addCode(layout, {}, after.lines.join(u'\n'), u"afterLines"_s);
    }
}

void RunResult::addNext(QVBoxLayout *layout, const RunReport &report)
{
    if (report.next.isEmpty())
        return;
    layout->addWidget(new RunLabel(tr("What to do next"), RunLabel::Bold));
    QStringList lines;
    for (qsizetype i = 0; i < report.next.size(); ++i)
        lines += report.next.size() == 1 ? report.next.at(i).text
                                         : tr("%1. %2").arg(i + 1).arg(report.next.at(i).text);
    auto *next = wrapped(lines.join(u'\n'));
    next->setObjectName(u"resultNext"_s);
    layout->addWidget(next);
}

RunButton *RunResult::addButton(QLayout *row, const QString &text, const QString &name)
{
    auto *button = new RunButton(text, m_content);
    button->setObjectName(name);
    row->addWidget(button);
    return button;
}

/// In the order in which the run proposes them, each once.
void RunResult::addNextButtons(QLayout *row, const RunReport &report)
{
    QSet<QString> there;
    const auto add = [&](const QString &text, const QString &name, auto signal) {
        if (there.contains(name))
            return;
        there += name;
        connect(addButton(row, text, name), &QPushButton::clicked, this, signal);
    };
    for (const NextStep &next : report.next) {
        switch (next.action) {
        case NextStep::ReadState:
            add(tr("Read the database again"), u"readStateButton"_s, &RunResult::readStateRequested);
            break;
        case NextStep::Retry:
            add(tr("Run it again…"), u"retryButton"_s, &RunResult::retryRequested);
            break;
        case NextStep::FixAndRetry:
            add(tr("Plan it again…"), u"retryButton"_s, &RunResult::retryRequested);
            break;
        case NextStep::Continue:
            add(tr("Continue…"), u"continueButton"_s, &RunResult::retryRequested);
            break;
        case NextStep::RollBack:
            add(tr("Roll back…"), u"rollBackButton"_s, &RunResult::rollBackRequested);
            break;
        case NextStep::UpgradeAgain:
            add(tr("Upgrade again…"), u"upgradeAgainButton"_s, &RunResult::upgradeAgainRequested);
            break;
        case NextStep::RepairIndexes:
            if (!there.contains(u"repair"_s))
                addRepairs(row, report.repairs);
            there += u"repair"_s;
            break;
        case NextStep::None:
        case NextStep::RestoreBackup:
        case NextStep::ResolveHeads:
        case NextStep::PullCode:
        case NextStep::RestartServices:
            break; // words: done elsewhere
        }
    }
    if (report.next.isEmpty() && report.outcome == Outcome::Unknown)
        add(tr("Read the database again"), u"readStateButton"_s, &RunResult::readStateRequested);
    else if (report.next.isEmpty() && report.outcome != Outcome::Done)
        add(tr("Plan it again…"), u"retryButton"_s, &RunResult::retryRequested);
}

void RunResult::addButtons(QVBoxLayout *layout, const RunRequest &request, const RunReport &report)
{
    auto *row = new RunFlowLayout;
    addNextButtons(row, report);
    if (canRollBack(request, report) && !m_content->findChild<RunButton *>(u"rollBackButton"_s)) {
        auto *rollBack = addButton(row, tr("Roll back…"), u"rollBackButton"_s);
        connect(rollBack, &QPushButton::clicked, this, &RunResult::rollBackRequested);
    }
    if (report.journalId > 0) {
        auto *journal = addButton(row, tr("Show in the journal"), u"journalButton"_s);
        connect(journal, &QPushButton::clicked, this,
                [this, id = report.journalId] { Q_EMIT journalRequested(id); });
        auto *save = addButton(row, tr("Save report…"), u"saveReportButton"_s);
        connect(save, &QPushButton::clicked, this,
                [this, id = report.journalId] { Q_EMIT saveReportRequested(id); });
    }
    auto *back = addButton(row, tr("Back to %1").arg(request.target.id.component), u"backButton"_s);
    connect(back, &QPushButton::clicked, this, &RunResult::backRequested);
    if (report.outcome == Outcome::Done)
        back->setTone(Tone::Accent);
    layout->addLayout(row);
}

void RunResult::addRepairs(QLayout *row, const QList<CheckFix> &repairs)
{
    for (qsizetype i = 0; i < repairs.size(); ++i) {
        const CheckFix &fix = repairs.at(i);
        auto *repair = addButton(row, tr("%1…").arg(fix.label), u"repairButton%1"_s.arg(i));
        connect(repair, &QPushButton::clicked, this, [this, fix] { askRepair(fix); });
    }
}

void RunResult::askRepair(const CheckFix &fix)
{
    auto *question = new QMessageBox(QMessageBox::Warning, fix.label, tr("Execute this on the database?"),
                                     QMessageBox::NoButton, window());
    question->setObjectName(u"repairQuestion"_s);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setTextFormat(Qt::PlainText);
    const QString sql = QString(fix.statements.join(u";\n"_s) + u';');
    question->setInformativeText(fix.warning.isEmpty() ? sql : QString(sql + u"\n\n"_s + fix.warning));
    QPushButton *yes = question->addButton(tr("Execute"), QMessageBox::DestructiveRole);
    QPushButton *no = question->addButton(QMessageBox::Cancel);
    yes->setObjectName(u"repairYes"_s);
    no->setObjectName(u"repairNo"_s);
    question->setDefaultButton(no);
    question->setEscapeButton(no);
    connect(yes, &QPushButton::clicked, this, [this, fix] { Q_EMIT repairRequested(fix); });
    question->open();
}

} // namespace stepwell
