// SPDX-License-Identifier: MIT
#include "migrations/repair/repairs.h"
#include "migrations/repair/revisionfiles.h"

#include <QFileInfo>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// The revision that gets other parents. Several files may share its identifier; then `file` chooses.
Result<Revision> relinkedRevision(const History &history, const RepairRequest &request)
{
    const RevisionMap &map = history.scripts.map;
    if (request.file.isEmpty()) {
        return map.resolve(request.revision).transform([&](const RevisionId &id) { return *map.find(id); });
    }
    QList<ScriptProblem> broken;
    const auto revisions = revisionsAfter(history, {}, broken);
    if (!revisions)
        return std::unexpected(revisions.error());
    const QString file = QFileInfo(request.file).canonicalFilePath();
    for (const Revision &revision : *revisions) {
        if (revision.file == file || revision.file == request.file)
            return revision;
    }
    return failure(ErrorKind::UnknownRevision, u"%1 is no revision file here."_s.arg(request.file),
                   u"Name the file as it is called."_s);
}

/// A parent that the file names already may stay, also if it is lost.
Result<RevisionIds> parentsOf(const RevisionMap &map, const Revision &revision, const QStringList &texts)
{
    RevisionIds parents;
    for (const QString &text : texts) {
        RevisionId parent(text);
        if (map.indexOf(parent) < 0 && !revision.downRevisions.contains(parent)) {
            const auto found = map.resolve(text);
            if (!found)
                return std::unexpected(found.error());
            parent = *found;
        }
        if (parent == revision.id)
            return failure(ErrorKind::Refused, u"%1 cannot follow itself."_s.arg(text),
                           u"Name the revision before it."_s);
        if (!parents.contains(parent))
            parents += parent;
    }
    return parents;
}

Result<HeaderEdit> editOf(const RevisionMap &map, const Revision &revision, const RepairRequest &request)
{
    HeaderEdit edit;
    if (request.parents) {
        const auto parents = parentsOf(map, revision, *request.parents);
        if (!parents)
            return std::unexpected(parents.error());
        if (*parents != revision.downRevisions)
            edit.downRevisions = *parents;
    }
    QStringList dependencies = revision.dependsOn;
    for (const QString &dropped : request.droppedDependencies) {
        if (dependencies.removeAll(dropped) == 0)
            return failure(
                ErrorKind::Usage, u"%1 does not depend on '%2'."_s.arg(revision.id.text(), dropped),
                u"Its depends_on names %1."_s.arg(
                    revision.dependsOn.isEmpty() ? u"nothing"_s : revision.dependsOn.join(u", "_s)));
    }
    if (dependencies != revision.dependsOn)
        edit.dependsOn = dependencies;
    if (!edit.downRevisions && !edit.dependsOn)
        return failure(ErrorKind::Usage, u"%1 has these parents already."_s.arg(revision.id.text()),
                       u"Name other ones."_s);
    return edit;
}

void tell(RepairPlan &plan, const Revision &revision, const HeaderEdit &edit, const QStringList &dropped)
{
    const QString &id = revision.id.text();
    if (edit.downRevisions)
        plan.text += edit.downRevisions->isEmpty()
                         ? u"%1 follows nothing from then on: it is a base."_s.arg(id)
                         : u"%1 follows %2 from then on."_s.arg(id, toText(*edit.downRevisions));
    if (edit.dependsOn)
        plan.text += u"%1 depends on %2 no longer."_s.arg(id, dropped.join(u", "_s));
}

bool circlesAround(const RepairPlan &plan, const RevisionId &id)
{
    return std::ranges::any_of(plan.problemsAfter, [&](const ScriptProblem &problem) {
        return problem.error.kind == ErrorKind::RevisionCycle && problem.revisions.contains(id);
    });
}

/// Rows stand for all that lies below them: other links give them another meaning.
Result<void> checkTargets(const History &history, RepairPlan &plan, const RevisionId &id)
{
    const bool isBroken = !history.scripts.problems.isEmpty();
    if (!givesRowsAnotherMeaning(history, plan))
        return {};
    for (const HistoryTarget &target : history.targets) {
        const QString name = target.target.id.text();
        if (!target.isUnderstood() && target.appliedOf({id}).isEmpty()) {
            if (!isBroken && target.isProtected())
                return failure(ErrorKind::Refused,
                               u"Nobody knows whether %1 is applied in %2, which is "
                               "protected."_s.arg(id.text(), name),
                               u"Make %1 readable first."_s.arg(name));
            plan.warnings += u"Nobody knows whether %1 is applied in %2."_s.arg(id.text(), name);
            continue;
        }
        if (target.appliedOf({id}).isEmpty())
            continue;
        plan.appliedIn += target.target.id;
        if (!isBroken && target.isProtected())
            return failure(
                ErrorKind::Refused, u"%1 is applied in %2, which is protected."_s.arg(id.text(), name),
                u"What is applied there keeps its place; a merge revision joins lines without that."_s);
        plan.warnings +=
            u"%1 is applied in %2: its rows stand for what lies below the new parents then. Look at "
            "that target afterwards."_s.arg(id.text(), name);
    }
    return {};
}

} // namespace

bool givesRowsAnotherMeaning(const History &history, const RepairPlan &plan)
{
    return !history.scripts.problems.isEmpty() ||
           history.scripts.map.ancestors(plan.revisions) != plan.after.ancestors(plan.revisions);
}

QStringList noDatabaseWarning(const History &history)
{
    if (!history.targets.isEmpty())
        return {};
    return {
        u"No database was looked at: whether one of these revisions is applied somewhere is not known."_s};
}

Result<RepairPlan> planRelink(const History &history, const RepairRequest &request)
{
    const auto revision = relinkedRevision(history, request);
    if (!revision)
        return std::unexpected(revision.error());
    const auto edit = editOf(history.scripts.map, *revision, request);
    if (!edit)
        return std::unexpected(edit.error());
    const auto change = changedFile(*revision, *edit);
    if (!change)
        return std::unexpected(change.error());

    RepairPlan plan{
        .kind = RepairKind::Relink, .warnings = noDatabaseWarning(history), .revisions = {revision->id}};
    plan.title = !edit->downRevisions ? u"Take dependencies off %1"_s.arg(revision->id.text())
                 : edit->downRevisions->isEmpty()
                     ? u"Make %1 a base"_s.arg(revision->id.text())
                     : u"Put %1 on top of %2"_s.arg(revision->id.text(), toText(*edit->downRevisions));
    if (*change)
        plan.changes += **change;
    tell(plan, *revision, *edit, request.droppedDependencies);
    const bool wasWhole = history.scripts.problems.isEmpty();
    if (const auto proved = proveAfter(history, plan); !proved) {
        if (wasWhole && circlesAround(plan, revision->id))
            return failure(ErrorKind::Refused,
                           u"%1 would follow itself in a circle."_s.arg(revision->id.text()),
                           u"Name parents that do not need it."_s, toText(proved.error()));
        return std::unexpected(proved.error());
    }
    if (const auto checked = checkTargets(history, plan, revision->id); !checked)
        return std::unexpected(checked.error());
    return plan;
}

} // namespace stepwell
