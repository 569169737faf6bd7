// SPDX-License-Identifier: MIT
#include "migrations/preflight/checks.h"
#include "migrations/review/gitfacts.h"
#include "migrations/run/reviewchecks.h"

#include <QDir>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// A revision that the database has and the files do not, as git knows it.
void tellFromGit(CheckResult &result, const QString &folder, const RevisionId &revision,
                 const std::stop_token &stop)
{
    const auto found = findRevisionInGit(folder, revision, stop);
    if (!found) {
        result.details += u"%1: git could not be asked: %2"_s.arg(revision.text(), found.error().message);
        return;
    }
    if (!*found) {
        result.details +=
            u"%1 is in no commit that git has here; it may be in one that was never fetched."_s.arg(
                revision.text());
        return;
    }
    const RevisionInGit &place = **found;
    result.details += u"%1 came with commit %2 of %3 (%4: %5), as %6"_s.arg(
        revision.text(), place.added.commit.left(10),
        place.added.when.toUTC().toString(u"yyyy-MM-dd HH:mm 'UTC'"_s), place.added.author,
        place.added.subject, place.added.path);
    if (!place.branches.isEmpty()) {
        result.details += u"%1 is in the branches %2"_s.arg(revision.text(), place.branches.join(u", "_s));
        result.hint = u"Check out %1, which has it, or bring its file here."_s.arg(place.branches.first());
        return;
    }
    if (place.removed)
        result.details += u"%1 was taken away by commit %2 (%3: %4)"_s.arg(
            revision.text(), place.removed->commit.left(10), place.removed->author, place.removed->subject);
    result.hint = u"No branch has it any more. Bring its file back: git checkout %1 -- %2"_s.arg(
        place.added.commit.left(10), place.added.path);
}

CheckResult unknownRows(const CheckContext &context, const RevisionIds &unknown)
{
    CheckResult result = failureOf(
        u"current-known"_s,
        unknown.size() == 1 ? u"The database is at %1, which no file here has."_s.arg(unknown.first().text())
                            : u"The database is at %1, which no files here have."_s.arg(toText(unknown)),
        u"Check out the code that has it."_s);
    QString folder = context.access.scripts.config.versionLocations.value(0);
    if (!QDir(folder).exists())
        folder = context.access.scripts.config.directory;
    for (const RevisionId &revision : unknown)
        tellFromGit(result, folder, revision, context.stop);
    return result;
}

} // namespace

Told filesCheck(const CheckContext &context)
{
    const QString name = u"files"_s;
    if (context.filesError)
        return errorOf(name, *context.filesError);
    const RevisionMap &map = context.access.scripts.map;
    CheckResult result = checkOf(name, countText(map.count(), u"revision"_s, u"revisions"_s));
    result.details = context.access.scripts.folders;
    return result;
}

Told singleHeadCheck(const CheckContext &context)
{
    const QString name = u"single-head"_s;
    if (context.filesError || context.request.plan.direction == Direction::Downgrade)
        return std::nullopt;
    const RevisionMap &map = context.access.scripts.map;
    const RevisionIds heads = map.heads();
    if (heads.isEmpty())
        return checkOf(name, u"no revision yet"_s);
    if (heads.size() == 1)
        return checkOf(name, heads.first().text());
    CheckResult result =
        warningOf(name, u"%1 heads: %2"_s.arg(heads.size()).arg(toText(heads)),
                  u"Fine if the branches are meant to stay apart; otherwise merge them first."_s);
    for (const RevisionId &head : heads)
        result.details += u"%1 %2"_s.arg(head.text(), map.find(head)->message);
    return result;
}

Told wayBackCheck(const CheckContext &context)
{
    const QString name = u"way-back"_s;
    if (context.filesError)
        return std::nullopt;
    const Plan &plan = context.request.plan;
    CheckResult result = checkOf(name, u"every revision has one"_s);
    QStringList losing;
    for (const PlanStep &step : plan.steps) {
        const Revision *revision = context.access.scripts.map.find(step.revision);
        if (!revision)
            continue;
        const QString id = step.revision.text();
        if (revision->wayBack == WayBack::Irreversible && plan.direction == Direction::Downgrade)
            return failureOf(name,
                             u"%1 cannot be taken back: its downgrade() raises or is missing."_s.arg(id),
                             u"Restore a backup, or write a new revision that undoes it."_s);
        if (revision->wayBack != WayBack::Yes)
            result.details += revision->wayBack == WayBack::Empty
                                  ? u"%1: its downgrade() is empty, so the schema stays as it is"_s.arg(id)
                                  : u"%1: its downgrade() raises or is missing"_s.arg(id);
        if (revision->losesData)
            result.details += u"%1: data is lost"_s.arg(id);
        if (revision->wayBack == WayBack::Irreversible || revision->losesData)
            losing += id;
    }
    if (losing.isEmpty())
        return result;
    worsen(result, CheckState::Warning);
    result.text = u"%1 cannot be undone without loss"_s.arg(losing.join(u", "_s));
    result.hint = u"The backup is the only way back past it."_s;
    return result;
}

Told currentKnownCheck(const CheckContext &context, DatabaseSession &)
{
    const QString name = u"current-known"_s;
    const DatabaseState *state = context.state();
    if (context.filesError || !state)
        return std::nullopt;
    RevisionIds unknown;
    for (const RevisionId &row : state->rows) {
        if (!context.access.scripts.map.find(row))
            unknown += row;
    }
    if (!unknown.isEmpty())
        return unknownRows(context, unknown);
    const Plan &plan = context.request.plan;
    if (!plan.steps.isEmpty() && !sameSet(state->rows, plan.from))
        return failureOf(name,
                         u"The database moved to %1 since the plan was made."_s.arg(toText(state->rows)),
                         u"Close this and look at the new plan."_s);
    return checkOf(name, state->rows.isEmpty() ? u"empty: no revision yet"_s : toText(state->rows));
}

} // namespace stepwell
