// SPDX-License-Identifier: MIT
#include "migrations/alembic/targets.h"

#include <algorithm>
#include <limits>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Alembic takes a partial id only for ids and labels longer than this.
constexpr int shortestWholeId = 4;
constexpr qsizetype shownCandidates = 5;

/// Python's int() for a negative number, as far as an identifier can look like one.
std::optional<int> negativeNumber(const QString &text)
{
    bool fine = false;
    const qint64 number = text.trimmed().toLongLong(&fine);
    if (!fine || number >= 0)
        return {};
    return static_cast<int>(std::max<qint64>(number, -std::numeric_limits<int>::max()));
}

} // namespace

std::unexpected<Error> alembicFails(const QString &why, const QString &hint)
{
    return failure(ErrorKind::WouldFail, u"Alembic would fail here: %1"_s.arg(why), hint);
}

std::unexpected<Error> rowError(const QString &row, const Error &error)
{
    if (error.kind != ErrorKind::UnknownRevision && error.kind != ErrorKind::UnknownBranch)
        return std::unexpected(error);
    return failure(ErrorKind::UnknownRevision,
                   u"The database is at revision '%1', which is not in these files."_s.arg(row),
                   u"It may come from another branch or a newer release: use the files of that state."_s,
                   error.message);
}

QString quotedTexts(const QStringList &texts)
{
    QStringList result;
    for (const QString &text : texts.first(std::min(shownCandidates, texts.size())))
        result += u"'%1'"_s.arg(text);
    return result.join(u", "_s) + (texts.size() > shownCandidates ? u" …"_s : QString());
}

std::vector<int> nodesOf(const QList<NamedRow> &rows)
{
    std::vector<int> nodes;
    for (const NamedRow &row : rows)
        nodes.insert(nodes.end(), row.nodes.begin(), row.nodes.end());
    return nodes;
}

/// What the text may have meant: names with the same beginning, or with the text inside.
QString TargetFinder::similarNames(const QString &text) const
{
    QStringList near;
    for (const QString &key : m_data.keys) {
        if (!text.isEmpty() && !key.isEmpty() &&
            (key.contains(text, Qt::CaseInsensitive) || text.startsWith(key) ||
             (text.size() >= 3 && key.startsWith(text.first(3)))))
            near += key;
    }
    return near.isEmpty() ? QString() : u"Similar ones are: %1."_s.arg(quotedTexts(near));
}

std::unexpected<Error> TargetFinder::unknown(const QString &text, const QStringList &candidates) const
{
    if (candidates.size() > 1)
        return failure(ErrorKind::AmbiguousRevision,
                       u"'%1' fits several revisions: %2."_s.arg(text, quotedTexts(candidates)),
                       u"Write more of the identifier."_s);
    const QString similar = similarNames(text);
    const QString heads = m_data.heads.empty() ? u"none"_s : quotedTexts(toTexts(m_data.toIds(m_data.heads)));
    return failure(
        ErrorKind::UnknownRevision, u"There is no revision or branch '%1'."_s.arg(text),
        !similar.isEmpty()
            ? similar
            : u"The heads are: %1. A revision that another branch has is not in these files."_s.arg(heads));
}

/// The hint shows how each of the heads is written, by its branch if it has one to itself.
std::unexpected<Error> TargetFinder::severalHeads(const QString &text, std::span<const int> heads) const
{
    QHash<QString, int> carriers;
    for (const int head : heads) {
        for (const QString &label : m_data.labels.at(head))
            ++carriers[label];
    }
    QStringList forms;
    for (const int head : heads) {
        const QStringList &labels = m_data.labels.at(head);
        const auto own = std::ranges::find_if(
            labels, [&](const QString &label) { return carriers.value(label) == 1 && !label.isEmpty(); });
        forms += (own == labels.end() ? m_data.text(head) : *own) + u"@head"_s;
    }
    return failure(ErrorKind::MultipleHeads,
                   u"'%1' stands for several heads: %2."_s.arg(
                       text, quotedTexts(toTexts(m_data.toIds(std::vector(heads.begin(), heads.end()))))),
                   u"Write %1 for one of them, or 'heads' for all; or merge them."_s.arg(quotedTexts(forms)));
}

Result<TargetFinder::Name> TargetFinder::parse(const QString &text) const
{
    Name name;
    QString rest = text;
    if (const auto at = text.indexOf(u'@'); at >= 0) {
        name.label = text.first(at);
        rest = text.sliced(at + 1);
    }
    if (rest == "head"_L1 || (rest == "heads"_L1 && !name.label.isEmpty())) {
        name.nodes = m_data.heads;
        if (!name.label.isEmpty()) {
            auto filtered = onLineage(m_data.heads, name.label);
            if (!filtered)
                return std::unexpected(filtered.error());
            name.nodes = *filtered;
        }
        if (rest == "head"_L1 && name.nodes.size() > 1)
            return severalHeads(text, name.nodes);
        if (rest == "head"_L1 && name.nodes.size() == 1 && m_data.text(name.nodes.front()).isEmpty())
            name.nodes.clear(); // to Alembic an empty identifier is no head here
    } else if (rest == "heads"_L1) {
        name.nodes = m_data.realHeads;
    } else if (rest != "base"_L1) {
        name.text = rest.isNull() ? u""_s : rest;
    }
    return name;
}

