// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractButton>

namespace stepwell {

/// One line of the side bar outside the tree: a name, and at the right a count.
class SidebarEntry : public QAbstractButton
{
    Q_OBJECT

public:
    explicit SidebarEntry(const QString &text, QWidget *parent = nullptr);

    void setCount(const QString &count);
    [[nodiscard]] const QString &count() const { return m_count; }
    void setBold(bool bold);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_count;
};

} // namespace stepwell
