// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QWidget>

class QCheckBox;
class QGridLayout;
class QSpinBox;
class QVBoxLayout;

namespace stepwell {

class PlanPolicy;
class RunCard;

/// What holds while a plan runs, and what happens after it. Starts from the environment's values.
class PlanLimits : public QWidget
{
    Q_OBJECT

public:
    /// `autocommitting`: revisions of the plan with an autocommit block.
    PlanLimits(const Target &target, const RevisionIds &autocommitting, QWidget *parent = nullptr);

    /// Writes the limits, retries, policy and after-steps into a request.
    void fill(RunRequest &request) const;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *makeLimits(const RevisionIds &autocommitting);
    void fillBoxes();
    void placeBoxes(int columns);
    [[nodiscard]] QWidget *makeAfterwards(const Component &component);

    struct Limit {
        QWidget *label;
        QSpinBox *box;
    };

    Environment m_environment;
    QSpinBox *m_lock;
    QSpinBox *m_statement;
    QSpinBox *m_concurrent;
    QSpinBox *m_retries;
    QList<Limit> m_limits; ///< as they are placed
    QWidget *m_boxes;      ///< holds them
    QGridLayout *m_grid;
    int m_columns = 0;
    PlanPolicy *m_policy = nullptr;
    QCheckBox *m_restart = nullptr;
    QCheckBox *m_watch = nullptr;
};

} // namespace stepwell
