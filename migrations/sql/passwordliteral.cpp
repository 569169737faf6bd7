// SPDX-License-Identifier: MIT
#include "migrations/sql/passwordliteral.h"

#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

bool isWord(QChar c)
{
    return c.isLetterOrNumber() || c == u'_' || c == u'$' || c.isSurrogate();
}

/// "password=x" of a libpq connection string, "//role:x@host" of a URL.
bool isConnectionString(QStringView literal)
{
    static const QRegularExpression secret(u"\\bpassword\\s*=\\s*[^\\s;]|://[^\\s:/@]+:[^\\s/@]+@"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    return secret.matchView(literal).hasMatch();
}

/// Walks over SQL from literal to literal. One that is cut off ends with the text.
class LiteralScanner
{
public:
    explicit LiteralScanner(QStringView sql) : m_sql(sql) {}

    bool findsPassword()
    {
        while (m_at < m_sql.size()) {
            if (skipsComment())
                continue;
            const QChar c = m_sql.at(m_at);
            if (c == u'\'') {
                if (isSecret(quoted(u'\'')))
                    return true;
                m_afterPassword = false;
            } else if (c == u'"') {
                word(quoted(u'"'));
            } else if (c == u'$' && dollarTag() > 0) {
                const QStringView body = dollarQuoted();
                if (isSecret(body) || LiteralScanner(body).findsPassword())
                    return true;
                m_afterPassword = false;
            } else if (isWord(c)) {
                const qsizetype start = m_at;
                while (m_at < m_sql.size() && isWord(m_sql.at(m_at)))
                    ++m_at;
                word(m_sql.sliced(start, m_at - start));
            } else {
                // password = '…', password := '…', password => '…', PASSWORD U&'…'
                m_afterPassword = m_afterPassword && (c.isSpace() || u"=:>&("_s.contains(c));
                ++m_at;
            }
        }
        return false;
    }

private:
    bool isSecret(QStringView literal) const
    {
        return (m_afterPassword && !literal.isEmpty()) || isConnectionString(literal);
    }

    void word(QStringView text)
    {
        const bool isPrefix =
            text.size() == 1 && m_at < m_sql.size() && (m_sql.at(m_at) == u'\'' || m_sql.at(m_at) == u'&');
        if (!isPrefix)
            m_afterPassword = text.compare(u"password"_s, Qt::CaseInsensitive) == 0;
        m_escapes = isPrefix && text.compare(u"e"_s, Qt::CaseInsensitive) == 0;
    }

    bool skipsComment()
    {
        const QStringView rest = m_sql.sliced(m_at);
        if (rest.startsWith("--"_L1)) {
            const qsizetype end = rest.indexOf(u'\n');
            m_at = end < 0 ? m_sql.size() : m_at + end + 1;
            return true;
        }
        if (!rest.startsWith("/*"_L1))
            return false;
        int depth = 0; // PostgreSQL's comments nest
        while (m_at < m_sql.size()) {
            const QStringView two = m_sql.sliced(m_at).first(qMin<qsizetype>(2, m_sql.size() - m_at));
            depth += two == "/*"_L1 ? 1 : two == "*/"_L1 ? -1 : 0;
            m_at += two == "/*"_L1 || two == "*/"_L1 ? 2 : 1;
            if (depth == 0)
                break;
        }
        return true;
    }

    QStringView quoted(QChar quote)
    {
        const qsizetype start = ++m_at;
        while (m_at < m_sql.size()) {
            const QChar c = m_sql.at(m_at);
            if (c == u'\\' && m_escapes)
                ++m_at;
            else if (c == quote && m_at + 1 < m_sql.size() && m_sql.at(m_at + 1) == quote)
                ++m_at;
            else if (c == quote)
                break;
            ++m_at;
        }
        m_escapes = false;
        const qsizetype end = qMin(m_at, m_sql.size());
        m_at = qMin(end + 1, m_sql.size());
        return m_sql.sliced(start, end - start);
    }

    /// Length of `$tag$` here; 0 if there is none.
    qsizetype dollarTag() const
    {
        qsizetype end = m_at + 1;
        while (end < m_sql.size() && isWord(m_sql.at(end)) && m_sql.at(end) != u'$')
            ++end;
        const bool isTag = end < m_sql.size() && m_sql.at(end) == u'$' && !m_sql.at(m_at + 1).isDigit();
        return isTag ? end + 1 - m_at : 0;
    }

    QStringView dollarQuoted()
    {
        const QStringView tag = m_sql.sliced(m_at, dollarTag());
        const qsizetype start = m_at + tag.size();
        const qsizetype end = m_sql.indexOf(tag, start);
        m_at = end < 0 ? m_sql.size() : end + tag.size();
        return m_sql.sliced(start, (end < 0 ? m_sql.size() : end) - start);
    }

    QStringView m_sql;
    qsizetype m_at = 0;
    bool m_afterPassword = false; ///< the last word was PASSWORD
    bool m_escapes = false;       ///< the literal that begins here is E'…'
};

} // namespace

bool holdsPassword(const QString &sql)
{
    // Most SQL has neither: a bulk insert of megabytes is not walked through.
    if (!sql.contains("password"_L1, Qt::CaseInsensitive) && !sql.contains("://"_L1))
        return false;
    return LiteralScanner(sql).findsPassword();
}

} // namespace stepwell
