// SPDX-License-Identifier: MIT
#include "models/runtext.h"

#include <QLocale>

namespace stepwell {

using namespace Qt::StringLiterals;

QString RunText::duration(std::chrono::milliseconds duration)
{
    const qint64 ms = qMax<qint64>(0, duration.count());
    if (ms < 1000)
        return tr("%1 ms").arg(ms);
    if (ms < 60'000)
        return tr("%1 s").arg(QLocale().toString(double(ms) / 1000.0, 'f', 1));
    const qint64 minutes = ms / 60'000;
    if (minutes < 60)
        return tr("%1 min %2 s").arg(minutes).arg(ms / 1000 % 60, 2, 10, QLatin1Char('0'));
    return tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60, 2, 10, QLatin1Char('0'));
}

QString RunText::elapsed(std::chrono::milliseconds duration)
{
    const qint64 seconds = qMax<qint64>(0, duration.count() / 1000);
    return u"%1:%2:%3"_s.arg(seconds / 3600, 2, 10, QLatin1Char('0'))
        .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
        .arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString RunText::size(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1);
}

QString RunText::way(const RevisionIds &from, const RevisionIds &to)
{
    return toText(from) + u" → "_s + toText(to);
}

QString RunText::way(const JournalEntry &entry)
{
    return entry.rowsKnown() ? way(entry.from, entry.to) : QString(toText(entry.from) + u" → ?"_s);
}

QString RunText::revisions(qsizetype count)
{
    return count == 1 ? tr("1 revision") : tr("%1 revisions").arg(count);
}

QString RunText::moment(const QDateTime &when)
{
    return when.isValid() ? when.toLocalTime().toString(u"yyyy-MM-dd HH:mm:ss"_s) : QString();
}

QString RunText::kind(RunKind kind)
{
    switch (kind) {
    case RunKind::Upgrade:
        return tr("Upgrade");
    case RunKind::Downgrade:
        return tr("Rollback");
    case RunKind::Backup:
        return tr("Backup");
    case RunKind::Stamp:
        return tr("Stamp");
    }
    return {};
}

QString RunText::outcome(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Running:
        return tr("running");
    case Outcome::Done:
        return tr("done");
    case Outcome::Stopped:
        return tr("stopped");
    case Outcome::FailedRolledBack:
        return tr("failed, rolled back");
    case Outcome::FailedWithChanges:
        return tr("failed, changes left");
    case Outcome::Cancelled:
        return tr("cancelled");
    case Outcome::Refused:
        return tr("refused");
    case Outcome::Unknown:
        return tr("unknown");
    }
    return {};
}

QString RunText::outcomeSentence(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Running:
        return tr("The run is under way, or its Stepwell ended before it did.");
    case Outcome::Done:
        return tr("Everything ran and was read back.");
    case Outcome::Stopped:
        return tr("Stopped after a revision, as asked. The revisions before it are in place.");
    case Outcome::FailedRolledBack:
        return tr("A revision failed and left nothing behind. The revisions before it are in place.");
    case Outcome::FailedWithChanges:
        return tr("A revision failed after part of its work was committed.");
    case Outcome::Cancelled:
        return tr("Cancelled. The revision that was running was rolled back.");
    case Outcome::Refused:
        return tr("A check said no before the first statement. Nothing was changed.");
    case Outcome::Unknown:
        return tr("The link was lost after work began. Only the database can tell what happened.");
    }
    return {};
}

QString RunText::phase(RunPhase phase)
{
    switch (phase) {
    case RunPhase::Checks:
        return tr("Checks");
    case RunPhase::Lock:
        return tr("Lock against a second run");
    case RunPhase::Backup:
        return tr("Backup");
    case RunPhase::Verify:
        return tr("Verify the backup");
    case RunPhase::Step:
        return tr("Revision");
    case RunPhase::Commit:
        return tr("Commit");
    case RunPhase::ReadBack:
        return tr("Read the revision back");
    case RunPhase::Restart:
        return tr("Restart");
    case RunPhase::WatchLogs:
        return tr("Watch the logs");
    }
    return {};
}

QString RunText::stepState(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return tr("not run");
    case StepState::Running:
        return tr("running");
    case StepState::Done:
        return tr("done");
    case StepState::Failed:
        return tr("failed");
    case StepState::RolledBack:
        return tr("rolled back");
    case StepState::Unknown:
        return tr("unknown");
    }
    return {};
}

QString RunText::transactions(TransactionPolicy policy)
{
    switch (policy) {
    case TransactionPolicy::Revision:
        return tr("one transaction per revision");
    case TransactionPolicy::Project:
        return tr("transactions as env.py says");
    case TransactionPolicy::All:
        return tr("all revisions in one transaction");
    }
    return {};
}

QString RunText::limit(std::chrono::milliseconds limit)
{
    const qint64 ms = limit.count();
    if (ms % 60'000 == 0)
        return tr("%1 min").arg(ms / 60'000);
    return ms % 1000 == 0 ? tr("%1 s").arg(ms / 1000) : tr("%1 ms").arg(ms);
}

QString RunText::oneLine(const QString &sql)
{
    return sql.simplified();
}

} // namespace stepwell
