// SPDX-License-Identifier: MIT
#include "migrations/repair/advice.h"

#include "migrations/alembic/plan.h"
#include "migrations/repair/rebasescope.h"
#include "migrations/repair/repairwords.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// One head on top of another.
struct Choice {
    const HeadSide *moved = nullptr;
    const HeadSide *onto = nullptr;
    RevisionIds revisions;
    QString whyNot;
    bool costs = false; ///< databases have to go down and lose data, or may not come up again
    bool detours = false;
    bool isNeeded = false; ///< what moves needs `onto` already, by depends_on
    QDateTime begun;       ///< when the first of what would move was written
};

bool isProtectedIn(const History &history, const HeadSide &side)
{
    return std::ranges::any_of(history.targets, [&](const HistoryTarget &target) {
        return target.isProtected() && side.appliedIn.contains(target.target.id.text());
    });
}

Choice choiceOf(const History &history, const HeadSide &moved, const HeadSide &onto,
                const RevisionOrigins &origins)
{
    Choice choice{.moved = &moved, .onto = &onto};
    choice.revisions = movedRevisions(history.scripts.map, moved.head, onto.head);
    choice.isNeeded = history.scripts.map.ancestors({moved.head}).contains(onto.head);
    if (!choice.revisions.isEmpty())
        choice.begun = dateOf(*history.scripts.map.find(choice.revisions.constFirst()), origins);
    if (const auto checked = checkRebase(history, moved.head, onto.head, {}); !checked) {
        choice.whyNot = checked.error().message;
        return choice;
    }
    const auto detours = planDetours(history, moved.head, onto.head);
    if (!detours) {
        choice.whyNot = detours.error().message;
        return choice;
    }
    choice.detours = !detours->detours.isEmpty();
    choice.costs = !detours->warnings.isEmpty();
    return choice;
}

/// True if left is the better rebase: nobody has it, it is the shorter one, or the younger one; and it comes
/// to stand on what is applied, or is the longer line.
bool isBetter(const Choice &left, const Choice &right)
{
    if (left.whyNot.isEmpty() != right.whyNot.isEmpty())
        return left.whyNot.isEmpty();
    if (left.detours != right.detours)
        return right.detours;
    if (left.isNeeded != right.isNeeded)
        return left.isNeeded;
    const bool leftOnApplied = !left.onto->appliedIn.isEmpty();
    const bool rightOnApplied = !right.onto->appliedIn.isEmpty();
    if (leftOnApplied != rightOnApplied)
        return leftOnApplied;
    if (left.revisions.size() != right.revisions.size())
        return left.revisions.size() < right.revisions.size();
    if (left.begun.isValid() && right.begun.isValid() && left.begun != right.begun)
        return left.begun > right.begun;
    return false; // the order of the files decides
}

QString whyRebase(const Choice &choice, bool noDatabase)
{
    const QString &moved = choice.moved->head.text();
    const QString &onto = choice.onto->head.text();
    if (choice.detours)
        return u"One line stays one line. What is applied of %1 in %2 goes down, with the rows in it, and "
               u"comes "
               "up again empty."_s.arg(moved, joinedWords(choice.moved->appliedIn));
    if (noDatabase)
        return u"One line stays one line. No database was looked at: whether %1 is applied somewhere is not "
               "known."_s.arg(moved);
    if (!choice.onto->appliedIn.isEmpty())
        return u"Nothing of %1 is applied anywhere, but %2 is in %3: one line stays one line."_s.arg(
            moved, onto, joinedWords(choice.onto->appliedIn));
    return u"Nothing of %1 is applied anywhere: one line stays one line, without a merge revision."_s.arg(
        moved);
}

RepairOffer rebaseOffer(const Choice &choice, bool noDatabase)
{
    RepairOffer offer;
    offer.label = u"Put %1 on top of %2"_s.arg(choice.moved->head.text(), choice.onto->head.text());
    offer.whyNot = choice.whyNot;
    if (choice.whyNot.isEmpty())
        offer.why = whyRebase(choice, noDatabase);
    offer.request = {
        .kind = RepairKind::Rebase, .moved = choice.moved->head.text(), .onto = choice.onto->head.text()};
    return offer;
}

QString whyMerge(const History &history, const QList<HeadSide> &sides)
{
    QStringList kept;
    for (const HeadSide &side : sides) {
        if (!side.mergedBy.isEmpty())
            return u"%1 needs a revision of %2, so that side keeps its place."_s.arg(toText(side.mergedBy),
                                                                                     side.head.text());
        if (isProtectedIn(history, side))
            kept += side.head.text();
    }
    if (kept.size() > 1)
        return u"%1 are applied where nothing may be taken back: a merge revision changes no file that is "
               "there."_s.arg(joinedWords(kept));
    return u"A merge revision changes no file that is there."_s;
}

