// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/repairrecord.h"

#include <QHash>
#include <QWidget>

namespace stepwell {

/// The colours of environments by name, as the workspace says them.
using EnvironmentColours = QHash<QString, QString>;

/// The stages of a repair that goes over databases, in order, with what is done. GUI thread.
class StageList : public QWidget
{
    Q_OBJECT

public:
    explicit StageList(QWidget *parent = nullptr);

    /// `next`: the first that is not done gets a button.
    void setStages(const QList<RepairStage> &stages, const EnvironmentColours &colours, bool next);

Q_SIGNALS:
    void stageRequested(const stepwell::RepairStage &stage);

private:
    void addStage(int row, const RepairStage &stage, const EnvironmentColours &colours, bool isNext);
};

} // namespace stepwell
