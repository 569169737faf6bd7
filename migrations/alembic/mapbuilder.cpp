// SPDX-License-Identifier: MIT
// Building the graph: what Alembic's RevisionMap checks, in its order, with words that help.
#include "migrations/alembic/mapbuilder.h"

#include "migrations/alembic/branchlabels.h"
#include "migrations/alembic/revisioncycles.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Lists = std::vector<std::vector<int>>;

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

/// Fills lists whose entries differ; a merge of thousands costs no more than thousands of links.
class UniqueLists
{
public:
    explicit UniqueLists(int nodes) : m_marks(nodes) {}
    void begin(std::vector<int> &list)
    {
        m_list = &list;
        m_marks.clear();
    }
    void add(int node)
    {
        if (m_marks.visit(node))
            m_list->push_back(node);
    }

private:
    VisitMarks m_marks;
    std::vector<int> *m_list = nullptr;
};

Links linksOf(const Lists &lists)
{
    Links links;
    for (const auto &list : lists)
        links.append(list);
    return links;
}

/// Alembic takes a single empty text for no dependency, unless it looks for bases.
bool isEmptyDependency(const Revision &revision)
{
    return revision.dependsOn.size() == 1 && revision.dependsOn.constFirst().isEmpty();
}

class MapBuilder
{
public:
    MapBuilder(RevisionMapData &data, QList<ScriptProblem> &problems) : m_data(data), m_problems(problems) {}

    void build()
    {
        checkNodes();
        nameNodes();
        nameLabels();
        linkDependencies();
        linkParents();
        breakCircles();
        finishLinks();
        measureDepth();
        checkRealBases();
        m_data.labels = spreadLabels(m_data);
    }

private:
    void checkNodes();
    void nameNodes();
    void nameLabels();
    void linkDependencies();
    void linkParents();
    void breakCircles();
    void finishLinks();
    void normaliseDependencies();
    [[nodiscard]] QSet<NodeLink> dependenciesOfAncestors() const;
    void measureDepth();
    void checkRealBases();
    void note(ErrorKind kind, const QList<const Revision *> &revisions, const QString &message,
              const QString &hint);

    RevisionMapData &m_data;
    QList<ScriptProblem> &m_problems;
    Lists m_down;    ///< down_revision as written
    Lists m_depends; ///< depends_on, unique
};

void MapBuilder::note(ErrorKind kind, const QList<const Revision *> &revisions, const QString &message,
                      const QString &hint)
{
    ScriptProblem problem;
    problem.error = Error{.kind = kind, .message = message, .hint = hint};
    QSet<QString> files;
    QSet<RevisionId> ids;
    for (const Revision *revision : revisions) {
        if (!revision->file.isEmpty() && !files.contains(revision->file))
            problem.files += *files.insert(revision->file);
        if (!ids.contains(revision->id))
            problem.revisions += *ids.insert(revision->id);
    }
    m_problems += problem;
}

/// What Alembic checks of each revision by itself. It forbids ':' since 1.17.1 only, and a graph with it is
/// sound.
void MapBuilder::checkNodes()
{
    for (Revision &revision : m_data.revisions) {
        if (revision.id.text().isNull())
            revision.id = RevisionId(u""_s); // an empty identifier is one; null is none
        if (revision.downRevisions.contains(revision.id))
            note(ErrorKind::RevisionCycle, {&revision},
                 u"Revision %1 names itself in down_revision."_s.arg(named(revision)),
                 u"Put the revision before it there, or None if it is the first."_s);
        if (revision.dependsOn.contains(revision.id.text()))
            note(ErrorKind::RevisionCycle, {&revision},
                 u"Revision %1 names itself in depends_on."_s.arg(named(revision)),
                 u"Remove it from depends_on."_s);
        const auto forbidden = std::ranges::find_if(
            revision.id.text(), [](QChar c) { return c == u'@' || c == u'-' || c == u'+'; });
        if (forbidden != revision.id.text().end())
            note(ErrorKind::InvalidIdentifier, {&revision},
                 u"The identifier of revision %1 contains '%2'."_s.arg(named(revision)).arg(*forbidden),
                 u"Alembic forbids '@', '-' and '+' in identifiers: rename the revision, and with it "
                 "every down_revision that names it."_s);
    }
}

void MapBuilder::nameNodes()
{
    QHash<QString, QList<const Revision *>> twins;
    QStringList twinIds;
    const QList<Revision> all = std::exchange(m_data.revisions, {});
    m_data.revisions.reserve(all.size());
    m_data.ids.reserve(all.size());
    m_data.keys.reserve(all.size());
    for (const Revision &revision : all) {
        const QString &id = revision.id.text();
        if (const auto first = m_data.ids.constFind(id); first != m_data.ids.cend()) {
            QList<const Revision *> &list = twins[id];
            if (list.isEmpty())
                twinIds += id;
            list += &revision;
            continue;
        }
        m_data.ids.insert(id, m_data.count());
        m_data.keys += id;
        m_data.revisions += revision;
    }
    for (const QString &id : std::as_const(twinIds)) {
        const QList<const Revision *> same =
            QList{&m_data.revisions.at(m_data.ids.value(id))} + twins.value(id);
        QStringList files;
        for (const Revision *revision : same)
            files += revision->file;
        const QString last = files.takeLast();
        note(ErrorKind::DuplicateRevision, same,
             u"The revision '%1' is there %2: in %3 and in %4."_s.arg(
                 id, same.size() == 2 ? u"twice"_s : u"%1 times"_s.arg(same.size()), files.join(u", in "_s),
                 last),
             u"Remove one of the files, or give it an identifier of its own."_s);
    }
    m_data.names = m_data.ids;
}

