// SPDX-License-Identifier: MIT
#include "migrations/python/pythontokens.h"

#include "migrations/python/pythoncharacters.h"
#include "migrations/python/pythonencoding.h"
#include "migrations/python/pythonliterals.h"

#include <algorithm>
#include <array>

namespace stepwell {

namespace {

using Kind = PythonTokenKind;
using Fault = PythonFault;
using Class = PythonCharacter;

constexpr int tabWidth = 8;
constexpr size_t maxBlocks = 100; // Python takes no more
constexpr int maxColumn = 1 << 20;

bool isNewline(char c)
{
    return c == '\n' || c == '\r';
}

/// A statement that begins so has a colon.
bool needsColon(PythonWord word)
{
    using enum PythonWord;
    return opensBlock(word) || word == Async || word == Class || word == Def;
}

} // namespace

class PythonTokenizer
{
public:
    explicit PythonTokenizer(PythonTokens &tokens)
        : m_out(tokens), m_tokens(tokens.m_tokens), m_begin(tokens.m_source.data()), m_cursor{.at = m_begin}
    {
        m_tokens.clear();
        m_tokens.reserve(tokens.m_source.size() / 4 + 8);
        const QByteArrayView text(m_begin, static_cast<qsizetype>(tokens.m_source.size()) - 1);
        m_isValid = text.isValidUtf8();
    }

    void run()
    {
        startLine();
        while (step()) {
        }
        endLine();
        if (m_depth > 0)
            failAt(Fault::OpenBracket, m_openLines[static_cast<size_t>(m_depth - 1)]);
        if (m_expectsBlock)
            failAt(Fault::MissingBlock, m_blockLine);
        const bool hasNul = m_out.m_fault == Fault::NulByte; // Python looks for it before anything else
        m_out.m_fault = hasNul ? Fault::NulByte : m_cursor.fault;
        m_out.m_faultLine = hasNul ? m_cursor.line : m_cursor.faultLine;
    }

private:
    /// False at the end of the source.
    bool step()
    {
        switch (classOf(*m_cursor.at)) {
        case Class::End:
            return false;
        case Class::Blank:
            ++m_cursor.at;
            break;
        case Class::Comment:
            while (!isLineEnd(*m_cursor.at))
                ++m_cursor.at;
            break;
        case Class::LineEnd:
            readLineEnd();
            break;
        case Class::Backslash:
            readBackslash();
            break;
        case Class::Quote:
            readString(m_cursor.at, {});
            break;
        case Class::Letter:
        case Class::High:
            readName();
            break;
        case Class::Digit:
            readNumber();
            break;
        case Class::Dot:
            if (classOf(m_cursor.at[1]) == Class::Digit)
                readNumber();
            else
                readOperator();
            break;
        case Class::Open:
            open();
            break;
        case Class::Close:
            close();
            break;
        case Class::Bad:
            m_cursor.fail(Fault::StrayCharacter);
            readOperator();
            break;
        case Class::Operator:
            readOperator();
            break;
        }
        return true;
    }

    void failAt(Fault fault, int line)
    {
        const int here = std::exchange(m_cursor.line, line);
        m_cursor.fail(fault);
        m_cursor.line = here;
    }

    void giveUp(Fault fault)
    {
        m_cursor.fail(fault);
        while (*m_cursor.at)
            ++m_cursor.at;
    }

    int offset(const char *at) const { return static_cast<int>(at - m_begin); }

    /// The blanks before a logical line: as Python counts them, with tabs of 8 columns and of 1.
    void startLine()
    {
        int column = 0;
        int narrow = 0;
        int joined = 0;
        for (;; ++m_cursor.at) {
            const char c = *m_cursor.at;
            if (c == ' ') {
                ++column;
                ++narrow;
            } else if (c == '\t') {
                column = (column / tabWidth + 1) * tabWidth;
                ++narrow;
            } else if (c == '\f') {
                column = narrow = 0;
            } else if (c == '\\' && isNewline(m_cursor.at[1])) {
                joined = joined ? joined : column; // the first line of several tells the column
                readBackslash();
                --m_cursor.at;
            } else {
                break;
            }
        }
        if (*m_cursor.at == '#' || isLineEnd(*m_cursor.at))
            return;
        m_column = std::min(joined ? joined : column, maxColumn);
        indentTo(m_column, joined ? joined : narrow);
    }

