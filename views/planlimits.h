// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QWidget>

class QCheckBox;
class QSpinBox;

namespace stepwell {

/// What holds while a plan runs, and what happens after it. Starts from the environment's values.
class PlanLimits : public QWidget
{
    Q_OBJECT

public:
    PlanLimits(const Environment &environment, const Component &component, QWidget *parent = nullptr);

    /// Writes the limits, retries and after-steps into a request.
    void fill(RunRequest &request) const;

private:
    [[nodiscard]] QWidget *makeLimits();
    [[nodiscard]] QWidget *makeAfterwards(const Component &component);

    Environment m_environment;
    QSpinBox *m_lock;
    QSpinBox *m_statement;
    QSpinBox *m_retries;
    QCheckBox *m_restart = nullptr;
};

} // namespace stepwell
