// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionfacts.h"

#include <QSet>

#include <algorithm>
#include <array>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Kind = PythonTokenKind;

/// What the code of one direction does, as far as its tokens tell.
struct Deeds {
    QSet<QString> created; ///< tables and columns, lower case, without schema
    QSet<QString> dropped; ///< likewise; an empty name is one that is put together at run time
    QSet<QString> filled;  ///< the first column of each UPDATE
    bool deletes = false;
    bool autocommit = false;
    bool connection = false;
};

/// A word of SQL as a bare name: quotes, schema and punctuation removed.
QString bareName(QString word)
{
    word.remove(u'"').remove(u'`').remove(u';').remove(u',');
    if (const auto bracket = word.indexOf(u'('); bracket >= 0)
        word.truncate(bracket);
    return word.sliced(word.lastIndexOf(u'.') + 1).toLower();
}

class SqlScanner
{
public:
    SqlScanner(const QString &text, Deeds &deeds) : m_deeds(deeds)
    {
        const QString spaced = text.simplified();
        if (spaced.contains(u' '))
            m_words = spaced.split(u' ');
    }

    void run()
    {
        for (qsizetype at = 0; at < m_words.size(); ++at) {
            if (is(at, "DELETE") && is(at + 1, "FROM"))
                m_deeds.deletes = true;
            else if (is(at, "TRUNCATE"))
                m_deeds.deletes = true;
            else if (is(at, "UPDATE"))
                readUpdate(at + 1);
            else if (is(at, "CREATE") && is(at + 1, "TABLE"))
                m_deeds.created += nameAfter(at + 2);
            else if (is(at, "ADD") && isAlterTable(at))
                m_deeds.created += nameAfter(at + (is(at + 1, "COLUMN") ? 2 : 1));
            else if (is(at, "DROP") && (is(at + 1, "TABLE") || is(at + 1, "COLUMN")))
                m_deeds.dropped += nameAfter(at + 2);
        }
    }

private:
    bool is(qsizetype at, const char *word) const
    {
        return at < m_words.size() &&
               m_words.at(at).compare(QLatin1StringView(word), Qt::CaseInsensitive) == 0;
    }

    bool isAlterTable(qsizetype at) const
    {
        for (qsizetype back = 0; back + 1 < at; ++back) {
            if (is(back, "ALTER") && is(back + 1, "TABLE"))
                return true;
        }
        return false;
    }

    QString nameAfter(qsizetype at) const
    {
        while (is(at, "IF") || is(at, "NOT") || is(at, "EXISTS") || is(at, "ONLY"))
            ++at;
        return at < m_words.size() ? bareName(m_words.at(at)) : QString();
    }

    /// UPDATE table [AS x] SET column = …
    void readUpdate(qsizetype at)
    {
        for (qsizetype set = at + 1; set < std::min(at + 5, m_words.size()); ++set) {
            if (!is(set, "SET"))
                continue;
            const QString column =
                bareName((set + 1 < m_words.size() ? m_words.at(set + 1) : QString()).section(u'=', 0, 0));
            // Where only what was NULL is filled nothing is overwritten.
            if (!m_words.join(u' ').contains(QString(column + u" IS NULL"_s), Qt::CaseInsensitive))
                m_deeds.filled += column;
            return;
        }
    }

    Deeds &m_deeds;
    QStringList m_words;
};

class FactReader
{
public:
    FactReader(const PythonTokens &tokens, const RevisionHeader &header)
        : m_tokens(tokens), m_all(tokens.all()), m_header(header)
    {
    }

    Deeds deedsOf(const QByteArray &function)
    {
        m_seen.clear();
        Deeds deeds;
        visit(function, deeds);
        return deeds;
    }

    WayBack wayBack() const
    {
        if (!m_header.functions.contains("downgrade"))
            return m_header.bindsDowngrade ? WayBack::Yes : WayBack::Irreversible;
        switch (body("downgrade")) {
        case Body::Raises:
            return WayBack::Irreversible;
        case Body::Works:
            return WayBack::Yes;
        case Body::Idle:
            break;
        }
        // A merge point, say: where the way up does nothing, a way back that does nothing is whole.
        const bool nothingToUndo = m_header.functions.contains("upgrade") && body("upgrade") == Body::Idle;
        return nothingToUndo ? WayBack::Yes : WayBack::Empty;
    }

private:
    enum class Body { Idle, Works, Raises };

    /// What the first statement that does anything in a function does.
    Body body(const QByteArray &function) const
    {
        const auto span = m_header.functions.value(function);
        for (size_t at = span.first; at < span.second;) {
            size_t end = at;
            while (end < span.second && m_all[end].kind != Kind::Newline && !isSymbol(end, ';'))
                ++end;
            if (isName(at, "raise"))
                return Body::Raises;
            if (!isIdle(at, end))
                return Body::Works;
            if (isName(at, "return"))
                break;
            at = end + 1;
        }
        return Body::Idle;
    }

    bool isName(size_t at, QByteArrayView text) const
    {
        return at < m_all.size() && m_all[at].kind == Kind::Name && m_tokens.text(m_all[at]) == text;
    }
    bool isSymbol(size_t at, char c) const
    {
        return at < m_all.size() && m_all[at].kind == Kind::Operator && m_all[at].symbol == c;
    }

