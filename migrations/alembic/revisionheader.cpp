// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionheader.h"

#include "migrations/python/pythonliterals.h"

#include <algorithm>
#include <cctype>

namespace stepwell {

namespace {

using Kind = PythonTokenKind;
using enum PythonWord;

/// Modules whose `import *` brings none of a revision's variables.
constexpr std::array<QByteArrayView, 16> harmlessModules{
    "alembic", "collections", "datetime",   "decimal", "enum", "functools", "itertools", "json",
    "math",    "os",          "sqlalchemy", "sys",     "time", "typing",    "uuid",      "re"};

constexpr bool isWatched(PythonWord word)
{
    return word >= Revision && word <= Modules;
}

/// Walks the logical lines of the module. Bodies of functions and classes are passed over; an
/// assignment inside if, try, with or for makes the variable computed.
class ModuleReader
{
public:
    ModuleReader(const PythonTokens &tokens, bool withFunctions)
        : m_tokens(tokens), m_all(tokens.all()), m_withFunctions(withFunctions)
    {
    }

    RevisionHeader run()
    {
        for (size_t at = 0; at < m_all.size();) {
            size_t end = at;
            bool watched = false;
            for (; m_all[end].kind != Kind::Newline; ++end)
                watched = watched || isWatched(m_all[end].word) || mayBindInside(m_all[end]);
            readLine(at, end, watched);
            at = end + 1;
        }
        closeFunction(m_all.size());
        for (const PythonWord word : {Revision, DownRevision, BranchLabels, DependsOn}) {
            if (m_isGlobalElsewhere[index(word)])
                m_header.binding(word).state = HeaderBinding::State::Computed;
        }
        return std::move(m_header);
    }

private:
    static size_t index(PythonWord word) { return static_cast<size_t>(word) - static_cast<size_t>(Revision); }
    PythonWord word(size_t at) const { return at < m_all.size() ? m_all[at].word : Other; }
    char symbol(size_t at) const { return at < m_all.size() ? m_all[at].symbol : '\0'; }
    bool isBoundary(size_t at, char c) const { return symbol(at) == c && m_all[at].depth == 0; }

    /// An f-string may hold `:=` where no token shows it.
    bool mayBindInside(const PythonToken &token) const
    {
        if (token.kind != Kind::String)
            return false;
        const char c = *m_tokens.text(token).data();
        return c != '"' && c != '\'' && m_tokens.text(token).contains(":=");
    }

    void readLine(size_t begin, size_t end, bool watched)
    {
        const int indent = m_all[begin].indent;
        if (m_skipIndent >= 0 && indent > m_skipIndent)
            return m_tokens.hasGlobalStatement() ? readBody(begin, end) : void();
        m_skipIndent = -1;
        if (indent <= 0)
            closeFunction(begin);
        if (watched)
            readHiddenBindings(begin, end);
        const size_t first = word(begin) == Async ? begin + 1 : begin;
        if (word(first) == Def || word(first) == Class)
            return openFunction(first, end, indent);
        const PythonWord keyword = word(first);
        if (watched || m_isFirst || keyword == From)
            readStatements(first, end, indent > 0);
        m_isFirst = false;
    }

    /// A function or class can set the module's variables where it says `global`.
    void readBody(size_t begin, size_t end)
    {
        for (size_t at = begin; at < end; ++at) {
            const bool named = word(begin) == Global && isHeaderWord(word(at));
            if (named)
                noteGlobal(word(at), m_all[at].line);
            for (const PythonWord any : {Revision, DownRevision, BranchLabels, DependsOn}) {
                if (word(at) == Globals && symbol(at + 1) == '(')
                    noteGlobal(any, m_all[at].line);
            }
        }
    }

    void noteGlobal(PythonWord name, int line)
    {
        m_isGlobalElsewhere[index(name)] = true;
        m_header.binding(name).line = line;
    }

