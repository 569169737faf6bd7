// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"
#include "views/runpane.h"

class QLayout;
class QVBoxLayout;

namespace stepwell {

class RunButton;

/// The end of a run: what happened, where the database is now, what was left behind, what to do next.
class RunResult : public RunPane
{
    Q_OBJECT

public:
    explicit RunResult(QWidget *parent = nullptr);

    void setReport(const RunRequest &request, const RunReport &report);

Q_SIGNALS:
    void retryRequested(); ///< also to go on with what is left: the plan is made anew
    void rollBackRequested();
    void upgradeAgainRequested(); ///< after a rollback: to where it started
    void readStateRequested();
    void repairRequested(const stepwell::CheckFix &fix); ///< its SQL was shown and confirmed
    void journalRequested(qint64 journalId);
    void saveReportRequested(qint64 journalId);
    void backRequested();

private:
    void addHead(QVBoxLayout *layout, const RunReport &report);
    void addFacts(QVBoxLayout *layout, const RunReport &report);
    void addError(QVBoxLayout *layout, const Error &error);
    void addAfterwards(QVBoxLayout *layout, const RunReport &report);
    void addNext(QVBoxLayout *layout, const RunReport &report);
    void addButtons(QVBoxLayout *layout, const RunRequest &request, const RunReport &report);
    void addNextButtons(QLayout *row, const RunReport &report);
    RunButton *addButton(QLayout *row, const QString &text, const QString &name);
    void addRepairs(QLayout *row, const QList<CheckFix> &repairs);
    void askRepair(const CheckFix &fix);

    QWidget *m_content = nullptr;
};

} // namespace stepwell
