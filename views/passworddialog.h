// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/connectionsettings.h"
#include "migrations/workspace/workspace.h"

#include <QDialog>

class QVBoxLayout;
class QCheckBox;
class QLineEdit;
class QPushButton;

namespace stepwell {

class RunLabel;

/// Asks for the password of one target. Owns no job and writes nothing: the caller takes the
/// password out, once, and does what keep() says.
class PasswordDialog : public QDialog
{
    Q_OBJECT

public:
    enum class Keep { Once, InMemory, InSecretService };

    PasswordDialog(const TargetId &target, const ConnectionSettings &connection, bool secretServiceAvailable,
                   QWidget *parent = nullptr);
    ~PasswordDialog() override;

    /// Why the last try failed; empty hides it. Clears the field.
    void setFailure(const QString &text);
    [[nodiscard]] Keep keep() const;
    /// The password; the dialog forgets it.
    [[nodiscard]] QString takePassword();

private:
    void addConnection(QVBoxLayout *layout, const TargetId &target, const ConnectionSettings &connection);
    void wipe();

    bool m_secretService;
    RunLabel *m_failure;
    QLineEdit *m_edit;
    QCheckBox *m_keepSecret;
    QCheckBox *m_keepMemory;
    QPushButton *m_ok;
};

} // namespace stepwell
