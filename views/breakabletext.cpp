// SPDX-License-Identifier: MIT
#include "views/breakabletext.h"

namespace stepwell {

QString breakable(const QString &text, int letters)
{
    QString result;
    int run = 0;
    for (const QChar letter : text) {
        run = letter.isSpace() ? 0 : run + 1;
        result += letter;
        if (run >= letters) {
            result += QChar(0x200b); // zero width space
            run = 0;
        }
    }
    return result;
}

} // namespace stepwell
