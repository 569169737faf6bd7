// SPDX-License-Identifier: MIT
#include "migrations/alembic/relativetargets.h"

#include <algorithm>
#include <limits>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Nodes = std::vector<int>;

bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || c == u'_' || c.isSurrogate();
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

std::unexpected<Error> tooFar(const QString &target, const QString &direction)
{
    return failure(ErrorKind::WalkedTooFar,
                   u"'%1' goes further %2 than there are revisions."_s.arg(target, direction),
                   u"Use a smaller number, or name the revision."_s);
}

/// Alembic looks up as a branch what nobody wrote as one.
Error notAsBranch(Error error)
{
    if (error.kind == ErrorKind::UnknownBranch)
        error.kind = ErrorKind::UnknownRevision;
    return error;
}

QString withLabel(const QString &label, const QString &symbol)
{
    return label.isNull() ? symbol : QString(label + u'@' + symbol);
}

} // namespace

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

Result<Nodes> TargetReader::nodes() const
{
    if (m_from.isRows)
        return m_finder.rows(toRevisionIds(m_from.texts)).transform(nodesOf);
    Nodes result;
    for (const QString &text : m_from.texts) {
        const auto found = m_finder.several(text);
        if (!found)
            return found;
        result.insert(result.end(), found->begin(), found->end());
    }
    return result;
}

Result<Nodes> TargetReader::upwards(const QString &target) const
{
    const auto relative = relativeTarget(target);
    if (!relative)
        return m_finder.several(target);
    const auto single = [](int node) { return Nodes{node}; };
    if (!relative->symbol.isNull())
        return fromSymbol(*relative).transform(single);
    if (relative->steps <= 0)
        return failure(ErrorKind::InvalidTarget, u"'%1' does not lead up."_s.arg(target),
                       u"Use +1, +2 … or name a revision."_s);
    return climb(target, *relative).transform(single);
}

Result<int> TargetReader::fromSymbol(const RelativeTarget &relative) const
{
    const bool up = relative.steps > 0;
    const auto start = m_finder.one(up ? relative.symbol : withLabel(relative.label, relative.symbol));
    if (!start)
        return start;
    return m_finder.walk(*start, relative.steps, m_end, up ? relative.label : QString());
}

Result<int> TargetReader::climb(const QString &target, const RelativeTarget &relative) const
{
    const auto starts = climbingStarts(relative.label);
    if (!starts)
        return std::unexpected(starts.error());
    if (starts->size() > 1)
        return failure(ErrorKind::AmbiguousWalk,
                       u"'%1' is not clear: the database is on several branches (%2)."_s.arg(
                           target, m_from.texts.join(u", "_s)),
                       u"Write 'branch@%1', or name the revision to go to."_s.arg(relative.written));
    const auto reached = m_finder.walk(starts->front(), relative.steps, m_end, relative.label);
    if (reached && *reached == nothingNode)
        return tooFar(target, u"up"_s);
    return reached;
}

/// Where `+n` starts: the row, or the row of the branch, or the newest applied revision of it.
Result<Nodes> TargetReader::climbingStarts(const QString &label) const
{
    if (label.isNull()) {
        if (m_from.texts.isEmpty())
            return Nodes{nothingNode};
        if (m_from.texts.size() > 1)
            return Nodes(static_cast<size_t>(m_from.texts.size()), nothingNode);
        const QString &text = m_from.texts.constFirst();
        const auto start = m_finder.one(text);
        if (!start)
            return m_from.isRows ? rowError(text, start.error()) : std::unexpected(start.error());
        return Nodes{*start};
    }
    const auto standing = nodes();
    if (!standing)
        return standing;
    for (const int node : *standing) {
        if (node >= 0) {
            if (const auto known = m_finder.lineageOf(label, Lineage::Branch); !known)
                return std::unexpected(known.error());
            continue;
        }
        const QString message = u"'%1' leads past the first revision."_s.arg(m_from.texts.join(u", "_s));
        const QString hint = u"Use a smaller number, or name the revision."_s;
        if (node == baseNode) // a base is a name to Alembic here, of a revision that there is not
            return failure(ErrorKind::UnknownRevision, message, hint);
        return alembicFails(message, hint);
    }
    auto starts = m_finder.onLineage(*standing, label);
    if (!starts || !starts->empty())
        return starts;
    const NodeSet applied = m_data.closure(m_data.normDown, *standing);
    Nodes all;
    for (int node = 0; node < m_data.count(); ++node) {
        if (applied[static_cast<size_t>(node)])
            all.push_back(node);
    }
    const auto active = m_finder.onLineage(all, label);
    if (!active)
        return active;
    NodeSet below(static_cast<size_t>(m_data.count()), 0);
    for (const int node : *active) {
        for (const int parent : m_data.normDown.of(node))
            below[static_cast<size_t>(parent)] = 1;
    }
    Nodes tips;
    std::ranges::copy_if(*active, std::back_inserter(tips),
                         [&](int node) { return !below[static_cast<size_t>(node)]; });
    return tips.empty() ? Nodes{nothingNode} : tips;
}

