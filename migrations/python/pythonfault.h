// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace stepwell {

/// Why Python cannot compile a file, as far as tokens tell.
enum class PythonFault : quint8 {
    None,
    NulByte,
    UnknownEncoding,
    Undecodable,
    OpenString,
    OpenBracket,
    StrayBracket, ///< closes nothing, or another kind of bracket
    TooDeep,      ///< more brackets, blocks or strings within each other than Python takes
    StrayIndent,
    StrayDedent,
    MixedIndent, ///< depends on the width of a tab
    MissingBlock,
    MissingColon,
    Incomplete, ///< the line ends with an operator
    StrayCharacter,
    StrayBackslash,
    BadNumber,
    BadEscape,
    BadReplacement, ///< braces of an f-string
    TwoValues,      ///< no operator between two values
};

/// What is wrong, as the middle of a sentence: "the string is not closed".
[[nodiscard]] QString toText(PythonFault fault);

} // namespace stepwell
