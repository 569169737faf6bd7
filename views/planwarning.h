// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

namespace stepwell {

class RunLabel;

/// A sentence that warns: the mark of a warning, and words that can be read in dark and light.
class PlanWarning : public QWidget
{
    Q_OBJECT

public:
    /// `labelName`: objectName of the words.
    explicit PlanWarning(const QString &labelName, QWidget *parent = nullptr);

    void setText(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    RunLabel *m_label;
};

} // namespace stepwell
