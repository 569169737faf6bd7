// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionfacts.h"

#include "migrations/alembic/sqldeeds.h"

#include <algorithm>
#include <array>
#include <optional>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Kind = PythonTokenKind;
using enum PythonWord;

/// What the code of one direction does, as far as its tokens tell.
struct Deeds : SqlDeeds {
    bool autocommit = false;
    int connectionLine = 0;
    QStringList executed;
};

/// A call that leaves the database as it is: classes are made, names and settings asked for.
bool isHarmlessCall(QByteArrayView name)
{
    static constexpr std::array<QByteArrayView, 44> names{"autocommit_block",
                                                          "bool",
                                                          "column",
                                                          "debug",
                                                          "dedent",
                                                          "dict",
                                                          "enumerate",
                                                          "f",
                                                          "format",
                                                          "getLogger",
                                                          "get_bind",
                                                          "get_check_constraints",
                                                          "get_columns",
                                                          "get_context",
                                                          "get_enums",
                                                          "get_foreign_keys",
                                                          "get_indexes",
                                                          "get_pk_constraint",
                                                          "get_schema_names",
                                                          "get_table_names",
                                                          "get_unique_constraints",
                                                          "get_view_names",
                                                          "getattr",
                                                          "has_index",
                                                          "has_table",
                                                          "info",
                                                          "inspect",
                                                          "int",
                                                          "is_offline_mode",
                                                          "isinstance",
                                                          "items",
                                                          "join",
                                                          "keys",
                                                          "len",
                                                          "list",
                                                          "print",
                                                          "range",
                                                          "set",
                                                          "sorted",
                                                          "str",
                                                          "table",
                                                          "text",
                                                          "tuple",
                                                          "warning"};
    return (name.front() >= 'A' && name.front() <= 'Z') ||
           std::ranges::binary_search(names, name, {}, [](QByteArrayView item) { return item; });
}

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

    struct Autocommit {
        int line = 0; ///< 0: none
        bool isFirst = true;
    };
    /// The first autocommit block of a function and of those it calls, in the order of the source.
    Autocommit autocommitOf(QByteArrayView function)
    {
        Autocommit found;
        m_seen.assign(m_functions.size(), false);
        if (const PythonFunction *first = take(function))
            findAutocommit(*first, found);
        return found.line > 0 ? found : Autocommit();
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

    [[nodiscard]] std::optional<size_t> find(QByteArrayView name) const
    {
        // The last of a name wins.
        const auto behind = std::ranges::upper_bound(m_functions, name, {}, &PythonFunction::name);
        if (behind == m_functions.begin() || (*std::prev(behind))->name != name)
            return std::nullopt;
        return static_cast<size_t>(std::prev(behind) - m_functions.begin());
    }

    /// A function of the file, the first time only.
    const PythonFunction *take(QByteArrayView name)
    {
        const std::optional<size_t> found = find(name);
        if (!found || m_seen[*found])
            return nullptr;
        m_seen[*found] = true;
        return m_functions[*found];
    }

    void call(QByteArrayView name)
    {
        if (const PythonFunction *function = take(name))
            m_called.push_back(function);
    }

    /// A place in a function that is being read, while one that it calls is.
    struct Place {
        size_t at = 0;
        size_t end = 0;
    };

    void findAutocommit(const PythonFunction &function, Autocommit &found)
    {
        std::vector<Place> places{{function.begin, function.end}};
        while (!places.empty()) {
            Place &place = places.back();
            if (place.at >= place.end) {
                places.pop_back();
                continue;
            }
            const size_t at = place.at++;
            if (m_all[at].kind != Kind::Name)
                continue;
            if (word(at) == AutocommitBlock) {
                found.line = m_all[at].line;
                return;
            }
            if (symbol(at + 1) != '(' || isKeyword(word(at)) || word(at - 1) == Def)
                continue;
            const QByteArrayView name = m_tokens.text(m_all[at]);
            if (symbol(at - 1) != '.' && find(name)) {
                if (const PythonFunction *called = take(name))
                    places.push_back({called->begin, called->end});
            } else if (!isHarmlessCall(name) && !setsOnly(at)) {
                found.isFirst = false;
            }
        }
    }

    /// op.execute("SET …") and the like.
    bool setsOnly(size_t at) const
    {
        const std::optional<QString> text = executedText(at);
        if (!text)
            return false;
        const QString first = text->trimmed().section(u' ', 0, 0).toUpper();
        return first == "SET"_L1 || first == "RESET"_L1 || first == "SHOW"_L1;
    }

    /// The text of op.execute("…") and op.execute(sa.text("…")), if it is a literal as a whole.
    std::optional<QString> executedText(size_t at) const
    {
        if (at < 2 || word(at - 2) != Op || symbol(at - 1) != '.' || m_tokens.text(m_all[at]) != "execute")
            return std::nullopt;
        size_t next = at + 2;
        if (symbol(next + 1) == '.') // sa.text
            next += 2;
        next = symbol(next + 1) == '(' && m_tokens.text(m_all[next]) == "text" ? next + 2 : at + 2;
        QString text;
        const size_t first = next;
        for (; next < m_all.size() && m_all[next].kind == Kind::String; ++next) {
            const PythonString literal = pythonString(m_tokens.text(m_all[next]));
            if (!literal.isText || !literal.isExact)
                return std::nullopt;
            text += literal.text;
        }
        if (next == first || (symbol(next) != ')' && symbol(next) != ','))
            return std::nullopt;
        return text;
    }

    /// t.insert(), sa.update(t), insert(t), op.bulk_insert(…): not sys.path.insert(0, p), d.update(e).
    bool changesRows(size_t at) const
    {
        const QByteArrayView name = m_tokens.text(m_all[at]);
        if (name == "bulk_insert" || name == "bulk_insert_mappings" || name == "bulk_save_objects")
            return true;
        if (name != "insert" && name != "update")
            return false;
        const bool method = symbol(at - 1) == '.';
        const bool ofModule = method && at >= 2 && m_tokens.text(m_all[at - 2]) == "sa";
        return !method || ofModule || symbol(at + 2) == ')';
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
        if (deeds.connectionLine == 0 && name >= GetBind && name <= FromEngine)
            deeds.connectionLine = m_all[at].line;
        if (symbol(at + 1) != '(' || at == 0)
            return;
        if (name == Delete) {
            deeds.deletes = deeds.changes = true;
            return;
        }
        if (name == Other) {
            deeds.changes = deeds.changes || changesRows(at);
            if (std::optional<QString> text = executedText(at))
                deeds.executed += *std::move(text);
        }
        if (symbol(at - 1) != '.') {
            if (word(at - 1) != Def && !isKeyword(name))
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
    if (revision.hasAutocommit) {
        const auto first = reader.autocommitOf(up.autocommit ? "upgrade" : "downgrade");
        revision.autocommitLine = first.line;
        revision.autocommitIsFirst = first.isFirst;
    }
    revision.connectionLine = up.connectionLine > 0 ? up.connectionLine : down.connectionLine;
    revision.usesConnection = revision.connectionLine > 0;
    revision.changesData = up.changes;
    revision.executed = up.executed;
    revision.losesData = losesData(std::move(up), std::move(down));
}

} // namespace stepwell
