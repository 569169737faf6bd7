// SPDX-License-Identifier: MIT
#include "migrations/repair/rebasescope.h"

#include "migrations/alembic/plan.h"
#include "migrations/alembic/revisionmapdata.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

std::unexpected<Error> refused(const QString &reason, const QString &hint)
{
    return failure(ErrorKind::Refused, reason, hint);
}

/// A revision outside that needs what is moved where it is.
Result<void> checkFollowers(const RevisionMap &map, const RevisionIds &moved)
{
    const RevisionMapData &data = map.data();
    for (const RevisionId &id : moved) {
        for (const int above : data.allNext.of(map.indexOf(id))) {
            if (moved.contains(data.id(above)))
                continue;
            const bool follows = data.revisions.at(above).downRevisions.contains(id);
            return refused(u"%1 is not alone on its side: %2 %3 it."_s.arg(
                               id.text(), data.text(above), follows ? u"follows"_s : u"depends on"_s),
                           u"Merge the heads, or put the other one on top."_s);
        }
    }
    return {};
}

Result<void> checkTarget(const HistoryTarget &target, const RevisionIds &moved, const QStringList &vouchedFor)
{
    const QString name = target.target.id.text();
    const RevisionIds applied = target.appliedOf(moved);
    if (!applied.isEmpty() && target.isProtected())
        return refused(u"%1 is applied in %2, which is protected."_s.arg(toText(applied), name),
                       u"What is applied there keeps its place: merge the heads, or put the other one on "
                       "top."_s);
    if (!applied.isEmpty() && !target.followsFiles)
        return refused(u"%1 is applied in %2, which follows the files of another checkout (%3)."_s.arg(
                           toText(applied), name, target.target.config),
                       u"Those files do not change with these: roll %1 back there first, or merge the "
                       "heads."_s.arg(name));
    if (target.isUnderstood())
        return {};
    const QString unknown = toText(target.unknownRows());
    if (!applied.isEmpty())
        return refused(u"%1 is applied in %2, which has rows that no file has: %3."_s.arg(toText(applied),
                                                                                          name, unknown),
                       u"Look at %1 with the files that have them and roll it back there first, or merge the "
                       "heads."_s.arg(name));
    if (vouchedFor.contains(name))
        return {};
    const QString vouch =
        u"say that nothing of what is moved is applied there: --not-applied %1."_s.arg(name);
    if (!target.isRead)
        return refused(u"Nobody knows what is applied in %1: it could not be read."_s.arg(name),
                       u"Make it readable, or "_s + vouch);
    return refused(
        u"Nobody knows what is applied in %1: it has rows that no file has, %2."_s.arg(name, unknown),
        u"Bring their files back, or "_s + vouch);
}

/// Texts of rollbacks that may take back what is moved and leave the rest.
QStringList rollbackTexts(const RevisionMap &map, const RevisionIds &moved, const RevisionIds &rows)
{
    QStringList below;
    QStringList sides;
    for (const RevisionId &row : rows) {
        if (moved.contains(row))
            sides += row.text();
    }
    for (const RevisionId &id : moved) {
        sides += id.text();
        const Revision *revision = map.find(id);
        if (revision->downRevisions.isEmpty())
            below += u"base"_s;
        for (const RevisionId &parent : revision->downRevisions) {
            if (!moved.contains(parent))
                below += parent.text();
        }
    }
    below.removeDuplicates();
    sides.removeDuplicates();
    QStringList texts;
    for (const QString &side : std::as_const(sides)) {
        for (const QString &to : std::as_const(below))
            texts += QString(side + u'@' + to);
    }
    for (const QString &to : std::as_const(below)) {
        if (to != "base"_L1)
            texts += to;
    }
    return texts;
}

/// As far up again as it was: what was never applied there does not run.
QString wayUp(const RevisionIds &moved, const RevisionIds &applied, const RevisionIds &rows)
{
    const RevisionId &head = moved.constLast();
    RevisionIds tops;
    for (const RevisionId &row : rows) {
        if (moved.contains(row))
            tops += row;
    }
    return (applied.contains(head) || tops.size() != 1 ? head : tops.constFirst()).text();
}

