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

bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || c == u'_' || c.isSurrogate();
}

QString quoted(const QStringList &texts)
{
    QStringList result;
    for (const QString &text : texts.first(std::min(shownCandidates, texts.size())))
        result += u"'%1'"_s.arg(text);
    return result.join(u", "_s) + (texts.size() > shownCandidates ? u" …"_s : QString());
}

/// symbol and number at a position; the pattern is `(\w+)?([+-]\d+)`.
std::optional<RelativeTarget> relativeAt(const QString &text, qsizetype at)
{
    qsizetype sign = at;
    while (sign < text.size() && isWordPart(text.at(sign)))
        ++sign;
    if (sign >= text.size() || (text.at(sign) != u'+' && text.at(sign) != u'-'))
        return {};
    qsizetype end = sign + 1;
    qint64 number = 0;
    for (; end < text.size() && text.at(end).isDigit(); ++end)
        number = std::min<qint64>(number * 10 + text.at(end).digitValue(), std::numeric_limits<int>::max());
    if (end == sign + 1)
        return {};
    RelativeTarget result;
    if (sign > at)
        result.symbol = text.sliced(at, sign - at);
    result.written = text.sliced(sign, end - sign);
    result.steps = static_cast<int>(text.at(sign) == u'-' ? -number : number);
    return result;
}

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

std::unexpected<Error> alembicFails(ErrorKind kind, const QString &why, const QString &hint)
{
    return failure(kind, u"Alembic would fail here: %1"_s.arg(why), hint);
}

std::optional<RelativeTarget> relativeTarget(const QString &target)
{
    for (qsizetype at = target.indexOf(u'@', 1); at > 0; at = target.indexOf(u'@', at + 1)) {
        if (QStringView(target).first(at).contains(u'\n'))
            break;
        if (auto result = relativeAt(target, at + 1)) {
            result->label = target.first(at);
            return result;
        }
    }
    return relativeAt(target, 0);
}

std::unexpected<Error> TargetFinder::unknown(const QString &text, const QStringList &candidates) const
{
    if (candidates.size() > 1)
        return failure(ErrorKind::UnknownRevision,
                       u"'%1' fits several revisions: %2."_s.arg(text, quoted(candidates)),
                       u"Write more of the identifier."_s);
    // What the text may have meant: names with the same beginning, or with the text inside.
    QStringList near;
    for (const QString &key : m_data.keys) {
        if (!text.isEmpty() && (key.contains(text, Qt::CaseInsensitive) || text.startsWith(key) ||
                                (text.size() >= 3 && key.startsWith(text.first(3)))))
            near += key;
    }
    const QString hint =
        !near.isEmpty()
            ? u"Similar ones are: %1."_s.arg(quoted(near))
            : u"The heads are: %1. A revision that another branch has is not in these files."_s.arg(
                  m_data.heads.empty() ? u"none"_s : quoted(toTexts(m_data.toIds(m_data.heads))));
    return failure(ErrorKind::UnknownRevision, u"There is no revision or branch '%1'."_s.arg(text), hint);
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
            return failure(ErrorKind::MultipleHeads,
                           u"There are several heads: %1."_s.arg(quoted(toTexts(m_data.toIds(name.nodes)))),
                           u"Name one of them, write 'heads' for all, or merge them."_s);
    } else if (rest == "heads"_L1) {
        name.nodes = m_data.realHeads;
    } else if (rest != "base"_L1) {
        name.text = rest.isNull() ? u""_s : rest;
    }
    return name;
}

Result<int> TargetFinder::branch(const QString &label) const
{
    return lookUp(label, {});
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
    if (const auto exact = m_data.names.constFind(text); exact != m_data.names.cend())
        return checkBranch(*exact, branchNode, label);
    if (text.isEmpty())
        return alembicFails(ErrorKind::InvalidTarget, u"the revision is left empty."_s,
                            u"Write an identifier, 'head' or 'base'."_s);
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
    if (branchNode < 0 || lineage(std::span(&branchNode, 1))[static_cast<size_t>(node)])
        return node;
    return failure(ErrorKind::UnknownRevision,
                   u"Revision '%1' is not on the branch '%2'."_s.arg(m_data.text(node), label),
                   u"Leave out '%1@', or name a revision of that branch."_s.arg(label));
}