    void indentTo(int column, int narrow)
    {
        const bool expectsBlock = std::exchange(m_expectsBlock, false);
        const Indent outer = m_indents[m_blocks];
        if (expectsBlock && column <= outer.column)
            failAt(Fault::MissingBlock, m_blockLine);
        if (column > outer.column) {
            if (!expectsBlock)
                m_cursor.fail(Fault::StrayIndent);
            if (narrow <= outer.narrow)
                m_cursor.fail(Fault::MixedIndent);
            if (m_blocks + 1 == maxBlocks)
                return giveUp(Fault::TooDeep);
            m_indents[++m_blocks] = {column, narrow};
            return;
        }
        while (m_blocks > 0 && column < m_indents[m_blocks].column)
            --m_blocks;
        if (column != m_indents[m_blocks].column)
            m_cursor.fail(Fault::StrayDedent);
        else if (narrow != m_indents[m_blocks].narrow)
            m_cursor.fail(Fault::MixedIndent);
    }

    void readLineEnd()
    {
        if (m_depth > 0)
            return skipNewline(m_cursor);
        endLine();
        skipNewline(m_cursor);
        startLine();
    }

    void endLine()
    {
        if (!m_inLine)
            return;
        if (m_depth == 0) // otherwise it is the end of the file, and the open bracket is what is wrong
            checkLine(m_tokens.back());
        const int at = offset(m_cursor.at);
        m_tokens.push_back({.begin = at, .end = at, .line = m_cursor.line});
        m_inLine = false;
        m_value = Value::None;
    }

    void checkLine(const PythonToken &last)
    {
        if (last.kind == Kind::Operator)
            checkLastOperator(last);
        if (m_needsColon && !m_hasColon)
            m_cursor.fail(Fault::MissingColon);
    }

    void checkLastOperator(const PythonToken &last)
    {
        if (last.symbol == ':' && last.depth == 0) {
            m_expectsBlock = true;
            m_blockLine = last.line;
        } else if ((last.symbol & 0x80) || std::string_view("=+-/%@&|^~<>").contains(last.symbol) ||
                   (last.symbol == '*' && !m_isImport)) {
            m_cursor.fail(Fault::Incomplete);
        }
    }

    void add(Kind kind, const char *begin, int line, char symbol = 0, PythonWord word = PythonWord::Other)
    {
        if (!m_inLine) {
            m_needsColon = needsColon(word);
            m_isImport = word == PythonWord::From;
            m_hasColon = false;
        }
        m_tokens.push_back({kind, symbol, word, static_cast<quint8>(m_depth), offset(begin),
                            offset(m_cursor.at), line, m_inLine ? -1 : m_column});
        m_inLine = true;
    }

    enum class Value : quint8 { None, Any, Text };

    /// Two values side by side are an error, but for strings.
    void noteValue(Value value)
    {
        if (m_value == Value::Any || (m_value == Value::Text && value != Value::Text))
            m_cursor.fail(Fault::TwoValues);
        m_value = value;
    }

    void readName()
    {
        const char *begin = m_cursor.at;
        unsigned char all = 0;
        while (classOf(*m_cursor.at) == Class::Letter || classOf(*m_cursor.at) == Class::Digit ||
               classOf(*m_cursor.at) == Class::High)
            all |= static_cast<unsigned char>(*m_cursor.at++);
        if (*m_cursor.at == '"' || *m_cursor.at == '\'') {
            if (const PythonPrefix prefix = pythonPrefix(begin, m_cursor.at); prefix.isPrefix)
                return readString(begin, prefix);
        }
        const PythonWord word =
            all < 0x80 ? pythonWord(begin, static_cast<size_t>(m_cursor.at - begin)) : foreignWord(begin);
        if (isKeyword(word)) {
            m_value = Value::None;
            m_out.m_hasGlobal = m_out.m_hasGlobal || word == PythonWord::Global;
        } else {
            noteValue(isSoftKeyword(word) ? Value::None : Value::Any);
        }
        add(Kind::Name, begin, m_cursor.line, 0, word);
    }

    /// A name that is not ASCII: the same name for Python if its compatibility form is.
    PythonWord foreignWord(const char *begin)
    {
        const QByteArrayView bytes(begin, m_cursor.at - begin);
        if (!m_isValid && !bytes.isValidUtf8()) {
            m_cursor.fail(Fault::Undecodable);
            return PythonWord::Other;
        }
        const QString name = QString::fromUtf8(bytes);
        for (const char32_t c : name.toUcs4()) {
            if (c >= 0x80 && isNoNamePart(c))
                m_cursor.fail(Fault::StrayCharacter);
        }
        const QByteArray plain = name.normalized(QString::NormalizationForm_KC).toUtf8();
        return pythonWord(plain.constData(), static_cast<size_t>(plain.size()));
    }