/// Where one head needs another by depends_on a merge names both, and Alembic may stumble over that
/// (specification, C.8).
QString whyNoMerge(const RevisionMap &map, const QList<HeadSide> &sides)
{
    if (!planUpgrade(map, {}, u"heads"_s))
        return {}; // that is a trouble of its own
    Revision merge{.id = RevisionId(u"a merge of them"_s)};
    for (const HeadSide &side : sides)
        merge.downRevisions += side.head;
    QList<ScriptProblem> problems;
    const RevisionMap after = RevisionMap::buildSound(QList(map.revisions()) << merge, problems);
    if (planUpgrade(after, {}, u"heads"_s))
        return {};
    return u"One of the heads needs another one already, by depends_on: Alembic stumbles over a merge of "
           u"such "
           "heads."_s;
}

RepairOffer mergeOffer(const History &history, const QList<HeadSide> &sides)
{
    QStringList heads;
    for (const HeadSide &side : sides)
        heads += side.head.text();
    RepairOffer offer;
    offer.label = heads.size() == 2 ? u"Merge both with a new revision"_s
                                    : u"Merge all %1 with a new revision"_s.arg(numberWord(heads.size()));
    offer.whyNot = whyNoMerge(history.scripts.map, sides);
    if (offer.whyNot.isEmpty())
        offer.why = whyMerge(history, sides);
    offer.request = {
        .kind = RepairKind::Merge, .heads = heads, .message = u"merge %1"_s.arg(joinedWords(heads))};
    return offer;
}

/// The rebases between some of the heads, the best first.
QList<Choice> choicesOf(const History &history, const QList<HeadSide> &sides, const RevisionOrigins &origins)
{
    // With many heads the first few tell enough: each repair is followed by another look.
    constexpr qsizetype looked = 6;
    const qsizetype count = std::min(looked, sides.size());
    QList<Choice> choices;
    for (qsizetype onto = 0; onto < count; ++onto) {
        for (qsizetype moved = count - 1; moved >= 0; --moved) {
            if (moved != onto)
                choices += choiceOf(history, sides.at(moved), sides.at(onto), origins);
        }
    }
    std::ranges::stable_sort(choices, isBetter);
    return choices;
}

bool prefersMerge(const QList<HeadSide> &sides, const Choice &best)
{
    if (!best.whyNot.isEmpty() || best.costs || best.detours)
        return true; // a merge takes nothing back
    if (std::ranges::any_of(sides, [](const HeadSide &side) { return !side.mergedBy.isEmpty(); }))
        return true;
    const auto applied =
        std::ranges::count_if(sides, [](const HeadSide &side) { return !side.appliedIn.isEmpty(); });
    return sides.size() > 2 && applied > 1;
}

} // namespace

bool isApartOnPurpose(const RevisionMap &map, const Divergence &divergence)
{
    return std::ranges::all_of(divergence.sides, [&](const HeadSide &side) {
        const QStringList first = map.labels(side.revisions.constFirst());
        return std::ranges::any_of(side.labels, [&](const QString &label) { return first.contains(label); });
    });
}

void putAdvisedFirst(QList<RepairOffer> &offers)
{
    std::ranges::stable_sort(offers, std::ranges::greater(), &RepairOffer::isAdvised);
}

void adviseAnother(QList<RepairOffer> &offers)
{
    const auto advised = std::ranges::find_if(offers, &RepairOffer::isAdvised);
    if (advised != offers.end() && advised->whyNot.isEmpty())
        return;
    for (RepairOffer &offer : offers)
        offer.isAdvised = false;
    const auto next =
        std::ranges::find_if(offers, [](const RepairOffer &offer) { return offer.whyNot.isEmpty(); });
    if (next != offers.end())
        next->isAdvised = true;
    putAdvisedFirst(offers);
}

QList<RepairOffer> offersForHeads(const History &history, const Divergence &divergence,
                                  const RevisionOrigins &origins)
{
    constexpr qsizetype shown = 4;
    const QList<HeadSide> &sides = divergence.sides;
    const QList<Choice> choices = choicesOf(history, sides, origins);
    QList<RepairOffer> offers;
    for (const Choice &choice : choices.first(std::min(shown, choices.size())))
        offers += rebaseOffer(choice, history.targets.isEmpty());
    offers += mergeOffer(history, sides);
    if (!isApartOnPurpose(history.scripts.map, divergence)) {
        if (prefersMerge(sides, choices.constFirst()))
            offers.last().isAdvised = true;
        else
            offers.first().isAdvised = true;
        adviseAnother(offers);
    }
    putAdvisedFirst(offers);
    return offers;
}

} // namespace stepwell
