// SPDX-License-Identifier: MIT
#include "migrations/python/pythontokens.h"

#include <QStringList>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int tabWidth = 8;

/// Replaces the escapes of a text literal that is not raw.
class EscapeReader
{
public:
    explicit EscapeReader(const QString &source) : m_source(source) {}

    PythonString run()
    {
        while (m_at < m_source.size()) {
            const QChar c = m_source.at(m_at);
            if (c != u'\\' || m_at + 1 == m_source.size()) {
                m_result.text += c;
                ++m_at;
                continue;
            }
            readEscape(m_source.at(m_at + 1));
        }
        return m_result;
    }

private:
    void readEscape(QChar kind)
    {
        static const QString from = u"\\'\"abfnrtv"_s;
        static const QString to = u"\\'\"\a\b\f\n\r\t\v"_s;
        if (const auto simple = from.indexOf(kind); simple >= 0) {
            m_result.text += to.at(simple);
            m_at += 2;
        } else if (kind == u'\n') {
            m_at += 2;
        } else if (kind == u'x') {
            readCode(2, 2, 16);
        } else if (kind == u'u') {
            readCode(2, 4, 16);
        } else if (kind == u'U') {
            readCode(2, 8, 16);
        } else if (kind >= u'0' && kind <= u'7') {
            readCode(1, 3, 8);
        } else {
            m_result.isExact = m_result.isExact && kind != u'N';
            m_result.text += u'\\';
            ++m_at;
        }
    }

    void readCode(qsizetype skip, int digits, int base)
    {
        qsizetype end = m_at + skip;
        while (end < m_source.size() && end < m_at + skip + digits && isDigit(m_source.at(end), base))
            ++end;
        const char32_t code =
            QStringView(m_source).sliced(m_at + skip, end - m_at - skip).toUInt(nullptr, base);
        if (code > 0x10ffff || (base == 16 && end != m_at + skip + digits)) {
            m_result.isExact = false;
            m_result.text += u'\\';
            ++m_at;
            return;
        }
        m_result.text += QString::fromUcs4(&code, 1);
        m_at = end;
    }

    static bool isDigit(QChar c, int base)
    {
        const char16_t lower = c.toLower().unicode();
        return base == 8 ? lower >= u'0' && lower <= u'7'
                         : (lower >= u'0' && lower <= u'9') || (lower >= u'a' && lower <= u'f');
    }

    const QString &m_source;
    qsizetype m_at = 0;
    PythonString m_result;
};

QString expandTabs(const QString &text)
{
    QString result;
    int column = 0;
    for (const QChar c : text) {
        if (c == u'\t') {
            const int width = tabWidth - column % tabWidth;
            result += QString(width, u' ');
            column += width;
        } else {
            result += c;
            column = c == u'\n' || c == u'\r' ? 0 : column + 1;
        }
    }
    return result;
}

/// How many blanks stand at a place.
qsizetype leadingBlanks(const QString &text, qsizetype begin)
{
    qsizetype at = begin;
    while (at < text.size() && text.at(at) == u' ')
        ++at;
    return at - begin;
}

} // namespace

PythonString pythonString(QByteArrayView literal)
{
    bool raw = false;
    bool bytes = false;
    bool formatted = false;
    qsizetype at = 0;
    for (; at < literal.size() && literal.at(at) != '"' && literal.at(at) != '\''; ++at) {
        const char c = literal.at(at);
        raw = raw || c == 'r' || c == 'R';
        bytes = bytes || c == 'b' || c == 'B';
        formatted = formatted || c == 'f' || c == 'F' || c == 't' || c == 'T';
    }
    if (at == literal.size())
        return {{}, false, false};
    const char quote = literal.at(at);
    const bool triple =
        literal.size() >= at + 6 && literal.at(at + 1) == quote && literal.at(at + 2) == quote;
    const qsizetype width = triple ? 3 : 1;
    const bool closed = literal.size() >= at + 2 * width && literal.last(1).at(0) == quote;
    const auto body = literal.sliced(at + width, literal.size() - at - width - (closed ? width : 0));
    QString text = QString::fromUtf8(body);
    if (text.contains(u'\r'))
        text.replace(u"\r\n"_s, u"\n"_s).replace(u'\r', u'\n');
    PythonString result{text};
    if (!raw && text.contains(u'\\'))
        result = EscapeReader(text).run();
    result.isText = closed && !bytes && !(formatted && (text.contains(u'{') || text.contains(u'}')));
    return result;
}

QString cleanDocstring(const QString &text)
{
    const QString source = text.contains(u'\t') ? expandTabs(text) : text;
    const auto firstBreak = source.indexOf(u'\n');
    qsizetype margin = -1;
    for (auto at = firstBreak; at >= 0; at = source.indexOf(u'\n', at + 1)) {
        const qsizetype blanks = leadingBlanks(source, at + 1);
        const qsizetype next = at + 1 + blanks;
        if (next < source.size() && source.at(next) != u'\n')
            margin = margin < 0 ? blanks : std::min(margin, blanks);
    }
    const qsizetype first = leadingBlanks(source, 0);
    if (margin <= 0)
        return first == 0 ? source : source.sliced(first);
    QString result;
    result.reserve(source.size());
    result += QStringView(source).sliced(first, firstBreak - first);
    for (auto at = firstBreak; at >= 0;) {
        const qsizetype begin = at + 1 + std::min(margin, leadingBlanks(source, at + 1));
        at = source.indexOf(u'\n', begin);
        result += u'\n';
        result += QStringView(source).sliced(begin, (at < 0 ? source.size() : at) - begin);
    }
    return result;
}

} // namespace stepwell
