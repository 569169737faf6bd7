// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmap.h"
#include "migrations/workspace/workspace.h"

#include <QDialog>

class QPushButton;
class QTableView;

namespace stepwell {

class MessageCard;
class PlanChoicesModel;
class RunButton;
class RunLabel;

/// Chooses how far to roll back. Changes nothing: what was chosen becomes a plan, and the plan dialog
/// asks for the rest. GUI thread.
class RollbackDialog : public QDialog
{
    Q_OBJECT

public:
    /// `rows`: the version rows of the database.
    RollbackDialog(const Target &target, const RevisionMap &map, const RevisionIds &rows,
                   QWidget *parent = nullptr);
    ~RollbackDialog() override;

    /// Selects the choice of a target text ("-1", an id, "base"); false if there is none.
    bool selectTarget(const QString &text);
    /// After accepted(): the downgrade target ("-1", an id, "label@-1", "base").
    [[nodiscard]] QString target() const;
    /// Accepted by the emergency button.
    [[nodiscard]] bool isEmergency() const { return m_emergency; }

private:
    [[nodiscard]] QWidget *makeTable();
    [[nodiscard]] QWidget *makeBottom();
    void showChoice();
    [[nodiscard]] QString describe(const RevisionIds &ids) const;

    PlanChoicesModel *m_choices;
    QTableView *m_table;
    MessageCard *m_card;
    RunButton *m_plan;
    RunButton *m_emergencyButton;
    bool m_emergency = false;
};

} // namespace stepwell
