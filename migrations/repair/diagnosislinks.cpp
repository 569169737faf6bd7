// SPDX-License-Identifier: MIT
// Links to what is not there, and links that lead in a circle.
#include "migrations/alembic/revisionmapdata.h"
#include "migrations/repair/advice.h"
#include "migrations/repair/diagnosisparts.h"
#include "migrations/repair/repairwords.h"

#include <QMap>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

bool isEmptyDependency(const Revision &revision)
{
    return revision.dependsOn.size() == 1 && revision.dependsOn.constFirst().isEmpty();
}

/// Names that revisions need and no file has, with those that need them, in load order.
using Needs = QList<std::pair<QString, RevisionIds>>;

void note(Needs &needs, const QString &name, const RevisionId &by)
{
    const auto found = std::ranges::find(needs, name, &std::pair<QString, RevisionIds>::first);
    if (found == needs.end())
        needs.append({name, {by}});
    else if (!found->second.contains(by))
        found->second += by;
}

QString brokenHint(const History &history)
{
    const bool broken = std::ranges::any_of(
        history.scripts.problems, [](const ScriptProblem &problem) { return problem.revisions.isEmpty(); });
    return broken ? u" It may be in the file that cannot be read."_s : QString();
}

/// What stands for a text that is no whole identifier: a branch label, the beginning of an identifier.
RevisionId meant(const RevisionMap &map, const QString &text, const RevisionId &by)
{
    const auto found = text.isEmpty() ? Result<RevisionId>(RevisionId()) : map.resolve(text);
    if (!found || found->isEmpty() || *found == by)
        return {};
    return map.ancestors({*found}).contains(by) ? RevisionId() : *found;
}

RepairOffer relinkWithout(const DiagnosisInput &input, const Revision &revision, const RevisionId &lost)
{
    const RevisionMap &map = input.history.scripts.map;
    RevisionIds parents = revision.downRevisions;
    if (const RevisionId right = meant(map, lost.text(), revision.id); !right.isEmpty()) {
        std::ranges::replace(parents, lost, right);
        RepairOffer offer = relinkOffer(input.history, revision, parents);
        offer.why = u"'%1' stands for %2, and down_revision takes whole identifiers only."_s.arg(
            lost.text(), right.text());
        offer.isAdvised = true;
        return offer;
    }
    parents.removeAll(lost);
    if (parents.isEmpty()) {
        if (const RevisionId parent = plausibleParent(input, revision.id, {revision.id}); !parent.isEmpty())
            parents = {parent};
    }
    RepairOffer offer = relinkOffer(input.history, revision, parents);
    offer.why = parents.isEmpty()        ? u"No revision lies below it: it may be the first."_s
                : parents.contains(lost) ? QString()
                : revision.downRevisions.size() > 1
                    ? u"Its other parents are there."_s
                    : u"If %1 never ran anywhere, what came before it most likely is %2."_s.arg(
                          lost.text(), toText(parents));
    return offer;
}

QStringList describedAll(const DiagnosisInput &input, const RevisionIds &revisions)
{
    QStringList described;
    for (const RevisionId &id : revisions)
        described += describedRevision(input.history.scripts.map, id, input.origins);
    return described;
}

Trouble missingParent(const DiagnosisInput &input, const QString &name, const RevisionIds &children)
{
    const RevisionMap &map = input.history.scripts.map;
    const RevisionId lost(name);
    const QStringList who = describedAll(input, children);
    Trouble trouble{
        .kind = TroubleKind::MissingParent,
        .title = u"A revision is missing"_s,
        .text = u"No file has the revision '%1', and %2 %3 it.%4"_s.arg(
            name, joinedWords(who), who.size() == 1 ? u"follows"_s : u"follow"_s, brokenHint(input.history)),
        .revisions = children,
        .files = filesOf(map, children),
        .targets = targetsWith(input.history, RevisionIds{lost} + children)};
    trouble.offers += restoreOffer(lost);
    for (const RevisionId &child : children)
        trouble.offers += relinkWithout(input, *map.find(child), lost);
    if (std::ranges::none_of(trouble.offers, &RepairOffer::isAdvised))
        trouble.offers.first().isAdvised = true;
    adviseAnother(trouble.offers);
    putAdvisedFirst(trouble.offers);
    return trouble;
}

