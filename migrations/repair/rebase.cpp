// SPDX-License-Identifier: MIT
#include "migrations/alembic/plan.h"
#include "migrations/alembic/revisionmapdata.h"
#include "migrations/repair/gitorigins.h"
#include "migrations/repair/rebasescope.h"
#include "migrations/repair/repairs.h"
#include "migrations/repair/revisionfiles.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// One planned rebase: what moves, and which headers that takes.
class Rebase
{
public:
    Rebase(const History &history, RevisionId moved, RevisionId onto)
        : m_map(history.scripts.map)
        , m_moved(std::move(moved))
        , m_onto(std::move(onto))
        , m_revisions(movedRevisions(m_map, m_moved, m_onto))
        , m_below(m_map.ancestors({m_onto}))
    {
    }

    [[nodiscard]] const RevisionIds &revisions() const { return m_revisions; }

    /// Errors: those of changedFile().
    [[nodiscard]] Result<void> change(RepairPlan &plan, bool redate) const
    {
        QDateTime created = firstDate();
        for (const RevisionId &id : m_revisions) {
            const Revision &revision = *m_map.find(id);
            HeaderEdit edit = edited(revision, plan.text);
            if (redate && revision.created.isValid())
                edit.created = created;
            created = created.addSecs(1);
            const auto change = changedFile(revision, edit);
            if (!change)
                return std::unexpected(change.error());
            if (*change) {
                plan.changes += **change;
                plan.revisions += id;
            }
        }
        return {};
    }

    void tellLabels(RepairPlan &plan) const
    {
        for (const RevisionId &id : m_revisions) {
            for (const QString &label : m_map.find(id)->branchLabels)
                plan.text +=
                    u"The branch label '%1' of %2 moves along: it then names a part of the one line, and "
                    "%1@head is its head."_s.arg(label, id.text());
        }
    }

private:
    /// Dates keep the order of the revisions, behind what they now stand on, and lie in the past if they can.
    [[nodiscard]] QDateTime firstDate() const
    {
        const QDateTime start = QDateTime::currentDateTime().addSecs(1 - m_revisions.size());
        const QDateTime ground = m_map.find(m_onto)->created;
        return ground.isValid() && ground >= start ? ground.addSecs(1) : start;
    }

    [[nodiscard]] HeaderEdit edited(const Revision &revision, QStringList &text) const
    {
        HeaderEdit edit;
        const RevisionIds parents = parentsAfter(revision);
        if (parents != revision.downRevisions) {
            edit.downRevisions = parents;
            text += u"%1 follows %2 instead of %3."_s.arg(
                revision.id.text(), toText(parents),
                revision.downRevisions.isEmpty() ? u"nothing"_s : toText(revision.downRevisions));
        }
        const QStringList dependencies = dependenciesAfter(revision);
        if (dependencies != revision.dependsOn) {
            QStringList dropped = revision.dependsOn;
            dropped.removeIf([&](const QString &name) { return dependencies.contains(name); });
            edit.dependsOn = dependencies;
            text += u"%1 names %2 in depends_on no longer: that lies below it then."_s.arg(
                revision.id.text(), dropped.join(u", "_s));
        }
        return edit;
    }

    /// What is not moved lies below `onto`; a parent that another one implies makes Alembic fail
    /// (specification, C.8).
    [[nodiscard]] RevisionIds parentsAfter(const Revision &revision) const
    {
        RevisionIds parents = revision.downRevisions;
        parents.removeIf([this](const RevisionId &parent) { return !m_revisions.contains(parent); });
        if (!parents.isEmpty())
            return parents;
        return {m_onto};
    }

    [[nodiscard]] QStringList dependenciesAfter(const Revision &revision) const
    {
        const RevisionMapData &data = m_map.data();
        QStringList dependencies = revision.dependsOn;
        dependencies.removeIf([&](const QString &name) {
            const int node = data.names.value(name, -1);
            return node >= 0 && m_below.contains(data.id(node));
        });
        return dependencies;
    }

    const RevisionMap &m_map;
    RevisionId m_moved;
    RevisionId m_onto;
    RevisionIds m_revisions;
    QSet<RevisionId> m_below; ///< `onto` and everything it needs
};

