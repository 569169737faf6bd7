// SPDX-License-Identifier: MIT
#include "app/settlement.h"

#include "migrations/run/migrationrun.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

QStringList settleUnfinishedRuns(const QList<Target> &targets, const QString &workspaceDirectory,
                                 const std::function<QString(const Target &)> &password)
{
    const auto journal = Journal::open(defaultJournalPath());
    if (!journal)
        return {journal.error().message};
    const auto unfinished = (*journal)->unfinished();
    if (!unfinished)
        return {unfinished.error().message};
    QStringList lines;
    for (const JournalEntry &entry : *unfinished) {
        const auto target = std::ranges::find(targets, entry.target, &Target::id);
        if (entry.workspace != workspaceDirectory || target == targets.end())
            continue;
        const Result<RunReport> report = settleRun(entry, *target, password(*target), **journal);
        const QString what =
            u"%1 of %2 (run %3): "_s.arg(runKindName(entry.kind), entry.target.text()).arg(entry.id);
        if (report)
            lines += what + report->summary;
        else if (report.error().kind == ErrorKind::Locked)
            lines += what + u"still running. "_s + report.error().message;
        else
            lines += what + u"its outcome stays unknown until the database can be read. "_s +
                     report.error().message;
    }
    return lines;
}

} // namespace stepwell
