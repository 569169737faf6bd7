// SPDX-License-Identifier: MIT
#pragma once

#include <QLineEdit>

class QBoxLayout;
class QLabel;

namespace stepwell {

/// "Type production to go on": the field that stands between a protected environment and a button. Return
/// goes on to that button once the name is right, and never presses the dialog's default one. GUI thread.
class ConfirmNameEdit : public QLineEdit
{
    Q_OBJECT

public:
    explicit ConfirmNameEdit(const QString &name, QWidget *parent = nullptr);

    /// Question and field.
    void addTo(QBoxLayout *row);
    void setNext(QWidget *next) { m_next = next; }
    [[nodiscard]] bool isConfirmed() const { return text().trimmed() == m_name; }

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString m_name;
    QLabel *m_question;
    QWidget *m_next = nullptr;
};

} // namespace stepwell
