// SPDX-License-Identifier: MIT
#include "migrations/run/errortranslation.h"

namespace stepwell {

using namespace Qt::StringLiterals;

ErrorMeaning meaningOf(const Error &error)
{
    const QString &state = error.sqlState;
    if (state == u"55P03"_s)
        return {.what = u"A lock was not to be had in time."_s,
                .todo = u"Wait for the session that holds it, or end it, then try again."_s,
                .passing = true};
    return {};
}

Error translated(Error error)
{
    const ErrorMeaning meaning = meaningOf(error);
    if (!meaning.todo.isEmpty())
        error.hint = meaning.todo;
    return error;
}

} // namespace stepwell
