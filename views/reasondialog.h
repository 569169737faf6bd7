// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

class QPlainTextEdit;

namespace stepwell {

/// Asks for a few words that must not be empty: why a finding is accepted, a comment on a line.
class ReasonDialog : public QDialog
{
    Q_OBJECT

public:
    ReasonDialog(const QString &title, const QString &question, const QString &button,
                 QWidget *parent = nullptr);

    void setText(const QString &text);

Q_SIGNALS:
    void given(const QString &text); ///< trimmed, never empty

private:
    QPlainTextEdit *m_edit;
};

} // namespace stepwell
