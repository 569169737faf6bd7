// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"
#include "models/chip.h"

#include <QElapsedTimer>
#include <QHash>
#include <QTimer>
#include <QWidget>

class QProgressBar;
class QPushButton;
class QScrollArea;

namespace KSyntaxHighlighting {
class Repository;
} // namespace KSyntaxHighlighting

namespace stepwell {

class Banner;
class ElidedLabel;
class MessageCard;
class RunButton;
class RunLabel;
class RunLockCard;
class RunStepsModel;
class RunStepsView;
class RunTabs;

/// One run while it happens and how it ended. Passive: events and the report are handed in on the
/// GUI thread; they are shown in batches, so that ten thousand statements do not freeze the window.
class RunView : public QWidget
{
    Q_OBJECT

public:
    enum class State { Idle, Running, Stopping, Cancelling, Ended };

    /// `repository` is the program's one; it must outlive the view.
    explicit RunView(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);
    ~RunView() override;

    /// Starts a new run; clears what an earlier one showed. `messages`: of the plan's revisions.
    void setRequest(const RunRequest &request, const QHash<RevisionId, QString> &messages = {});
    void handleEvent(const RunEvent &event);
    void setReport(const RunReport &report);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const RunRequest &request() const { return m_request; }

Q_SIGNALS:
    void stopRequested();   ///< after the revision that is running
    void cancelRequested(); ///< now; asked and confirmed
    void lockGiveUpRequested();
    /// A session that keeps the run waiting; asked and confirmed.
    void signalRequested(int pid, stepwell::BlockerSignal signal);
    void retryRequested(); ///< also to go on with what is left: the plan is made anew
    void rollBackRequested();
    void upgradeAgainRequested(); ///< after a rollback: to where it started
    void readStateRequested();
    void repairRequested(const stepwell::CheckFix &fix); ///< its SQL was shown and confirmed
    void journalRequested(qint64 journalId);
    void saveReportRequested(qint64 journalId);
    void backRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *makeLeft();
    [[nodiscard]] QWidget *makeStrip();
    void addBannerButtons();
    void connectLocks();
    void connectResult();
    void flush();
    void tell(const RunEvent &event);
    void showWait(const LockWait &wait);
    void bringWaitIntoView();
    void tick();
    void refresh();
    void stop();
    void askCancel();
    void cancel();
    void showNotice(const QString &title, const QString &text, Tone tone = Tone::Attention);
    [[nodiscard]] QString title() const;
    [[nodiscard]] QStringList facts() const;
    [[nodiscard]] QStringList limits() const;

    RunRequest m_request;
    RunReport m_report;
    State m_state = State::Idle;
    QDateTime m_started;
    QElapsedTimer m_elapsed;
    QTimer m_flushTimer;
    QTimer m_tickTimer;
    QList<RunEvent> m_pending;
    RunStepsModel *m_steps;
    Banner *m_banner;
    QPushButton *m_stop;
    RunButton *m_cancel;
    RunLabel *m_position;
    RunLabel *m_elapsedLabel;
    QProgressBar *m_progress;
    RunStepsView *m_stepsView;
    QScrollArea *m_leftArea;
    RunLockCard *m_lockCard;
    MessageCard *m_notice;
    RunTabs *m_tabs;
    ElidedLabel *m_limits;
};

} // namespace stepwell