Result<QList<NamedRow>> TargetFinder::rows(const RevisionIds &rows) const
{
    QList<NamedRow> result;
    result.reserve(rows.size());
    for (const RevisionId &row : rows) {
        auto found = several(row.text());
        if (!found)
            return rowError(row.text(), found.error());
        if (std::ranges::any_of(*found, [](int node) { return node < 0; }))
            return alembicFails(u"the version table holds '%1', which is no revision."_s.arg(row.text()),
                                u"Stamp the database with the revision it is at."_s);
        result += NamedRow{row.text(), *std::move(found)};
    }
    return result;
}

Result<int> TargetFinder::identified(const QString &text) const
{
    return lookUp(text, {});
}

Result<int> TargetFinder::branch(const QString &label) const
{
    auto found = lookUp(label, {});
    if (found || found.error().kind != ErrorKind::UnknownRevision)
        return found;
    Error error = found.error();
    error.kind = ErrorKind::UnknownBranch;
    error.message = u"There is no branch '%1'."_s.arg(label);
    if (const QString similar = similarNames(label); similar.isEmpty())
        error.hint = u"A branch is named by a label, or by a revision on it."_s;
    return std::unexpected(error);
}

Result<int> TargetFinder::lookUp(const QString &text, const QString &label) const
{
    int branchNode = nothingNode;
    if (!label.isEmpty()) {
        const auto found = branch(label);
        if (!found)
            return found;
        branchNode = *found;
    }
    const auto exact = m_data.names.constFind(text);
    if (text.isEmpty() && (exact == m_data.names.cend() || branchNode >= 0))
        return alembicFails(u"the revision is left empty."_s, u"Write an identifier, 'head' or 'base'."_s);
    if (exact != m_data.names.cend())
        return checkBranch(*exact, branchNode, label);
    QStringList candidates;
    std::vector<int> nodes;
    for (const QString &key : m_data.keys) {
        if (key.size() >= shortestWholeId && key.startsWith(text) && key.toUcs4().size() >= shortestWholeId) {
            candidates += key;
            nodes.push_back(m_data.names.value(key));
        }
    }
    if (branchNode >= 0) {
        const auto filtered = onLineage(nodes, label);
        if (!filtered)
            return std::unexpected(filtered.error());
        QStringList kept;
        for (qsizetype at = 0; at < candidates.size(); ++at) {
            if (std::ranges::find(*filtered, nodes[static_cast<size_t>(at)]) != filtered->end())
                kept += candidates.at(at);
        }
        candidates = kept;
    }
    if (candidates.size() != 1)
        return unknown(text, candidates);
    return checkBranch(m_data.names.value(candidates.constFirst()), branchNode, label);
}

Result<int> TargetFinder::checkBranch(int node, int branchNode, const QString &label) const
{
    // Alembic leaves the check out if the branch's revision has an empty identifier.
    if (branchNode < 0 || m_data.text(branchNode).isEmpty() ||
        lineage(std::span(&branchNode, 1), Lineage::Branch)[static_cast<size_t>(node)])
        return node;
    return failure(ErrorKind::NotOnBranch,
                   u"Revision '%1' is not on the branch '%2'."_s.arg(m_data.text(node), label),
                   u"Leave out '%1@', or name a revision of that branch."_s.arg(label));
}

NodeSet TargetFinder::lineage(std::span<const int> nodes, Lineage kind) const
{
    const bool all = kind == Lineage::WithDependencies;
    NodeSet result = m_data.closure(all ? m_data.normDown : m_data.down, nodes);
    const NodeSet above = m_data.closure(all ? m_data.allNext : m_data.next, nodes);
    for (size_t at = 0; at < result.size(); ++at)
        result[at] = result[at] || above[at];
    return result;
}

Result<std::optional<NodeSet>> TargetFinder::lineageOf(const QString &text, Lineage kind) const
{
    const auto name = parse(text);
    if (!name)
        return std::unexpected(name.error());
    std::vector<int> tests = name->nodes;
    if (!name->label.isEmpty()) {
        const auto found = branch(name->label);
        if (!found)
            return std::unexpected(found.error());
        tests.push_back(*found);
    }
    if (!name->text.isNull()) {
        const auto found = kind == Lineage::Branch ? branch(name->text) : identified(name->text);
        if (!found)
            return std::unexpected(found.error());
        tests.push_back(*found);
    }
    if (tests.empty())
        return std::optional<NodeSet>();
    return lineage(tests, kind);
}

