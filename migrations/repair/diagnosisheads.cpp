// SPDX-License-Identifier: MIT
#include "migrations/alembic/plan.h"
#include "migrations/alembic/revisionmapdata.h"
#include "migrations/repair/advice.h"
#include "migrations/repair/diagnosisparts.h"
#include "migrations/repair/repairwords.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString whereTheyPart(const DiagnosisInput &input, const Divergence &divergence)
{
    const RevisionMap &map = input.history.scripts.map;
    QStringList firsts;
    QStringList heads;
    bool allFollow = !divergence.partedAt.isEmpty();
    bool areHeads = true;
    for (const HeadSide &side : divergence.sides) {
        const RevisionId &first = side.revisions.constFirst();
        firsts += describedRevision(map, first, input.origins);
        heads += describedRevision(map, side.head, input.origins);
        allFollow = allFollow && map.find(first)->downRevisions.contains(divergence.partedAt);
        areHeads = areHeads && first == side.head;
    }
    if (divergence.partedAt.isEmpty())
        return u"The heads share no revision: %1."_s.arg(heads.join(u", "_s));
    if (!allFollow)
        return u"The lines part after %1 and end in several heads: %2."_s.arg(divergence.partedAt.text(),
                                                                              heads.join(u", "_s));
    const QString follow = u"%1 revisions follow %2: %3."_s.arg(
        numberWord(firsts.size(), true), divergence.partedAt.text(), firsts.join(u", "_s));
    return areHeads ? follow : QString(follow + u" The heads are "_s + joinedWords(heads) + u'.');
}

QString whereApplied(const Divergence &divergence)
{
    QString text;
    QStringList unknown;
    for (const HeadSide &side : divergence.sides) {
        if (!side.appliedIn.isEmpty())
            text += u" The side of %1 is applied in %2."_s.arg(side.head.text(), joinedWords(side.appliedIn));
        for (const QString &target : side.unknownIn) {
            if (!unknown.contains(target))
                unknown += target;
        }
    }
    if (!unknown.isEmpty())
        text += u" What is applied in %1 is not known."_s.arg(joinedWords(unknown));
    return text;
}

Trouble severalHeads(const DiagnosisInput &input, const Divergence &divergence)
{
    const RevisionMap &map = input.history.scripts.map;
    const RevisionIds heads = map.heads();
    Trouble trouble{.kind = TroubleKind::SeveralHeads,
                    .title = u"%1 heads"_s.arg(numberWord(heads.size(), true)),
                    .text = QString(whereTheyPart(input, divergence) +
                                    u" `alembic upgrade head` stops at that."_s + whereApplied(divergence)),
                    .revisions = heads,
                    .files = filesOf(map, heads),
                    .divergence = divergence};
    if (isApartOnPurpose(map, divergence)) {
        QStringList labels;
        for (const HeadSide &side : divergence.sides)
            labels += side.labels;
        trouble.text +=
            u" Each side has a branch label of its own from the start (%1), so they may be meant to "
            "stay apart: then `alembic upgrade heads` is right, and nothing has to be mended."_s.arg(
                labels.join(u", "_s));
    }
    trouble.offers = offersForHeads(input.history, divergence, input.origins);
    return trouble;
}

/// A revision's links without those that another of its links implies.
struct Shortened {
    const Revision *revision = nullptr;
    RevisionIds parents;
    QStringList dropped;
};

Shortened shortened(const RevisionMapData &data, int node)
{
    const Revision &revision = data.revisions.at(node);
    Shortened result{.revision = &revision, .parents = revision.downRevisions};
    const auto below = data.normDown.of(node);
    for (const int link : below) {
        std::vector<int> others(below.begin(), below.end());
        std::erase(others, link);
        if (others.empty() || !data.isBelow(link, others))
            continue;
        result.parents.removeAll(data.id(link));
        for (const QString &name : revision.dependsOn) {
            if (data.names.value(name, -1) == link)
                result.dropped += name;
        }
    }
    return result;
}

bool reachesWith(const RevisionMap &map, const Shortened &links, const QString &head)
{
    QList<Revision> revisions = map.revisions();
    Revision &changed = revisions[map.indexOf(links.revision->id)];
    changed.downRevisions = links.parents;
    changed.dependsOn.removeIf([&](const QString &name) { return links.dropped.contains(name); });
    QList<ScriptProblem> problems;
    const RevisionMap after = RevisionMap::buildSound(revisions, problems);
    return problems.isEmpty() && planUpgrade(after, {}, head).has_value();
}

Trouble unreachableHead(const DiagnosisInput &input, const QString &head, const Error &error)
{
    const RevisionMap &map = input.history.scripts.map;
    const RevisionMapData &data = map.data();
    const RevisionIds heads = head == "heads"_L1 ? map.heads() : RevisionIds{RevisionId(head)};
    Trouble trouble{.kind = TroubleKind::UnreachableHead,
                    .title = u"A head that cannot be reached"_s,
                    .text =
                        u"An empty database cannot be upgraded to %1. %2"_s.arg(toText(heads), error.message),
                    .detail = error.detail,
                    .revisions = heads,
                    .files = filesOf(map, heads)};
    const QSet<RevisionId> needed = map.ancestors(heads);
    constexpr qsizetype offered = 5;
    for (const int node : data.upwards) {
        if (!needed.contains(data.id(node)) || trouble.offers.size() == offered)
            continue;
        const Shortened links = shortened(data, node);
        if (links.parents == links.revision->downRevisions && links.dropped.isEmpty())
            continue;
        RepairOffer offer = relinkOffer(input.history, *links.revision, links.parents, links.dropped);
        offer.why =
            u"%1 names what another of its links brings anyway, and Alembic stumbles over that."_s.arg(
                links.revision->id.text());
        offer.isAdvised = std::ranges::none_of(trouble.offers, &RepairOffer::isAdvised) &&
                          offer.whyNot.isEmpty() && reachesWith(map, links, head);
        trouble.offers += offer;
        trouble.revisions += links.revision->id;
    }
    if (std::ranges::none_of(trouble.offers, &RepairOffer::isAdvised))
        adviseAnother(trouble.offers);
    putAdvisedFirst(trouble.offers);
    return trouble;
}

QList<Trouble> unreachableHeads(const DiagnosisInput &input)
{
    const RevisionMap &map = input.history.scripts.map;
    constexpr qsizetype asked = 20; // one by one; with more heads all at once tells enough
    QList<Trouble> troubles;
    for (const RevisionId &head : map.heads().size() > asked ? RevisionIds() : map.heads()) {
        if (const auto plan = planUpgrade(map, {}, head.text()); !plan)
            troubles += unreachableHead(input, head.text(), plan.error());
    }
    if (!troubles.isEmpty() || map.count() == 0)
        return troubles;
    if (const auto plan = planUpgrade(map, {}, u"heads"_s); !plan)
        troubles += unreachableHead(input, u"heads"_s, plan.error());
    return troubles;
}

} // namespace

QList<Trouble> headTroubles(const DiagnosisInput &input)
{
    // Lost links make heads of their own.
    if (!input.history.scripts.problems.isEmpty())
        return {};
    QList<Trouble> troubles = unreachableHeads(input);
    if (const auto divergence = divergenceOf(input.history))
        troubles += severalHeads(input, *divergence);
    return troubles;
}

} // namespace stepwell
