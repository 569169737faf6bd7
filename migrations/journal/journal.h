// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"

#include <QHash>
#include <QJsonObject>

#include <functional>
#include <memory>
#include <optional>

class QSqlQuery;

namespace stepwell {

/// Which entries to read.
struct JournalFilter {
    int limit = 200;
    std::optional<TargetId> target;
    QString workspace; ///< directory; empty: all
    std::optional<Outcome> outcome;
    std::optional<RunKind> kind;
    QDateTime since; ///< of the run's start; invalid: no bound
    QDateTime until;
    /// In revisions, their messages, who, the outcome's sentence, errors or statements; any case. White
    /// space around it does not count.
    QString text;
};

/// What was done, in an SQLite file: a table of events to which rows are only ever added. An entry is
/// what its events tell. Each call that writes returns when the event is in the file, and a process that
/// dies loses nothing; all but those of single steps are also synced to the disk. Several processes may
/// write at once. A statement with a password is not kept; statements are shortened as JournalStep says. One
/// instance belongs to the thread that opened it and is used only there; another thread opens its own. Errors
/// of all calls: FileError.
class Journal
{
public:
    /// Makes the file, and its folder for its owner only, if they are missing.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(const QString &path);
    ~Journal();
    Journal(const Journal &) = delete;
    Journal &operator=(const Journal &) = delete;

    /// Writes a run before its first statement; returns its number. Of the entry, `id`, `outcome`, the
    /// state of the steps and whatever belongs to the end do not count; `started`, `who` and
    /// `processId` are filled in if empty.
    [[nodiscard]] Result<qint64> begin(const JournalEntry &entry);
    /// `index`: of the step in the entry, from 0.
    /// `synced`: a power cut must not lose it either, as the step may commit a part before its end.
    [[nodiscard]] Result<void> stepStarted(qint64 id, int index, bool synced = false);
    /// `step`: as it ended: state, duration, error, statements.
    [[nodiscard]] Result<void> stepFinished(qint64 id, int index, const JournalStep &step);
    /// Who approved what the steps do, one entry a step, in order. A later one counts instead of an earlier
    /// one.
    [[nodiscard]] Result<void> reviewed(qint64 id, const QList<JournalSignOff> &steps);
    [[nodiscard]] Result<void> backupMade(qint64 id, const BackupRecord &backup);
    /// The end. A later end of the same run counts instead of an earlier one: an unknown outcome that
    /// was resolved by reading the database.
    [[nodiscard]] Result<void> finish(qint64 id, Outcome outcome, const RevisionIds &rows,
                                      const QString &message, const QStringList &leftBehind = {});
    /// What was done after the end.
    [[nodiscard]] Result<void> afterwards(qint64 id, const QList<JournalAfter> &after);

    /// Told of every event after it was written, with the uid of its run: see SharedJournal. Not told of
    /// runs from before there were uids.
    using Mirror = std::function<void(const QString &uid, const QString &event, const QJsonObject &content)>;
    void setMirror(Mirror mirror) { m_mirror = std::move(mirror); }

    /// Newest first.
    [[nodiscard]] Result<QList<JournalEntry>> entries(const JournalFilter &filter = {}) const;
    /// Errors: Usage if there is none with that number.
    [[nodiscard]] Result<JournalEntry> entry(qint64 id) const;
    /// Runs without an end whose Stepwell is gone or is on another machine, and those with an unknown
    /// outcome; newest first. To be resolved by reading their databases.
    [[nodiscard]] Result<QList<JournalEntry>> unfinished() const;

    [[nodiscard]] QString path() const { return m_path; }

private:
    Journal(QString path, QString connection);
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> syncFully(bool fully);
    void tellMirror(qint64 run, const QString &event, const QJsonObject &content);
    [[nodiscard]] Result<qint64> add(qint64 run, const QString &event, const QJsonObject &content,
                                     bool synced = true);
    [[nodiscard]] Result<void> addTo(qint64 run, const QString &event, const QJsonObject &content,
                                     bool synced = true);
    [[nodiscard]] Result<QList<JournalEntry>> assemble(const QList<qint64> &runs) const;

    QString m_path;
    QString m_connection;
    Mirror m_mirror;
    QHash<qint64, QString> m_uids;       ///< of the runs that this instance began or looked up
    std::unique_ptr<QSqlQuery> m_insert; ///< prepared once
    bool m_usesWal = false;
    bool m_syncsFully = true; ///< PRAGMA synchronous as it is now
};

/// STEPWELL_JOURNAL, or stepwell/journal.sqlite in $XDG_DATA_HOME (~/.local/share).
[[nodiscard]] QString defaultJournalPath();

/// user@machine of this process.
[[nodiscard]] QString currentOperator();

} // namespace stepwell
