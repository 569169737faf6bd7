// SPDX-License-Identifier: MIT
#include "models/backupmodel.h"

#include "models/runtext.h"

#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;

QList<BackupRow> backupsOf(const QList<JournalEntry> &entries)
{
    QList<BackupRow> rows;
    for (const JournalEntry &entry : entries) {
        if (entry.backup)
            rows += BackupRow{.target = entry.target,
                              .record = *entry.backup,
                              .revisions = entry.from,
                              .journalId = entry.id};
    }
    return rows;
}

BackupModel::BackupModel(QObject *parent) : QAbstractTableModel(parent) {}

void BackupModel::setBackups(const QList<BackupRow> &backups)
{
    if (backups == m_backups)
        return;
    beginResetModel();
    m_backups = backups;
    endResetModel();
}

const BackupRow *BackupModel::backup(int row) const
{
    return row >= 0 && row < m_backups.size() ? &m_backups.at(row) : nullptr;
}

qint64 BackupModel::totalSize() const
{
    qint64 size = 0;
    for (const BackupRow &row : m_backups)
        size += row.present ? row.record.size : 0;
    return size;
}

int BackupModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_backups.size());
}

int BackupModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

Chip BackupModel::chip(const BackupRow &row)
{
    if (!row.present)
        return {tr("file is gone"), Tone::Bad};
    // Only verified backups are recorded; one without a checksum comes from elsewhere.
    return row.record.sha256.isEmpty() ? Chip{tr("not verified"), Tone::Attention}
                                       : Chip{tr("verified"), Tone::Good};
}

QString BackupModel::text(const BackupRow &row, int column)
{
    switch (column) {
    case TargetColumn:
        return row.target.text();
    case File:
        return QFileInfo(row.record.file).fileName();
    case Size:
        return RunText::size(row.record.size);
    case When:
        return RunText::moment(row.record.finished);
    case Revisions:
        return toText(row.revisions);
    case Verified:
        return chip(row).text;
    default:
        return {};
    }
}

QVariant BackupModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const BackupRow &row = m_backups.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        if (index.column() == File)
            return row.record.file;
        if (index.column() == Verified && row.present && !row.record.sha256.isEmpty())
            return tr("Read in full after it was written, in %1. SHA-256: %2")
                .arg(RunText::duration(row.record.verifyDuration), row.record.sha256);
        return text(row, index.column());
    case Qt::TextAlignmentRole:
        return int((index.column() == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case SortRole:
        if (index.column() == Size)
            return row.record.size;
        return index.column() == When ? QVariant(row.record.finished) : QVariant(text(row, index.column()));
    case ChipRole:
        return index.column() == Verified ? QVariant::fromValue(chip(row)) : QVariant();
    case PathRole:
        return row.record.file;
    default:
        return {};
    }
}

QVariant BackupModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TargetColumn:
        return tr("Target");
    case File:
        return tr("File");
    case Size:
        return tr("Size");
    case When:
        return tr("When");
    case Revisions:
        return tr("Database was at");
    case Verified:
        return tr("Verified");
    default:
        return {};
    }
}

} // namespace stepwell