NodeSet TargetFinder::lineage(std::span<const int> nodes) const
{
    NodeSet result = m_data.closure(m_data.down, nodes);
    const NodeSet above = m_data.closure(m_data.next, nodes);
    for (size_t at = 0; at < result.size(); ++at)
        result[at] = result[at] || above[at];
    return result;
}

Result<std::vector<int>> TargetFinder::onLineage(std::span<const int> nodes, const QString &text) const
{
    const auto name = parse(text);
    if (!name)
        return std::unexpected(name.error());
    const bool unnamed = name->label.isEmpty() && name->nodes.empty() && name->text.isNull();
    if (nodes.empty() || unnamed)
        return std::vector<int>(nodes.begin(), nodes.end());
    std::vector<int> tests = name->nodes;
    for (const QString &part : {name->label.isEmpty() ? QString() : name->label, name->text}) {
        if (part.isNull())
            continue;
        const auto found = lookUp(part, {});
        if (!found)
            return std::unexpected(found.error());
        tests.push_back(*found);
    }
    const NodeSet members = lineage(tests);
    std::vector<int> result;
    std::ranges::copy_if(nodes, std::back_inserter(result),
                         [&](int node) { return members[static_cast<size_t>(node)]; });
    return result;
}

Result<int> TargetFinder::one(const QString &text) const
{
    const auto name = parse(text);
    if (!name)
        return std::unexpected(name.error());
    if (name->nodes.size() > 1)
        return failure(
            ErrorKind::MultipleHeads,
            u"'%1' stands for several revisions: %2."_s.arg(text, quoted(toTexts(m_data.toIds(name->nodes)))),
            u"Name one of them."_s);
    if (!name->text.isNull())
        return lookUp(name->text, name->label);
    if (!name->label.isEmpty()) {
        if (const auto found = branch(name->label); !found)
            return found;
    }
    if (name->nodes.empty())
        return nothingNode;
    return lookUp(m_data.text(name->nodes.front()), name->label);
}

Result<std::vector<int>> TargetFinder::walkFromHeads(int steps, const QString &label) const
{
    std::vector<int> result;
    for (const int head : m_data.realHeads) {
        if (!label.isNull() && !m_data.labels.at(head).contains(label))
            continue;
        const auto reached = walk(head, steps);
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
    if (!name->text.isNull()) {
        if (const auto steps = negativeNumber(name->text))
            return walkFromHeads(*steps, name->label);
        return lookUp(name->text, name->label).transform([](int node) { return std::vector{node}; });
    }
    std::vector<int> result;
    for (const int node : name->nodes) {
        const auto checked = lookUp(m_data.text(node), name->label);
        if (!checked)
            return std::unexpected(checked.error());
        result.push_back(*checked);
    }
    return result;
}

Result<int> TargetFinder::walk(int start, int steps, const QString &label) const
{
    int node = start;
    for (int left = std::abs(steps); left > 0; --left) {
        std::vector<int> ways;
        if (steps > 0) {
            const auto up = node == nothingNode ? std::span<const int>(m_data.bases) : m_data.next.of(node);
            ways.assign(up.begin(), up.end());
            if (!label.isEmpty()) {
                auto filtered = onLineage(ways, label);
                if (!filtered)
                    return std::unexpected(filtered.error());
                ways = *filtered;
            }
        } else if (node != baseNode) {
            const auto below =
                node == nothingNode ? std::span<const int>(m_data.heads) : m_data.down.of(node);
            ways.assign(below.begin(), below.end());
            if (ways.empty())
                ways = {baseNode};
        }
        if (ways.empty())
            return nothingNode;
        if (ways.size() > 1)
            return failure(ErrorKind::InvalidTarget,
                           u"The way is not clear: from %1 it goes on to %2."_s.arg(
                               node < 0 ? u"the start"_s : u"'%1'"_s.arg(m_data.text(node)),
                               quoted(toTexts(m_data.toIds(ways)))),
                           u"Name the revision to go to."_s);
        node = ways.front();
    }
    return node;
}

} // namespace stepwell
