// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace stepwell {

/// What is shown while no workspace is open.
class WelcomePage : public QWidget
{
    Q_OBJECT

public:
    explicit WelcomePage(QWidget *parent = nullptr);

    /// Folders of workspaces opened before, the latest first.
    void setRecent(const QStringList &folders);

Q_SIGNALS:
    void openRequested();
    void newRequested();
    void demoRequested();
    void recentRequested(const QString &folder);

private:
    QPushButton *makeChoice(QVBoxLayout *column, const QString &name, const QString &text,
                            const QString &explanation);

    QWidget *m_recentBox;
    QVBoxLayout *m_recent;
};

} // namespace stepwell
