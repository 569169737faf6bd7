// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

namespace stepwell {

struct RevisionRow;

/// Draws the rows of the revision list: the graph from ready-made lanes, and text with chips. It
/// reads structs only; nothing is looked up or measured twice a row.
class GraphDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit GraphDelegate(QObject *parent = nullptr);

    /// Off while rows are filtered: a line between rows that are no neighbours would lie.
    void setEdgesShown(bool shown) { m_edgesShown = shown; }
    /// Fonts are made once, from the font of the view.
    void setFonts(const QFont &plain);
    /// Pixels that a graph with so many lanes needs.
    [[nodiscard]] static int widthFor(int laneCount);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// The whole text as tooltip where it does not fit.
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

private:
    void paintGraph(QPainter *painter, const QRect &rect, const QPalette &palette,
                    const RevisionRow &row) const;
    void paintNode(QPainter *painter, const QPointF &centre, const QPalette &palette,
                   const RevisionRow &row) const;
    void paintRisk(QPainter *painter, const QRect &rect, const QPalette &palette,
                   const RevisionRow &row) const;
    void paintMessage(QPainter *painter, const QRect &rect, const QPalette &palette,
                      const RevisionRow &row) const;

    QFont m_plain;
    QFont m_bold;
    QFont m_fixed;
    QFont m_fixedBold;
    bool m_edgesShown = true;
};

} // namespace stepwell
