// SPDX-License-Identifier: MIT
#include "migrations/alembic/sqldeeds.h"

#include <algorithm>
#include <string_view>

namespace stepwell {

namespace {

using namespace std::string_view_literals;

bool isBlank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool equals(QByteArrayView word, std::string_view lowerCase)
{
    return std::ranges::equal(word, lowerCase, {}, lower);
}

/// The words of a text, one after the other.
class SqlWords
{
public:
    explicit SqlWords(QByteArrayView text) : m_text(text) { next(); }

    [[nodiscard]] QByteArrayView word() const { return m_text.first(m_size); }
    [[nodiscard]] bool atEnd() const { return m_size == 0; }
    [[nodiscard]] bool is(std::string_view lowerCase) const { return equals(word(), lowerCase); }

    void next()
    {
        qsizetype begin = m_size;
        while (begin < m_text.size() && isBlank(m_text[begin]))
            ++begin;
        m_text = m_text.sliced(begin);
        m_size = 0;
        while (m_size < m_text.size() && !isBlank(m_text[m_size]))
            ++m_size;
    }

    [[nodiscard]] bool take(std::string_view lowerCase)
    {
        const bool taken = is(lowerCase);
        if (taken)
            next();
        return taken;
    }

private:
    QByteArrayView m_text;
    qsizetype m_size = 0;
};

QByteArray nameAt(SqlWords words)
{
    while (words.take("if") || words.take("not") || words.take("exists") || words.take("only")) {
    }
    return bareName(words.word());
}

/// True if `column IS NULL` stands in the rest of the statement.
bool fillsNullOnly(SqlWords words, const QByteArray &column)
{
    while (!words.atEnd() && !words.is("update")) {
        const bool ends = words.word().endsWith(';');
        QByteArrayView word = words.word();
        while (word.startsWith('('))
            word = word.sliced(1);
        const bool named = bareName(word) == column;
        words.next();
        if (ends)
            return false;
        SqlWords condition = words;
        if (named && condition.take("is") && condition.word().size() >= 4 &&
            equals(condition.word().first(4), "null"))
            return true;
    }
    return false;
}

/// UPDATE table [AS x] SET column = …; behind UPDATE.
void readUpdate(SqlWords words, SqlDeeds &deeds)
{
    words.next();
    for (int skipped = 0; skipped < 4 && !words.atEnd(); ++skipped) {
        if (!words.take("set")) {
            words.next();
            continue;
        }
        deeds.changes = true;
        const QByteArrayView target = words.word();
        const auto equal = target.indexOf('=');
        QByteArray column = bareName(equal < 0 ? target : target.first(equal));
        // Where only what was NULL is filled nothing is overwritten.
        if (!fillsNullOnly(words, column))
            deeds.filled.push_back(std::move(column));
        return;
    }
}

/// Behind a body in dollar quotes.
void skipBody(SqlWords &words)
{
    QByteArray quote;
    while (!words.atEnd()) {
        const QByteArrayView word = words.word();
        const auto begin = word.indexOf('$');
        const auto end = begin < 0 ? -1 : word.indexOf('$', begin + 1);
        words.next();
        if (end < 0)
            continue;
        const QByteArrayView found = word.sliced(begin, end + 1 - begin);
        if (!quote.isEmpty() && found == quote)
            return;
        if (quote.isEmpty()) {
            quote = found.toByteArray();
            if (word.sliced(end + 1).contains(quote))
                return;
        }
    }
}

/// Behind CREATE.
void readCreate(SqlWords &words, SqlDeeds &deeds)
{
    if (words.take("or"))
        words.next();
    if (words.take("table"))
        deeds.created.push_back(nameAt(words));
    else if (words.is("function") || words.is("procedure"))
        skipBody(words);
}

/// COPY table [(columns)] FROM, behind COPY.
bool copiesFrom(SqlWords words)
{
    while (!words.atEnd() && !words.is("to") && !words.word().endsWith(';')) {
        if (words.take("from"))
            return true;
        words.next();
    }
    return false;
}

} // namespace

QByteArray bareName(QByteArrayView word)
{
    QByteArray name;
    name.reserve(word.size());
    for (const char c : word) {
        if (c == '(')
            break;
        if (c == '.')
            name.clear();
        else if (!"\"`;,"sv.contains(c))
            name += lower(c);
    }
    return name;
}

bool mayBeSql(QByteArrayView text)
{
    constexpr qsizetype shortest = 10; // "TRUNCATE t", "DROP TABLE"
    if (text.size() < shortest)
        return false;
    bool blank = false;
    for (const char c : text)
        blank = blank || isBlank(c) || c == '\\';
    if (!blank)
        return false;
    const auto has = [&](qsizetype at, std::string_view word) {
        return at + static_cast<qsizetype>(word.size()) <= text.size() &&
               equals(text.sliced(at, static_cast<qsizetype>(word.size())), word);
    };
    for (qsizetype at = 0; at < text.size(); ++at) {
        switch (lower(text[at])) {
        case 'a':
            if (has(at, "add"))
                return true;
            break;
        case 'c':
            if (has(at, "create") || has(at, "copy"))
                return true;
            break;
        case 'd':
            if (has(at, "delete") || has(at, "drop"))
                return true;
            break;
        case 'i':
            if (has(at, "insert"))
                return true;
            break;
        case 'm':
            if (has(at, "merge"))
                return true;
            break;
        case 't':
            if (has(at, "truncate"))
                return true;
            break;
        case 'u':
            if (has(at, "update"))
                return true;
            break;
        default:
            break;
        }
    }
    return false;
}

void readSqlDeeds(QByteArrayView text, SqlDeeds &deeds)
{
    SqlWords words(text);
    if (words.word().size() == text.size())
        return; // one word is a name
    bool inAlter = false;
    while (!words.atEnd()) {
        if (words.take("delete")) {
            deeds.deletes = deeds.deletes || words.is("from");
            deeds.changes = deeds.changes || words.is("from");
        } else if (words.take("truncate")) {
            deeds.deletes = true;
            deeds.changes = deeds.changes || !(words.is("on") || words.is("or"));
        } else if (words.take("insert") || words.take("merge")) {
            deeds.changes = deeds.changes || words.is("into");
        } else if (words.take("copy")) {
            deeds.changes = deeds.changes || copiesFrom(words);
        } else if (words.take("update")) {
            readUpdate(words, deeds);
        } else if (words.take("create")) {
            readCreate(words, deeds);
        } else if (words.take("alter")) {
            inAlter = inAlter || words.is("table");
        } else if (words.take("add")) {
            if (words.take("column") || inAlter)
                deeds.created.push_back(nameAt(words));
        } else if (words.take("drop")) {
            if (words.take("table") || words.take("column"))
                deeds.dropped.push_back(nameAt(words));
        } else {
            words.next();
        }
    }
}

} // namespace stepwell
