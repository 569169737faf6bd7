// SPDX-License-Identifier: MIT
#include "views/runview.h"

#include "models/journalmodel.h"
#include "models/runstepsmodel.h"
#include "models/runtext.h"
#include "views/banner.h"
#include "views/elidedlabel.h"
#include "views/messagecard.h"
#include "views/runbutton.h"
#include "views/runlabel.h"
#include "views/runlockcard.h"
#include "views/runpane.h"
#include "views/runresult.h"
#include "views/runstepsview.h"
#include "views/runtabs.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QProgressBar>
#include <QScrollArea>
#include <QSplitter>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto flushInterval = 100ms;
constexpr auto tickInterval = 200ms;

} // namespace

RunView::RunView(KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QWidget(parent)
    , m_steps(new RunStepsModel(this))
    , m_banner(new Banner(this))
    , m_stop(new RunButton({}, this))
    , m_cancel(new RunButton(tr("Cancel and roll back…"), this))
    , m_tabs(new RunTabs(repository, this))
{
    setObjectName(u"runView"_s);
    addBannerButtons();
    auto *splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(makeLeft());
    splitter->addWidget(m_tabs);
    splitter->setStretchFactor(0, 36);
    splitter->setStretchFactor(1, 64);
    splitter->setSizes({400, 720});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(splitter, 1);
    layout->addWidget(makeStrip());
    connectLocks();
    connectResult();

    m_flushTimer.setSingleShot(true);
    m_flushTimer.setInterval(flushInterval);
    connect(&m_flushTimer, &QTimer::timeout, this, &RunView::flush);
    m_tickTimer.setInterval(tickInterval);
    connect(&m_tickTimer, &QTimer::timeout, this, &RunView::tick);
    refresh();
}

RunView::~RunView() = default;

void RunView::addBannerButtons()
{
    m_stop->setObjectName(u"stopButton"_s);
    m_stop->setToolTip(tr("Lets the revision that is running finish, then stops. Nothing is taken back."));
    m_cancel->setObjectName(u"cancelButton"_s);
    m_cancel->setTone(Tone::Bad);
    m_cancel->setToolTip(
        tr("Cancels the statement on the server; the revision that is running is rolled back."));
    connect(m_stop, &QPushButton::clicked, this, &RunView::stop);
    connect(m_cancel, &QPushButton::clicked, this, &RunView::askCancel);
    m_banner->layout()->addWidget(m_stop);
    m_banner->layout()->addWidget(m_cancel);
}

QWidget *RunView::makeLeft()
{
    auto *pane = new RunPane(RunPane::Base, this);
    pane->setMinimumWidth(280);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(18, 14, 18, 14);
    layout->setSpacing(8);
    m_position = new RunLabel({}, RunLabel::Bold, pane);
    m_position->setObjectName(u"positionLabel"_s);
    m_elapsedLabel = new RunLabel({}, RunLabel::Muted, pane);
    m_elapsedLabel->setObjectName(u"elapsedLabel"_s);
    auto *head = new QHBoxLayout;
    head->addWidget(m_position, 1);
    head->addWidget(m_elapsedLabel);
    m_progress = new QProgressBar(pane);
    m_progress->setObjectName(u"progressBar"_s);
    m_progress->setAccessibleName(tr("Progress of the run"));
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(9);
    m_stepsView = new RunStepsView(pane);
    m_stepsView->setObjectName(u"runSteps"_s);
    m_stepsView->setAccessibleName(tr("Steps of the run"));
    m_stepsView->setModel(m_steps);
    m_stepsView->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    m_stepsView->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    m_lockCard = new RunLockCard(pane);
    m_lockCard->setObjectName(u"lockCard"_s);
    m_notice = new MessageCard(pane);
    m_notice->setObjectName(u"noticeCard"_s);
    m_notice->hide();
    layout->addLayout(head);
    layout->addWidget(m_progress);
    layout->addSpacing(2);
    layout->addWidget(m_stepsView);
    layout->addSpacing(4);
    layout->addWidget(m_lockCard);
    layout->addWidget(m_notice);
    layout->addStretch(1);
    m_leftArea = RunPane::scrolled(pane);
    m_leftArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_leftArea->setMinimumWidth(300);
    return m_leftArea;
}

/// What the run goes by, always in view.
QWidget *RunView::makeStrip()
{
    auto *strip = new RunPane(RunPane::Bar, this);
    m_limits = new ElidedLabel(strip);
    m_limits->setObjectName(u"limitsLabel"_s);
    m_limits->setAccessibleName(tr("Transactions and limits of the run"));
    auto *layout = new QHBoxLayout(strip);
    layout->setContentsMargins(12, 5, 12, 5);
    layout->addWidget(m_limits, 1);
    return strip;
}

void RunView::connectLocks()
{
    connect(m_lockCard, &RunLockCard::giveUpRequested, this, &RunView::lockGiveUpRequested);
    connect(m_lockCard, &RunLockCard::signalRequested, this, [this](int pid, BlockerSignal signal) {
        showNotice(signal == BlockerSignal::EndSession
                       ? tr("Ending session %1").arg(pid)
                       : tr("Cancelling the statement of session %1").arg(pid),
                   tr("The server is asked to; what came of it is told here."));
        Q_EMIT signalRequested(pid, signal);
    });
}

void RunView::connectResult()
{
    const RunResult *result = m_tabs->result();
    connect(result, &RunResult::retryRequested, this, &RunView::retryRequested);
    connect(result, &RunResult::rollBackRequested, this, &RunView::rollBackRequested);
    connect(result, &RunResult::upgradeAgainRequested, this, &RunView::upgradeAgainRequested);
    connect(result, &RunResult::readStateRequested, this, &RunView::readStateRequested);
    connect(result, &RunResult::repairRequested, this, &RunView::repairRequested);
    connect(result, &RunResult::journalRequested, this, &RunView::journalRequested);
    connect(result, &RunResult::saveReportRequested, this, &RunView::saveReportRequested);
    connect(result, &RunResult::backRequested, this, &RunView::backRequested);
}

void RunView::setRequest(const RunRequest &request, const QHash<RevisionId, QString> &messages)
{
    m_request = request;
    m_request.password.fill(u'\0'); // the view has no use for it
    m_request.password.clear();
    m_report = {};
    m_pending.clear();
    m_tabs->start(m_request);
    m_notice->hide();
    m_lockCard->clear();
    m_steps->setRequest(m_request, messages);
    m_state = State::Running;
    m_started = QDateTime::currentDateTime();
    m_elapsed.start();
    m_tickTimer.start();
    m_limits->setText(limits().join(u"     "_s));
    tick();
    refresh();
}

void RunView::handleEvent(const RunEvent &event)
{
    m_pending += event;
    if (!m_flushTimer.isActive())
        m_flushTimer.start();
}

void RunView::flush()
{
    m_flushTimer.stop();
    if (m_pending.isEmpty())
        return;
    const QList<RunEvent> events = std::exchange(m_pending, {});
    for (const RunEvent &event : events)
        tell(event);
    m_tabs->append(events);
    if (const int row = m_steps->runningRow(); row >= 0)
        m_stepsView->scrollTo(m_steps->index(row));
    refresh();
}

void RunView::tell(const RunEvent &event)
{
    if (event.type != RunEvent::Output)
        m_steps->handleEvent(event);
    switch (event.type) {
    case RunEvent::Retry:
        m_lockCard->clear();
        showNotice(tr("Trying again"), event.text);
        break;
    case RunEvent::LockWaiting:
        if (event.lockWait)
            showWait(*event.lockWait);
        break;
    case RunEvent::LockGone:
        m_lockCard->clear();
        break;
    case RunEvent::Signalled:
        showNotice(tr("The session in the way"), event.text, event.ok ? Tone::Good : Tone::Attention);
        break;
    case RunEvent::PhaseFinished:
        m_lockCard->clear();
        if (m_state == State::Running)
            m_notice->hide();
        break;
    default:
        break;
    }
}

/// A card that comes up is brought into view; after that it is up to who scrolls.
void RunView::showWait(const LockWait &wait)
{
    const bool isNew = m_lockCard->isHidden();
    m_lockCard->setWait(wait);
    if (isNew)
        bringWaitIntoView();
}

void RunView::bringWaitIntoView()
{
    QTimer::singleShot(0, this, [this] { // once it has its place
        if (m_lockCard->isVisible())
            m_leftArea->ensureWidgetVisible(m_lockCard, 0, 14);
    });
}

void RunView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    bringWaitIntoView();
}

