// SPDX-License-Identifier: MIT
#include "models/journalmodel.h"

#include "models/runtext.h"

#include <QFileInfo>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

std::chrono::milliseconds durationOf(const JournalEntry &entry)
{
    return std::chrono::milliseconds(
        entry.started.isValid() && entry.finished.isValid() ? entry.started.msecsTo(entry.finished) : 0);
}

} // namespace

Tone toneOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Running:
        return Tone::Info;
    case Outcome::Done:
        return Tone::Good;
    case Outcome::Stopped:
    case Outcome::Cancelled:
    case Outcome::Refused:
        return Tone::Attention;
    case Outcome::FailedRolledBack:
    case Outcome::FailedWithChanges:
    case Outcome::Unknown:
        return Tone::Bad;
    }
    return Tone::Neutral;
}

JournalModel::JournalModel(QObject *parent) : QAbstractTableModel(parent) {}

void JournalModel::setEntries(const QList<JournalEntry> &entries)
{
    if (entries == m_entries)
        return;
    beginResetModel();
    m_entries = entries;
    endResetModel();
}

const JournalEntry *JournalModel::entry(int row) const
{
    return row >= 0 && row < m_entries.size() ? &m_entries.at(row) : nullptr;
}

int JournalModel::rowOf(qint64 id) const
{
    const auto found = std::ranges::find(m_entries, id, &JournalEntry::id);
    return found == m_entries.cend() ? -1 : int(found - m_entries.cbegin());
}

int JournalModel::rowOf(const QString &uid) const
{
    const auto found = std::ranges::find(m_entries, uid, &JournalEntry::uid);
    return found == m_entries.cend() || uid.isEmpty() ? -1 : int(found - m_entries.cbegin());
}

QStringList JournalModel::targets() const
{
    QStringList targets;
    for (const JournalEntry &entry : m_entries)
        targets += entry.target.text();
    targets.sort();
    targets.removeDuplicates();
    return targets;
}

int JournalModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int JournalModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant JournalModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const JournalEntry &entry = m_entries.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(entry, index.column());
    case Qt::ToolTipRole:
        if (index.column() == OutcomeColumn)
            return entry.message.isEmpty() ? RunText::outcomeSentence(entry.outcome) : entry.message;
        if (index.column() == Backup)
            return entry.backup ? entry.backup->file : entry.note;
        return index.column() == TargetColumn ? entry.databaseText : text(entry, index.column());
    case IdRole:
        return entry.id;
    case TargetRole:
        return entry.target.text();
    case FilterTextRole:
        return filterText(entry);
    case SortRole:
        return sortKey(entry, index.column());
    case ChipRole:
        if (index.column() == OutcomeColumn)
            return QVariant::fromValue(Chip{RunText::outcome(entry.outcome), toneOf(entry.outcome)});
        return {};
    default:
        return {};
    }
}

QVariant JournalModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case When:
        return tr("When");
    case Who:
        return tr("Who");
    case TargetColumn:
        return tr("Target");
    case What:
        return tr("What");
    case Way:
        return tr("From → to");
    case Took:
        return tr("Took");
    case Backup:
        return tr("Backup");
    case OutcomeColumn:
        return tr("Outcome");
    default:
        return {};
    }
}

QString JournalModel::text(const JournalEntry &entry, int column)
{
    switch (column) {
    case When:
        return RunText::moment(entry.started);
    case Who:
        return entry.who;
    case TargetColumn:
        return entry.target.text();
    case What:
        return entry.kind == RunKind::Backup || entry.steps.isEmpty()
                   ? RunText::kind(entry.kind)
                   : QString(RunText::kind(entry.kind) + u", "_s + RunText::revisions(entry.steps.size()));
    case Way:
        return entry.kind == RunKind::Backup ? toText(entry.from) : RunText::way(entry);
    case Took:
        return entry.finished.isValid() ? RunText::duration(durationOf(entry)) : u"—"_s;
    case Backup:
        if (entry.backup)
            return RunText::size(entry.backup->size);
        return entry.note.isEmpty() ? tr("none") : tr("elsewhere");
    case OutcomeColumn:
        return RunText::outcome(entry.outcome);
    default:
        return {};
    }
}

QVariant JournalModel::sortKey(const JournalEntry &entry, int column)
{
    switch (column) {
    case When:
        return entry.started;
    case Took:
        return qint64(durationOf(entry).count());
    case Backup:
        return entry.backup ? entry.backup->size : qint64(entry.note.isEmpty() ? -1 : 0);
    default:
        return text(entry, column);
    }
}

QString JournalModel::filterText(const JournalEntry &entry)
{
    QStringList parts{RunText::moment(entry.started),
                      entry.who,
                      entry.target.text(),
                      entry.databaseText,
                      RunText::kind(entry.kind),
                      entry.asked,
                      entry.message,
                      entry.note,
                      RunText::way(entry),
                      RunText::outcome(entry.outcome)};
    for (const JournalStep &step : entry.steps)
        parts << step.revision.text() << step.message;
    parts << entry.leftBehind;
    for (const JournalAfter &after : entry.after)
        parts << after.what << after.text;
    if (entry.backup)
        parts << QFileInfo(entry.backup->file).fileName();
    return parts.join(u'\n');
}

} // namespace stepwell
