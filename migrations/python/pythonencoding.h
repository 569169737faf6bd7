// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <vector>

namespace stepwell {

/// Why the bytes of a Python file are no text to a reader without Python.
enum class PythonEncodingFault {
    None,
    Unknown,     ///< Python knows no such encoding, or it contradicts the byte order mark
    Undecodable, ///< bytes that the named encoding does not have
    PythonOnly,  ///< an encoding that Python knows and this reader does not; the text is right where it is
                 ///< ASCII
};

struct PythonDecoding {
    PythonEncodingFault fault = PythonEncodingFault::None;
    QByteArrayView name; ///< the encoding as written; a view of the source
    int line = 0;        ///< of the comment that names it, or of the first byte that is not in it
};

/// Appends the source as UTF-8 to text, as Python 3.13's compile() decodes it: byte order mark, encoding
/// comment in one of the first two lines. Without a comment the bytes are taken as they are, as Python
/// minds invalid UTF-8 in names and strings only.
[[nodiscard]] PythonDecoding decodePython(QByteArrayView source, std::vector<char> &text);

} // namespace stepwell
