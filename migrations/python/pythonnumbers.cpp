// SPDX-License-Identifier: MIT
#include "migrations/python/pythonliterals.h"

#include <array>
#include <cstring>

namespace stepwell {

namespace {

/// Digits with single underscores between them; false if an underscore is out of place.
template<typename IsDigit>
bool skipDigits(const char *&at, IsDigit isDigitOf)
{
    for (;;) {
        while (isDigitOf(*at))
            ++at;
        if (*at != '_')
            return true;
        ++at;
        if (!isDigitOf(*at))
            return false;
    }
}

/// `1if x else 2`: a keyword may follow a number without a blank.
bool endsNumber(const char *at)
{
    static constexpr std::array<std::string_view, 8> words{"and", "else", "for", "if",
                                                           "in",  "is",   "not", "or"};
    if (!isNamePart(*at))
        return true;
    for (const std::string_view word : words) {
        if (std::strncmp(at, word.data(), word.size()) == 0)
            return true;
    }
    return false;
}

bool skipRadixNumber(const char *&at)
{
    const char kind = static_cast<char>(*++at | 0x20);
    ++at;
    const char *begin = at;
    const bool good = skipDigits(at, [kind](char c) {
        return kind == 'x' ? isHexDigit(c) : c >= '0' && c <= (kind == 'o' ? '7' : '1');
    });
    return good && at > begin && !isDigit(*at);
}

bool skipDecimalNumber(const char *&at)
{
    const char *begin = at;
    bool good = skipDigits(at, isDigit);
    bool zeros = *begin == '0'; // 0 and 00 are numbers, 07 is not
    if (zeros) {
        bool other = false;
        for (const char *digit = begin; digit != at; ++digit)
            other = other || (*digit != '0' && *digit != '_');
        zeros = other;
    }
    if (*at == '.') {
        zeros = false;
        ++at;
        if (isDigit(*at))
            good = skipDigits(at, isDigit) && good;
    }
    if (*at == 'e' || *at == 'E') {
        const char *exponent = at + 1 + (at[1] == '+' || at[1] == '-' ? 1 : 0);
        if (isDigit(*exponent)) {
            zeros = false;
            at = exponent;
            good = skipDigits(at, isDigit) && good;
        }
    }
    if (*at == 'j' || *at == 'J') {
        zeros = false;
        ++at;
    }
    return good && !zeros;
}

} // namespace

void skipNumber(PythonCursor &cursor)
{
    const char *at = cursor.at;
    const bool radix = *at == '0' && std::strchr("xXoObB", at[1]) && at[1];
    const bool good = (radix ? skipRadixNumber(at) : skipDecimalNumber(at)) && endsNumber(at);
    if (!good)
        cursor.fail(PythonFault::BadNumber);
    cursor.at = at == cursor.at ? at + 1 : at;
}

} // namespace stepwell