Trouble missingDependency(const DiagnosisInput &input, const QString &name, const RevisionIds &holders)
{
    const RevisionMap &map = input.history.scripts.map;
    const QStringList who = describedAll(input, holders);
    Trouble trouble{
        .kind = TroubleKind::MissingDependency,
        .title = u"A dependency is missing"_s,
        .text = u"No file has the revision or the branch label '%1', and %2 %3 on it.%4"_s.arg(
            name, joinedWords(who), who.size() == 1 ? u"depends"_s : u"depend"_s, brokenHint(input.history)),
        .revisions = holders,
        .files = filesOf(map, holders),
        .targets = targetsWith(input.history, RevisionIds{RevisionId(name)} + holders)};
    trouble.offers += restoreOffer(RevisionId(name));
    for (const RevisionId &holder : holders) {
        const Revision &revision = *map.find(holder);
        RepairOffer offer = relinkOffer(input.history, revision, revision.downRevisions, {name});
        offer.why = u"Right if %1 needs nothing of it any more."_s.arg(holder.text());
        trouble.offers += offer;
    }
    trouble.offers.first().isAdvised = true;
    return trouble;
}

bool isCircle(const ScriptProblem &problem)
{
    return problem.error.kind == ErrorKind::RevisionCycle && !problem.revisions.isEmpty();
}

/// A revision's links without those into the circle.
RepairOffer linkOutOfCircle(const DiagnosisInput &input, const Revision &revision, const RevisionIds &circle)
{
    const RevisionMap &map = input.history.scripts.map;
    const RevisionMapData &data = map.data();
    RevisionIds parents = revision.downRevisions;
    const bool follows =
        parents.removeIf([&](const RevisionId &parent) { return circle.contains(parent); }) > 0;
    QStringList dropped = revision.dependsOn;
    dropped.removeIf([&](const QString &name) {
        const int node = data.names.value(name, -1);
        return !(node >= 0 && circle.contains(data.id(node))) && !isEmptyDependency(revision);
    });
    if (follows && parents.isEmpty()) {
        if (const RevisionId parent = plausibleParent(input, revision.id, circle); !parent.isEmpty())
            parents = {parent};
    }
    RepairOffer offer = relinkOffer(input.history, revision, parents, dropped);
    offer.why = u"It is the oldest of the circle, so what it names came later."_s;
    return offer;
}

Trouble circleTrouble(const DiagnosisInput &input, const ScriptProblem &problem)
{
    const RevisionMap &map = input.history.scripts.map;
    constexpr qsizetype offered = 3;
    Trouble trouble{.kind = TroubleKind::RevisionCycle,
                    .title = u"Revisions in a circle"_s,
                    .text = QString(problem.error.message + u' ' + problem.error.hint),
                    .revisions = problem.revisions,
                    .files = problem.files,
                    .targets = targetsWith(input.history, problem.revisions)};
    QList<const Revision *> members;
    for (const RevisionId &id : problem.revisions)
        members += map.find(id);
    std::ranges::stable_sort(members, [&](const Revision *left, const Revision *right) {
        const QDateTime leftDate = dateOf(*left, input.origins);
        const QDateTime rightDate = dateOf(*right, input.origins);
        return leftDate.isValid() && rightDate.isValid() && leftDate < rightDate;
    });
    for (const Revision *member : std::as_const(members).first(std::min(offered, members.size())))
        trouble.offers += linkOutOfCircle(input, *member, problem.revisions);
    for (qsizetype at = 1; at < trouble.offers.size(); ++at)
        trouble.offers[at].why = u"If this is the one that was linked wrongly."_s;
    if (!trouble.offers.isEmpty())
        trouble.offers.first().isAdvised = true;
    adviseAnother(trouble.offers);
    return trouble;
}

} // namespace

QList<Trouble> missingTroubles(const DiagnosisInput &input)
{
    const RevisionMap &map = input.history.scripts.map;
    const RevisionMapData &data = map.data();
    Needs parents;
    Needs dependencies;
    for (const Revision &revision : map.revisions()) {
        for (const RevisionId &parent : revision.downRevisions) {
            if (map.indexOf(parent) < 0)
                note(parents, parent.text(), revision.id);
        }
        for (const QString &name : revision.dependsOn) {
            if (!isEmptyDependency(revision) && !data.names.contains(name))
                note(dependencies, name, revision.id);
        }
    }
    QList<Trouble> troubles;
    for (const auto &[name, children] : std::as_const(parents))
        troubles += missingParent(input, name, children);
    for (const auto &[name, holders] : std::as_const(dependencies))
        troubles += missingDependency(input, name, holders);
    return troubles;
}

QList<Trouble> circleTroubles(const DiagnosisInput &input)
{
    QList<Trouble> troubles;
    for (const ScriptProblem &problem : input.history.scripts.problems) {
        if (isCircle(problem))
            troubles += circleTrouble(input, problem);
    }
    return troubles;
}

} // namespace stepwell
