// SPDX-License-Identifier: MIT
#pragma once

#include <QTextEdit>

namespace stepwell {

/// Read-only text that is as high as it needs to be and breaks even a name that is wider than it. To be
/// selected and copied.
class RunProse : public QTextEdit
{
    Q_OBJECT

public:
    enum Look { Plain, Mono };

    explicit RunProse(Look look = Plain, QWidget *parent = nullptr);

    void setProse(const QString &text);
    void setProseHtml(const QString &html);
    /// More lines than these scroll.
    void setMaximumLines(int lines);
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();
    [[nodiscard]] int lineLimit() const;

    int m_maximumLines = 0; ///< 0: no limit
    QString m_shown;
};

} // namespace stepwell