Result<TargetReader::Below> TargetReader::downwards(const QString &target) const
{
    const auto relative = relativeTarget(target);
    if (!relative) {
        const auto at = target.lastIndexOf(u'@');
        return m_finder.one(target.sliced(at + 1)).transform([&](int node) {
            return Below(node, at > 0 ? target.first(at) : QString());
        });
    }
    if (relative->steps < 0)
        return descend(target, *relative);
    if (relative->symbol.isNull())
        return failure(ErrorKind::InvalidTarget, u"'%1' does not lead down."_s.arg(target),
                       u"Use -1, -2 … or name a revision."_s);
    const auto start = m_finder.one(relative->symbol);
    if (!start)
        return std::unexpected(start.error());
    const auto reached = m_finder.walk(*start, relative->steps, m_end, relative->label);
    if (!reached)
        return std::unexpected(reached.error());
    if (*reached == nothingNode)
        return tooFar(target, relative->steps > 0 ? u"up"_s : u"down"_s);
    return Below(*reached, relative->label);
}

Result<TargetReader::Below> TargetReader::descend(const QString &target, const RelativeTarget &relative) const
{
    QString symbol = relative.symbol;
    QString label = relative.label;
    if (symbol.isNull() && label.isEmpty()) {
        // With several rows Alembic takes the first, which is any of them, and warns: so does this.
        if (m_from.texts.isEmpty())
            return tooFar(target, u"down"_s);
        symbol = m_from.texts.constFirst();
        label = symbol;
    } else if (symbol.isNull()) {
        const auto standing = standingOn(label);
        if (!standing)
            return std::unexpected(standing.error());
        symbol = *standing;
    }
    const auto start = m_finder.one(withLabel(label, symbol));
    if (!start && relative.label.isNull() && relative.symbol.isNull())
        return m_from.isRows ? rowError(symbol, start.error()) : std::unexpected(notAsBranch(start.error()));
    if (!start)
        return std::unexpected(start.error());
    const auto reached = m_finder.walk(*start, relative.steps, m_end);
    if (!reached)
        return std::unexpected(reached.error());
    if (*reached == nothingNode)
        return tooFar(target, u"down"_s);
    return Below(*reached, label);
}

/// The one row on a branch, or the one newest applied revision of it.
Result<QString> TargetReader::standingOn(const QString &label) const
{
    Nodes standing;
    for (const QString &text : m_from.texts) {
        const auto node = m_finder.identified(text);
        if (!node)
            return m_from.isRows ? rowError(text, node.error()) : std::unexpected(node.error());
        standing.push_back(*node);
    }
    auto onBranch = m_finder.onLineage(standing, label);
    if (onBranch && onBranch->empty()) {
        const auto all = nodes();
        if (!all)
            return std::unexpected(all.error());
        onBranch = m_finder.onLineage(m_data.newestOf(*all), label);
    }
    if (!onBranch)
        return std::unexpected(onBranch.error());
    if (onBranch->size() != 1)
        return alembicFails(onBranch->empty() ? u"nothing of the branch '%1' is applied."_s.arg(label)
                                              : u"the branch '%1' is applied in several places."_s.arg(label),
                            u"Name the revision to go back to."_s);
    return m_data.text(onBranch->front());
}

} // namespace stepwell
