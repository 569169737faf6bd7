// SPDX-License-Identifier: MIT
#include "views/confirmnameedit.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>

namespace stepwell {

using namespace Qt::StringLiterals;

ConfirmNameEdit::ConfirmNameEdit(const QString &name, QWidget *parent)
    : QLineEdit(parent)
    , m_name(name)
    , m_question(new QLabel(tr("Type <b>%1</b> to go on").arg(name.toHtmlEscaped()), parent))
{
    m_question->setObjectName(u"confirmLabel"_s);
    m_question->setTextFormat(Qt::RichText);
    m_question->setBuddy(this);
    setAccessibleName(tr("Type %1 to go on").arg(name));
    setMinimumWidth(110);
    setMaximumWidth(180);
}

void ConfirmNameEdit::addTo(QBoxLayout *row)
{
    row->addWidget(m_question);
    row->addWidget(this, 1);
}

void ConfirmNameEdit::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter)
        return QLineEdit::keyPressEvent(event);
    if (isConfirmed() && m_next && m_next->isEnabled())
        m_next->setFocus();
    event->accept();
}

} // namespace stepwell
