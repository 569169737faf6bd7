// SPDX-License-Identifier: MIT
#include "views/runprose.h"

#include "views/theme.h"

#include <QResizeEvent>
#include <QTextDocument>

#include <memory>

namespace stepwell {

RunProse::RunProse(Look look, QWidget *parent) : QTextEdit(parent)
{
    setReadOnly(true);
    setTabChangesFocus(true);
    setUndoRedoEnabled(false);
    setAcceptRichText(false);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    if (look == Mono) {
        setFont(theme::monospace());
        document()->setDocumentMargin(6);
    } else {
        setFrameShape(QFrame::NoFrame);
        document()->setDocumentMargin(0);
        viewport()->setAutoFillBackground(false);
        setAttribute(Qt::WA_TranslucentBackground);
        QPalette own;
        own.setColor(QPalette::Base, Qt::transparent);
        setPalette(own);
    }
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void RunProse::setProse(const QString &text)
{
    if (std::exchange(m_shown, text) == text) // what somebody selects stays selected
        return;
    setPlainText(text);
    fit();
}

void RunProse::setProseHtml(const QString &html)
{
    if (std::exchange(m_shown, html) == html)
        return;
    setHtml(html);
    fit();
}

void RunProse::setMaximumLines(int lines)
{
    m_maximumLines = lines;
    setVerticalScrollBarPolicy(lines > 0 ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    fit();
}

int RunProse::lineLimit() const
{
    return m_maximumLines * fontMetrics().lineSpacing() + 2 * int(document()->documentMargin());
}

int RunProse::heightForWidth(int width) const
{
    const int frame = 2 * frameWidth();
    // The document is laid out for the width it has; for another one a copy is asked.
    int height = 0;
    if (width - frame == viewport()->width()) {
        height = qCeil(document()->size().height());
    } else {
        const std::unique_ptr<QTextDocument> other(document()->clone());
        other->setTextWidth(qMax(20, width - frame));
        height = qCeil(other->size().height());
    }
    if (m_maximumLines > 0)
        height = qMin(height, lineLimit());
    return height + frame;
}

QSize RunProse::sizeHint() const
{
    return {240, heightForWidth(width())};
}

QSize RunProse::minimumSizeHint() const
{
    return {60, fontMetrics().lineSpacing()};
}

void RunProse::resizeEvent(QResizeEvent *event)
{
    QTextEdit::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        fit();
}

void RunProse::fit()
{
    const int height = heightForWidth(width());
    if (height != this->height() || minimumHeight() != height)
        setFixedHeight(height);
}

} // namespace stepwell
