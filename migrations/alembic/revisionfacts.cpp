// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionfacts.h"

#include "migrations/alembic/sqldeeds.h"

#include <algorithm>

namespace stepwell {

namespace {

using Kind = PythonTokenKind;
using enum PythonWord;

/// What the code of one direction does, as far as its tokens tell.
struct Deeds : SqlDeeds {
    bool autocommit = false;
    bool connection = false;
};

class FactReader
{
public:
    FactReader(const PythonTokens &tokens, const RevisionHeader &header)
        : m_tokens(tokens), m_all(tokens.all()), m_header(header)
    {
        for (const PythonFunction &function : header.functions)
            m_functions.push_back(&function);
        std::ranges::stable_sort(m_functions, {}, &PythonFunction::name);
    }

    Deeds deedsOf(QByteArrayView function)
    {
        Deeds deeds;
        m_called.clear();
        m_seen.assign(m_functions.size(), false);
        call(function);
        // Grows while it is walked: functions that the functions call.
        for (size_t next = 0; next < m_called.size(); ++next)
            readBody(*m_called[next], deeds);
        return deeds;
    }

    WayBack wayBack() const
    {
        const PythonFunction *down = m_header.function("downgrade");
        if (m_header.bindsDowngrade)
            return WayBack::Yes; // it comes from elsewhere
        if (!down)
            return WayBack::Irreversible;
        switch (body(*down)) {
        case Body::Raises:
            return WayBack::Irreversible;
        case Body::Works:
            return WayBack::Yes;
        case Body::Idle:
            break;
        }
        // A merge point, say: where the way up does nothing, a way back that does nothing is whole.
        const PythonFunction *up = m_header.function("upgrade");
        return up && body(*up) == Body::Idle ? WayBack::Yes : WayBack::Empty;
    }

    LineSpan lines(QByteArrayView name) const
    {
        const PythonFunction *function = m_header.function(name);
        if (!function)
            return {};
        return {m_all[function->def].line, m_all[function->end - 1].line};
    }

private:
    enum class Body { Idle, Works, Raises };

    PythonWord word(size_t at) const { return at < m_all.size() ? m_all[at].word : Other; }
    char symbol(size_t at) const { return at < m_all.size() ? m_all[at].symbol : '\0'; }

    /// What the statements of a function do. A raise that nothing but a return before it can avoid ends it.
    Body body(const PythonFunction &function) const
    {
        Body result = Body::Idle;
        int indent = -1; // of the function's own lines; -1 for one behind the colon of its `def`
        bool own = true; // not in a block inside of the function
        for (size_t at = function.begin; at < function.end;) {
            size_t end = at;
            while (end < function.end && m_all[end].kind != Kind::Newline && symbol(end) != ';')
                ++end;
            if (m_all[at].indent >= 0) {
                indent = indent < 0 ? m_all[at].indent : indent;
                own = m_all[at].indent == indent && !opensBlock(word(at));
            }
            if (own && word(at) == Raise)
                return Body::Raises;
            if (own && result == Body::Idle && word(at) == Return && isIdle(at, end))
                return Body::Idle;
            if (mayReturn(at, end))
                return Body::Works;
            if (!isIdle(at, end))
                result = Body::Works;
            at = end + 1;
        }
        return result;
    }

    bool mayReturn(size_t begin, size_t end) const
    {
        for (size_t at = begin; at < end; ++at) {
            if (word(at) == Return || word(at) == Yield)
                return true;
        }
        return false;
    }

    /// A statement that does nothing: pass, `...`, a bare string, return, return None.
    bool isIdle(size_t begin, size_t end) const
    {
        if (begin == end || (end == begin + 1 && (word(begin) == Pass || word(begin) == Return)))
            return true;
        if (end == begin + 2 && word(begin) == Return && word(begin + 1) == None)
            return true;
        for (size_t at = begin; at < end; ++at) {
            if (m_all[at].kind != Kind::String && symbol(at) != '.')
                return false;
        }
        return true;
    }

    void call(QByteArrayView name)
    {
        // The last of a name wins.
        const auto behind = std::ranges::upper_bound(m_functions, name, {}, &PythonFunction::name);
        if (behind == m_functions.begin() || (*std::prev(behind))->name != name)
            return;
        const auto found = static_cast<size_t>(std::prev(behind) - m_functions.begin());
        if (!m_seen[found])
            m_called.push_back(m_functions[found]);
        m_seen[found] = true;
    }

    void readBody(const PythonFunction &function, Deeds &deeds)
    {
        for (size_t at = function.begin; at < function.end; ++at) {
            if (m_all[at].kind == Kind::String)
                at = readTexts(at, function.end, deeds) - 1;
            else if (m_all[at].kind == Kind::Name)
                readName(at, deeds);
        }
    }

