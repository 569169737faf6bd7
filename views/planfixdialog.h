// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QDialog>

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class ConfirmNameEdit;
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

private:
    void refreshAction();

    ConfirmNameEdit *m_confirm = nullptr;
    RunButton *m_action;
};

} // namespace stepwell