    void readNumber()
    {
        const char *begin = m_cursor.at;
        skipNumber(m_cursor);
        noteValue(Value::Any);
        add(Kind::Number, begin, m_cursor.line);
    }

    /// The cursor stands on the quote, begin on the prefix.
    void readString(const char *begin, const PythonPrefix &prefix)
    {
        const int line = m_cursor.line;
        noteValue(Value::Text);
        skipString(m_cursor, prefix, m_depth);
        const QByteArrayView literal(begin, m_cursor.at - begin);
        if (!m_isValid && !(prefix.formatted && literal.contains('#')) && !literal.isValidUtf8())
            failAt(Fault::Undecodable, line);
        add(Kind::String, begin, line);
    }

    void readBackslash()
    {
        ++m_cursor.at;
        if (isNewline(*m_cursor.at))
            skipNewline(m_cursor);
        else
            m_cursor.fail(Fault::StrayBackslash);
        if (!*m_cursor.at)
            m_cursor.fail(Fault::StrayBackslash);
    }

    void open()
    {
        const char c = *m_cursor.at;
        if (m_depth == maxBrackets)
            return giveUp(Fault::TooDeep);
        const char *begin = m_cursor.at++;
        add(Kind::Operator, begin, m_cursor.line, c);
        const auto place = static_cast<size_t>(m_depth++);
        m_open[place] = c == '(' ? ')' : c == '[' ? ']' : '}';
        m_openLines[place] = m_cursor.line;
        m_value = Value::None;
    }

    void close()
    {
        const char c = *m_cursor.at;
        const bool opened = m_depth > 0;
        m_depth -= opened ? 1 : 0;
        if (!opened || m_open[static_cast<size_t>(m_depth)] != c)
            m_cursor.fail(Fault::StrayBracket);
        const char *begin = m_cursor.at++;
        add(Kind::Operator, begin, m_cursor.line, c);
        m_value = Value::Any;
    }

    void readOperator()
    {
        const char *begin = m_cursor.at;
        const char c = *m_cursor.at++;
        char symbol = c;
        if (*m_cursor.at == '=' && c != ',' && c != ';' && c != '~' && c != '.') {
            symbol = withEquals(c);
            ++m_cursor.at;
        } else if (c == '!') {
            m_cursor.fail(Fault::StrayCharacter);
        }
        add(Kind::Operator, begin, m_cursor.line, symbol);
        m_hasColon = m_hasColon || (symbol == ':' && m_depth == 0);
        m_value = Value::None;
    }

    struct Indent {
        int column = 0;
        int narrow = 0;
    };

    PythonTokens &m_out;
    std::vector<PythonToken> &m_tokens;
    const char *m_begin;
    PythonCursor m_cursor;
    int m_depth = 0;
    int m_column = 0;
    int m_blockLine = 0;
    size_t m_blocks = 0;
    Value m_value = Value::None;
    bool m_isValid = true;
    bool m_inLine = false;
    bool m_expectsBlock = false;
    bool m_needsColon = false;
    bool m_hasColon = false;
    bool m_isImport = false;
    std::array<Indent, maxBlocks> m_indents;
    std::array<char, maxBrackets> m_open;
    std::array<int, maxBrackets> m_openLines;
};

PythonTokens PythonTokens::read(QByteArrayView source)
{
    PythonTokens tokens;
    tokens.assign(source);
    return tokens;
}

void PythonTokens::assign(QByteArrayView source)
{
    m_tokens.clear();
    m_source.clear();
    m_fault = PythonFault::None;
    m_hasGlobal = false;
    m_foreignEncoding.clear();
    if (const auto nul = source.indexOf('\0'); nul >= 0) {
        source = source.first(nul);
        m_fault = PythonFault::NulByte;
    }
    const PythonDecoding decoding = decodePython(source, m_source);
    m_source.push_back('\0');
    if (decoding.fault == PythonEncodingFault::Unknown ||
        decoding.fault == PythonEncodingFault::Undecodable) {
        m_fault = decoding.fault == PythonEncodingFault::Unknown ? PythonFault::UnknownEncoding
                                                                 : PythonFault::Undecodable;
        m_faultLine = decoding.line;
        m_source.assign(1, '\0');
        return;
    }
    PythonTokenizer(*this).run();
    if (decoding.fault == PythonEncodingFault::PythonOnly) {
        m_foreignEncoding = decoding.name.toByteArray();
        m_faultLine = decoding.line;
    }
}

} // namespace stepwell
