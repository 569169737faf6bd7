// SPDX-License-Identifier: MIT
#pragma once

#include <QChar>

#include <array>
#include <string_view>

namespace stepwell {

/// What a byte begins, between two tokens.
enum class PythonCharacter : quint8 {
    Bad,
    End,
    Blank,
    LineEnd,
    Comment,
    Backslash,
    Quote,
    Letter,
    High,
    Digit,
    Dot,
    Open,
    Close,
    Operator
};

constexpr std::array<PythonCharacter, 256> makePythonCharacters()
{
    std::array<PythonCharacter, 256> classes{};
    const auto set = [&](std::string_view characters, PythonCharacter value) {
        for (const char c : characters)
            classes[static_cast<unsigned char>(c)] = value;
    };
    set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", PythonCharacter::Letter);
    set("0123456789", PythonCharacter::Digit);
    set(" \t\f", PythonCharacter::Blank);
    set("\r\n", PythonCharacter::LineEnd);
    set("#", PythonCharacter::Comment);
    set("\\", PythonCharacter::Backslash);
    set("\"'", PythonCharacter::Quote);
    set(".", PythonCharacter::Dot);
    set("([{", PythonCharacter::Open);
    set(")]}", PythonCharacter::Close);
    set(":,;=+-*/%@&|^~<>!", PythonCharacter::Operator);
    classes[0] = PythonCharacter::End;
    for (size_t high = 0x80; high < classes.size(); ++high)
        classes[high] = PythonCharacter::High;
    return classes;
}

inline constexpr auto pythonCharacters = makePythonCharacters();

[[nodiscard]] inline PythonCharacter classOf(char c)
{
    return pythonCharacters[static_cast<unsigned char>(c)];
}

/// Certainly no part of a name. Whatever Unicode may add is taken as one.
[[nodiscard]] inline bool isNoNamePart(char32_t c)
{
    if (c == 0x2118 || c == 0x212e || c == 0x309b || c == 0x309c || c == 0xb7 || c == 0x387 || c == 0x30fb ||
        c == 0xff65)
        return false; // those that Unicode adds to names by hand
    switch (QChar::category(c)) {
    case QChar::Separator_Space:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
    case QChar::Other_Control:
    case QChar::Punctuation_Dash:
    case QChar::Punctuation_Open:
    case QChar::Punctuation_Close:
    case QChar::Punctuation_InitialQuote:
    case QChar::Punctuation_FinalQuote:
    case QChar::Punctuation_Other:
    case QChar::Symbol_Math:
    case QChar::Symbol_Currency:
    case QChar::Symbol_Modifier:
    case QChar::Symbol_Other:
        return true;
    default:
        return false;
    }
}

} // namespace stepwell
