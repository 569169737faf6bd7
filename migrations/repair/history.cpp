// SPDX-License-Identifier: MIT
#include "migrations/repair/history.h"

#include "migrations/alembic/replacefile.h"
#include "migrations/status/targetscripts.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// The revision files of a checkout, by its ini.
using Checkouts = QList<std::pair<QString, RevisionMap>>;

const TargetStatus *statusOf(const QList<TargetStatus> &statuses, const TargetId &id)
{
    const auto found = std::ranges::find(statuses, id, &TargetStatus::id);
    return found == statuses.cend() ? nullptr : &*found;
}

void readRows(HistoryTarget &into, const TargetStatus &status, const ScriptDirectory *scripts)
{
    if (!status.database) {
        into.error = status.databaseError;
        return;
    }
    if (!scripts || (!into.followsFiles && !scripts->problems.isEmpty())) {
        into.error = scripts ? std::optional(errorOf(scripts->problems)) : status.error;
        return;
    }
    into.isRead = true;
    into.rows = status.current;
    into.applied = scripts->map.ancestors(into.rows);
}

/// What another checkout knows of a row counts: the row itself stays unknown to the files that count there.
void lookElsewhere(HistoryTarget &target, const Checkouts &checkouts)
{
    const RevisionIds unknown = target.unknownRows();
    for (const RevisionId &row : unknown) {
        const auto found = std::ranges::find_if(
            checkouts, [&](const auto &checkout) { return checkout.second.indexOf(row) >= 0; });
        if (found == checkouts.cend())
            continue;
        target.elsewhere.insert(row, found->first);
        target.applied += found->second.ancestors({row});
    }
    for (const RevisionId &row : unknown)
        target.applied.remove(row);
}

History assemble(const Component &component, const ScriptSource &source, const ScriptDirectory &scripts,
                 const QList<Target> &targets, const QList<TargetStatus> &statuses, Checkouts checkouts)
{
    History history{.component = component.name, .source = source, .scripts = scripts};
    const QString own = realFile(source.config);
    checkouts.prepend({source.config, scripts.map});
    for (const Target &target : targets) {
        if (target.id.component != component.name)
            continue;
        HistoryTarget added{.target = target, .followsFiles = realFile(target.config) == own};
        if (const TargetStatus *status = statusOf(statuses, target.id)) {
            const ScriptDirectory *theirs = status->scripts ? &*status->scripts : nullptr;
            if (theirs && !added.followsFiles)
                checkouts.append({target.config, theirs->map});
            readRows(added, *status, added.followsFiles ? &scripts : theirs);
        } else {
            added.error = Error{.kind = ErrorKind::ConnectionFailed,
                                .message = u"%1 was not looked at."_s.arg(target.id.text()),
                                .hint = u"Read its version rows first."_s};
        }
        history.targets += added;
    }
    for (HistoryTarget &target : history.targets)
        lookElsewhere(target, checkouts);
    return history;
}

} // namespace

RevisionIds HistoryTarget::unknownRows() const
{
    RevisionIds unknown = rows;
    unknown.removeIf([this](const RevisionId &row) { return applied.contains(row); });
    return unknown;
}

RevisionIds HistoryTarget::appliedOf(const RevisionIds &revisions) const
{
    RevisionIds there = revisions;
    there.removeIf([this](const RevisionId &id) { return !applied.contains(id) && !rows.contains(id); });
    return there;
}

QStringList History::appliedIn(const RevisionId &id) const
{
    QStringList names;
    for (const HistoryTarget &one : targets) {
        if (one.applied.contains(id))
            names += one.target.id.text();
    }
    return names;
}

const HistoryTarget *History::find(const TargetId &id) const
{
    const auto found =
        std::ranges::find_if(targets, [&](const HistoryTarget &one) { return one.target.id == id; });
    return found == targets.cend() ? nullptr : &*found;
}

History makeHistory(const Component &component, const ScriptSource &source, const ScriptDirectory &scripts,
                    const QList<Target> &targets, const QList<TargetStatus> &statuses)
{
    return assemble(component, source, scripts, targets, statuses, {});
}

Result<History> readHistory(const Component &component, const ScriptSource &source,
                            const QList<Target> &targets, const QList<TargetStatus> &statuses,
                            RevisionCache *cache)
{
    const auto scripts = ScriptDirectory::survey(source, ReadDepth::Facts, cache);
    if (!scripts)
        return std::unexpected(scripts.error());
    Checkouts checkouts;
    if (!component.config.isEmpty() && realFile(component.config) != realFile(source.config)) {
        if (const auto own = ScriptDirectory::survey(scriptSource(component), ReadDepth::Header, cache))
            checkouts.append({component.config, own->map});
    }
    return assemble(component, source, *scripts, targets, statuses, checkouts);
}

} // namespace stepwell
