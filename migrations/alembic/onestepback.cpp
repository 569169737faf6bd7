// SPDX-License-Identifier: MIT
#include "migrations/alembic/onestepback.h"

#include "migrations/alembic/revisionmap.h"

namespace stepwell {

using namespace Qt::StringLiterals;

Result<Plan> planOneStepBack(const RevisionMap &map, const RevisionIds &rows, const RevisionId &row)
{
    const Revision *revision = map.find(row);
    if (!revision)
        return failure(ErrorKind::UnknownRevision, u"No file here has the revision %1."_s.arg(row.text()),
                       u"Check out the code that has it."_s);
    QStringList candidates;
    if (rows.size() == 1 && revision->downRevisions.size() <= 1)
        candidates += u"-1"_s;
    candidates += toTexts(revision->downRevisions);
    for (const QString &label : map.labels(row))
        candidates += QString(label + u"@-1"_s);
    if (revision->downRevisions.isEmpty())
        candidates += u"base"_s;
    for (const QString &target : std::as_const(candidates)) {
        Result<Plan> plan = planDowngrade(map, rows, target);
        if (plan && plan->steps.size() == 1 && plan->steps.constFirst().revision == row)
            return plan;
    }
    return failure(ErrorKind::InvalidTarget, u"%1 cannot be taken back by itself."_s.arg(row.text()),
                   u"Its parent has other applied children, which a rollback to it takes back as well. "
                   u"Choose a revision "
                   "from the list to see what goes with it."_s);
}

Result<Plan> planOneStepBack(const RevisionMap &map, const RevisionIds &rows)
{
    if (rows.size() == 1)
        return planOneStepBack(map, rows, rows.first());
    if (rows.isEmpty())
        return failure(ErrorKind::InvalidTarget,
                       u"There is nothing to take back: the database has no revision."_s);
    return failure(ErrorKind::InvalidTarget,
                   u"One step back has to say from where: the database is at %1."_s.arg(toText(rows)),
                   u"Name the revision to go back to."_s);
}

Result<Plan> makePlan(const RevisionMap &map, const RevisionIds &rows, const QString &revision,
                      Direction direction)
{
    if (direction == Direction::Upgrade)
        return planUpgrade(map, rows, revision.isEmpty() ? u"head"_s : revision);
    return revision.isEmpty() ? planOneStepBack(map, rows) : planDowngrade(map, rows, revision);
}

} // namespace stepwell
