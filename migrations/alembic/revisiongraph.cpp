// SPDX-License-Identifier: MIT
// Building the graph: what Alembic's RevisionMap checks, in its order, with words that help.
#include "migrations/alembic/revisionmapdata.h"

#include <QSet>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

std::unexpected<Error> broken(const QString &message, const QString &hint)
{
    return failure(ErrorKind::BrokenScripts, message, hint);
}

/// "'a1' (/path/x.py)": an id with the file it stands in.
QString named(const Revision &revision)
{
    return revision.file.isEmpty() ? u"'%1'"_s.arg(revision.id.text())
                                   : u"'%1' (%2)"_s.arg(revision.id.text(), revision.file);
}

QString quotedList(const QStringList &texts)
{
    constexpr qsizetype shown = 8;
    QStringList quoted;
    for (const QString &text : texts.first(std::min(shown, texts.size())))
        quoted += u"'%1'"_s.arg(text);
    QString result = quoted.join(u", "_s);
    if (texts.size() > shown)
        result += u" and %1 more"_s.arg(texts.size() - shown);
    return result;
}

void addUnique(std::vector<int> &list, int node)
{
    if (std::ranges::find(list, node) == list.end())
        list.push_back(node);
}

} // namespace

Links Links::reversed(int count) const
{
    Links result;
    result.m_offsets.assign(static_cast<size_t>(count) + 1, 0);
    for (const int target : m_targets)
        ++result.m_offsets[static_cast<size_t>(target) + 1];
    for (size_t at = 1; at < result.m_offsets.size(); ++at)
        result.m_offsets[at] += result.m_offsets[at - 1];
    result.m_targets.resize(m_targets.size());
    std::vector<size_t> fill(result.m_offsets.begin(), result.m_offsets.end() - 1);
    for (int node = 0; node < count; ++node) {
        for (const int target : of(node))
            result.m_targets[fill[static_cast<size_t>(target)]++] = node;
    }
    return result;
}

RevisionIds RevisionMapData::toIds(std::span<const int> nodes) const
{
    RevisionIds result;
    result.reserve(static_cast<qsizetype>(nodes.size()));
    for (const int node : nodes)
        result += id(node);
    return result;
}

NodeSet RevisionMapData::closure(const Links &links, std::span<const int> nodes) const
{
    NodeSet seen(static_cast<size_t>(count()), 0);
    std::vector<int> todo(nodes.begin(), nodes.end());
    while (!todo.empty()) {
        const int node = todo.back();
        todo.pop_back();
        if (std::exchange(seen[static_cast<size_t>(node)], 1))
            continue;
        for (const int other : links.of(node)) {
            if (!seen[static_cast<size_t>(other)])
                todo.push_back(other);
        }
    }
    return seen;
}

bool RevisionMapData::isBelow(int ancestor, std::span<const int> nodes) const
{
    return BelowSearch(*this).isBelow(ancestor, nodes);
}

bool BelowSearch::isBelow(int ancestor, std::span<const int> nodes)
{
    const int floor = m_data.depth[static_cast<size_t>(ancestor)];
    const auto enter = [&](int node) {
        if (m_data.depth[static_cast<size_t>(node)] > floor && m_marks.visit(node))
            m_todo.push_back(node);
    };
    m_marks.clear();
    m_todo.clear();
    for (const int node : nodes) {
        if (node == ancestor)
            return true;
        enter(node);
    }
    while (!m_todo.empty()) {
        const int node = m_todo.back();
        m_todo.pop_back();
        for (const int parent : m_data.normDown.of(node)) {
            if (parent == ancestor)
                return true;
            enter(parent);
        }
    }
    return false;
}

Result<void> RevisionMapData::build()
{
    return checkNodes()
        .and_then([this] { return nameNodes(); })
        .and_then([this] { return linkNodes(); })
        .and_then([this] { return measureDepth(); })
        .transform([this] { spreadLabels(); });
}

Result<void> RevisionMapData::checkNodes()
{
    for (const Revision &revision : std::as_const(revisions)) {
        if (revision.downRevisions.contains(revision.id))
            return broken(u"Revision %1 names itself in down_revision."_s.arg(named(revision)),
                          u"Put the revision before it there, or None if it is the first."_s);
        if (revision.dependsOn.contains(revision.id.text()))
            return broken(u"Revision %1 names itself in depends_on."_s.arg(named(revision)),
                          u"Remove it from depends_on."_s);
        for (const QChar c : revision.id.text()) {
            if (c == u'@' || c == u'-' || c == u'+')
                return broken(
                    u"The identifier of revision %1 contains '%2'."_s.arg(named(revision)).arg(c),
                    u"Alembic forbids '@', '-' and '+' in identifiers: rename the revision, and with it "
                    "every down_revision that names it."_s);
        }
    }
    return {};
}

