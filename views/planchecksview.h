// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTimer>
#include <QWidget>

class QVBoxLayout;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class ChecksModel;
class PlanCheckRow;
class PlanLink;
class RunLabel;

/// The checks with how old they are. What matters is in view: many that passed are folded into one line. As
/// tall as its rows, so that the column it stands in scrolls. GUI thread.
class PlanChecksView : public QWidget
{
    Q_OBJECT

public:
    /// Reads a model that it does not own.
    PlanChecksView(KSyntaxHighlighting::Repository &repository, const ChecksModel *model,
                   QWidget *parent = nullptr);

    /// A fix is under way: no other may be begun. Empty: it is over.
    void setFixing(const QString &label);

Q_SIGNALS:
    void againRequested();
    void fixChosen(const stepwell::CheckResult &check, const stepwell::CheckFix &fix);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *makeHead();
    void refresh();
    void refreshRows();
    void refreshHead();
    [[nodiscard]] PlanCheckRow *makeRow(const CheckResult &check);
    [[nodiscard]] QString age() const;

    KSyntaxHighlighting::Repository &m_repository;
    const ChecksModel *m_model;
    RunLabel *m_when = nullptr;
    PlanLink *m_again = nullptr;
    QVBoxLayout *m_column;
    QList<PlanCheckRow *> m_rows;
    PlanCheckRow *m_folded;  ///< stands for those that passed
    PlanCheckRow *m_running; ///< more will come
    PlanLink *m_unfold = nullptr;
    QSet<QString> m_opened; ///< names of checks whose details are shown
    bool m_isUnfolded = false;
    QString m_fixing;
    QElapsedTimer m_ended; ///< valid once they have run
    bool m_wasRunning = false;
    QTimer m_tick;
};

} // namespace stepwell
