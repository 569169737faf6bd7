// SPDX-License-Identifier: MIT
#include "migrations/repair/diagnosis.h"

#include "migrations/alembic/revisionmapdata.h"
#include "migrations/repair/diagnosisparts.h"
#include "migrations/repair/repairs.h"
#include "migrations/repair/repairwords.h"

#include <QFileInfo>

#include <algorithm>
#include <iterator>
#include <span>

namespace stepwell {

using namespace Qt::StringLiterals;

QString troubleName(TroubleKind kind)
{
    switch (kind) {
    case TroubleKind::UnfinishedChange:
        return u"unfinished-change"_s;
    case TroubleKind::BrokenFile:
        return u"broken-file"_s;
    case TroubleKind::DuplicateRevision:
        return u"duplicate-revision"_s;
    case TroubleKind::MissingParent:
        return u"missing-parent"_s;
    case TroubleKind::MissingDependency:
        return u"missing-dependency"_s;
    case TroubleKind::RevisionCycle:
        return u"revision-cycle"_s;
    case TroubleKind::BadLabel:
        return u"bad-label"_s;
    case TroubleKind::SeveralHeads:
        return u"several-heads"_s;
    case TroubleKind::UnreachableHead:
        return u"unreachable-head"_s;
    case TroubleKind::UnknownRow:
        return u"unknown-row"_s;
    case TroubleKind::RowsAhead:
        return u"rows-ahead"_s;
    case TroubleKind::OverlappingRows:
        return u"overlapping-rows"_s;
    }
    Q_UNREACHABLE_RETURN({});
}

namespace {

/// Where a revision that lost its parents can stand.
class Ground
{
public:
    Ground(const RevisionMap &map, std::span<const int> above)
        : m_data(map.data()), m_over(m_data.closure(m_data.allNext, above))
    {
        // A link beside the way up from the revision: standing on it, or above it, would make it redundant.
        for (int node = 0; node < m_data.count(); ++node) {
            if (!m_over[static_cast<size_t>(node)])
                continue;
            const auto links = m_data.normDown.of(node);
            if (std::ranges::none_of(links, [this](int link) { return isOver(link); }))
                continue;
            std::ranges::copy_if(links, std::back_inserter(m_beside),
                                 [this](int link) { return !isOver(link); });
        }
    }

    [[nodiscard]] bool fits(int node) const
    {
        return !isOver(node) && std::ranges::none_of(m_beside, [&](int link) {
            return m_data.isBelow(link, std::span(&node, 1));
        });
    }

private:
    [[nodiscard]] bool isOver(int node) const { return m_over[static_cast<size_t>(node)] != 0; }

    const RevisionMapData &m_data;
    NodeSet m_over;
    std::vector<int> m_beside;
};

} // namespace

RevisionId plausibleParent(const DiagnosisInput &input, const RevisionId &revision, const RevisionIds &above)
{
    const RevisionMap &map = input.history.scripts.map;
    const RevisionMapData &data = map.data();
    std::vector<int> nodes{map.indexOf(revision)};
    for (const RevisionId &id : above)
        nodes.push_back(map.indexOf(id));
    const Ground ground(map, nodes);
    const QDateTime when = dateOf(*map.find(revision), input.origins);
    const auto newestOlder = [&](const std::vector<int> &candidates) {
        int best = -1;
        QDateTime bestDate;
        for (const int node : candidates) {
            const QDateTime date = dateOf(data.revisions.at(node), input.origins);
            if (!date.isValid() || !when.isValid() || date > when || (best >= 0 && date <= bestDate))
                continue;
            best = node;
            bestDate = date;
        }
        return best < 0 ? RevisionId() : data.id(best);
    };
    std::vector<int> heads;
    std::ranges::copy_if(data.heads, std::back_inserter(heads), [&](int node) { return ground.fits(node); });
    if (heads.size() == 1)
        return data.id(heads.front());
    if (!heads.empty())
        return newestOlder(heads);
    // Every line goes on above it: it branched off one of them.
    std::vector<int> others;
    for (int node = 0; node < data.count(); ++node) {
        if (ground.fits(node))
            others.push_back(node);
    }
    return newestOlder(others);
}

RepairOffer relinkOffer(const History &history, const Revision &revision, const RevisionIds &parents,
                        const QStringList &dropped)
{
    RepairOffer offer;
    const QString &id = revision.id.text();
    if (parents == revision.downRevisions)
        offer.label = u"Take %1 out of depends_on of %2"_s.arg(dropped.join(u", "_s), id);
    else if (parents.isEmpty())
        offer.label = u"Make %1 a base"_s.arg(id);
    else
        offer.label = u"Put %1 on top of %2"_s.arg(id, toText(parents));
    offer.request = {.kind = RepairKind::Relink, .revision = id, .droppedDependencies = dropped};
    if (parents != revision.downRevisions)
        offer.request.parents = toTexts(parents);
    if (const auto plan = planRelink(history, offer.request); !plan)
        offer.whyNot = plan.error().message;
    return offer;
}

RepairOffer restoreOffer(const RevisionId &id)
{
    RepairOffer offer;
    offer.label = u"Bring the file of %1 back from git"_s.arg(id.text());
    offer.why = u"It looks in git, in all branches, for the file that was lost."_s;
    offer.request = {.kind = RepairKind::Restore, .revision = id.text()};
    return offer;
}

RepairOffer openFileOffer(const QString &file)
{
    RepairOffer offer{.action = RepairOffer::OpenFile};
    offer.label = u"Open %1"_s.arg(QFileInfo(file).fileName());
    offer.why = u"Only a person can tell what it was to say."_s;
    offer.request.file = file;
    return offer;
}

QList<TargetId> targetsWith(const History &history, const RevisionIds &revisions)
{
    QList<TargetId> targets;
    for (const HistoryTarget &target : history.targets) {
        if (!target.appliedOf(revisions).isEmpty())
            targets += target.target.id;
    }
    return targets;
}

QStringList filesOf(const RevisionMap &map, const RevisionIds &revisions)
{
    QStringList files;
    for (const RevisionId &id : revisions) {
        if (const Revision *revision = map.find(id))
            files += revision->file;
    }
    return files;
}

QList<Trouble> diagnoseHistory(const History &history, const RevisionOrigins &origins)
{
    const DiagnosisInput input{history, origins};
    QList<Trouble> troubles = unfinishedTroubles(history);
    troubles += fileTroubles(input);
    troubles += missingTroubles(input);
    troubles += circleTroubles(input);
    troubles += headTroubles(input);
    troubles += rowTroubles(input);
    std::ranges::stable_sort(troubles, std::ranges::less(), &Trouble::kind);
    return troubles;
}

} // namespace stepwell
