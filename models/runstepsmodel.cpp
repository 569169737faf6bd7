// SPDX-License-Identifier: MIT
#include "models/runstepsmodel.h"

#include "models/runtext.h"

#include <QFileInfo>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

RunStepsModel::RunStepsModel(QObject *parent) : QAbstractListModel(parent) {}

void RunStepsModel::setRequest(const RunRequest &request, const QHash<RevisionId, QString> &messages)
{
    beginResetModel();
    m_rows.clear();
    m_currentStep = -1;
    m_stepCount = int(request.plan.steps.size());
    add(RunPhase::Checks);
    add(RunPhase::Lock);
    if (request.backup == BackupChoice::Dump) {
        add(RunPhase::Backup);
        add(RunPhase::Verify);
    }
    for (int i = 0; i < m_stepCount; ++i) {
        const RevisionId &id = request.plan.steps.at(i).revision;
        add(RunPhase::Step, messages.value(id), i, id);
    }
    if (request.transactions == TransactionPolicy::All)
        add(RunPhase::Commit, tr("Commit all of it"));
    add(RunPhase::ReadBack);
    const Component &component = request.target.component;
    if (request.restartAfterwards)
        add(RunPhase::Restart, tr("Restart: %1").arg(component.restart.join(u' ')));
    if (request.watchLogsAfterwards)
        add(RunPhase::WatchLogs, component.logs.size() == 1
                                     ? tr("Watch %1").arg(QFileInfo(component.logs.first()).fileName())
                                     : tr("Watch %1 logs").arg(component.logs.size()));
    endResetModel();
}

void RunStepsModel::add(RunPhase phase, const QString &text, int step, const RevisionId &revision)
{
    const bool plain = text.isEmpty() && phase != RunPhase::Step;
    m_rows +=
        Row{.phase = phase, .step = step, .revision = revision, .text = plain ? RunText::phase(phase) : text};
}

/// A read-back between two steps belongs to its step; only the last one is a row of its own.
int RunStepsModel::rowOf(const RunEvent &event) const
{
    const bool between = event.phase == RunPhase::ReadBack && event.step >= 0 && event.step < m_stepCount - 1;
    for (int i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows.at(i);
        if (event.phase == RunPhase::Step || between) {
            if (row.phase == RunPhase::Step && row.step == event.step)
                return i;
        } else if (row.phase == event.phase) {
            return i;
        }
    }
    return -1;
}

void RunStepsModel::handleEvent(const RunEvent &event)
{
    RunEvent placed = event;
    if (event.type == RunEvent::Retry || event.type == RunEvent::LockWaiting ||
        event.type == RunEvent::LockGone)
        placed.phase = RunPhase::Step;
    const int at = rowOf(placed);
    if (at < 0)
        return;
    Row &row = m_rows[at];
    const bool own = row.phase == placed.phase;
    switch (event.type) {
    case RunEvent::PhaseStarted:
        if (own)
            start(row, event);
        break;
    case RunEvent::PhaseFinished:
        if (event.phase == RunPhase::Backup)
            finishBackup(event);
        else if (own || !event.ok)
            finish(row, event);
        break;
    case RunEvent::Progress:
        if (event.phase == RunPhase::Verify && row.state == Waiting)
            startVerifying(event);
        showProgress(row, event);
        break;
    case RunEvent::Retry:
        row.note = event.text;
        break;
    case RunEvent::LockWaiting:
        row.note = tr("Waiting for a lock");
        break;
    case RunEvent::LockGone:
        row.note.clear();
        break;
    default:
        return;
    }
    changed(at);
}

void RunStepsModel::start(Row &row, const RunEvent &event)
{
    row.state = Running;
    row.started = event.when.isValid() ? event.when : QDateTime::currentDateTimeUtc();
    row.duration = {};
    row.part = 0;
    row.note.clear();
    if (row.phase == RunPhase::Step) {
        m_currentStep = row.step;
        if (row.text.isEmpty() && event.text != row.revision.text())
            row.text = event.text;
    }
}

/// Verifying has no start of its own: it is the second half of the backup's phase.
void RunStepsModel::startVerifying(const RunEvent &event)
{
    const int backup = rowOf({.phase = RunPhase::Backup});
    if (backup >= 0 && m_rows.at(backup).state == Running) {
        Row &row = m_rows[backup];
        finish(row, {.ok = true, .duration = std::chrono::milliseconds(row.started.msecsTo(event.when))});
        changed(backup);
    }
    start(m_rows[rowOf(event)], event);
}

void RunStepsModel::finishBackup(const RunEvent &event)
{
    const int backup = rowOf(event);
    const int verify = rowOf({.phase = RunPhase::Verify});
    Row &dumped = m_rows[backup];
    if (verify < 0 || m_rows.at(verify).state != Running) {
        finish(dumped, event);
        changed(backup);
    }
    if (verify < 0 || (!event.ok && dumped.state == Failed))
        return;
    Row &verified = m_rows[verify];
    const bool timed = verified.started.isValid() && event.when.isValid();
    RunEvent end = event;
    end.duration = timed ? std::chrono::milliseconds(verified.started.msecsTo(event.when))
                         : std::chrono::milliseconds(0);
    finish(verified, end);
    changed(verify);
}

void RunStepsModel::finish(Row &row, const RunEvent &event)
{
    const bool afterwards = row.phase == RunPhase::Restart || row.phase == RunPhase::WatchLogs;
    row.state = event.ok ? Done : afterwards ? Attention : Failed;
    if (event.duration.count() > 0 || !row.started.isValid())
        row.duration = event.duration;
    row.part = event.ok ? 1 : row.part;
    row.note = row.phase == RunPhase::Step && event.ok ? QString() : event.text;
}