/// A merge that only another branch of git has would keep the old order of things. Gives warnings.
/// Errors: Refused, Cancelled.
Result<QStringList> checkElsewhere(const History &history, const RevisionIds &moved,
                                   const std::stop_token &stop)
{
    const auto children = childrenElsewhere(foldersToAsk(history), moved, stop);
    if (!children) {
        const Error &error = children.error();
        if (error.kind == ErrorKind::Cancelled)
            return std::unexpected(error);
        if (error.kind == ErrorKind::ProgramMissing) // without git there are no other branches to ask
            return QStringList();
        return QStringList(u"Other branches could not be asked: %1"_s.arg(error.message));
    }
    for (const RevisionElsewhere &child : *children) {
        const auto isOutside = [&](const RevisionId &parent) { return !moved.contains(parent); };
        const auto other = std::ranges::find_if(child.downRevisions, isOutside);
        if (other == child.downRevisions.cend())
            continue;
        return failure(ErrorKind::Refused,
                       u"The branch %1 has a revision %2 that merges %3 already (%4)."_s.arg(
                           child.branch, child.id.text(), toText(child.downRevisions), child.path),
                       u"Take that branch instead, or merge the heads."_s);
    }
    return QStringList();
}

Result<RevisionId> headNamed(const RevisionMap &map, const QString &text)
{
    if (!text.isEmpty())
        return map.resolve(text);
    return failure(ErrorKind::Usage, u"A rebase needs two heads: what is moved, and what it is put on."_s,
                   u"The heads are %1."_s.arg(toText(map.heads())));
}

Result<void> checkWholeness(const History &history)
{
    if (history.scripts.problems.isEmpty())
        return {};
    const Error error = errorOf(history.scripts.problems);
    return failure(ErrorKind::Refused,
                   u"The files have a fault that hides what follows what: %1"_s.arg(error.message),
                   u"Mend that first."_s, error.detail);
}

void tellDetours(RepairPlan &plan)
{
    for (const Detour &detour : plan.detours) {
        const bool isOne = detour.steps.size() == 1;
        plan.text +=
            u"In %1 %2 %3 applied: before the files change it goes down (%4), after that up again to "
            "%5."_s.arg(detour.target.text(), toText(detour.steps), isOne ? u"is"_s : u"are"_s, detour.down,
                        detour.up);
        plan.warnings +=
            u"What %1 made in %2 goes with every row that is in it, and comes back empty. A merge "
            "takes nothing back."_s.arg(isOne ? u"it"_s : u"they"_s, detour.target.text());
    }
}

/// The way up again, with the files of after and the rows that the way down leaves.
Result<void> checkReturn(const History &history, const RepairPlan &plan)
{
    for (const Detour &detour : plan.detours) {
        const auto up =
            planDowngrade(history.scripts.map, detour.rows, detour.down).and_then([&](const Plan &down) {
                return planUpgrade(plan.after, down.to, detour.up);
            });
        if (!up)
            return failure(ErrorKind::Refused,
                           u"%1 could not be upgraded again afterwards: %2"_s.arg(detour.target.text(),
                                                                                  up.error().message),
                           up.error().hint, up.error().detail);
    }
    return {};
}

} // namespace

Result<RepairPlan> planRebase(const History &history, const RepairRequest &request,
                              const std::stop_token &stop)
{
    const RevisionMap &map = history.scripts.map;
    if (const auto whole = checkWholeness(history); !whole)
        return std::unexpected(whole.error());
    const auto moved = headNamed(map, request.moved);
    if (!moved)
        return std::unexpected(moved.error());
    const auto onto = headNamed(map, request.onto);
    if (!onto)
        return std::unexpected(onto.error());
    if (const auto checked = checkRebase(history, *moved, *onto, request.vouchedFor); !checked)
        return std::unexpected(checked.error());
    const auto detours = planDetours(history, *moved, *onto);
    if (!detours)
        return std::unexpected(detours.error());

    const Rebase rebase(history, *moved, *onto);
    const auto elsewhere = checkElsewhere(history, rebase.revisions(), stop);
    if (!elsewhere)
        return std::unexpected(elsewhere.error());
    RepairPlan plan{
        .kind = RepairKind::Rebase, .moved = rebase.revisions(), .vouchedFor = request.vouchedFor};
    const qsizetype count = plan.moved.size();
    plan.title =
        count == 1 ? u"Put %1 on top of %2"_s.arg(moved->text(), onto->text())
                   : u"Put %1 revisions up to %2 on top of %3"_s.arg(count).arg(moved->text(), onto->text());
    if (const auto changed = rebase.change(plan, request.redate); !changed)
        return std::unexpected(changed.error());
    rebase.tellLabels(plan);
    plan.detours = detours->detours;
    plan.warnings = noDatabaseWarning(history) + *elsewhere + detours->warnings;
    for (const Detour &detour : plan.detours)
        plan.appliedIn += detour.target;
    tellDetours(plan);
    if (const auto proved = proveAfter(history, plan); !proved)
        return std::unexpected(proved.error());
    if (const auto back = checkReturn(history, plan); !back)
        return std::unexpected(back.error());
    const auto uncommitted = uncommittedWarnings(history, plan.changes, stop);
    if (!uncommitted)
        return std::unexpected(uncommitted.error());
    plan.warnings += *uncommitted;
    return plan;
}

} // namespace stepwell
