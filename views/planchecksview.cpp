// SPDX-License-Identifier: MIT
#include "views/planchecksview.h"

#include "models/checksmodel.h"
#include "views/runmarks.h"
#include "views/theme.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace stepwell {

namespace {

constexpr int markWidth = 25;
constexpr int padding = 6;

class ChecksDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto *list = qobject_cast<const QListView *>(option.widget);
        const int width = list ? list->viewport()->width() : option.rect.width();
        const Parts parts = partsOf(index, QRect(0, 0, width, 0), option.fontMetrics);
        const int right = parts.text.height() + parts.hint.height();
        return {width, qMax(parts.title.height(), right) + 2 * padding + 1};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Parts parts = partsOf(index, option.rect, option.fontMetrics);
        const QPalette &palette = option.palette;
        painter->save();
        if (option.state & QStyle::State_HasFocus)
            painter->fillRect(option.rect, theme::rowWash(Tone::Info, palette));
        painter->setFont(option.font);
        paintRunMark(
            *painter,
            QRect(option.rect.left(), option.rect.top(), 18, option.fontMetrics.height() + 2 * padding),
            markOf(index.data(ChecksModel::StateRole).toInt()), palette);
        painter->setPen(theme::mutedText(palette));
        painter->drawText(parts.title, Qt::TextWordWrap, index.data(ChecksModel::TitleRole).toString());
        painter->drawText(parts.hint, Qt::TextWordWrap, index.data(ChecksModel::HintRole).toString());
        const bool failed = index.data(ChecksModel::StateRole).toInt() == ChecksModel::Failed;
        painter->setPen(failed ? theme::tone(Tone::Bad, palette).strong : palette.color(QPalette::Text));
        painter->drawText(parts.text, Qt::TextWordWrap, index.data(ChecksModel::TextRole).toString());
        painter->setPen(theme::hairline(palette));
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        painter->restore();
    }

private:
    struct Parts {
        QRect title;
        QRect text;
        QRect hint; ///< empty if there is nothing to advise
    };

    static Parts partsOf(const QModelIndex &index, const QRect &row, const QFontMetrics &metrics)
    {
        const int titleWidth = qBound(90, (row.width() - markWidth) * 38 / 100, 190);
        const int textLeft = row.left() + markWidth + titleWidth + 8;
        const int textWidth = qMax(60, row.right() - textLeft - 2);
        const int top = row.top() + padding;
        const auto fit = [&metrics](const QRect &box, const QString &text) {
            return text.isEmpty() ? QRect(box.topLeft(), QSize(0, 0))
                                  : metrics.boundingRect(box, Qt::TextWordWrap, text);
        };
        constexpr int tall = 10'000;
        const bool hinted = index.data(ChecksModel::StateRole).toInt() != ChecksModel::Passed;
        Parts parts;
        parts.title = fit({row.left() + markWidth, top, titleWidth, tall},
                          index.data(ChecksModel::TitleRole).toString());
        parts.text = fit({textLeft, top, textWidth, tall}, index.data(ChecksModel::TextRole).toString());
        parts.hint = fit({textLeft, top + parts.text.height(), textWidth, tall},
                         hinted ? index.data(ChecksModel::HintRole).toString() : QString());
        // Qt wraps again when it draws: the box must have the width that was measured with.
        parts.title.setWidth(titleWidth);
        parts.text.setWidth(textWidth);
        parts.hint.setWidth(parts.hint.isEmpty() ? 0 : textWidth);
        return parts;
    }

    static RunMark markOf(int state)
    {
        switch (state) {
        case ChecksModel::Passed:
            return RunMark::Passed;
        case ChecksModel::Warning:
            return RunMark::Warning;
        case ChecksModel::Failed:
            return RunMark::Failed;
        default:
            return RunMark::Waiting;
        }
    }
};

} // namespace

PlanChecksView::PlanChecksView(QWidget *parent) : QListView(parent)
{
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(new ChecksDelegate(this));
    setSelectionMode(QAbstractItemView::NoSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setResizeMode(QListView::Adjust);
    viewport()->setAutoFillBackground(false);
}

void PlanChecksView::setModel(QAbstractItemModel *model)
{
    QListView::setModel(model);
    connect(model, &QAbstractItemModel::modelReset, this, &PlanChecksView::fitHeight);
    fitHeight();
}

void PlanChecksView::resizeEvent(QResizeEvent *event)
{
    QListView::resizeEvent(event);
    fitHeight();
}

void PlanChecksView::fitHeight()
{
    if (!model())
        return;
    int height = 2;
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    for (int row = 0; row < model()->rowCount(); ++row)
        height += itemDelegate()->sizeHint(option, model()->index(row, 0)).height();
    if (height != this->height() || height != minimumHeight()) {
        setFixedHeight(height);
        scheduleDelayedItemsLayout();
    }
}

} // namespace stepwell
