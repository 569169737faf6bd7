// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractButton>

namespace stepwell {

/// A button that looks like a link. Too long for its place, it ends in "…" and the tooltip has it whole.
class PlanLink : public QAbstractButton
{
    Q_OBJECT

public:
    explicit PlanLink(const QString &text, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QString elided() const;
};

} // namespace stepwell
