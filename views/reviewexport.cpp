// SPDX-License-Identifier: MIT
#include "views/reviewexport.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>

#include <QAbstractTextDocumentLayout>
#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QPageLayout>
#include <QPainter>
#include <QPdfWriter>
#include <QTextDocument>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(stepwell::ReviewExport)
};

constexpr double marginMillimetres = 16;
constexpr int dotsPerInch = 300;
constexpr int footPoints = 16; ///< of the page number

class HtmlLines : public KSyntaxHighlighting::AbstractHighlighter
{
public:
    QStringList lines(const QString &code)
    {
        QStringList result;
        KSyntaxHighlighting::State state;
        for (const QString &line : code.split(u'\n')) {
            m_line = line;
            m_html.clear();
            m_end = 0;
            state = highlightLine(line, state);
            m_html += m_line.sliced(m_end).toHtmlEscaped();
            result += m_html;
        }
        return result;
    }

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override
    {
        // Formats come in order; zero length marks a place, not a text.
        if (length <= 0)
            return;
        m_html += m_line.sliced(m_end, offset - m_end).toHtmlEscaped();
        m_end = offset + length;
        const QString text = m_line.sliced(offset, length).toHtmlEscaped();
        QString style;
        if (format.hasTextColor(theme()))
            style += u"color:%1;"_s.arg(format.textColor(theme()).name());
        if (format.isBold(theme()))
            style += u"font-weight:bold;"_s;
        m_html += style.isEmpty() ? text : u"<span style=\"%1\">%2</span>"_s.arg(style, text);
    }

private:
    QString m_line;
    QString m_html;
    qsizetype m_end = 0;
};

void paintPages(QPdfWriter &writer, QTextDocument &document)
{
    QPainter painter(&writer);
    const QRectF page(QPointF(0, 0), document.pageSize());
    const double foot = footPoints / 72.0 * dotsPerInch;
    const int count = document.pageCount();
    QFont small = document.defaultFont();
    small.setPointSizeF(8);
    for (int number = 0; number < count; ++number) {
        if (number > 0)
            writer.newPage();
        painter.save();
        painter.translate(0, -number * page.height());
        document.drawContents(&painter, page.translated(0, number * page.height()));
        painter.restore();
        painter.setFont(small);
        painter.setPen(QColor(0x5f, 0x66, 0x70));
        painter.drawText(QRectF(0, page.height(), page.width(), foot), Qt::AlignRight | Qt::AlignBottom,
                         Words::tr("%1 of %2", "page").arg(number + 1).arg(count));
    }
}

} // namespace

SqlToHtml sqlHighlighter(KSyntaxHighlighting::Repository &repository)
{
    return [&repository](const QString &sql) {
        HtmlLines highlighter;
        highlighter.setDefinition(repository.definitionForName(u"SQL (PostgreSQL)"_s));
        highlighter.setTheme(repository.defaultTheme(KSyntaxHighlighting::Repository::LightTheme));
        return highlighter.lines(sql);
    };
}

Result<void> writeReviewPdf(const QString &html, const QString &title, const QString &file)
{
    const QFileInfo place(file);
    if (!place.dir().exists() ||
        (place.exists() ? !place.isWritable() : !QFileInfo(place.path()).isWritable()))
        return failure(ErrorKind::FileError, Words::tr("%1 cannot be written.").arg(file),
                       Words::tr("Choose another place."));
    QPdfWriter writer(file);
    writer.setTitle(title);
    writer.setCreator(u"Stepwell"_s);
    writer.setResolution(dotsPerInch);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(
        QMarginsF(marginMillimetres, marginMillimetres, marginMillimetres, marginMillimetres),
        QPageLayout::Millimeter);

    QTextDocument document;
    document.documentLayout()->setPaintDevice(&writer);
    document.setDocumentMargin(0);
    document.setHtml(html);
    const QRect area = writer.pageLayout().paintRectPixels(dotsPerInch);
    document.setPageSize(QSizeF(area.width(), area.height() - footPoints / 72.0 * dotsPerInch));
    paintPages(writer, document);
    if (QFileInfo(file).size() <= 0)
        return failure(ErrorKind::FileError, Words::tr("%1 could not be written.").arg(file),
                       Words::tr("Is the disk full?"));
    return {};
}

} // namespace stepwell
