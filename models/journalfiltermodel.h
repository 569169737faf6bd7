// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>

namespace stepwell {

/// Runs of one target whose text holds every word that was typed. GUI thread.
class JournalFilterModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit JournalFilterModel(QObject *parent = nullptr);

    void setTarget(const QString &target); ///< "environment/component"; empty: all
    void setText(const QString &text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QString m_target;
    QStringList m_words;
};

} // namespace stepwell
