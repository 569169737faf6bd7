// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QDialog>

class QLineEdit;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class RunButton;

/// Shows the SQL that would mend what a check found, and what else it does, before anybody runs it. Cancel is
/// the default button; a protected environment asks for its name. Accepted: run it. GUI thread.
class PlanFixDialog : public QDialog
{
    Q_OBJECT

public:
    /// `connection`: where it would run, for people.
    PlanFixDialog(KSyntaxHighlighting::Repository &repository, const Target &target,
                  const QString &connection, const CheckResult &check, const CheckFix &fix,
                  QWidget *parent = nullptr);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void refreshAction();

    QString m_environment;
    QLineEdit *m_confirm = nullptr;
    RunButton *m_action;
};

} // namespace stepwell