    void openFunction(size_t first, size_t end, int indent)
    {
        m_isFirst = false;
        m_skipIndent = indent;
        const bool isFunction = word(first) == Def && indent <= 0;
        if (!isFunction || (word(first + 1) != Downgrade && word(first + 1) != Upgrade))
            markComputed(first + 1);
        else if (word(first + 1) == Downgrade)
            m_header.bindsDowngrade = false;
        if (!isFunction || !m_withFunctions || first + 1 >= end)
            return;
        m_function = {m_tokens.text(m_all[first + 1]), first, end, end};
        for (size_t at = first; at < end; ++at) {
            if (isBoundary(at, ':')) {
                m_function.begin = at + 1;
                break;
            }
        }
    }

    void closeFunction(size_t end)
    {
        if (m_function.name.isEmpty())
            return;
        m_function.end = end;
        m_header.functions.push_back(std::exchange(m_function, {}));
    }

    void readStatements(size_t begin, size_t end, bool nested)
    {
        const size_t colon = blockColon(begin, end, nested);
        if (colon < end) {
            readTargetsOfBlock(begin, colon);
            nested = true;
            begin = colon + 1;
        }
        for (size_t from = begin; from < end;) {
            size_t to = from;
            while (to < end && !isBoundary(to, ';'))
                ++to;
            readStatement(from, to, nested);
            from = to + 1;
        }
    }

    /// The colon that opens the block of if, for, try …; end if the line is no such line.
    size_t blockColon(size_t begin, size_t end, bool nested) const
    {
        switch (word(begin)) {
        case PythonWord::Match: // a name, unless the line ends with a colon
            if (!isBoundary(end - 1, ':') || begin + 1 == end - 1)
                return end;
            return end - 1;
        case Case:
            if (!nested || symbol(begin + 1) == '=' || symbol(begin + 1) == ':' || symbol(begin + 1) == '.')
                return end;
            break;
        default:
            if (!opensBlock(word(begin)))
                return end;
        }
        int lambdas = 0;
        for (size_t at = begin; at < end; ++at) {
            if (m_all[at].depth > 0)
                continue;
            lambdas += word(at) == Lambda ? 1 : 0;
            if (symbol(at) == ':' && lambdas-- == 0)
                return at;
        }
        return end;
    }

    /// `for revision in`, `with … as revision`, `case [revision]`: bound, but not by a literal.
    void readTargetsOfBlock(size_t begin, size_t end)
    {
        if (word(begin) == Case) {
            for (size_t at = begin + 1; at < end; ++at) {
                if (symbol(at - 1) != '.' && symbol(at + 1) != '.' && symbol(at + 1) != '(' &&
                    symbol(at + 1) != '=')
                    markComputed(at);
            }
        } else if (word(begin) == For) {
            size_t in = begin + 1;
            while (in < end && (word(in) != In || m_all[in].depth > 0))
                ++in;
            markTargets(begin + 1, in);
        } else {
            for (size_t at = begin + 1; at < end; ++at) {
                if (word(at) == As)
                    markTargets(at + 1, groupEnd(at + 1, end));
            }
        }
    }

    /// One behind a name with its members and items, or behind a group in brackets.
    size_t groupEnd(size_t begin, size_t end) const
    {
        size_t at = begin;
        while (at < end && symbol(at) != ',' && m_all[at].depth >= m_all[begin].depth && word(at) != As)
            at = symbol(at) == '(' || symbol(at) == '[' ? closing(at, end) + 1 : at + 1;
        return std::min(at, end);
    }

    size_t closing(size_t open, size_t end) const
    {
        size_t at = open + 1;
        while (at < end && m_all[at].depth > m_all[open].depth)
            ++at;
        return at;
    }

    void markComputed(size_t at) { markComputed(word(at), at < m_all.size() ? m_all[at].line : 0); }

