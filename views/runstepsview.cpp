// SPDX-License-Identifier: MIT
#include "views/runstepsview.h"

#include "models/runstepsmodel.h"
#include "views/runmarks.h"
#include "views/theme.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

RunMark markOf(RunStepsModel::State state)
{
    switch (state) {
    case RunStepsModel::Waiting:
        return RunMark::Waiting;
    case RunStepsModel::Running:
        return RunMark::Running;
    case RunStepsModel::Done:
        return RunMark::Passed;
    case RunStepsModel::Failed:
        return RunMark::Failed;
    case RunStepsModel::Unknown:
        return RunMark::Unknown;
    case RunStepsModel::NotRun:
        return RunMark::NotRun;
    case RunStepsModel::Attention:
        return RunMark::Warning;
    }
    return RunMark::Waiting;
}

class StepsDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const bool note = !index.data(RunStepsModel::NoteRole).toString().isEmpty();
        return {100, option.fontMetrics.height() * (note ? 2 : 1) + 14};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto state = RunStepsModel::State(index.data(RunStepsModel::StateRole).toInt());
        const bool quiet = state == RunStepsModel::Waiting || state == RunStepsModel::NotRun;
        const QPalette &palette = option.palette;
        const int line = option.fontMetrics.height();
        QRect row = option.rect.adjusted(12, 7, -14, 0);
        row.setHeight(line);
        painter->save();
        if (state == RunStepsModel::Running)
            painter->fillRect(option.rect, theme::rowWash(Tone::Info, palette));
        else if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme::selection(palette));
        paintRunMark(*painter, QRect(row.left(), row.top(), 16, line), markOf(state), palette);
        painter->setPen(quiet ? theme::mutedText(palette) : palette.color(QPalette::Text));

        const QString took = index.data(RunStepsModel::DurationRole).toString();
        const int tookWidth = option.fontMetrics.horizontalAdvance(took);
        QRect words = row.adjusted(26, 0, took.isEmpty() ? 0 : -tookWidth - 12, 0);
        if (const QString id = index.data(RunStepsModel::RevisionRole).toString(); !id.isEmpty()) {
            painter->setFont(theme::monospace());
            const int width = qMin(painter->fontMetrics().horizontalAdvance(id), words.width() / 2);
            painter->drawText(words, Qt::AlignVCenter | Qt::TextSingleLine,
                              painter->fontMetrics().elidedText(id, Qt::ElideRight, width + 1));
            words.setLeft(words.left() + width + 10);
        }
        QFont font = option.font;
        font.setBold(state == RunStepsModel::Running);
        painter->setFont(font);
        const QString text = index.data(RunStepsModel::TextRole).toString();
        painter->drawText(words, Qt::AlignVCenter | Qt::TextSingleLine,
                          painter->fontMetrics().elidedText(text, Qt::ElideRight, words.width()));
        painter->setFont(option.font);
        painter->setPen(theme::mutedText(palette));
        painter->drawText(row, Qt::AlignRight | Qt::AlignVCenter, took);
        paintNote(painter, option, index, row.translated(0, line).adjusted(26, 0, 0, 0), state);
        painter->setPen(theme::hairline(palette));
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        painter->restore();
    }

private:
    static void paintNote(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index,
                          const QRect &box, RunStepsModel::State state)
    {
        const QString note = index.data(RunStepsModel::NoteRole).toString().simplified();
        if (note.isEmpty())
            return;
        if (state == RunStepsModel::Failed)
            painter->setPen(theme::tone(Tone::Bad, option.palette).strong);
        else if (state == RunStepsModel::Attention)
            painter->setPen(theme::tone(Tone::Attention, option.palette).strong);
        painter->drawText(box, Qt::AlignVCenter | Qt::TextSingleLine,
                          option.fontMetrics.elidedText(note, Qt::ElideRight, box.width()));
    }
};

} // namespace

RunStepsView::RunStepsView(QWidget *parent) : QListView(parent)
{
    setItemDelegate(new StepsDelegate(this));
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setResizeMode(QListView::Adjust);
}

} // namespace stepwell
