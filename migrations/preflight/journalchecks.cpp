// SPDX-License-Identifier: MIT
#include "migrations/journal/journal.h"
#include "migrations/preflight/checks.h"
#include "migrations/review/gitfacts.h"
#include "migrations/review/textdifference.h"
#include "migrations/run/reviewchecks.h"

#include <QFile>
#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostLines = 200; ///< of one difference

/// Null if there is none: opening it would make it.
Result<std::unique_ptr<Journal>> openJournal(const CheckContext &context)
{
    const QString &path = context.request.journal;
    if (path.isEmpty() || !QFileInfo::exists(path))
        return nullptr;
    return Journal::open(path);
}

bool isOfTarget(const JournalEntry &entry, const PreflightRequest &request)
{
    return entry.target == request.target.id &&
           (request.workspaceDirectory.isEmpty() || entry.workspace.isEmpty() ||
            entry.workspace == request.workspaceDirectory);
}

/// The file of each revision as it was when it was last applied here: its hash. Newest run first; a rollback
/// ends what is known of a revision.
QHash<RevisionId, QString> appliedHashes(const QList<JournalEntry> &entries, const PreflightRequest &request)
{
    QHash<RevisionId, QString> hashes;
    for (const JournalEntry &entry : entries) {
        if (!isOfTarget(entry, request) ||
            (entry.kind != RunKind::Upgrade && entry.kind != RunKind::Downgrade))
            continue;
        for (const JournalStep &step : entry.steps) {
            if (step.state == StepState::Done && !hashes.contains(step.revision))
                hashes.insert(step.revision, entry.kind == RunKind::Upgrade ? step.fileHash : QString());
        }
    }
    return hashes;
}

QStringList differenceFrom(const Revision &revision, const QString &hash, const std::stop_token &stop)
{
    const auto before = fileWithHash(revision.file, hash, stop);
    if (!before || !*before)
        return {u"%1: git does not have the text that was applied, so the difference is not known"_s.arg(
            revision.id.text())};
    QFile file(revision.file);
    if (!file.open(QIODevice::ReadOnly))
        return {u"%1: %2"_s.arg(revision.id.text(), file.errorString())};
    const QString name = QFileInfo(revision.file).fileName();
    QStringList lines = unifiedDiff(**before, QString::fromUtf8(file.readAll()), u"%1 as applied"_s.arg(name),
                                    u"%1 now"_s.arg(name))
                            .split(u'\n', Qt::SkipEmptyParts);
    if (lines.size() > mostLines) {
        lines.resize(mostLines);
        lines += u"…"_s;
    }
    return lines;
}

} // namespace

Told unfinishedRunsCheck(const CheckContext &context)
{
    const QString name = u"unfinished-runs"_s;
    const auto journal = openJournal(context);
    if (!journal)
        return errorOf(name, journal.error());
    if (context.request.journal.isEmpty())
        return std::nullopt;
    if (!*journal)
        return checkOf(name, u"no run yet"_s);
    const auto unfinished = (*journal)->unfinished();
    if (!unfinished)
        return errorOf(name, unfinished.error());
    CheckResult result = checkOf(name, u"none is left open"_s);
    for (const JournalEntry &entry : *unfinished) {
        if (!isOfTarget(entry, context.request))
            continue;
        result.details += u"run %1: %2 to %3, started %4 by %5, %6"_s.arg(
            QString::number(entry.id), runKindName(entry.kind), entry.asked,
            entry.started.toUTC().toString(u"yyyy-MM-dd HH:mm 'UTC'"_s), entry.who,
            entry.outcome == Outcome::Unknown ? u"its outcome is not known"_s
                                              : u"its end was never written"_s);
    }
    if (result.details.isEmpty())
        return result;
    worsen(result, CheckState::Warning);
    result.text = u"%1 never came to a known end"_s.arg(
        countText(result.details.size(), u"earlier run"_s, u"earlier runs"_s));
    result.hint = u"See what is applied and what that run left behind before another one starts."_s;
    return result;
}

Told editedAfterAppliedCheck(const CheckContext &context)
{
    const QString name = u"edited-after-applied"_s;
    if (context.filesError || context.request.journal.isEmpty())
        return std::nullopt;
    const DatabaseState *state = context.state();
    if (!state)
        return std::nullopt;
    const auto journal = openJournal(context);
    if (!journal)
        return errorOf(name, journal.error());
    if (!*journal)
        return checkOf(name, u"the journal knows of no run here"_s);
    const auto entries = (*journal)->entries({.limit = 2000, .target = context.request.target.id});
    if (!entries)
        return errorOf(name, entries.error());
    const QHash<RevisionId, QString> hashes = appliedHashes(*entries, context.request);
    const RevisionMap &map = context.access.scripts.map;
    const QSet<RevisionId> applied = map.ancestors(state->rows);

    CheckResult result = checkOf(name);
    QStringList edited;
    qsizetype known = 0;
    for (const Revision &revision : map.revisions()) {
        const QString before = hashes.value(revision.id);
        if (before.isEmpty() || !applied.contains(revision.id) || context.stop.stop_requested())
            continue;
        ++known;
        if (fileHash(revision.file) == before)
            continue;
        edited += revision.id.text();
        if (edited.size() <= 5) // each asks git for all its versions
            result.details += differenceFrom(revision, before, context.stop);
        else
            result.details += u"%1: edited too"_s.arg(revision.id.text());
    }
    result.text = known == 0 ? u"the journal knows of none that is applied"_s
                             : u"%1 as when applied"_s.arg(countText(known, u"file is"_s, u"files are"_s));
    if (edited.isEmpty())
        return result;
    worsen(result, CheckState::Warning);
    result.text = u"edited since applied here: %1"_s.arg(edited.join(u", "_s));
    result.hint = u"What ran is not what the file says. Put the old text back, and write a new revision for "
                  "what is to change."_s;
    return result;
}

} // namespace stepwell
