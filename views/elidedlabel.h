// SPDX-License-Identifier: MIT
#pragma once

#include <QLabel>

namespace stepwell {

/// One line of plain text that gives way: too long, it ends in "…" and the tooltip has it whole.
class ElidedLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    /// The tooltip while the text fits.
    void setTip(const QString &tip);
    void setElideMode(Qt::TextElideMode mode);
    /// Never more than maximumSize(): a corner of tabs asks for nothing else.
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QString elided() const;

    QString m_tip;
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

} // namespace stepwell
