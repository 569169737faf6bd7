// SPDX-License-Identifier: MIT
#include "migrations/alembic/plan.h"
#include "migrations/repair/repairs.h"
#include "migrations/repair/revisionfiles.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// How much is wrong: revisions in circles and files too many count each.
qsizetype weight(const QList<ScriptProblem> &problems)
{
    qsizetype sum = 0;
    for (const ScriptProblem &problem : problems) {
        if (problem.error.kind == ErrorKind::RevisionCycle)
            sum += std::max<qsizetype>(1, problem.revisions.size());
        else if (problem.error.kind == ErrorKind::DuplicateRevision)
            sum += std::max<qsizetype>(2, problem.files.size());
        else
            sum += 1;
    }
    return sum;
}

/// Restoring a file may show that its own parent is lost too: that is no step back.
bool isProgress(const History &history, const RepairPlan &plan)
{
    if (plan.kind == RepairKind::Restore)
        return std::ranges::all_of(plan.revisions,
                                   [&](const RevisionId &id) { return plan.after.indexOf(id) >= 0; });
    return weight(plan.problemsAfter) < weight(history.scripts.problems);
}

/// From nothing to all heads, and back to nothing.
Result<void> walkThrough(const RevisionMap &map)
{
    const auto up = planUpgrade(map, {}, u"heads"_s);
    if (!up)
        return std::unexpected(up.error());
    const auto down = planDowngrade(map, up->to, u"base"_s);
    if (!down)
        return std::unexpected(down.error());
    if (!down->to.isEmpty())
        return failure(ErrorKind::WouldFail, u"The way back to base would leave %1."_s.arg(toText(down->to)));
    return {};
}

std::unexpected<Error> worse(const QString &why, const Error &error)
{
    return failure(ErrorKind::Refused, why, error.hint, toText(error));
}

} // namespace

Result<void> proveAfter(const History &history, RepairPlan &plan)
{
    plan.problemsAfter.clear();
    const auto revisions = revisionsAfter(history, plan.changes, plan.problemsAfter);
    if (!revisions)
        return std::unexpected(revisions.error());
    plan.after = RevisionMap::buildSound(*revisions, plan.problemsAfter);
    const QList<ScriptProblem> &before = history.scripts.problems;
    if (!plan.problemsAfter.isEmpty()) {
        const Error error = errorOf(plan.problemsAfter);
        if (before.isEmpty())
            return worse(u"Alembic could not use the files any more: %1"_s.arg(error.message), error);
        if (!isProgress(history, plan))
            return worse(u"That would not help: %1"_s.arg(error.message), error);
        return {};
    }
    const auto walked = walkThrough(plan.after);
    if (walked)
        return {};
    const QString fails =
        u"An empty database could not be upgraded to all heads and back: %1"_s.arg(walked.error().message);
    // Where that failed already, or could not be asked, the repair is a step on the way.
    if (before.isEmpty() && walkThrough(history.scripts.map))
        return worse(fails, walked.error());
    plan.warnings += fails;
    return {};
}

Result<void> proveNow(const ScriptSource &source, RepairPlan plan)
{
    const auto scripts = ScriptDirectory::survey(source, ReadDepth::Header);
    if (!scripts)
        return std::unexpected(scripts.error());
    const History now{.source = source, .scripts = *scripts};
    const bool isKnown = plan.after.count() > 0; // a record does not keep the graph
    const RevisionIds planned = plan.after.heads();
    if (const auto proved = proveAfter(now, plan); !proved)
        return proved;
    const RevisionIds heads = plan.after.heads();
    if (isKnown ? sameSet(heads, planned) : heads.size() <= now.scripts.map.heads().size())
        return {};
    return failure(ErrorKind::Refused,
                   u"Other files changed since this was planned: the heads would be %1."_s.arg(toText(heads)),
                   u"Nothing was changed. Look at the heads again, then plan it again."_s);
}

} // namespace stepwell