void RunStepsModel::showProgress(Row &row, const RunEvent &event)
{
    if (event.total > 0)
        row.part = std::clamp(double(event.done) / double(event.total), 0.0, 1.0);
    if (!event.text.isEmpty())
        row.note = event.text;
    else if (event.total > 0)
        row.note = tr("%1 %").arg(int(row.part * 100));
}

void RunStepsModel::tick(const QDateTime &now)
{
    for (int i = 0; i < m_rows.size(); ++i) {
        Row &row = m_rows[i];
        if (row.state != Running)
            continue;
        row.duration = std::max(row.duration, std::chrono::milliseconds(row.started.msecsTo(now)));
        Q_EMIT dataChanged(index(i), index(i), {DurationRole});
    }
}

void RunStepsModel::setReport(const RunReport &report)
{
    for (int i = 0; i < m_rows.size(); ++i) {
        Row &row = m_rows[i];
        if (row.phase == RunPhase::Step && row.step < report.steps.size() &&
            report.steps.at(row.step).revision == row.revision) {
            const JournalStep &step = report.steps.at(row.step);
            switch (step.state) {
            case StepState::Waiting:
                row.state = NotRun;
                break;
            case StepState::Done:
                row.state = Done;
                break;
            case StepState::Failed:
                row.state = Failed;
                break;
            case StepState::RolledBack:
                row.state = NotRun;
                row.note = tr("rolled back with the others");
                break;
            case StepState::Running:
            case StepState::Unknown:
                row.state = Unknown;
                break;
            }
            if (step.duration.count() > 0)
                row.duration = step.duration;
            if (!step.error.isEmpty())
                row.note = step.error;
        } else if (row.state == Running) {
            row.state = report.outcome == Outcome::Done      ? Done
                        : report.outcome == Outcome::Unknown ? Unknown
                                                             : Failed;
        } else if (row.state == Waiting) {
            row.state =
                row.phase == RunPhase::ReadBack && report.rowsKnown && m_currentStep >= 0 ? Done : NotRun;
        }
        showAfterwards(row, report);
        if (report.backup && row.phase == RunPhase::Backup && report.backup->dumpDuration.count() > 0)
            row.duration = report.backup->dumpDuration;
        if (report.backup && row.phase == RunPhase::Verify && report.backup->verifyDuration.count() > 0)
            row.duration = report.backup->verifyDuration;
    }
    if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

/// The verdicts count, not how the phase was left: it never tells of the migration.
void RunStepsModel::showAfterwards(Row &row, const RunReport &report)
{
    if (row.phase != RunPhase::Restart && row.phase != RunPhase::WatchLogs)
        return;
    const auto kind = row.phase == RunPhase::Restart ? JournalAfter::Restart : JournalAfter::Log;
    if (row.state == Failed)
        row.state = Attention;
    bool found = false;
    for (const JournalAfter &after : report.after) {
        if (after.kind != kind)
            continue;
        if (!found) {
            row.state = Done;
            row.note.clear();
        }
        found = true;
        row.duration = std::max(row.duration, after.duration);
        if (!after.ok && row.state == Done) {
            row.state = Attention;
            row.note = after.text;
        }
    }
}

int RunStepsModel::runningRow() const
{
    const auto found = std::ranges::find(m_rows, Running, &Row::state);
    return found == m_rows.cend() ? -1 : int(found - m_rows.cbegin());
}

int RunStepsModel::doneSteps() const
{
    return int(std::ranges::count_if(
        m_rows, [](const Row &row) { return row.phase == RunPhase::Step && row.state == Done; }));
}

int RunStepsModel::progress() const
{
    if (m_rows.isEmpty())
        return 0;
    double done = 0;
    for (const Row &row : m_rows)
        done += row.state == Done || row.state == Attention ? 1 : row.state == Running ? row.part : 0;
    return int(done * 1000 / double(m_rows.size()));
}

QString RunStepsModel::toText() const
{
    static constexpr const char *marks[] = {"waiting", "running", "done",     "failed",
                                            "unknown", "not run", "attention"};
    QStringList lines;
    for (const Row &row : m_rows) {
        const QString id = row.revision.isEmpty() ? QString() : QString(row.revision.text() + u" "_s);
        lines += QString(QLatin1String(marks[row.state]) + u": "_s + id + row.text);
    }
    return lines.join(u'\n');
}

void RunStepsModel::changed(int row)
{
    Q_EMIT dataChanged(index(row), index(row));
}

int RunStepsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant RunStepsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows.at(index.row());
    const QString id = row.revision.isEmpty() ? QString() : QString(row.revision.text() + u"  "_s);
    switch (role) {
    case Qt::DisplayRole:
        return QString(id + row.text);
    case Qt::ToolTipRole: {
        const QString note = row.note.isEmpty() ? QString() : QString(u"\n"_s + row.note);
        return QString(id + row.text + note);
    }
    case Qt::AccessibleTextRole: {
        static const char *const words[] = {
            QT_TR_NOOP("waiting"), QT_TR_NOOP("running"), QT_TR_NOOP("done"),         QT_TR_NOOP("failed"),
            QT_TR_NOOP("unknown"), QT_TR_NOOP("not run"), QT_TR_NOOP("needs a look"),
        };
        return QString(id + row.text + u", "_s + tr(words[row.state]));
    }
    case StateRole:
        return row.state;
    case RevisionRole:
        return row.revision.text();
    case TextRole:
        return row.text;
    case DurationRole:
        // A phase that told no duration of its own says nothing rather than 0 ms.
        if (row.state == Waiting || row.state == NotRun ||
            (row.phase != RunPhase::Step && row.duration.count() == 0))
            return QString();
        return RunText::duration(row.duration);
    case NoteRole:
        return row.note;
    default:
        return {};
    }
}

} // namespace stepwell
