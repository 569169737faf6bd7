// SPDX-License-Identifier: MIT
#include "migrations/status/targetstatus.h"

#include "migrations/alembic/plan.h"
#include "migrations/database/databasesession.h"
#include "migrations/status/targetconnection.h"
#include "migrations/status/targetscripts.h"

#include <QSet>

#include <algorithm>
#include <future>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

RevisionIds unknownRows(const RevisionMap &map, const RevisionIds &rows)
{
    RevisionIds unknown;
    for (const RevisionId &row : rows) {
        if (map.indexOf(row) < 0)
            unknown.append(row);
    }
    return unknown;
}

bool allApplied(const RevisionMap &map, const RevisionIds &rows, const RevisionIds &wanted)
{
    const QSet<RevisionId> applied = map.ancestors(rows);
    return std::ranges::all_of(wanted, [&applied](const RevisionId &id) { return applied.contains(id); });
}

/// The newest revision that every head stands on; empty if they share none.
RevisionId partingPoint(const RevisionMap &map, const RevisionIds &heads)
{
    QSet<RevisionId> common = map.ancestors({heads.constFirst()});
    for (const RevisionId &head : heads)
        common.intersect(map.ancestors({head}));
    for (const RevisionId &id : map.history()) {
        if (common.contains(id))
            return id;
    }
    return {};
}

QString named(const RevisionMap &map, const RevisionId &id)
{
    const Revision *revision = map.find(id);
    if (!revision || revision->message.isEmpty())
        return id.text();
    return id.text() + u" (\""_s + revision->message + u"\")"_s;
}

Error divergedError(const RevisionMap &map, const RevisionIds &heads)
{
    QStringList names;
    for (const RevisionId &head : heads)
        names.append(named(map, head));
    const QString last = names.takeLast();
    const RevisionId parted = partingPoint(map, heads);
    const QString where = parted.isEmpty() ? u"They share no revision."_s
                                           : QString(u"They part after "_s + named(map, parted) + u'.');
    return Error{
        .kind = ErrorKind::MultipleHeads,
        .message = u"The files have %1 heads: %2 and %3. %4"_s.arg(QString::number(heads.size()),
                                                                   names.join(u", "_s), last, where),
        .hint = u"Put the newer one on top of the other, or add a merge revision. If the branches are meant "
                "to stay apart, upgrade each by its label, or to \"heads\"."_s};
}

QString rowsText(const RevisionIds &rows)
{
    return (rows.size() == 1 ? u"revision "_s : u"revisions "_s) + toTexts(rows).join(u", "_s);
}

void assessUnknownRows(TargetStatus &status, const Target &target, const RevisionIds &unknown)
{
    status.state = TargetState::UnknownRevision;
    QString hint = u"The database may be ahead of these files: the application was rolled back to an older "
                   "release, or the revision was never merged. Look for its file in other branches and "
                   "releases before anything is changed."_s;
    if (!target.component.config.isEmpty() && target.component.config != target.config) {
        const Result<ScriptDirectory> own = ScriptDirectory::load(scriptSource(target.component));
        if (own && unknownRows(own->map, unknown).isEmpty()) {
            status.state = TargetState::Elsewhere;
            hint =
                u"The component's own checkout has it (%1), the one that this environment follows does not "
                "(%2). Update that checkout, or point the environment to the right one."_s.arg(
                    target.component.config, target.config);
        }
    }
    status.error =
        Error{.kind = ErrorKind::UnknownRevision,
              .message = u"The database is at %1, which no file here has."_s.arg(rowsText(unknown)),
              .hint = hint};
}

/// Fills `pending`; a graph that cannot be planned is Broken.
bool planPending(TargetStatus &status, const RevisionMap &map)
{
    const Result<Plan> plan = planUpgrade(map, status.current, u"heads"_s);
    if (!plan) {
        status.state = TargetState::Broken;
        status.error = plan.error();
        return false;
    }
    for (const PlanStep &step : plan->steps)
        status.pending.append(step.revision);
    return true;
}

