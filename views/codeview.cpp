// SPDX-License-Identifier: MIT
#include "views/codeview.h"

#include "views/theme.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <KSyntaxHighlighting/Theme>

#include <QEvent>
#include <QPainter>
#include <QTextBlock>

namespace stepwell {

namespace {

constexpr int gutterPadding = 10;
constexpr int markSize = 8;

} // namespace

CodeView::CodeView(KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QPlainTextEdit(parent)
    , m_repository(repository)
    , m_highlighter(new KSyntaxHighlighting::SyntaxHighlighter(document()))
    , m_gutter(new QWidget(this))
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFrameShape(QFrame::NoFrame);
    setFont(theme::monospace());
    document()->setDocumentMargin(8);
    setTabStopDistance(4 * fontMetrics().horizontalAdvance(u' '));
    m_gutter->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_gutter->installEventFilter(this);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &CodeView::placeGutter);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect &rect, int dy) {
        if (dy != 0)
            m_gutter->scroll(0, dy);
        else
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
    });
    applyTheme();
    placeGutter();
}

CodeView::~CodeView() = default;

void CodeView::setCode(const QString &text, const QString &definition)
{
    m_marked = 0;
    setExtraSelections({});
    const auto wanted = m_repository.definitionForName(definition);
    if (m_highlighter->definition() != wanted)
        m_highlighter->setDefinition(wanted);
    if (text != toPlainText())
        setPlainText(text);
}

void CodeView::markLine(int line)
{
    m_marked = line;
    showMark();
    m_gutter->update();
    if (line <= 0)
        return;
    setTextCursor(QTextCursor(document()->findBlockByNumber(line - 1)));
    centerCursor();
}

void CodeView::showMark()
{
    if (m_marked <= 0) {
        setExtraSelections({});
        return;
    }
    QTextEdit::ExtraSelection selection;
    selection.format.setBackground(theme::rowWash(theme::Tone::Attention, palette()));
    selection.format.setProperty(QTextFormat::FullWidthSelection, true);
    selection.cursor = QTextCursor(document()->findBlockByNumber(m_marked - 1));
    setExtraSelections({selection});
}

void CodeView::applyTheme()
{
    const auto kind = theme::isDark(palette()) ? KSyntaxHighlighting::Repository::DarkTheme
                                               : KSyntaxHighlighting::Repository::LightTheme;
    m_highlighter->setTheme(m_repository.defaultTheme(kind));
    m_highlighter->rehighlight();
    showMark();
    m_gutter->update();
}

int CodeView::gutterWidth() const
{
    const int digits = qMax(2, int(QString::number(blockCount()).size()));
    return digits * fontMetrics().horizontalAdvance(u'9') + 2 * gutterPadding + markSize;
}

void CodeView::placeGutter()
{
    setViewportMargins(gutterWidth(), 0, 0, 0);
    m_gutter->setGeometry(contentsRect().left(), contentsRect().top(), gutterWidth(),
                          contentsRect().height());
}

void CodeView::paintGutter()
{
    QPainter painter(m_gutter);
    painter.fillRect(m_gutter->rect(), theme::panel(palette()));
    painter.setFont(font());
    const int lineHeight = fontMetrics().height();
    const int right = m_gutter->width() - gutterPadding;
    QTextBlock block = firstVisibleBlock();
    double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    while (block.isValid() && top < m_gutter->height()) {
        const int number = block.blockNumber() + 1;
        if (number == m_marked) {
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme::tone(theme::Tone::Attention, palette()).strong);
            painter.drawEllipse(QRectF(4, top + (lineHeight - markSize) / 2.0, markSize, markSize));
        }
        painter.setPen(theme::mutedText(palette()));
        painter.drawText(0, int(top), right, lineHeight, Qt::AlignRight, QString::number(number));
        top += blockBoundingRect(block).height();
        block = block.next();
    }
}

void CodeView::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    placeGutter();
}

void CodeView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyTheme();
}

bool CodeView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_gutter && event->type() == QEvent::Paint) {
        paintGutter();
        return true;
    }
    return QPlainTextEdit::eventFilter(watched, event);
}

} // namespace stepwell