    void markComputed(PythonWord name, int line)
    {
        if (isHeaderWord(name))
            m_header.binding(name) = {.state = HeaderBinding::State::Computed, .line = line};
        else if (name == Doc)
            m_header.docstring = {.state = HeaderBinding::State::Computed, .line = line};
        m_header.bindsDowngrade = m_header.bindsDowngrade || name == Downgrade;
    }

    void markAll(int line)
    {
        for (const PythonWord name : {Revision, DownRevision, BranchLabels, DependsOn, Downgrade})
            markComputed(name, line);
    }

    /// Marks the names that an assignment to these tokens binds: not those in a call or an index.
    void markTargets(size_t begin, size_t end)
    {
        for (size_t at = begin; at < end; ++at) {
            const bool open = symbol(at) == '(' || symbol(at) == '[';
            const bool follows = at > begin && (m_all[at - 1].kind == Kind::Name || symbol(at - 1) == ')' ||
                                                symbol(at - 1) == ']' || m_all[at - 1].kind == Kind::String);
            if (open && follows)
                at = closing(at, end);
            else if ((at == 0 || symbol(at - 1) != '.') && symbol(at + 1) != '.' && symbol(at + 1) != '[' &&
                     symbol(at + 1) != '(')
                markComputed(at);
        }
    }

    /// `(revision := …)` binds wherever it stands; globals() and the like may set anything.
    void readHiddenBindings(size_t begin, size_t end)
    {
        for (size_t at = begin; at < end; ++at) {
            if (symbol(at) == withEquals(':') && at > begin)
                markComputed(at - 1);
            const bool member = at > begin && symbol(at - 1) == '.';
            const bool call = word(at) >= Globals && word(at) <= Setattr && symbol(at + 1) == '(' && !member;
            if (call || ((word(at) == PythonWord::Dict || word(at) == Modules) && member))
                markAll(m_all[at].line);
            for (const PythonWord name : {Revision, DownRevision, BranchLabels, DependsOn, Doc, Downgrade}) {
                if (mayBindInside(m_all[at]) && names(m_tokens.text(m_all[at]), name))
                    markComputed(name, m_all[at].line);
            }
        }
    }

    /// True if the word stands in a text by itself.
    static bool names(QByteArrayView text, PythonWord word)
    {
        const std::string_view name = pythonWordTexts[static_cast<size_t>(word)];
        const std::string_view all(text.data(), static_cast<size_t>(text.size()));
        for (size_t at = all.find(name); at != std::string_view::npos; at = all.find(name, at + 1)) {
            if (at == 0 || !(std::isalnum(static_cast<unsigned char>(all[at - 1])) || all[at - 1] == '_'))
                return true;
        }
        return false;
    }

    void readStatement(size_t begin, size_t end, bool nested)
    {
        if (begin == end)
            return;
        if (std::exchange(m_isFirst, false) && !nested && readDocstringStatement(begin, end))
            return;
        switch (word(begin)) {
        case Import:
        case From:
            return readImport(begin, end);
        case Del:
            return markTargets(begin + 1, end);
        case PythonWord::Type:
            if (begin + 1 < end && m_all[begin + 1].kind == Kind::Name)
                return markComputed(begin + 1);
            break;
        default:
            break;
        }
        readAssignment(begin, end, nested);
    }

    bool readDocstringStatement(size_t begin, size_t end)
    {
        const size_t first = begin;
        while (begin + 1 < end && symbol(begin) == '(' && closing(begin, end) == end - 1) {
            ++begin;
            --end;
        }
        for (size_t at = begin; at < end; ++at) {
            if (m_all[at].kind != Kind::String)
                return false;
            const QByteArrayView literal = m_tokens.text(m_all[at]);
            const auto *quote = std::ranges::find_if(literal, [](char c) { return c == '"' || c == '\''; });
            const PythonPrefix prefix = pythonPrefix(literal.begin(), quote);
            if (prefix.bytes || prefix.formatted)
                return false;
        }
        if (begin == end)
            return false;
        m_header.docstring = {
            .state = HeaderBinding::State::Assigned, .line = m_all[first].line, .begin = begin, .end = end};
        m_header.docstringIsAssigned = false;
        return true;
    }

