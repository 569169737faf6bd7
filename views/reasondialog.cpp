// SPDX-License-Identifier: MIT
#include "views/reasondialog.h"

#include <QDialogButtonBox>
#include <QPlainTextEdit>

using namespace Qt::StringLiterals;

namespace stepwell {

ReasonDialog::ReasonDialog(const QString &title, const QString &question, const QString &button,
                           QWidget *parent)
    : QDialog(parent), m_edit(new QPlainTextEdit(this))
{
    setObjectName(u"reasonDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    auto *label = new QLabel(question, this);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setBuddy(m_edit);
    m_edit->setObjectName(u"reasonEdit"_s);
    m_edit->setAccessibleName(question);
    m_edit->setTabChangesFocus(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton *accept = buttons->addButton(button, QDialogButtonBox::AcceptRole);
    accept->setObjectName(u"reasonButton"_s);
    accept->setEnabled(false);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(label);
    layout->addWidget(m_edit, 1);
    layout->addWidget(buttons);
    connect(m_edit, &QPlainTextEdit::textChanged, this,
            [this, accept] { accept->setEnabled(!m_edit->toPlainText().trimmed().isEmpty()); });
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT given(m_edit->toPlainText().trimmed());
        QDialog::accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    resize(460, 240);
    m_edit->setFocus();
}

void ReasonDialog::setText(const QString &text)
{
    m_edit->setPlainText(text);
}

} // namespace stepwell