void RunView::tick()
{
    m_steps->tick(QDateTime::currentDateTimeUtc());
    m_elapsedLabel->setText(
        tr("elapsed %1").arg(RunText::elapsed(std::chrono::milliseconds(m_elapsed.elapsed()))));
}

void RunView::setReport(const RunReport &report)
{
    flush();
    tick();
    m_tickTimer.stop();
    m_report = report;
    m_state = State::Ended;
    m_steps->setReport(report);
    m_notice->hide();
    m_lockCard->clear();
    m_tabs->showResult(m_request, report);
    refresh();
}

void RunView::refresh()
{
    const bool active = m_state == State::Running || m_state == State::Stopping;
    m_banner->setColour(m_request.target.environment.colour);
    m_banner->setTitle(title());
    m_banner->setLine(facts().join(u" · "_s));
    m_banner->setChips(m_state == State::Ended
                           ? Chips{{RunText::outcome(m_report.outcome), toneOf(m_report.outcome)}}
                           : Chips());
    m_stop->setVisible(m_state != State::Ended && m_state != State::Idle);
    m_stop->setEnabled(m_state == State::Running);
    m_stop->setText(m_state == State::Stopping ? tr("Stopping after this revision…")
                                               : tr("Stop after this revision"));
    m_cancel->setVisible(m_stop->isVisibleTo(m_banner));
    m_cancel->setEnabled(active);
    m_lockCard->setGiveUpOffered(active);
    m_cancel->setText(m_state == State::Cancelling ? tr("Cancelling…") : tr("Cancel and roll back…"));
    m_progress->setValue(m_state == State::Ended && m_report.outcome == Outcome::Done ? m_progress->maximum()
                                                                                      : m_steps->progress());
    const int count = m_steps->stepCount();
    if (m_state == State::Ended)
        m_position->setText(tr("%1 of %2 done").arg(m_steps->doneSteps()).arg(RunText::revisions(count)));
    else if (m_steps->currentStep() < 0)
        m_position->setText(tr("Getting ready, %1 to go").arg(RunText::revisions(count)));
    else
        m_position->setText(tr("Revision %1 of %2").arg(m_steps->currentStep() + 1).arg(count));
}

