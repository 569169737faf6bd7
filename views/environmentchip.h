// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

namespace stepwell {

/// A few words about an environment, in its colour. Too long for its place, they end in "…" and the tooltip
/// has them whole.
class EnvironmentChip : public QWidget
{
    Q_OBJECT

public:
    /// `colour`: as the workspace says it; empty: of no environment.
    EnvironmentChip(const QString &text, const QString &colour, QWidget *parent = nullptr);

    /// Told by the tooltip too.
    void setTip(const QString &tip);
    /// Less is known of it: in muted words.
    void setFaint(bool faint);
    [[nodiscard]] const QString &text() const { return m_text; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
    QString m_colour;
    bool m_isFaint = false;
};

} // namespace stepwell
