// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionmap.h"

#include "migrations/alembic/mapbuilder.h"
#include "migrations/alembic/revisionmapdata.h"
#include "migrations/alembic/targets.h"
#include "migrations/alembic/toposort.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

RevisionMap::RevisionMap() : d(new RevisionMapData) {}
RevisionMap::RevisionMap(const RevisionMap &) = default;
RevisionMap &RevisionMap::operator=(const RevisionMap &) = default;
RevisionMap::~RevisionMap() = default;

Result<RevisionMap> RevisionMap::build(const QList<Revision> &revisions)
{
    QList<ScriptProblem> problems;
    RevisionMap map = buildSound(revisions, problems);
    if (!problems.isEmpty())
        return std::unexpected(errorOf(problems));
    return map;
}

RevisionMap RevisionMap::buildSound(const QList<Revision> &revisions, QList<ScriptProblem> &problems)
{
    RevisionMap map;
    map.d->revisions = revisions;
    buildMap(*map.d, problems);
    return map;
}

const QList<Revision> &RevisionMap::revisions() const
{
    return d->revisions;
}

int RevisionMap::count() const
{
    return d->count();
}

int RevisionMap::indexOf(const RevisionId &id) const
{
    return d->ids.value(id.text(), -1);
}

const Revision *RevisionMap::find(const RevisionId &id) const
{
    const int node = indexOf(id);
    return node < 0 ? nullptr : &d->revisions.at(node);
}

RevisionIds RevisionMap::heads() const
{
    return d->toIds(d->heads);
}

RevisionIds RevisionMap::realHeads() const
{
    return d->toIds(d->realHeads);
}

RevisionIds RevisionMap::bases() const
{
    return d->toIds(d->bases);
}

bool RevisionMap::isHead(const RevisionId &id) const
{
    const int node = indexOf(id);
    return node >= 0 && d->next.count(node) == 0;
}

bool RevisionMap::isRealHead(const RevisionId &id) const
{
    const int node = indexOf(id);
    return node >= 0 && d->allNext.count(node) == 0;
}

bool RevisionMap::isBranchPoint(const RevisionId &id) const
{
    const int node = indexOf(id);
    return node >= 0 && d->next.count(node) > 1;
}

bool RevisionMap::isRealBranchPoint(const RevisionId &id) const
{
    const int node = indexOf(id);
    return node >= 0 && d->allNext.count(node) > 1;
}

bool RevisionMap::isMergePoint(const RevisionId &id) const
{
    const int node = indexOf(id);
    return node >= 0 && d->down.count(node) > 1;
}

RevisionIds RevisionMap::children(const RevisionId &id) const
{
    const int node = indexOf(id);
    return node < 0 ? RevisionIds() : d->toIds(d->next.of(node));
}

QStringList RevisionMap::labels(const RevisionId &id) const
{
    return d->labels.value(indexOf(id));
}

QSet<RevisionId> RevisionMap::ancestors(const RevisionIds &rows) const
{
    std::vector<int> nodes;
    for (const RevisionId &row : rows) {
        if (const int node = indexOf(row); node >= 0)
            nodes.push_back(node);
    }
    const NodeSet below = d->closure(d->normDown, nodes);
    QSet<RevisionId> result;
    for (int node = 0; node < count(); ++node) {
        if (below[static_cast<size_t>(node)])
            result.insert(d->id(node));
    }
    return result;
}

RevisionIds RevisionMap::history() const
{
    return d->toIds(sortedNewestFirst(*d, NodeSet(static_cast<size_t>(count()), 1), d->realHeads));
}

RevisionIds RevisionMap::branchPoints() const
{
    RevisionIds points = history();
    points.removeIf([this](const RevisionId &id) { return !isBranchPoint(id); });
    return points;
}

Result<RevisionId> RevisionMap::resolve(const QString &text) const
{
    const auto node = TargetFinder(*d).one(text);
    if (!node)
        return std::unexpected(node.error());
    if (*node < 0)
        return failure(ErrorKind::UnknownRevision, u"'%1' stands for no revision."_s.arg(text),
                       d->revisions.isEmpty() ? u"There are no revision files."_s
                                              : u"It is the state before the first revision."_s);
    return d->id(*node);
}

} // namespace stepwell