QString RunView::title() const
{
    const QString name = QString(m_request.target.id.environment + u" / "_s + m_request.target.id.component);
    const bool down = m_request.plan.direction == Direction::Downgrade;
    if (m_state != State::Ended)
        return down ? tr("Rolling back %1").arg(name) : tr("Upgrading %1").arg(name);
    if (m_report.outcome == Outcome::Done)
        return down ? tr("Rolled back %1").arg(name) : tr("Upgraded %1").arg(name);
    return down ? tr("Rollback of %1").arg(name) : tr("Upgrade of %1").arg(name);
}

QStringList RunView::facts() const
{
    QStringList facts{RunText::way(m_request.plan.from, m_request.plan.to)};
    if (m_started.isValid())
        facts += tr("started %1").arg(m_started.toString(u"HH:mm:ss"_s));
    if (m_report.backup)
        facts += tr("backup %1 verified").arg(QFileInfo(m_report.backup->file).fileName());
    else if (m_request.backup == BackupChoice::Dump && m_state != State::Ended)
        facts += tr("backup first");
    else if (m_request.backup == BackupChoice::Elsewhere)
        facts += tr("backup elsewhere: %1").arg(m_request.backupNote);
    else if (m_request.backup == BackupChoice::None)
        facts += tr("no backup");
    return facts;
}

QStringList RunView::limits() const
{
    const auto limit = [](const QString &name, std::chrono::milliseconds value) {
        return value.count() == 0 ? tr("no %1").arg(name) : tr("%1 %2").arg(name, RunText::limit(value));
    };
    QStringList limits{RunText::transactions(m_request.transactions),
                       limit(u"lock_timeout"_s, m_request.lockTimeout),
                       limit(u"statement_timeout"_s, m_request.statementTimeout)};
    if (m_request.lockRetries > 0)
        limits +=
            m_request.lockRetries == 1
                ? tr("tried again once if a lock is not to be had")
                : tr("tried again up to %1 times if a lock is not to be had").arg(m_request.lockRetries);
    return limits;
}

void RunView::showNotice(const QString &title, const QString &text, Tone tone)
{
    m_notice->setMessage(tone, title, text);
    m_notice->show();
}

void RunView::stop()
{
    if (m_state != State::Running)
        return;
    m_state = State::Stopping;
    showNotice(
        tr("Stopping after this revision"),
        tr("The revision that is running finishes; those after it do not start. Nothing is taken back."));
    refresh();
    Q_EMIT stopRequested();
}

void RunView::askCancel()
{
    auto *question = new QMessageBox(QMessageBox::Warning, tr("Cancel the run?"),
                                     tr("Cancel what is running on the server and roll that revision back?"),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"cancelQuestion"_s);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(
        tr("Revisions that are already done stay in place. An autocommit block that is "
           "already through stays as well, and is named at the end."));
    QPushButton *yes = question->addButton(tr("Cancel and roll back"), QMessageBox::DestructiveRole);
    QPushButton *no = question->addButton(tr("Let it run"), QMessageBox::RejectRole);
    yes->setObjectName(u"cancelYes"_s);
    no->setObjectName(u"cancelNo"_s);
    question->setDefaultButton(no);
    question->setEscapeButton(no);
    connect(yes, &QPushButton::clicked, this, &RunView::cancel);
    question->open();
}

void RunView::cancel()
{
    if (m_state != State::Running && m_state != State::Stopping)
        return; // it ended while the question was open
    m_state = State::Cancelling;
    showNotice(tr("Cancelling"),
               tr("The server was asked to cancel the statement. This can take a moment; then the "
                  "database is read to see where it is."));
    refresh();
    Q_EMIT cancelRequested();
}

} // namespace stepwell
