// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QElapsedTimer>
#include <QHash>
#include <QTimer>
#include <QWidget>

class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QTableView;
class QTabWidget;

namespace KSyntaxHighlighting {
class Repository;
} // namespace KSyntaxHighlighting

namespace stepwell {

class Banner;
class MessageCard;
class RunButton;
class RunLabel;
class RunResult;
class RunStatementsModel;
class RunStepsModel;
class RunStepsView;

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
    void retryRequested();
    void rollBackRequested();
    void journalRequested(qint64 journalId);
    void backRequested();

private:
    [[nodiscard]] QWidget *makeLeft();
    [[nodiscard]] QWidget *makeRight(KSyntaxHighlighting::Repository &repository);
    void addBannerButtons();
    void flush();
    void tick();
    void refresh();
    void stop();
    void askCancel();
    void cancel();
    void showNotice(const QString &title, const QString &text);
    [[nodiscard]] QString title() const;
    [[nodiscard]] QStringList facts() const;

    RunRequest m_request;
    RunReport m_report;
    State m_state = State::Idle;
    QDateTime m_started;
    QElapsedTimer m_elapsed;
    QTimer m_flushTimer;
    QTimer m_tickTimer;
    QList<RunEvent> m_pending;
    RunStepsModel *m_steps;
    RunStatementsModel *m_statements;
    Banner *m_banner;
    QPushButton *m_stop;
    RunButton *m_cancel;
    RunLabel *m_position;
    RunLabel *m_elapsedLabel;
    QProgressBar *m_progress;
    RunStepsView *m_stepsView;
    MessageCard *m_notice;
    QTabWidget *m_tabs;
    QTableView *m_statementsView;
    QPlainTextEdit *m_output;
    RunResult *m_result;
    QWidget *m_resultPage;
};

} // namespace stepwell