Result<Detour> detourOf(const RevisionMap &map, const HistoryTarget &target, const RevisionIds &moved,
                        const RevisionIds &applied)
{
    for (const QString &text : rollbackTexts(map, moved, target.rows)) {
        const auto plan = planDowngrade(map, target.rows, text);
        if (!plan)
            continue;
        RevisionIds steps;
        for (const PlanStep &step : plan->steps)
            steps += step.revision;
        if (sameSet(steps, applied))
            return Detour{.target = target.target.id,
                          .rows = target.rows,
                          .down = text,
                          .steps = steps,
                          .up = wayUp(moved, applied, target.rows)};
    }
    return refused(u"No rollback of %1 takes back %2 and leaves everything else."_s.arg(
                       target.target.id.text(), toText(applied)),
                   u"Roll it back by hand first, or merge the heads."_s);
}

/// What of a database's data the way down costs; Refused if there is no way down.
Result<QStringList> lossesOf(const RevisionMap &map, const Detour &detour)
{
    QStringList warnings;
    const QString name = detour.target.text();
    for (const RevisionId &id : detour.steps) {
        const Revision *revision = map.find(id);
        if (revision->wayBack == WayBack::Irreversible)
            return refused(u"%1 is applied in %2 and cannot be taken back."_s.arg(id.text(), name),
                           u"Merge the heads, or put the other one on top."_s);
        if (revision->wayBack == WayBack::Empty)
            warnings += u"The downgrade() of %1 does nothing: what it made stays in %2, and the way up again "
                        "may fail on it."_s.arg(id.text(), name);
        if (revision->losesData)
            warnings += u"Taking %1 back in %2 and applying it again loses data."_s.arg(id.text(), name);
    }
    return warnings;
}

} // namespace

QStringList foldersToAsk(const History &history)
{
    return QStringList(history.scripts.config.scriptLocation) + history.scripts.folders;
}

RevisionIds movedRevisions(const RevisionMap &map, const RevisionId &moved, const RevisionId &onto)
{
    const RevisionMapData &data = map.data();
    const int head = map.indexOf(moved);
    const int ground = map.indexOf(onto);
    if (head < 0 || ground < 0)
        return {};
    const NodeSet line = data.closure(data.down, std::span(&head, 1));
    const NodeSet below = data.closure(data.normDown, std::span(&ground, 1));
    RevisionIds revisions;
    for (const int node : data.upwards) {
        if (line[static_cast<size_t>(node)] && !below[static_cast<size_t>(node)] && node != head)
            revisions += data.id(node);
    }
    if (!below[static_cast<size_t>(head)])
        revisions += moved;
    return revisions;
}

Result<void> checkRebase(const History &history, const RevisionId &moved, const RevisionId &onto,
                         const QStringList &vouchedFor)
{
    const RevisionMap &map = history.scripts.map;
    if (moved == onto)
        return failure(ErrorKind::Usage, u"%1 cannot be put on top of itself."_s.arg(moved.text()),
                       u"Name two heads."_s);
    for (const RevisionId &id : {moved, onto}) {
        if (!map.isHead(id))
            return refused(u"%1 is not a head."_s.arg(id.text()),
                           u"The heads are %1."_s.arg(toText(map.heads())));
    }
    const RevisionIds revisions = movedRevisions(map, moved, onto);
    if (revisions.isEmpty())
        return refused(u"%1 needs %2 already."_s.arg(onto.text(), moved.text()),
                       u"Put %1 on top of %2 instead."_s.arg(onto.text(), moved.text()));
    if (const auto followers = checkFollowers(map, revisions); !followers)
        return followers;
    for (const HistoryTarget &target : history.targets) {
        if (const auto checked = checkTarget(target, revisions, vouchedFor); !checked)
            return checked;
    }
    return {};
}

Result<RebaseDetours> planDetours(const History &history, const RevisionId &moved, const RevisionId &onto)
{
    const RevisionMap &map = history.scripts.map;
    const RevisionIds revisions = movedRevisions(map, moved, onto);
    RebaseDetours result;
    for (const HistoryTarget &target : history.targets) {
        const RevisionIds applied = target.appliedOf(revisions);
        if (applied.isEmpty())
            continue;
        const auto detour = detourOf(map, target, revisions, applied);
        if (!detour)
            return std::unexpected(detour.error());
        const auto losses = lossesOf(map, *detour);
        if (!losses)
            return std::unexpected(losses.error());
        result.detours += *detour;
        result.warnings += *losses;
    }
    return result;
}

} // namespace stepwell