Result<void> RevisionMapData::nameNodes()
{
    ids.reserve(revisions.size());
    keys.reserve(revisions.size());
    for (int node = 0; node < count(); ++node) {
        if (const auto twin = ids.constFind(text(node)); twin != ids.cend())
            return broken(u"The revision '%1' is there twice: in %2 and in %3."_s.arg(
                              text(node), revisions.at(*twin).file, revisions.at(node).file),
                          u"Remove one of the files, or give it an identifier of its own."_s);
        ids.insert(text(node), node);
        keys += text(node);
    }
    names = ids;
    for (int node = 0; node < count(); ++node) {
        for (const QString &label : revisions.at(node).branchLabels) {
            const auto owner = names.constFind(label);
            if (owner != names.cend())
                return broken(
                    (ids.contains(label)
                         ? u"The branch label '%1' of revision %2 is also the identifier of revision %3."_s
                         : u"The branch label '%1' of revision %2 is already used by revision %3."_s)
                        .arg(label, named(revisions.at(node)), named(revisions.at(*owner))),
                    u"A branch label may stand in one revision only, once: remove it from the other."_s);
            names.insert(label, node);
            keys += label;
        }
    }
    return {};
}

Result<Links> RevisionMapData::linkDependencies() const
{
    Links dependencies;
    std::vector<int> list;
    for (const Revision &revision : revisions) {
        list.clear();
        // A single empty text is no dependency to Alembic (but keeps the revision from being a real base).
        const bool none = revision.dependsOn.size() == 1 && revision.dependsOn.constFirst().isEmpty();
        for (const QString &name : none ? QStringList() : revision.dependsOn) {
            const auto found = names.constFind(name);
            if (found == names.cend())
                return broken(
                    u"Revision %1 depends on '%2', which is not there."_s.arg(named(revision), name),
                    u"depends_on takes whole identifiers and branch labels: correct it, or add the "
                    "missing file."_s);
            addUnique(list, *found);
        }
        dependencies.append(list);
    }
    return dependencies;
}

Result<void> RevisionMapData::linkNodes()
{
    const auto dependencies = linkDependencies();
    if (!dependencies)
        return std::unexpected(dependencies.error());
    Links uniqueDown;
    std::vector<int> list;
    for (int node = 0; node < count(); ++node) {
        const Revision &revision = revisions.at(node);
        list.clear();
        for (const RevisionId &parent : revision.downRevisions) {
            const auto found = ids.constFind(parent.text());
            if (found == ids.cend()) {
                const bool label = names.contains(parent.text());
                return broken(
                    (label ? u"Revision %1 names the branch label '%2' in down_revision."_s
                           : u"Revision %1 follows '%2', which is not there."_s)
                        .arg(named(revision), parent.text()),
                    label ? u"down_revision takes whole identifiers only."_s
                          : u"Add the missing file, for instance from the branch it was written on, or "
                            "correct down_revision (it takes whole identifiers only)."_s);
            }
            list.push_back(*found);
        }
        down.append(list);
        std::vector<int> unique;
        for (const int parent : list)
            addUnique(unique, parent);
        uniqueDown.append(unique);
        for (const int dependency : dependencies->of(node))
            addUnique(unique, dependency);
        allDown.append(unique);
    }
    next = uniqueDown.reversed(count());
    allNext = allDown.reversed(count());
    findEnds();
    if (auto sound = checkCycles(); !sound)
        return sound;
    normaliseDependencies(*dependencies);
    normNext = normDown.reversed(count());
    return {};
}

/// A dependency that a revision further down (by down_revision) names already is left out. Only
/// those that several revisions name can be: the walk is made for them alone.
void RevisionMapData::normaliseDependencies(const Links &dependencies)
{
    const Links holders = dependencies.reversed(count());
    QSet<std::pair<int, int>> dropped; // holder, dependency
    for (int dependency = 0; dependency < count(); ++dependency) {
        const auto sources = holders.of(dependency);
        if (sources.size() < 2)
            continue;
        std::vector<int> children;
        for (const int source : sources)
            children.insert(children.end(), next.of(source).begin(), next.of(source).end());
        const NodeSet above = closure(next, children);
        for (const int source : sources) {
            if (above[static_cast<size_t>(source)])
                dropped.insert({source, dependency});
        }
    }
    std::vector<int> list;
    for (int node = 0; node < count(); ++node) {
        list.clear();
        for (const int parent : down.of(node))
            addUnique(list, parent);
        for (const int dependency : dependencies.of(node)) {
            if (!dropped.contains({node, dependency}))
                addUnique(list, dependency);
        }
        normDown.append(list);
    }
}

