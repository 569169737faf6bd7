// SPDX-License-Identifier: MIT
#include "views/codeview.h"

#include "views/theme.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <KSyntaxHighlighting/Theme>

#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int gutterPadding = 10;
constexpr int markSize = 8;
constexpr int bubbleSize = 9;

void paintBubble(QPainter &painter, const QRectF &rect, const QColor &colour)
{
    painter.setBrush(colour);
    painter.drawRoundedRect(rect.adjusted(0, 0, 0, -2), 2.5, 2.5);
    const QPointF foot(rect.left() + 2, rect.bottom());
    painter.drawPolygon(QPolygonF{foot, foot + QPointF(0, -4), foot + QPointF(4, -3)});
}

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
    m_gutter->installEventFilter(this);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &CodeView::placeGutter);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect &rect, int dy) {
        if (dy != 0)
            m_gutter->scroll(0, dy);
        else
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
    });
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, [this] {
        if (cursorLine() == m_cursorLine)
            return;
        m_cursorLine = cursorLine();
        Q_EMIT cursorLineChanged(m_cursorLine);
    });
    applyTheme();
    placeGutter();
}

CodeView::~CodeView() = default;

void CodeView::setCode(const QString &text, const QString &definition)
{
    m_marked = m_markedLast = 0;
    m_error = -1;
    m_marks.clear();
    setExtraSelections({});
    const auto wanted = m_repository.definitionForName(definition);
    if (m_highlighter->definition() != wanted)
        m_highlighter->setDefinition(wanted);
    if (text != toPlainText())
        setPlainText(text);
    m_gutter->update();
}

void CodeView::markLines(int first, int last)
{
    m_marked = first;
    m_markedLast = last;
    showSelections();
    m_gutter->update();
    if (first <= 0)
        return;
    const QTextBlock block = document()->findBlockByNumber(first - 1);
    if (!block.isValid())
        return;
    setTextCursor(QTextCursor(block));
    // What can be seen stays where it is: a text that jumps is hard to read.
    const bool seen = block.blockNumber() >= firstVisibleBlock().blockNumber() &&
                      lineAt(m_gutter->height() - fontMetrics().height()) >= last;
    if (!seen)
        centerCursor();
}

void CodeView::setMarks(const QList<CodeMark> &marks)
{
    m_marks = marks;
    m_gutter->update();
}

void CodeView::setErrorAt(qsizetype offset)
{
    m_error = offset;
    showSelections();
}

void CodeView::setGutterShown(bool shown)
{
    m_gutterShown = shown;
    m_gutter->setVisible(shown);
    placeGutter();
}

int CodeView::cursorLine() const
{
    return textCursor().blockNumber() + 1;
}

void CodeView::showSelections()
{
    QList<QTextEdit::ExtraSelection> selections;
    for (int line = m_marked; line > 0 && line <= m_markedLast; ++line) {
        const QTextBlock block = document()->findBlockByNumber(line - 1);
        if (!block.isValid())
            break;
        QTextEdit::ExtraSelection selection;
        selection.format.setBackground(theme::rowWash(Tone::Attention, palette()));
        selection.format.setProperty(QTextFormat::FullWidthSelection, true);
        selection.cursor = QTextCursor(block);
        selections += selection;
    }
    if (m_error >= 0) {
        QTextEdit::ExtraSelection selection;
        selection.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        selection.format.setUnderlineColor(theme::tone(Tone::Bad, palette()).strong);
        selection.format.setBackground(theme::tone(Tone::Bad, palette()).background);
        selection.cursor = QTextCursor(document());
        selection.cursor.setPosition(int(qMin(m_error, qsizetype(document()->characterCount() - 1))));
        selection.cursor.movePosition(QTextCursor::EndOfWord, QTextCursor::KeepAnchor);
        if (!selection.cursor.hasSelection())
            selection.cursor.movePosition(QTextCursor::Right, QTextCursor::KeepAnchor);
        if (!selection.cursor.hasSelection())
            selection.cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor);
        selections += selection;
    }
    setExtraSelections(selections);
}

void CodeView::applyTheme()
{
    const auto kind = theme::isDark(palette()) ? KSyntaxHighlighting::Repository::DarkTheme
                                               : KSyntaxHighlighting::Repository::LightTheme;
    m_highlighter->setTheme(m_repository.defaultTheme(kind));
    m_highlighter->rehighlight();
    showSelections();
    m_gutter->update();
}

int CodeView::gutterWidth() const
{
    if (!m_gutterShown)
        return 0;
    const int digits = qMax(2, int(QString::number(blockCount()).size()));
    return digits * fontMetrics().horizontalAdvance(u'9') + 2 * gutterPadding + markSize + bubbleSize + 6;
}

void CodeView::placeGutter()
{
    setViewportMargins(gutterWidth(), 0, 0, 0);
    m_gutter->setGeometry(contentsRect().left(), contentsRect().top(), gutterWidth(),
                          contentsRect().height());
}

