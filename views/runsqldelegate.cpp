// SPDX-License-Identifier: MIT
#include "views/runsqldelegate.h"

#include "models/runstatementsmodel.h"
#include "views/theme.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>

#include <QPainter>
#include <QTextLayout>

namespace stepwell {

using namespace Qt::StringLiterals;

/// Collects the formats of one line.
class RunSqlDelegate::Line : public KSyntaxHighlighting::AbstractHighlighter
{
public:
    explicit Line(KSyntaxHighlighting::Repository &repository)
    {
        setDefinition(repository.definitionForName(u"SQL (PostgreSQL)"_s));
    }

    QList<QTextLayout::FormatRange> formats(const QString &text)
    {
        m_ranges.clear();
        highlightLine(text, KSyntaxHighlighting::State());
        return m_ranges;
    }

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override
    {
        if (length <= 0)
            return;
        QTextCharFormat look;
        if (format.hasTextColor(theme()))
            look.setForeground(format.textColor(theme()));
        if (format.isBold(theme()))
            look.setFontWeight(QFont::Bold);
        if (look.propertyCount() > 0)
            m_ranges += QTextLayout::FormatRange{.start = offset, .length = length, .format = look};
    }

private:
    QList<QTextLayout::FormatRange> m_ranges;
};

RunSqlDelegate::RunSqlDelegate(KSyntaxHighlighting::Repository &repository, QObject *parent)
    : RunCellDelegate(parent), m_repository(repository), m_line(std::make_unique<Line>(repository))
{
    setMonoColumns({RunStatementsModel::Sql});
}

RunSqlDelegate::~RunSqlDelegate() = default;

void RunSqlDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    if (cell.state & QStyle::State_Selected)
        painter->fillRect(cell.rect, theme::selection(option.palette));
    const auto state = RunStatementsModel::State(index.data(RunStatementsModel::StateRole).toInt());
    const QRect box = cell.rect.adjusted(6, 0, -6, 0);
    const QString text = QFontMetrics(cell.font).elidedText(cell.text, Qt::ElideRight, box.width());
    QTextLayout layout(text, cell.font, painter->device());
    painter->save();
    painter->setPen(cell.palette.color(QPalette::Text));
    if (state == RunStatementsModel::Failed) {
        painter->setPen(theme::tone(Tone::Bad, option.palette).strong);
    } else if (state == RunStatementsModel::Note) {
        painter->setPen(theme::tone(Tone::Attention, option.palette).strong);
    } else {
        m_line->setTheme(m_repository.themeForPalette(option.palette));
        layout.setFormats(m_line->formats(text));
    }
    layout.beginLayout();
    QTextLine line = layout.createLine();
    line.setLineWidth(box.width());
    layout.endLayout();
    painter->setClipRect(cell.rect);
    layout.draw(painter, QPointF(box.left(), box.top() + (box.height() - line.height()) / 2));
    painter->restore();
}

} // namespace stepwell
