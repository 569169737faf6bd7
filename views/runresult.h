// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"
#include "views/runpane.h"

class QVBoxLayout;

namespace stepwell {

/// The end of a run: what happened, where the database is now, what was left behind, what to do next.
class RunResult : public RunPane
{
    Q_OBJECT

public:
    explicit RunResult(QWidget *parent = nullptr);

    void setReport(const RunRequest &request, const RunReport &report);

Q_SIGNALS:
    void retryRequested();
    void rollBackRequested();
    void journalRequested(qint64 journalId);
    void backRequested();

private:
    void addHead(QVBoxLayout *layout, const RunReport &report);
    void addFacts(QVBoxLayout *layout, const RunReport &report);
    void addError(QVBoxLayout *layout, const Error &error);
    void addNext(QVBoxLayout *layout, const RunReport &report);
    void addButtons(QVBoxLayout *layout, const RunRequest &request, const RunReport &report);

    QWidget *m_content = nullptr;
};

} // namespace stepwell