void RevisionMapData::findEnds()
{
    for (int node = 0; node < count(); ++node) {
        if (next.count(node) == 0)
            heads.push_back(node);
        if (allNext.count(node) == 0)
            realHeads.push_back(node);
        if (down.count(node) == 0)
            bases.push_back(node);
    }
}

/// Alembic's test: what cannot be reached from the heads and from the bases is in a cycle.
Result<void> RevisionMapData::checkCycles() const
{
    if (revisions.isEmpty())
        return {};
    const auto check = [this](std::span<const int> tops, const Links &downLinks, std::span<const int> bottoms,
                              const Links &upLinks, const QString &what) -> Result<void> {
        const NodeSet below = closure(downLinks, tops);
        const NodeSet above = closure(upLinks, bottoms);
        QStringList left;
        for (int node = 0; node < count(); ++node) {
            if (!below[static_cast<size_t>(node)] || !above[static_cast<size_t>(node)])
                left += text(node);
        }
        if (left.isEmpty())
            return {};
        std::ranges::sort(left);
        return broken(u"The revisions %1 follow each other in a circle (%2)."_s.arg(quotedList(left), what),
                      u"One of them must name an older revision instead: correct its %1."_s.arg(what));
    };
    std::vector<int> realBases;
    for (const int base : bases) {
        if (revisions.at(base).dependsOn.isEmpty())
            realBases.push_back(base);
    }
    return check(heads, down, bases, next, u"down_revision"_s).and_then([&] {
        return check(realHeads, allDown, realBases, allNext, u"depends_on"_s);
    });
}

/// Alembic overlooks a circle that can be entered from a head and left to a base, and then takes its
/// revisions in any order: here every circle is an error.
Result<void> RevisionMapData::measureDepth()
{
    depth.assign(static_cast<size_t>(count()), 0);
    std::vector<int> open(static_cast<size_t>(count()));
    std::vector<int> todo;
    int done = 0;
    for (int node = 0; node < count(); ++node) {
        open[static_cast<size_t>(node)] = normDown.count(node);
        if (open[static_cast<size_t>(node)] == 0)
            todo.push_back(node);
    }
    while (!todo.empty()) {
        const int node = todo.back();
        todo.pop_back();
        ++done;
        for (const int child : normNext.of(node)) {
            int &level = depth[static_cast<size_t>(child)];
            level = std::max(level, depth[static_cast<size_t>(node)] + 1);
            if (--open[static_cast<size_t>(child)] == 0)
                todo.push_back(child);
        }
    }
    if (done == count())
        return {};
    return broken(
        u"The revisions %1 need each other in a circle (depends_on)."_s.arg(quotedList(circle(open))),
        u"No order of applying them is right: remove one of these dependencies."_s);
}

/// One circle among the nodes that still wait for others.
QStringList RevisionMapData::circle(const std::vector<int> &waiting) const
{
    const auto waits = [&](int node) { return waiting[static_cast<size_t>(node)] > 0; };
    int node = 0;
    while (!waits(node))
        ++node;
    std::vector<int> way;
    while (std::ranges::find(way, node) == way.end()) {
        way.push_back(node);
        const auto below = normDown.of(node);
        node = *std::ranges::find_if(below, waits);
    }
    way.erase(way.begin(), std::ranges::find(way, node));
    return toTexts(toIds(way));
}

/// Labels go to all descendants by down_revision, and up the unbranched chain below the revision.
void RevisionMapData::spreadLabels()
{
    labels.resize(count());
    const auto isFork = [this](int node) { return allNext.count(node) > 1 || down.count(node) > 1; };
    for (int node = 0; node < count(); ++node) {
        const QStringList &own = revisions.at(node).branchLabels;
        if (own.isEmpty())
            continue;
        NodeSet members = closure(next, std::span(&node, 1));
        int tip = node;
        while (allNext.count(tip) <= 1 && next.count(tip) == 1 && down.count(next.of(tip).front()) <= 1)
            tip = next.of(tip).front();
        if (allNext.count(tip) <= 1 && next.count(tip) == 0) {
            for (int below = node; !isFork(below) && down.count(below) == 1;) {
                below = down.of(below).front();
                if (isFork(below))
                    break;
                members[static_cast<size_t>(below)] = 1;
            }
        }
        for (int member = 0; member < count(); ++member) {
            if (members[static_cast<size_t>(member)])
                labels[member] += own;
        }
    }
    for (QStringList &list : labels) {
        if (list.size() > 1) {
            list.sort();
            list.removeDuplicates();
        }
    }
}

} // namespace stepwell
