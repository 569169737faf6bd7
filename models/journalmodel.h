// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"
#include "models/chip.h"

#include <QAbstractTableModel>

namespace stepwell {

[[nodiscard]] Tone toneOf(Outcome outcome);

/// The runs of the journal, as they were handed over (newest first). GUI thread.
class JournalModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { When, Who, TargetColumn, What, Way, Took, Backup, OutcomeColumn, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole + 1,
        TargetRole,     ///< "environment/component"
        FilterTextRole, ///< all that a search looks through, errors and statements left out
        SortRole,
        ChipRole, ///< Chip; in the outcome column only
    };

    explicit JournalModel(QObject *parent = nullptr);

    void setEntries(const QList<JournalEntry> &entries);
    [[nodiscard]] const QList<JournalEntry> &entries() const { return m_entries; }
    [[nodiscard]] const JournalEntry *entry(int row) const; ///< null out of range
    [[nodiscard]] int rowOf(qint64 id) const;               ///< -1 if unknown
    [[nodiscard]] int rowOf(const QString &uid) const;      ///< for runs of others, too
    [[nodiscard]] QStringList targets() const;              ///< that occur, sorted

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QString text(const JournalEntry &entry, int column);
    [[nodiscard]] static QVariant sortKey(const JournalEntry &entry, int column);
    [[nodiscard]] static QString filterText(const JournalEntry &entry);

    QList<JournalEntry> m_entries;
};

} // namespace stepwell