Result<std::vector<int>> TargetFinder::onLineage(std::span<const int> nodes, const QString &text) const
{
    if (nodes.empty()) // then Alembic looks no further than for the heads
        return parse(text).transform([](const Name &) { return std::vector<int>(); });
    const auto members = lineageOf(text, Lineage::Branch);
    if (!members)
        return std::unexpected(members.error());
    std::vector<int> result;
    std::ranges::copy_if(nodes, std::back_inserter(result),
                         [&](int node) { return !*members || (**members)[static_cast<size_t>(node)] != 0; });
    return result;
}

Result<int> TargetFinder::one(const QString &text) const
{
    const auto name = parse(text);
    if (!name)
        return std::unexpected(name.error());
    if (name->nodes.size() > 1)
        return severalHeads(text, name->nodes);
    if (name->nodes.empty() && name->text.isNull()) {
        if (!name->label.isEmpty()) {
            if (const auto found = branch(name->label); !found)
                return found;
        }
        return nothingNode;
    }
    return named(*name).transform([](const std::vector<int> &nodes) { return nodes.front(); });
}

/// The nodes of a name, each checked to be on its branch.
Result<std::vector<int>> TargetFinder::named(const Name &name) const
{
    if (!name.text.isNull())
        return lookUp(name.text, name.label).transform([](int node) { return std::vector{node}; });
    if (name.nodes.empty() || name.label.isEmpty())
        return name.nodes;
    const auto found = branch(name.label);
    if (!found)
        return std::unexpected(found.error());
    const NodeSet members = lineage(std::span(&*found, 1), Lineage::Branch);
    for (const int node : name.nodes) {
        if (m_data.text(node).isEmpty())
            return alembicFails(u"a revision with an empty identifier is looked for on a branch."_s,
                                u"Give the revision an identifier."_s);
        if (!members[static_cast<size_t>(node)] && !m_data.text(*found).isEmpty())
            return checkBranch(node, *found, name.label).transform([](int) { return std::vector<int>(); });
    }
    return name.nodes;
}

Result<std::vector<int>> TargetFinder::walkFromHeads(int steps, const QString &label) const
{
    std::vector<int> result;
    for (const int head : m_data.realHeads) {
        if (!label.isNull() && !m_data.labels.at(head).contains(label))
            continue;
        const auto reached = walk(head, steps, TreeEnd::Strict);
        if (!reached)
            return std::unexpected(reached.error());
        result.push_back(*reached);
    }
    return result;
}

Result<std::vector<int>> TargetFinder::several(const QString &text) const
{
    const auto name = parse(text);
    if (!name)
        return std::unexpected(name.error());
    if (const auto steps = name->text.isNull() ? std::nullopt : negativeNumber(name->text))
        return walkFromHeads(*steps, name->label);
    return named(*name);
}

/// Children of a node, those on the branch only; who is on it is found once for a walk.
Result<std::vector<int>> TargetFinder::waysUp(int node, const QString &label,
                                              std::optional<NodeSet> &members) const
{
    const auto up = node == nothingNode ? std::span<const int>(m_data.bases) : m_data.next.of(node);
    if (!label.isEmpty() && !up.empty() && !members) {
        auto found = lineageOf(label, Lineage::Branch);
        if (!found)
            return std::unexpected(found.error());
        members = *std::move(found);
        if (!members)
            members = NodeSet(static_cast<size_t>(m_data.count()), 1);
    }
    std::vector<int> ways;
    std::ranges::copy_if(up, std::back_inserter(ways),
                         [&](int way) { return !members || (*members)[static_cast<size_t>(way)] != 0; });
    return ways;
}

Result<int> TargetFinder::walk(int start, int steps, TreeEnd end, const QString &label) const
{
    std::optional<NodeSet> members;
    int node = start;
    for (int left = std::abs(steps); left > 0; --left) {
        std::vector<int> ways;
        if (steps > 0) {
            auto up = waysUp(node, label, members);
            if (!up)
                return std::unexpected(up.error());
            ways = *std::move(up);
        } else if (node != baseNode) {
            const auto below =
                node == nothingNode ? std::span<const int>(m_data.heads) : m_data.down.of(node);
            ways.assign(below.begin(), below.end());
            if (ways.empty())
                ways = {baseNode};
        }
        if (ways.empty())
            return end == TreeEnd::Strict ? nothingNode : node;
        if (ways.size() > 1)
            return failure(ErrorKind::AmbiguousWalk,
                           u"The way is not clear: from %1 it goes on to %2."_s.arg(
                               node < 0 ? u"the start"_s : u"'%1'"_s.arg(m_data.text(node)),
                               quotedTexts(toTexts(m_data.toIds(ways)))),
                           u"Name the revision to go to."_s);
        node = ways.front();
    }
    return node;
}

} // namespace stepwell