int CodeView::lineAt(int y) const
{
    return cursorForPosition(QPoint(0, y)).blockNumber() + 1;
}

QPoint CodeView::gutterPoint(int line) const
{
    const QTextBlock block = document()->findBlockByNumber(line - 1);
    const double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    return {m_gutter->x() + bubbleSize + 8, m_gutter->y() + int(top) + fontMetrics().height() / 2};
}

QString CodeView::tipOf(int line) const
{
    QStringList tips;
    for (const CodeMark &mark : m_marks) {
        if (mark.line == line && !mark.tip.isEmpty())
            tips += mark.tip;
    }
    return tips.join(u'\n');
}

void CodeView::paintGutter()
{
    QPainter painter(m_gutter);
    painter.fillRect(m_gutter->rect(), theme::panel(palette()));
    painter.setFont(font());
    painter.setRenderHint(QPainter::Antialiasing);
    // Of several findings in one line the worst gives the colour.
    const QList<Tone> order{Tone::Bad, Tone::Attention, Tone::Info, Tone::Neutral};
    QHash<int, Tone> dots;
    QHash<int, Tone> bubbles;
    for (const CodeMark &mark : std::as_const(m_marks)) {
        QHash<int, Tone> &of = mark.isComment ? bubbles : dots;
        const auto known = of.constFind(mark.line);
        if (known == of.constEnd() || order.indexOf(mark.tone) < order.indexOf(*known))
            of.insert(mark.line, mark.tone);
    }
    if (m_marked > 0 && !dots.contains(m_marked))
        dots.insert(m_marked, Tone::Attention);

    const int lineHeight = fontMetrics().height();
    const int right = m_gutter->width() - gutterPadding;
    QTextBlock block = firstVisibleBlock();
    double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    while (block.isValid() && top < m_gutter->height()) {
        const int number = block.blockNumber() + 1;
        painter.setPen(Qt::NoPen);
        if (const auto dot = dots.constFind(number); dot != dots.constEnd()) {
            painter.setBrush(theme::tone(*dot, palette()).strong);
            painter.drawEllipse(
                QRectF(bubbleSize + 6, top + (lineHeight - markSize) / 2.0, markSize, markSize));
        }
        if (const auto bubble = bubbles.constFind(number); bubble != bubbles.constEnd())
            paintBubble(painter, QRectF(4, top + (lineHeight - bubbleSize) / 2.0, bubbleSize, bubbleSize),
                        theme::tone(*bubble, palette()).strong);
        const bool here = number >= m_marked && number <= m_markedLast;
        painter.setPen(here ? palette().color(QPalette::Text) : theme::mutedText(palette()));
        painter.drawText(0, int(top), right, lineHeight, Qt::AlignRight, QString::number(number));
        top += blockBoundingRect(block).height();
        block = block.next();
    }
}

void CodeView::showMenu(int line, const QPoint &global)
{
    QMenu *menu = createStandardContextMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(u"codeMenu"_s);
    menu->addSeparator();
    auto *find = menu->addAction(tr("Find…"), this, &CodeView::findRequested);
    find->setShortcut(QKeySequence::Find);
    Q_EMIT menuNeeded(menu, line);
    menu->popup(global);
}

void CodeView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool mouse = event->reason() == QContextMenuEvent::Mouse;
    showMenu(mouse ? lineAt(event->pos().y()) : cursorLine(),
             mouse ? event->globalPos() : viewport()->mapToGlobal(cursorRect().bottomLeft()));
    event->accept();
}

bool CodeView::event(QEvent *event)
{
    // The window's own Ctrl+F filters revisions; in the text it finds text.
    if (event->type() == QEvent::ShortcutOverride) {
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Find)) {
            event->accept();
            return true;
        }
    }
    return QPlainTextEdit::event(event);
}

void CodeView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Find)) {
        Q_EMIT findRequested();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
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
    if (watched != m_gutter)
        return QPlainTextEdit::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::Paint:
        paintGutter();
        return true;
    case QEvent::Wheel:
        QCoreApplication::sendEvent(viewport(), event);
        return true;
    case QEvent::ToolTip: {
        auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), tipOf(lineAt(help->pos().y())), m_gutter);
        return true;
    }
    case QEvent::MouseButtonPress: {
        auto *mouse = static_cast<QMouseEvent *>(event);
        if (mouse->button() != Qt::LeftButton)
            break;
        const int line = lineAt(mouse->position().toPoint().y());
        setFocus();
        setTextCursor(QTextCursor(document()->findBlockByNumber(line - 1)));
        Q_EMIT markClicked(line);
        return true;
    }
    case QEvent::ContextMenu: {
        auto *menu = static_cast<QContextMenuEvent *>(event);
        showMenu(lineAt(menu->pos().y()), menu->globalPos());
        return true;
    }
    default:
        break;
    }
    return QPlainTextEdit::eventFilter(watched, event);
}

} // namespace stepwell
