// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>

namespace stepwell {

/// The search field's rows: every word typed must occur in id, message or file name. GUI thread.
class RevisionFilterModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit RevisionFilterModel(QObject *parent = nullptr);

    void setText(const QString &text);
    /// True if rows may be hidden, so that lines between them would lie.
    [[nodiscard]] bool isFiltering() const { return !m_words.isEmpty(); }

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words;
};

} // namespace stepwell
