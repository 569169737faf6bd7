// SPDX-License-Identifier: MIT
#include "views/findbar.h"

#include "views/codeview.h"
#include "views/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace stepwell {

FindBar::FindBar(CodeView *code, QWidget *parent)
    : QWidget(parent), m_code(code), m_edit(new QLineEdit(this)), m_count(new QLabel(this))
{
    setObjectName(u"findBar"_s);
    m_edit->setObjectName(u"findEdit"_s);
    m_edit->setPlaceholderText(tr("Find in the text"));
    m_edit->setAccessibleName(tr("Find in the text"));
    m_edit->setClearButtonEnabled(true);
    m_edit->setMaximumWidth(320);
    m_edit->installEventFilter(this);
    m_count->setObjectName(u"findCount"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(10, 4, 10, 4);
    row->setSpacing(6);
    row->addWidget(m_edit, 1);
    const auto button = [&](const QString &text, const QString &name, const QString &accessible) {
        auto *made = new QToolButton(this);
        made->setObjectName(name);
        made->setText(text);
        made->setAccessibleName(accessible);
        made->setToolTip(accessible);
        made->setAutoRaise(true);
        made->setFocusPolicy(Qt::StrongFocus);
        row->addWidget(made);
        return made;
    };
    connect(button(u"↑"_s, u"findPrevious"_s, tr("Find the previous place")), &QToolButton::clicked, this,
            [this] { find(true); });
    connect(button(u"↓"_s, u"findNext"_s, tr("Find the next place")), &QToolButton::clicked, this,
            [this] { find(false); });
    row->addWidget(m_count);
    row->addStretch();
    connect(button(u"✕"_s, u"findClose"_s, tr("Close the find bar")), &QToolButton::clicked, this,
            &FindBar::closeBar);
    connect(m_edit, &QLineEdit::textChanged, this, [this] { find(false, true); });
    connect(m_code, &CodeView::findRequested, this, &FindBar::open);
    connect(m_code, &QPlainTextEdit::textChanged, this, &FindBar::tellCount);
    setVisible(false);
}

void FindBar::open()
{
    setVisible(true);
    const QString selected = m_code->textCursor().selectedText();
    // U+2029 parts paragraphs: several lines are not what is looked for.
    if (!selected.isEmpty() && !selected.contains(QChar::ParagraphSeparator))
        m_edit->setText(selected);
    m_edit->setFocus();
    m_edit->selectAll();
    tellCount();
}

void FindBar::closeBar()
{
    setVisible(false);
    m_code->setFocus();
}

void FindBar::find(bool backwards, bool fromStart)
{
    if (fromStart) {
        QTextCursor cursor = m_code->textCursor();
        cursor.setPosition(cursor.selectionStart());
        m_code->setTextCursor(cursor);
    }
    const QString text = m_edit->text();
    const QTextDocument::FindFlags flags =
        backwards ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    if (!text.isEmpty() && !m_code->find(text, flags)) {
        QTextCursor cursor = m_code->textCursor();
        cursor.movePosition(backwards ? QTextCursor::End : QTextCursor::Start);
        const QTextCursor found = m_code->document()->find(text, cursor, flags);
        if (!found.isNull())
            m_code->setTextCursor(found);
    }
    tellCount();
}

void FindBar::tellCount()
{
    if (!isVisible())
        return;
    const QString text = m_edit->text();
    const qsizetype count = text.isEmpty() ? 0 : m_code->toPlainText().count(text, Qt::CaseInsensitive);
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, count == 0 && !text.isEmpty()
                                               ? theme::tone(Tone::Bad, palette()).strong
                                               : theme::mutedText(palette()));
    m_count->setPalette(colours);
    m_count->setText(text.isEmpty() ? QString()
                     : count == 0   ? tr("not found")
                     : count == 1   ? tr("1 place")
                                    : tr("%1 places").arg(count));
}

bool FindBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            find(key->modifiers().testFlag(Qt::ShiftModifier));
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            closeBar();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace stepwell
