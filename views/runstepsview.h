// SPDX-License-Identifier: MIT
#pragma once

#include <QListView>

namespace stepwell {

/// The phases and revisions of a run with their marks and durations.
class RunStepsView : public QListView
{
    Q_OBJECT

public:
    explicit RunStepsView(QWidget *parent = nullptr);
};

} // namespace stepwell
