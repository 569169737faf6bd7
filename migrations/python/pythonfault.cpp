// SPDX-License-Identifier: MIT
#include "migrations/python/pythonfault.h"

namespace stepwell {

using namespace Qt::StringLiterals;
using Fault = PythonFault;

QString toText(PythonFault fault)
{
    switch (fault) {
    case Fault::None:
        return u"nothing is wrong"_s;
    case Fault::NulByte:
        return u"the file contains a NUL byte"_s;
    case Fault::UnknownEncoding:
        return u"Python does not know the encoding, or the byte order mark names another one"_s;
    case Fault::Undecodable:
        return u"there are bytes that are not in the file's encoding"_s;
    case Fault::OpenString:
        return u"the string is not closed"_s;
    case Fault::OpenBracket:
        return u"the bracket is never closed"_s;
    case Fault::StrayBracket:
        return u"the closing bracket does not match an opening one"_s;
    case Fault::TooDeep:
        return u"there are more levels within each other than Python takes"_s;
    case Fault::StrayIndent:
        return u"the line is indented without need"_s;
    case Fault::StrayDedent:
        return u"the indentation matches no outer level"_s;
    case Fault::MixedIndent:
        return u"tabs and spaces are mixed in the indentation"_s;
    case Fault::MissingBlock:
        return u"an indented block is missing after the line"_s;
    case Fault::MissingColon:
        return u"a colon is missing"_s;
    case Fault::Incomplete:
        return u"the line ends too early"_s;
    case Fault::StrayCharacter:
        return u"there is a character that Python does not know there"_s;
    case Fault::StrayBackslash:
        return u"a backslash does not continue the line"_s;
    case Fault::BadNumber:
        return u"a number is not valid"_s;
    case Fault::BadEscape:
        return u"a backslash escape in the string is not valid"_s;
    case Fault::BadReplacement:
        return u"a brace in the f-string has no partner"_s;
    case Fault::TwoValues:
        return u"something is missing between two values"_s;
    }
    return {};
}

} // namespace stepwell