void MapBuilder::nameLabels()
{
    for (int node = 0; node < m_data.count(); ++node) {
        const Revision &revision = m_data.revisions.at(node);
        for (const QString &label : revision.branchLabels) {
            const auto owner = m_data.names.constFind(label);
            if (owner == m_data.names.cend()) {
                m_data.names.insert(label, node);
                m_data.keys += label;
                continue;
            }
            const Revision &other = m_data.revisions.at(*owner);
            note(ErrorKind::DuplicateLabel, {&revision, &other},
                 (m_data.ids.contains(label)
                      ? u"The branch label '%1' of revision %2 is also the identifier of revision %3."_s
                      : u"The branch label '%1' of revision %2 is already used by revision %3."_s)
                     .arg(label, named(revision), named(other)),
                 u"A branch label may stand in one revision only, once: remove it from the other."_s);
        }
    }
}

void MapBuilder::linkDependencies()
{
    m_depends.resize(static_cast<size_t>(m_data.count()));
    UniqueLists unique(m_data.count());
    for (int node = 0; node < m_data.count(); ++node) {
        const Revision &revision = m_data.revisions.at(node);
        if (isEmptyDependency(revision))
            continue;
        unique.begin(m_depends[static_cast<size_t>(node)]);
        for (const QString &name : revision.dependsOn) {
            const auto found = m_data.names.constFind(name);
            if (found == m_data.names.cend())
                note(ErrorKind::MissingDependency, {&revision},
                     u"Revision %1 depends on '%2', which is not there."_s.arg(named(revision), name),
                     u"depends_on takes whole identifiers and branch labels: correct it, or add the "
                     "missing file."_s);
            else if (*found != node)
                unique.add(*found);
            else if (name != revision.id.text())
                note(ErrorKind::RevisionCycle, {&revision},
                     u"Revision %1 names its own label '%2' in depends_on."_s.arg(named(revision), name),
                     u"Remove it from depends_on."_s);
        }
    }
}

void MapBuilder::linkParents()
{
    m_down.resize(static_cast<size_t>(m_data.count()));
    for (int node = 0; node < m_data.count(); ++node) {
        const Revision &revision = m_data.revisions.at(node);
        for (const RevisionId &parent : revision.downRevisions) {
            const auto found = m_data.ids.constFind(parent.text());
            if (found != m_data.ids.cend()) {
                if (*found != node)
                    m_down[static_cast<size_t>(node)].push_back(*found);
                continue;
            }
            const bool label = m_data.names.contains(parent.text());
            note(ErrorKind::MissingParent, {&revision},
                 (label ? u"Revision %1 names the branch label '%2' in down_revision."_s
                        : u"Revision %1 follows '%2', which is not there."_s)
                     .arg(named(revision), parent.text()),
                 label ? u"down_revision takes whole identifiers only."_s
                       : u"Add the missing file, for instance from the branch it was written on, or "
                         "correct down_revision (it takes whole identifiers only)."_s);
        }
    }
}

/// Alembic overlooks a circle that can be entered from a head and left to a base, and then takes its
/// revisions in any order: here every circle is an error.
void MapBuilder::breakCircles()
{
    Lists all = m_down;
    for (size_t node = 0; node < all.size(); ++node)
        all[node].insert(all[node].end(), m_depends[node].begin(), m_depends[node].end());
    const Links below = linksOf(all);
    m_data.upwards = orderedUpwards(below);
    if (static_cast<int>(m_data.upwards.size()) == m_data.count())
        return;
    for (const std::vector<int> &members : circles(below)) {
        const bool depends = std::ranges::any_of(members, [&](int node) {
            return std::ranges::any_of(m_depends[static_cast<size_t>(node)],
                                       [&](int other) { return std::ranges::binary_search(members, other); });
        });
        QList<const Revision *> revisions;
        QStringList ids;
        for (const int member : members) {
            revisions += &m_data.revisions.at(member);
            ids += m_data.text(member);
        }
        ids.sort();
        const QString what = depends ? u"depends_on"_s : u"down_revision"_s;
        note(ErrorKind::RevisionCycle, revisions,
             u"The revisions %1 follow each other in a circle (%2)."_s.arg(quotedList(ids), what),
             u"No order of applying them is right: one of them must name an older revision instead, so "
             "correct its %1."_s.arg(what));
    }
    const QSet<NodeLink> closing = closingLinks(below);
    for (int node = 0; node < m_data.count(); ++node) {
        const auto closes = [&](int other) { return closing.contains({node, other}); };
        std::erase_if(m_down[static_cast<size_t>(node)], closes);
        std::erase_if(m_depends[static_cast<size_t>(node)], closes);
    }
    m_data.upwards.clear();
}

