// SPDX-License-Identifier: MIT
#include "models/sqlsearchmodel.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

SqlSearchModel::SqlSearchModel(QObject *parent) : QAbstractTableModel(parent) {}

void SqlSearchModel::setReviews(const QList<StepReview> &reviews)
{
    m_reviews = reviews;
    search();
}

void SqlSearchModel::setText(const QString &text)
{
    const QStringList words = text.simplified().split(u' ', Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    search();
}

void SqlSearchModel::search()
{
    beginResetModel();
    m_hits.clear();
    m_cut = false;
    for (const StepReview &review : std::as_const(m_reviews)) {
        if (m_words.isEmpty())
            break;
        int line = 0;
        for (const auto text : QStringTokenizer(review.sql.sql, u'\n')) {
            ++line;
            const bool found = std::ranges::all_of(
                m_words, [&](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
            if (!found)
                continue;
            m_cut = m_hits.size() >= limit;
            if (m_cut)
                break;
            m_hits.append({review.revision, review.direction, line, text.trimmed().toString()});
        }
    }
    endResetModel();
}

int SqlSearchModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_hits.size());
}

int SqlSearchModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SqlSearchModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) ||
        (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const SqlHit &hit = m_hits.at(index.row());
    switch (Column(index.column())) {
    case RevisionColumn:
        return hit.revision.text();
    case DirectionColumn:
        return directionName(hit.direction);
    case Line:
        return QString::number(hit.line);
    case Text:
        return hit.text;
    case ColumnCount:
        break;
    }
    return {};
}

QVariant SqlSearchModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case RevisionColumn:
        return tr("Revision");
    case DirectionColumn:
        return tr("Direction");
    case Line:
        return tr("Line");
    case Text:
        return tr("SQL");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace stepwell
