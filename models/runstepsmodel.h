// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QAbstractListModel>
#include <QHash>

namespace stepwell {

/// What a run goes through, from the checks to the restart, each with its state. GUI thread.
class RunStepsModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum State {
        Waiting,
        Running,
        Done,
        Failed,
        Unknown,
        NotRun,
        Attention, ///< what was done afterwards did not go well; the run itself did
    };
    enum Role {
        StateRole = Qt::UserRole + 1, ///< State
        RevisionRole,                 ///< id as text; empty for a phase that is no revision
        TextRole,                     ///< message of the revision, or the phase in words
        DurationRole,                 ///< text; empty while waiting
        NoteRole,                     ///< progress, a retry or the reason of a failure
    };

    explicit RunStepsModel(QObject *parent = nullptr);

    /// `messages`: of the revisions, for those that have one.
    void setRequest(const RunRequest &request, const QHash<RevisionId, QString> &messages);
    void handleEvent(const RunEvent &event);
    /// Moves the durations of what is running.
    void tick(const QDateTime &now);
    /// The journal's word on each step replaces what the events told.
    void setReport(const RunReport &report);

    [[nodiscard]] int runningRow() const; ///< -1 if nothing runs
    [[nodiscard]] int stepCount() const { return m_stepCount; }
    [[nodiscard]] int doneSteps() const;
    [[nodiscard]] int currentStep() const { return m_currentStep; } ///< index, -1 before the first
    /// 0 to 1000 over all rows; a part of a row counts where it is known.
    [[nodiscard]] int progress() const;
    /// The rows as text, one a line, for tests and the clipboard.
    [[nodiscard]] QString toText() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        RunPhase phase = RunPhase::Checks;
        int step = -1;
        RevisionId revision;
        QString text;
        State state = Waiting;
        QDateTime started;
        std::chrono::milliseconds duration{0};
        double part = 0;
        QString note;
    };

    void add(RunPhase phase, const QString &text = {}, int step = -1, const RevisionId &revision = {});
    [[nodiscard]] int rowOf(const RunEvent &event) const;
    void start(Row &row, const RunEvent &event);
    void finish(Row &row, const RunEvent &event);
    void startVerifying(const RunEvent &event);
    void finishBackup(const RunEvent &event);
    void showProgress(Row &row, const RunEvent &event);
    void showAfterwards(Row &row, const RunReport &report);
    void changed(int row);

    QList<Row> m_rows;
    int m_stepCount = 0;
    int m_currentStep = -1;
};

} // namespace stepwell