void MapBuilder::finishLinks()
{
    Lists uniqueDown(m_down.size());
    Lists all(m_down.size());
    UniqueLists unique(m_data.count());
    for (size_t node = 0; node < m_down.size(); ++node) {
        unique.begin(uniqueDown[node]);
        for (const int parent : m_down[node])
            unique.add(parent);
        unique.begin(all[node]);
        for (const int parent : m_down[node])
            unique.add(parent);
        for (const int dependency : m_depends[node])
            unique.add(dependency);
    }
    m_data.down = linksOf(m_down);
    m_data.next = linksOf(uniqueDown).reversed();
    m_data.allDown = linksOf(all);
    m_data.allNext = m_data.allDown.reversed();
    if (m_data.upwards.empty())
        m_data.upwards = orderedUpwards(m_data.allDown);
    normaliseDependencies();
    m_data.normNext = m_data.normDown.reversed();
    for (int node = 0; node < m_data.count(); ++node) {
        if (m_data.next.count(node) == 0)
            m_data.heads.push_back(node);
        if (m_data.allNext.count(node) == 0)
            m_data.realHeads.push_back(node);
        if (m_data.down.count(node) == 0)
            m_data.bases.push_back(node);
    }
}

/// A dependency that a revision further down (by down_revision) names already is left out.
void MapBuilder::normaliseDependencies()
{
    const QSet<NodeLink> dropped = dependenciesOfAncestors();
    std::vector<int> list;
    UniqueLists unique(m_data.count());
    for (int node = 0; node < m_data.count(); ++node) {
        list.clear();
        unique.begin(list);
        for (const int parent : m_data.down.of(node))
            unique.add(parent);
        for (const int dependency : m_depends[static_cast<size_t>(node)]) {
            if (!dropped.contains({node, dependency}))
                unique.add(dependency);
        }
        m_data.normDown.append(list);
    }
}

/// Only dependencies that several revisions name can be left out. For each of them the way goes up from
/// those that name it, no further than the highest of them.
QSet<NodeLink> MapBuilder::dependenciesOfAncestors() const
{
    const Links holders = linksOf(m_depends).reversed();
    std::vector<int> height(static_cast<size_t>(m_data.count()), 0);
    for (const int node : m_data.upwards) {
        for (const int child : m_data.next.of(node))
            height[static_cast<size_t>(child)] =
                std::max(height[static_cast<size_t>(child)], height[static_cast<size_t>(node)] + 1);
    }
    QSet<NodeLink> dropped; // holder, dependency
    VisitMarks marks(m_data.count());
    VisitMarks sourceMarks(m_data.count());
    std::vector<int> todo;
    for (int dependency = 0; dependency < m_data.count(); ++dependency) {
        const auto sources = holders.of(dependency);
        if (sources.size() < 2)
            continue;
        int top = 0;
        sourceMarks.clear();
        for (const int source : sources) {
            top = std::max(top, height[static_cast<size_t>(source)]);
            sourceMarks.visit(source);
        }
        marks.clear();
        todo.assign(sources.begin(), sources.end());
        while (!todo.empty()) {
            const int node = todo.back();
            todo.pop_back();
            for (const int child : m_data.next.of(node)) {
                if (height[static_cast<size_t>(child)] > top || !marks.visit(child))
                    continue;
                if (sourceMarks.has(child))
                    dropped.insert({child, dependency});
                todo.push_back(child);
            }
        }
    }
    return dropped;
}

void MapBuilder::measureDepth()
{
    m_data.depth.assign(static_cast<size_t>(m_data.count()), 0);
    for (const int node : m_data.upwards) {
        for (const int child : m_data.normNext.of(node)) {
            int &depth = m_data.depth[static_cast<size_t>(child)];
            depth = std::max(depth, m_data.depth[static_cast<size_t>(node)] + 1);
        }
    }
}

/// To Alembic a revision without parents is no base if depends_on is an empty text, and what no base is
/// below of is in a circle.
void MapBuilder::checkRealBases()
{
    for (const Revision &revision : std::as_const(m_data.revisions)) {
        if (revision.downRevisions.isEmpty() && isEmptyDependency(revision))
            note(ErrorKind::RevisionCycle, {&revision},
                 u"Revision %1 is the first of its line and has an empty text in depends_on."_s.arg(
                     named(revision)),
                 u"Alembic reports that as a circle of dependencies: write depends_on = None."_s);
    }
}

} // namespace

void buildMap(RevisionMapData &data, QList<ScriptProblem> &problems)
{
    MapBuilder(data, problems).build();
}

} // namespace stepwell
