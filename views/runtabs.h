// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QTabWidget>

class QLabel;
class QPlainTextEdit;
class QTableView;

namespace KSyntaxHighlighting {
class Repository;
} // namespace KSyntaxHighlighting

namespace stepwell {

class RunLocksModel;
class RunResult;
class RunStatementsModel;

/// What a run says while it happens: statements, the output of the project's Alembic, waits for locks, what
/// is done afterwards; and at the end its result, in front.
class RunTabs : public QTabWidget
{
    Q_OBJECT

public:
    /// `repository` must outlive the tabs.
    explicit RunTabs(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);

    /// Empty, for a run that begins.
    void start(const RunRequest &request);
    void append(const QList<RunEvent> &events);
    void showResult(const RunRequest &request, const RunReport &report);
    [[nodiscard]] RunResult *result() const { return m_result; }

private:
    [[nodiscard]] QTableView *makeStatements(KSyntaxHighlighting::Repository &repository);
    [[nodiscard]] QWidget *makeLocks();
    [[nodiscard]] QPlainTextEdit *makeOutput(const QString &name, const QString &accessibleName);

    RunStatementsModel *m_statements;
    RunLocksModel *m_locks;
    RunResult *m_result;
    QWidget *m_resultPage;
    QTableView *m_statementsView;
    QPlainTextEdit *m_output;
    QTableView *m_locksView = nullptr; ///< on the page, with what stands there while it is empty
    QLabel *m_noLocks = nullptr;
    QWidget *m_locksPage;
    QPlainTextEdit *m_afterwards;
};

} // namespace stepwell