    /// String literals side by side are one text; returns one behind them. One that stands alone is a
    /// comment.
    size_t readTexts(size_t begin, size_t end, Deeds &deeds)
    {
        size_t behind = begin;
        while (behind < end && m_all[behind].kind == Kind::String)
            ++behind;
        const bool mayHold = behind > begin + 1 || mayBeSql(m_tokens.text(m_all[begin]));
        if (m_all[begin].indent >= 0 || !mayHold)
            return behind;
        QByteArray text;
        for (size_t at = begin; at < behind; ++at)
            text += pythonString(m_tokens.text(m_all[at])).text.toUtf8();
        readSqlDeeds(text, deeds);
        return behind;
    }

    void readName(size_t at, Deeds &deeds)
    {
        const PythonWord name = word(at);
        deeds.autocommit = deeds.autocommit || name == AutocommitBlock;
        deeds.connection = deeds.connection || (name >= GetBind && name <= FromEngine);
        if (symbol(at + 1) != '(')
            return;
        if (name == Delete) {
            deeds.deletes = true;
            return;
        }
        if (at == 0 || symbol(at - 1) != '.') {
            if (at > 0 && word(at - 1) != Def && !isKeyword(name))
                call(m_tokens.text(m_all[at]));
            return;
        }
        if (name == CreateTable)
            deeds.created.push_back(argument(at, 0));
        else if (name == AddColumn)
            deeds.created.push_back(addedColumn(at));
        else if (name == DropTable)
            deeds.dropped.push_back(argument(at, 0));
        else if (name == DropColumn) // op.drop_column(table, column), batch_op.drop_column(column)
            deeds.dropped.push_back(argument(at, isBatch(at) ? 0 : 1));
    }

    bool isBatch(size_t at) const { return at >= 2 && word(at - 2) != Op; }

    /// The text of a call's positional argument; empty if it is not a plain string.
    QByteArray argument(size_t call, int index) const
    {
        const int depth = m_all[call + 1].depth + 1;
        for (size_t at = call + 2; at < m_all.size() && m_all[at].depth >= depth; ++at) {
            if (index == 0) {
                if (m_all[at].kind == Kind::Name && symbol(at + 1) == '=')
                    at += 2;
                return at < m_all.size() && m_all[at].kind == Kind::String
                           ? bareName(pythonString(m_tokens.text(m_all[at])).text.toUtf8())
                           : QByteArray();
            }
            if (m_all[at].depth == depth && symbol(at) == ',')
                --index;
        }
        return {};
    }

    /// The name in the Column(…) of add_column.
    QByteArray addedColumn(size_t call) const
    {
        const int depth = m_all[call + 1].depth;
        for (size_t at = call + 2; at < m_all.size() && m_all[at].depth > depth; ++at) {
            if (word(at) == Column && symbol(at + 1) == '(')
                return argument(at, 0);
        }
        return {};
    }

    const PythonTokens &m_tokens;
    const std::vector<PythonToken> &m_all;
    const RevisionHeader &m_header;
    std::vector<const PythonFunction *> m_functions; ///< by name
    std::vector<const PythonFunction *> m_called;
    std::vector<bool> m_seen;
};

void sortNames(std::vector<QByteArray> &names)
{
    std::ranges::sort(names);
    const auto rest = std::ranges::unique(names);
    names.erase(rest.begin(), rest.end());
}

bool has(const std::vector<QByteArray> &sorted, const QByteArray &name)
{
    return std::ranges::binary_search(sorted, name);
}

bool losesData(Deeds up, Deeds down)
{
    sortNames(up.created);
    sortNames(up.dropped);
    sortNames(down.created);
    const bool overwrites =
        std::ranges::any_of(up.filled, [&](const QByteArray &column) { return !has(up.created, column); });
    // A name that is only known at run time counts as the revision's own if it creates anything.
    const bool dropsForeign = std::ranges::any_of(down.dropped, [&](const QByteArray &name) {
        return name.isEmpty() ? up.created.empty() : !has(up.created, name);
    });
    const bool dropsOld = std::ranges::any_of(
        up.dropped, [&](const QByteArray &name) { return name.isEmpty() || !has(up.created, name); });
    const bool undoesByHand = std::ranges::any_of(down.filled, [&](const QByteArray &column) {
        return !has(up.dropped, column) && !has(down.created, column);
    });
    return undoesByHand || dropsOld || up.deletes || overwrites || down.deletes || dropsForeign;
}

} // namespace

void readRevisionFacts(const PythonTokens &tokens, const RevisionHeader &header, stepwell::Revision &revision)
{
    FactReader reader(tokens, header);
    Deeds up = reader.deedsOf("upgrade");
    Deeds down = reader.deedsOf("downgrade");
    revision.upgradeLines = reader.lines("upgrade");
    revision.downgradeLines = reader.lines("downgrade");
    revision.wayBack = reader.wayBack();
    revision.hasAutocommit = up.autocommit || down.autocommit;
    revision.usesConnection = up.connection || down.connection;
    revision.losesData = losesData(std::move(up), std::move(down));
}

} // namespace stepwell