    /// A statement that does nothing: pass, `...`, a bare string, return, return None.
    bool isIdle(size_t begin, size_t end) const
    {
        if (begin == end || (end == begin + 1 && (isName(begin, "pass") || isName(begin, "return"))))
            return true;
        if (end == begin + 2 && isName(begin, "return") && isName(begin + 1, "None"))
            return true;
        for (size_t at = begin; at < end; ++at) {
            if (m_all[at].kind != Kind::String && !isSymbol(at, '.'))
                return false;
        }
        return true;
    }

    void visit(const QByteArray &function, Deeds &deeds)
    {
        const auto found = m_header.functions.constFind(function);
        if (found == m_header.functions.cend() || m_seen.contains(function))
            return;
        m_seen += function;
        for (size_t at = found->first; at < found->second; ++at) {
            if (m_all[at].kind == Kind::String && m_all[at].indent < 0)
                SqlScanner(pythonString(m_tokens.text(m_all[at])).text, deeds).run();
            else if (m_all[at].kind == Kind::Name)
                readName(at, deeds);
        }
    }

    void readName(size_t at, Deeds &deeds)
    {
        const QByteArrayView name = m_tokens.text(m_all[at]);
        deeds.autocommit = deeds.autocommit || name == "autocommit_block";
        static constexpr std::array<QByteArrayView, 6> connected{"get_bind", "inspect",       "Inspector",
                                                                 "autoload", "autoload_with", "from_engine"};
        deeds.connection = deeds.connection || std::ranges::find(connected, name) != connected.end();
        if (!isSymbol(at + 1, '('))
            return;
        const bool method = at > 0 && isSymbol(at - 1, '.');
        if (!method)
            return visitOrColumn(at, name.toByteArray(), deeds);
        if (name == "create_table")
            deeds.created += argument(at, 0);
        else if (name == "add_column")
            deeds.created += addedColumn(at);
        else if (name == "drop_table")
            deeds.dropped += argument(at, 0);
        else if (name == "drop_column") // op.drop_column(table, column), batch_op.drop_column(column)
            deeds.dropped += argument(at, isBatch(at) ? 0 : 1);
        else if (name == "delete")
            deeds.deletes = true;
    }

    void visitOrColumn(size_t at, const QByteArray &name, Deeds &deeds)
    {
        if (name == "delete")
            deeds.deletes = true;
        else if (m_header.functions.contains(name) && !isName(at - 1, "def"))
            visit(name, deeds);
    }

    bool isBatch(size_t at) const { return at >= 2 && !isName(at - 2, "op"); }

    /// The text of a call's positional argument; empty if it is not a plain string.
    QString argument(size_t call, int index) const
    {
        size_t at = call + 2;
        const int depth = m_all[call + 1].depth + 1;
        for (; at < m_all.size() && m_all[at].depth >= depth; ++at) {
            if (index == 0) {
                if (m_all[at].kind == Kind::Name && isSymbol(at + 1, '='))
                    at += 2;
                return at < m_all.size() && m_all[at].kind == Kind::String
                           ? bareName(pythonString(m_tokens.text(m_all[at])).text)
                           : QString();
            }
            if (m_all[at].depth == depth && isSymbol(at, ','))
                --index;
        }
        return {};
    }

    /// The name in the Column(…) of add_column.
    QString addedColumn(size_t call) const
    {
        const int depth = m_all[call + 1].depth;
        for (size_t at = call + 2; at < m_all.size() && m_all[at].depth > depth; ++at) {
            if (isName(at, "Column") && isSymbol(at + 1, '('))
                return argument(at, 0);
        }
        return {};
    }

    const PythonTokens &m_tokens;
    const std::vector<PythonToken> &m_all;
    const RevisionHeader &m_header;
    QSet<QByteArray> m_seen;
};

} // namespace

void readRevisionFacts(const PythonTokens &tokens, const RevisionHeader &header, Revision &revision)
{
    FactReader reader(tokens, header);
    const Deeds up = reader.deedsOf("upgrade");
    const Deeds down = reader.deedsOf("downgrade");
    revision.wayBack = reader.wayBack();
    revision.hasAutocommit = up.autocommit || down.autocommit;
    revision.usesConnection = up.connection || down.connection;
    const bool overwrites =
        std::ranges::any_of(up.filled, [&](const QString &column) { return !up.created.contains(column); });
    // A name that is only known at run time counts as the revision's own if it creates anything.
    const bool dropsForeign = std::ranges::any_of(down.dropped, [&](const QString &name) {
        return name.isEmpty() ? up.created.isEmpty() : !up.created.contains(name);
    });
    const bool dropsOld = std::ranges::any_of(
        up.dropped, [&](const QString &name) { return name.isEmpty() || !up.created.contains(name); });
    const bool undoesByHand = std::ranges::any_of(down.filled, [&](const QString &column) {
        return !up.dropped.contains(column) && !down.created.contains(column);
    });
    revision.losesData = undoesByHand || dropsOld || up.deletes || overwrites || down.deletes || dropsForeign;
}

} // namespace stepwell
