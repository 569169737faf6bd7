// SPDX-License-Identifier: MIT
#include "migrations/alembic/sourcetext.h"

#include "migrations/python/pythonencoding.h"

#include <QString>

#include <algorithm>

namespace stepwell {

namespace {

constexpr int highBytes = 0x80;

bool isBreak(char c)
{
    return c == '\n' || c == '\r';
}

/// What the reader makes of bytes in an encoding; nothing for an encoding or bytes that it does not know.
std::optional<QByteArray> decoded(const QByteArray &encoding, const QByteArray &bytes)
{
    const QByteArray comment = "# coding: " + encoding + '\n';
    std::vector<char> text;
    if (decodePython(QByteArray(comment + bytes), text).fault != PythonEncodingFault::None)
        return {};
    return QByteArray(text.data(), static_cast<qsizetype>(text.size())).sliced(comment.size());
}

} // namespace

SourceText::SourceText(const QByteArray &source) : m_source(source)
{
    const PythonDecoding decoding = decodePython(m_source, m_text);
    m_mark = source.startsWith("\xef\xbb\xbf") ? 3 : 0;
    const QByteArray name = decoding.name.toByteArray();
    const QByteArray sample = "\xc3\xbc\xe2\x82\xac";
    if (name.isEmpty() || decoded(name, sample) == sample)
        return;
    m_encoding = Encoding::Bytes;
    for (int at = 0; at < highBytes; ++at) {
        const auto character = decoded(name, QByteArray(1, static_cast<char>(highBytes + at)));
        const QString text = QString::fromUtf8(character.value_or(QByteArray()));
        m_characters += text.size() == 1 ? text.at(0).unicode() : 0;
    }
}

bool SourceText::canHold(char32_t character) const
{
    if (character < highBytes)
        return true;
    if (QChar::isSurrogate(character))
        return false;
    return m_encoding == Encoding::Utf8 || m_characters.contains(character);
}

int SourceText::lineBegin(int at) const
{
    while (at > 0 && !isBreak(m_text[static_cast<size_t>(at - 1)]))
        --at;
    return at;
}

int SourceText::lineEnd(int at) const
{
    while (at < text().size() && !isBreak(m_text[static_cast<size_t>(at)]))
        ++at;
    return at;
}

QByteArray SourceText::lineBreak(int at) const
{
    const auto breakAt = [this](int end) {
        const QByteArrayView rest = text().sliced(end);
        return rest.startsWith("\r\n") ? QByteArray("\r\n")
                                       : rest.first(std::min<qsizetype>(rest.size(), 1)).toByteArray();
    };
    QByteArray found = breakAt(lineEnd(at));
    if (found.isEmpty())
        found = breakAt(lineEnd(0));
    return found.isEmpty() ? QByteArray("\n") : found;
}

/// With a byte for each character of text, a place is as many bytes in as there are characters before it.
int SourceText::sourceOffset(int at) const
{
    if (m_text.size() + static_cast<size_t>(m_mark) == static_cast<size_t>(m_source.size()))
        return at + m_mark;
    return static_cast<int>(std::count_if(m_text.begin(), m_text.begin() + at, [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    }));
}

std::optional<QByteArray> SourceText::encoded(const QByteArray &text) const
{
    if (m_encoding == Encoding::Utf8)
        return text;
    QByteArray bytes;
    for (const char32_t character : QString::fromUtf8(text).toUcs4()) {
        const auto place = m_characters.indexOf(character);
        if (character >= highBytes && place < 0)
            return {};
        bytes +=
            static_cast<char>(character < highBytes ? static_cast<qsizetype>(character) : highBytes + place);
    }
    return bytes;
}

std::optional<QByteArray> SourceText::edited(QList<SourceEdit> edits) const
{
    std::ranges::stable_sort(edits, {}, &SourceEdit::begin);
    QByteArray result;
    int done = 0;
    int from = 0;
    for (const SourceEdit &edit : edits) {
        const auto bytes = encoded(edit.text);
        if (edit.begin < done || edit.end < edit.begin || !bytes)
            return {};
        const int begin = sourceOffset(edit.begin);
        result += m_source.mid(from, begin - from) + *bytes;
        from = sourceOffset(edit.end);
        done = edit.end;
    }
    return result + m_source.mid(from);
}

int countLineBreaks(QByteArrayView text)
{
    int count = 0;
    for (qsizetype at = 0; at < text.size(); ++at)
        count += text.at(at) == '\n' || (text.at(at) == '\r' && !text.sliced(at).startsWith("\r\n")) ? 1 : 0;
    return count;
}

} // namespace stepwell
