// SPDX-License-Identifier: MIT
// What is asked right before something is done: time has passed since it was planned.
#include "migrations/repair/repairrecord.h"
#include "migrations/repair/repairs.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

std::unexpected<Error> refused(const QString &reason, const QString &hint)
{
    return failure(ErrorKind::Refused, reason, hint);
}

/// `knownIn`: targets where it was known when the plan was made.
Result<void> checkApplied(const HistoryTarget &target, const RevisionIds &revisions,
                          const QList<TargetId> &knownIn)
{
    const RevisionIds applied = target.appliedOf(revisions);
    if (applied.isEmpty() || knownIn.contains(target.target.id))
        return {};
    const QString are = applied.size() == 1 ? u"is"_s : u"are"_s;
    return refused(u"%1 %2 applied in %3 by now: with other links its rows would stand for something "
                   "else."_s.arg(toText(applied), are, target.target.id.text()),
                   u"Roll %1 back first, or plan the repair again."_s.arg(target.target.id.text()));
}

Result<void> checkUnderstood(const HistoryTarget &target, const QStringList &vouchedFor)
{
    const QString name = target.target.id.text();
    if (target.isUnderstood() || vouchedFor.contains(name))
        return {};
    return refused(target.isRead ? u"%1 has rows that no file has by now: %2. What is applied there is not "
                                   "known."_s.arg(name, toText(target.unknownRows()))
                                 : u"%1 cannot be read now: what is applied there is not known."_s.arg(name),
                   u"Nothing was changed. Look at %1, then go on."_s.arg(name));
}

} // namespace

Result<void> checkRollBack(const RepairStage &stage, const Plan &plan)
{
    if (stage.kind != RepairStage::RollBack)
        return {};
    RevisionIds others;
    for (const PlanStep &step : plan.steps) {
        if (!stage.steps.contains(step.revision))
            others += step.revision;
    }
    const QString name = stage.target.text();
    if (plan.direction != Direction::Downgrade)
        return refused(u"The way of %1 to %2 is no rollback."_s.arg(name, stage.revision),
                       u"Give the repair up (--undo), then plan it again."_s);
    if (others.isEmpty())
        return {};
    return refused(
        u"The rollback of %1 to %2 would take back %3 too, and the repair needs only %4 to go."_s.arg(
            name, stage.revision, toText(others), toText(stage.steps)),
        u"Files or rows are others than when the repair was planned: give it up (--undo), then plan "
        "it again."_s);
}

Result<void> checkBeforeWriting(const RepairRecord &record, const History &now)
{
    for (const Detour &detour : record.detours) {
        if (!now.find(detour.target))
            return refused(
                u"The workspace has no target %1 any more: what is applied there is not known."_s.arg(
                    detour.target.text()),
                u"Put it back into stepwell.toml, or give the repair up (--undo)."_s);
    }
    for (const HistoryTarget &target : now.targets) {
        auto checked = checkApplied(target, record.moved, {}).and_then([&] {
            return checkUnderstood(target, record.vouchedFor);
        });
        if (!checked)
            return checked;
    }
    return {};
}

Result<void> checkStillTrue(const RepairPlan &plan, const History &now)
{
    const bool isRelink = plan.kind == RepairKind::Relink;
    if (isRelink && !givesRowsAnotherMeaning(now, plan))
        return {};
    if (!isRelink && plan.kind != RepairKind::Rebase)
        return {};
    for (const HistoryTarget &target : now.targets) {
        auto checked = checkApplied(target, isRelink ? plan.revisions : plan.moved, plan.appliedIn);
        // A relink of whole files is planned with unknown databases too, but for protected ones.
        if (checked && (!isRelink || (target.isProtected() && now.scripts.problems.isEmpty())))
            checked = checkUnderstood(target, plan.vouchedFor);
        if (!checked)
            return checked;
    }
    return {};
}

Result<void> checkStillMends(const RepairRecord &record, const History &now)
{
    return proveNow(now.source,
                    {.kind = RepairKind::Rebase, .title = record.title, .changes = record.changes});
}

Result<void> writeRecorded(const RepairRecord &record, const History &now)
{
    return checkBeforeWriting(record, now).and_then([&] {
        return writeTogether(now.scripts.config.scriptLocation, record.title, record.changes,
                             [&] { return checkStillMends(record, now); });
    });
}

} // namespace stepwell
