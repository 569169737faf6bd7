// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/workspace/workspace.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace stepwell {

/// One line of the page. Never holds a password, only what is known of it.
struct CredentialRow {
    TargetId target;
    QString databaseText; ///< user@host:port/database
    QString config;       ///< the ini that counts here
    QString passwordText; ///< "kept in memory", "none needed" …
    bool canForget = false;
};

/// Environments with their policies, and for each target where it connects to and what is known of its
/// password. The workspace file is edited with an editor; this page says which one it is.
class CredentialsPage : public QWidget
{
    Q_OBJECT

public:
    explicit CredentialsPage(QWidget *parent = nullptr);

    void setWorkspace(const Workspace &workspace);
    void setRows(const QList<CredentialRow> &rows); ///< all targets, after setWorkspace()

Q_SIGNALS:
    void passwordRequested(const stepwell::TargetId &id);
    void forgetRequested(const stepwell::TargetId &id);
    void openFileRequested(const QString &file);

private:
    [[nodiscard]] TargetId selected() const;
    void updateButtons();

    QLabel *m_file;
    QTreeWidget *m_tree;
    QPushButton *m_password;
    QPushButton *m_forget;
    QString m_path;
    QList<CredentialRow> m_rows;
};

} // namespace stepwell
