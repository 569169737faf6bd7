// SPDX-License-Identifier: MIT
#include "migrations/run/stampoutcome.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

Error notKept(const RevisionIds &wanted)
{
    return {
        .kind = ErrorKind::MigrationFailed,
        .message = u"Alembic reported success, but the database did not keep %1."_s.arg(toText(wanted)),
        .hint =
            u"env.py lets its transaction roll back: it probably runs SQL on the connection before "
            "context.begin_transaction(). Let begin_transaction() come first, or commit that statement."_s};
}

Error strangeRows(const RevisionIds &wanted, const RevisionIds &found)
{
    return {.kind = ErrorKind::MigrationFailed,
            .message =
                u"The database should be at %1 now, but it is at %2."_s.arg(toText(wanted), toText(found)),
            .hint = u"Something else changes the version table. Find out what before you go on."_s};
}

} // namespace

RevisionIds rowsAfter(RevisionIds rows, const QList<RowChange> &changes)
{
    for (const RowChange &change : changes) {
        if (!change.from.text().isNull())
            rows.removeOne(change.from);
        if (!change.to.text().isNull())
            rows += change.to;
    }
    std::ranges::sort(rows);
    return rows;
}

void judgeStamp(RunReport &report, const BridgeStepResult &result, const Result<RevisionIds> &rows,
                const RevisionIds &from, const RevisionIds &planned)
{
    report.error = result.error;
    if (!rows) {
        report.outcome = result.started ? Outcome::Unknown : Outcome::Refused;
        if (!report.error)
            report.error = rows.error();
        return;
    }
    report.rows = *rows;
    report.rowsKnown = true;
    if (!result.started) {
        report.outcome = Outcome::Refused;
    } else if (sameSet(*rows, planned)) {
        report.outcome = Outcome::Done;
        if (result.ok)
            report.error.reset(); // else env.py failed after its COMMIT
    } else if (sameSet(*rows, from)) {
        report.outcome = Outcome::FailedRolledBack;
        if (result.ok)
            report.error = notKept(planned);
    } else {
        report.outcome = Outcome::FailedWithChanges;
        report.error = strangeRows(planned, *rows);
        report.leftBehind += u"the version rows: %1"_s.arg(toText(*rows));
    }
}

void describeStamp(RunReport &report, const RevisionIds &from, const RevisionIds &planned)
{
    const QString at = toText(report.rows);
    switch (report.outcome) {
    case Outcome::Done:
        report.summary = u"Stamped: the database is at %1 now. No table was touched."_s.arg(at);
        report.next = {
            {NextStep::ReadState,
             u"Make sure that the schema is what %1 expects: a stamp changes nothing of it."_s.arg(at)}};
        return;
    case Outcome::FailedRolledBack:
        report.summary = u"The stamp failed. The database is still at %1."_s.arg(at);
        report.next = {{NextStep::FixAndRetry, u"Mend what the error names, then try again."_s}};
        return;
    case Outcome::FailedWithChanges:
        report.summary = u"The stamp left other rows than planned. The database is at %1."_s.arg(at);
        report.next = {{NextStep::ReadState,
                        u"It was at %1; stamp again once it is clear who writes them."_s.arg(toText(from))}};
        return;
    case Outcome::Unknown:
        report.summary = u"The link was lost during the stamp, and the database cannot be read now. It "
                         "was at %1, and was to be at %2."_s.arg(toText(from), toText(planned));
        report.next = {{NextStep::ReadState, u"Bring the database back, then run `stepwell status`: it "
                                             "reads the database and settles this."_s}};
        return;
    case Outcome::Cancelled:
        report.summary = u"Cancelled. Nothing was changed."_s;
        return;
    default:
        break;
    }
    report.summary =
        u"%1 Nothing was changed."_s.arg(report.error ? report.error->message : u"A check said no."_s);
    if (report.error && !report.error->hint.isEmpty())
        report.next = {{NextStep::FixAndRetry, report.error->hint}};
}

} // namespace stepwell
