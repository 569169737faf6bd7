// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revision.h"
#include "migrations/workspace/workspace.h"

#include <QWidget>

class QButtonGroup;

namespace stepwell {

class PlanWarning;

/// What a run commits at once, as three choices that say what they mean; and what the autocommit blocks of
/// the plan make of it.
class PlanPolicy : public QWidget
{
    Q_OBJECT

public:
    /// `autocommitting`: revisions of the plan with an autocommit block.
    PlanPolicy(TransactionPolicy policy, const RevisionIds &autocommitting, QWidget *parent = nullptr);

    [[nodiscard]] TransactionPolicy policy() const;

private:
    void refresh();

    RevisionIds m_autocommitting;
    QButtonGroup *m_choices;
    PlanWarning *m_autocommit;
};

} // namespace stepwell
