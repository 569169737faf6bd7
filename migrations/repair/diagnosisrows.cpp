// SPDX-License-Identifier: MIT
#include "migrations/alembic/stamp.h"
#include "migrations/repair/advice.h"
#include "migrations/repair/diagnosisparts.h"
#include "migrations/repair/repairwords.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

bool hasBrokenFile(const History &history)
{
    return std::ranges::any_of(history.scripts.problems,
                               [](const ScriptProblem &problem) { return problem.revisions.isEmpty(); });
}

/// Rows that no other row lies above, each once.
RevisionIds topRows(const RevisionMap &map, const RevisionIds &rows)
{
    RevisionIds top;
    for (const RevisionId &row : rows) {
        const bool isBelow = std::ranges::any_of(rows, [&](const RevisionId &other) {
            return other != row && map.ancestors({other}).contains(row);
        });
        if (!isBelow && map.indexOf(row) >= 0 && !top.contains(row))
            top += row;
    }
    return top;
}

RepairOffer stampOffer(const History &history, const HistoryTarget &target, const RevisionIds &rows)
{
    RepairOffer offer{.action = RepairOffer::Stamp, .target = target.target.id, .purge = true};
    offer.stampTo = rows.isEmpty() ? QStringList(u"base"_s) : toTexts(rows);
    offer.label = u"Write that %1 is at %2"_s.arg(target.target.id.text(), toText(rows));
    const auto plan = planStamp(history.scripts.map, target.rows, offer.stampTo, true);
    if (!history.scripts.problems.isEmpty())
        offer.whyNot = u"The files have faults of their own: mend these first."_s;
    else if (!plan)
        offer.whyNot = plan.error().message;
    return offer;
}

RepairOffer otherFilesOffer(const History &history, const HistoryTarget &target, const QString &config)
{
    RepairOffer offer{.action = RepairOffer::OtherFiles, .target = target.target.id, .config = config};
    if (const RevisionIds heads = history.scripts.map.heads(); heads.size() == 1)
        offer.stampTo = toTexts(heads);
    offer.label = u"Look at %1 with the files of %2"_s.arg(target.target.id.text(), config);
    offer.why = u"Those files have the revision, and can take it back."_s;
    return offer;
}

Trouble unknownRow(const History &history, const HistoryTarget &target, const RevisionId &row)
{
    const QString name = target.target.id.text();
    const QString config = target.elsewhere.value(row);
    Trouble trouble{.kind = config.isEmpty() ? TroubleKind::UnknownRow : TroubleKind::RowsAhead,
                    .title = config.isEmpty() ? u"A database at a revision that is lost"_s
                                              : u"A database ahead of the code"_s,
                    .text = u"%1 is at %2, which no file here has."_s.arg(name, row.text()),
                    .revisions = {row},
                    .targets = {target.target.id}};
    if (!config.isEmpty()) {
        trouble.text += u" The files of %1 have it."_s.arg(config);
        trouble.offers += otherFilesOffer(history, target, config);
    } else {
        trouble.text +=
            u" The code may be older than the database, or the file was never merged, or is lost."_s;
    }
    trouble.offers += restoreOffer(row);
    const RevisionMap &map = history.scripts.map;
    const RevisionIds known = topRows(map, target.rows);
    RepairOffer stamp = stampOffer(history, target, known.isEmpty() ? map.heads() : known);
    stamp.why =
        u"The last resort: it changes the version table and nothing else. What %1 made stays, nothing "
        "takes it back, and whether the tables are those of %2 has to be compared first."_s.arg(
            row.text(), stamp.stampTo.join(u", "_s));
    trouble.offers += stamp;
    trouble.offers.first().isAdvised = true;
    return trouble;
}

std::optional<Trouble> overlappingRows(const History &history, const HistoryTarget &target)
{
    const RevisionMap &map = history.scripts.map;
    RevisionIds known = target.rows;
    known.removeIf([&](const RevisionId &row) { return map.indexOf(row) < 0; });
    const RevisionIds top = topRows(map, known);
    if (top.size() == known.size())
        return {};
    RevisionIds below = known;
    for (const RevisionId &row : top)
        below.removeOne(row);
    const QString name = target.target.id.text();
    Trouble trouble{.kind = TroubleKind::OverlappingRows,
                    .title = u"Version rows that lie below one another"_s,
                    .text = u"The version table of %1 has %2. Of these %3 %4 implied by the others: `alembic "
                            "upgrade` stops at that."_s.arg(name, toText(known), toText(below),
                                                            below.size() == 1 ? u"is"_s : u"are"_s),
                    .revisions = known,
                    .files = filesOf(map, known),
                    .targets = {target.target.id}};
    RepairOffer stamp = stampOffer(history, target, top);
    stamp.why = u"The same revisions count as applied as before: only what is implied goes."_s;
    stamp.isAdvised = stamp.whyNot.isEmpty();
    if (!target.unknownRows().isEmpty()) {
        stamp.whyNot = u"No file has the row %1: that comes first."_s.arg(toText(target.unknownRows()));
        stamp.isAdvised = false;
    }
    trouble.offers += stamp;
    return trouble;
}

} // namespace

QList<Trouble> rowTroubles(const DiagnosisInput &input)
{
    const History &history = input.history;
    QList<Trouble> troubles;
    for (const HistoryTarget &target : history.targets) {
        // Rows of a target with files of its own are told with those.
        if (!target.isRead || !target.followsFiles)
            continue;
        // A row may be the revision of a file that cannot be read.
        if (!hasBrokenFile(history)) {
            for (const RevisionId &row : target.unknownRows())
                troubles += unknownRow(history, target, row);
        }
        if (!history.scripts.problems.isEmpty())
            continue;
        if (const auto overlap = overlappingRows(history, target))
            troubles += *overlap;
    }
    return troubles;
}

} // namespace stepwell