void assessKnownRows(TargetStatus &status, const RevisionMap &map)
{
    // Rows that lie below one another stop Alembic, whatever they stand for.
    if (status.current.size() > 1 && !planPending(status, map))
        return;
    if (allApplied(map, status.current, status.heads)) {
        // Files without any revision have nothing to apply, and rows there are none either.
        status.state =
            status.heads.isEmpty() && status.current.isEmpty() ? TargetState::Empty : TargetState::AtHead;
        return;
    }
    if (status.current.size() <= 1 && !planPending(status, map))
        return;
    if (status.heads.size() > 1) {
        status.state = TargetState::Diverged;
        status.error = divergedError(map, status.heads);
    } else {
        status.state = status.current.isEmpty() ? TargetState::Empty : TargetState::Pending;
    }
}

Result<DatabaseState> readDatabase(const Target &target, const Result<ConnectionSettings> &settings,
                                   const QString &password)
{
    if (!settings)
        return std::unexpected(settings.error());
    SessionOptions options;
    options.lockTimeout = target.environment.lockTimeout;
    auto session = DatabaseSession::open(*settings, password, options);
    if (!session)
        return std::unexpected(session.error());
    return (*session)->readState(target.component.versionTable);
}

/// An ini with broken revision files still has its URL, and a URL needs no ini.
Result<ConnectionSettings> connectionOf(const Target &target)
{
    if (!target.url.isEmpty())
        return targetConnection(target, {});
    return readAlembicConfig(target.config, target.component.section)
        .and_then([&](const AlembicConfig &config) { return targetConnection(target, config); });
}

} // namespace

QString stateName(TargetState state)
{
    switch (state) {
    case TargetState::AtHead:
        return u"at-head"_s;
    case TargetState::Pending:
        return u"pending"_s;
    case TargetState::Diverged:
        return u"diverged"_s;
    case TargetState::Empty:
        return u"empty"_s;
    case TargetState::UnknownRevision:
    case TargetState::Elsewhere:
        return u"unknown-revision"_s;
    case TargetState::Unreachable:
        return u"unreachable"_s;
    case TargetState::Broken:
        return u"broken"_s;
    }
    return {};
}

TargetStatus assessTarget(const Target &target, Result<ScriptDirectory> scripts,
                          Result<DatabaseState> database)
{
    TargetStatus status;
    status.id = target.id;
    status.readAt = QDateTime::currentDateTime();
    if (database) {
        status.database = *database;
        status.current = database->rows;
    } else {
        status.databaseError = database.error();
    }
    if (!scripts) {
        status.state = TargetState::Broken;
        status.error = scripts.error();
        return status;
    }
    status.scripts = *scripts;
    const RevisionMap &map = status.scripts->map;
    status.heads = map.heads();
    if (!status.scripts->problems.isEmpty()) {
        status.state = TargetState::Broken;
        status.error = errorOf(status.scripts->problems);
        return status;
    }
    if (!database) {
        status.state = TargetState::Unreachable;
        status.error = database.error();
        return status;
    }
    const RevisionIds unknown = unknownRows(map, status.current);
    if (unknown.isEmpty())
        assessKnownRows(status, map);
    else
        assessUnknownRows(status, target, unknown);
    return status;
}

TargetStatus reassessTarget(const Target &target, const TargetStatus &last, RevisionCache *cache)
{
    Result<DatabaseState> database = std::unexpected(last.databaseError.value_or(Error()));
    if (last.database)
        database = *last.database;
    TargetStatus status = assessTarget(
        target, ScriptDirectory::survey(scriptSource(target), ReadDepth::Facts, cache), std::move(database));
    status.connection = last.connection;
    status.readAt = last.readAt;
    status.duration = last.duration;
    return status;
}

TargetStatus readTargetStatus(const Target &target, const QString &password, ReadDepth depth,
                              RevisionCache *cache)
{
    const auto started = std::chrono::steady_clock::now();
    const Result<ConnectionSettings> settings = connectionOf(target);
    // The server answers while the files are read.
    std::future<Result<DatabaseState>> database =
        std::async(std::launch::async, [&] { return readDatabase(target, settings, password); });
    Result<ScriptDirectory> scripts = ScriptDirectory::survey(scriptSource(target), depth, cache);

    TargetStatus status = assessTarget(target, std::move(scripts), database.get());
    if (settings) {
        status.connection = *settings;
        status.connection.password.clear(); // shown and kept; whoever connects takes the password anew
    }
    status.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    return status;
}

} // namespace stepwell
