// SPDX-License-Identifier: MIT
#include "models/revisionlistmodel.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QSet>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(stepwell::RevisionListModel)
};

CellText stateText(RevisionState state)
{
    switch (state) {
    case RevisionState::Applied:
        return {Words::tr("applied"), Tone::Good};
    case RevisionState::Pending:
        return {Words::tr("pending"), Tone::Attention};
    case RevisionState::NotHere:
        return {Words::tr("not here"), Tone::Bad};
    case RevisionState::NotKnown:
        return {Words::tr("not known"), Tone::Neutral};
    }
    return {};
}

CellText rollbackText(const Revision &revision)
{
    switch (revision.wayBack) {
    case WayBack::Irreversible:
        return {Words::tr("irreversible"), Tone::Bad};
    case WayBack::Empty:
        return {Words::tr("empty"), Tone::Attention};
    case WayBack::Yes:
        break;
    }
    if (revision.losesData)
        return {Words::tr("loses data"), Tone::Bad};
    return {Words::tr("yes"), Tone::Neutral};
}

CellText notesText(const Revision &revision)
{
    QStringList notes;
    if (revision.usesConnection)
        notes.append(Words::tr("uses the connection"));
    if (revision.hasAutocommit)
        notes.append(Words::tr("autocommit"));
    return {notes.join(u" · "_s), notes.isEmpty() ? Tone::Neutral : Tone::Attention};
}

Chips chipsOf(const RevisionRow &row, const RevisionMap &map, const Revision *revision)
{
    Chips chips;
    if (row.current)
        chips.append({Words::tr("◀ database is here"), Tone::Accent});
    if (row.head)
        chips.append({Words::tr("head"), Tone::Info});
    if (map.isMergePoint(row.id))
        chips.append({Words::tr("merge"), Tone::Special});
    if (map.isBranchPoint(row.id))
        chips.append({Words::tr("branch point"), Tone::Special});
    if (revision) {
        for (const QString &label : revision->branchLabels)
            chips.append({Words::tr("label: %1").arg(label), Tone::Neutral});
    }
    return chips;
}

RevisionRow strangeRow(const RevisionId &id)
{
    RevisionRow row;
    row.id = id;
    row.message = Words::tr("The database is at this revision, but no file here has it.");
    row.state = RevisionState::NotHere;
    row.stateText = stateText(row.state);
    row.current = true;
    row.chips = {{Words::tr("◀ database is here"), Tone::Accent}};
    return row;
}

RevisionRow fileRow(const Revision &revision, const RevisionMap &map, RevisionState state, bool current)
{
    RevisionRow row;
    row.id = revision.id;
    row.message = revision.message;
    row.file = revision.file;
    row.fileName = QFileInfo(revision.file).fileName();
    row.state = state;
    row.current = current;
    row.head = map.isHead(revision.id);
    row.stateText = stateText(state);
    row.notes = notesText(revision);
    row.rollback = rollbackText(revision);
    row.changesData = revision.changesData;
    if (revision.created.isValid())
        row.created = revision.created.date().toString(Qt::ISODate);
    row.chips = chipsOf(row, map, &revision);
    return row;
}

} // namespace

QList<RevisionRow> revisionRows(const TargetStatus &status, int *laneCount)
{
    if (laneCount)
        *laneCount = 0;
    if (!status.scripts)
        return {};
    const RevisionMap &map = status.scripts->map;
    const QSet<RevisionId> applied = map.ancestors(status.current);
    const QSet<RevisionId> pending(status.pending.cbegin(), status.pending.cend());
    const QSet<RevisionId> current(status.current.cbegin(), status.current.cend());

    RevisionIds order;
    if (status.database) {
        for (const RevisionId &id : status.current) {
            if (!map.find(id))
                order.append(id);
        }
    }
    order.append(map.history());
    const LaneLayout layout = layoutLanes(map, order);

    QList<RevisionRow> rows;
    rows.reserve(order.size());
    for (int i = 0; i < order.size(); ++i) {
        const Revision *revision = map.find(order[i]);
        RevisionState state = RevisionState::NotKnown;
        if (status.database && applied.contains(order[i]))
            state = RevisionState::Applied;
        else if (pending.contains(order[i]))
            state = RevisionState::Pending;
        rows.append(revision ? fileRow(*revision, map, state, current.contains(order[i]))
                             : strangeRow(order[i]));
        rows.last().lane = layout.rows[i];
    }
    if (laneCount)
        *laneCount = layout.laneCount;
    return rows;
}

} // namespace stepwell