    /// `from x import a as revision`: the name behind `as`, else the imported one.
    void readImport(size_t begin, size_t end)
    {
        size_t at = begin;
        if (word(begin) == From) {
            while (at < end && word(at) != Import)
                ++at;
            if (symbol(at + 1) == '*' && !isHarmless(begin + 1))
                return markAll(m_all[begin].line);
        }
        for (++at; at < end; ++at) {
            // `import revision.x` binds revision
            if (word(at + 1) != As && symbol(at - 1) != '.')
                markComputed(at);
        }
    }

    bool isHarmless(size_t module) const
    {
        const bool known =
            std::ranges::find(harmlessModules, m_tokens.text(m_all[module])) != harmlessModules.end();
        return known && !(symbol(module + 1) == '.' && m_tokens.text(m_all[module + 2]) == "command");
    }

    void readAssignment(size_t begin, size_t end, bool nested)
    {
        QVarLengthArray<size_t, 4> assigns;
        for (size_t at = begin; at < end && word(at) != Lambda; ++at) {
            if (m_all[at].depth > 0)
                continue;
            const char c = symbol(at);
            if (c == '=')
                assigns.push_back(at);
            else if ((c & 0x80) && c != withEquals('=') && c != withEquals('!') && assigns.isEmpty())
                return markTargets(begin, at); // += and the like
        }
        size_t from = begin;
        for (const size_t assign : assigns) {
            readTarget(from, assign,
                       {.state = HeaderBinding::State::Assigned,
                        .isShared = assigns.size() > 1,
                        .begin = assigns.back() + 1,
                        .end = end},
                       nested);
            from = assign + 1;
        }
    }

    void readTarget(size_t begin, size_t end, HeaderBinding binding, bool nested)
    {
        const size_t first = begin;
        for (size_t at = begin; at < end; ++at) {
            if (isBoundary(at, ':'))
                end = at; // what follows is an annotation
        }
        while (begin + 1 < end && symbol(begin) == '(' && closing(begin, end) == end - 1) {
            ++begin;
            --end;
        }
        const PythonWord name = word(begin);
        if (end != begin + 1 || nested)
            return markTargets(first, end);
        if (name == Downgrade)
            m_header.bindsDowngrade = true;
        if (!isHeaderWord(name) && name != Doc)
            return;
        binding.line = m_all[begin].line;
        if (name == Doc)
            m_header.docstring = binding;
        else
            m_header.binding(name) = binding;
        m_header.docstringIsAssigned = m_header.docstringIsAssigned || name == Doc;
    }

    const PythonTokens &m_tokens;
    const std::vector<PythonToken> &m_all;
    RevisionHeader m_header;
    PythonFunction m_function;
    std::array<bool, 4> m_isGlobalElsewhere{};
    int m_skipIndent = -1; ///< lines deeper than this belong to a function or class
    bool m_withFunctions;
    bool m_isFirst = true;
};

} // namespace

RevisionHeader readRevisionHeader(const PythonTokens &tokens, bool withFunctions)
{
    return ModuleReader(tokens, withFunctions).run();
}

std::optional<QString> readDocstring(const PythonTokens &tokens, const RevisionHeader &header)
{
    if (header.docstring.state == HeaderBinding::State::Absent)
        return QString();
    if (!header.docstringIsAssigned && header.docstring.state == HeaderBinding::State::Assigned) {
        const auto text = readText(tokens, header.docstring.begin, header.docstring.end);
        return text ? std::optional(cleanDocstring(*text)) : std::nullopt;
    }
    const HeaderValue value = readHeaderValue(tokens, header.docstring, PythonWord::Doc);
    if (value.state == HeaderValue::State::Computed)
        return std::nullopt;
    return value.items.isEmpty() || value.isList ? QString() : value.items.front();
}

} // namespace stepwell
