// SPDX-License-Identifier: MIT
#include "migrations/alembic/scriptproblem.h"

namespace stepwell {

using namespace Qt::StringLiterals;

Error errorOf(const QList<ScriptProblem> &problems)
{
    Error error = problems.constFirst().error;
    if (problems.size() == 1)
        return error;
    error.message += u" (And %1 more: see below.)"_s.arg(problems.size() - 1);
    QStringList all;
    for (const ScriptProblem &problem : problems)
        all += problem.error.message;
    error.detail = all.join(u'\n');
    return error;
}

} // namespace stepwell
