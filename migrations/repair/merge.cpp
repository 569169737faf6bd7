// SPDX-License-Identifier: MIT
#include "migrations/alembic/findpython.h"
#include "migrations/repair/identifiers.h"
#include "migrations/repair/repairs.h"
#include "migrations/repair/repairwords.h"
#include "migrations/run/bridge.h"

#include <QFileInfo>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

std::unexpected<Error> notAHead(const RevisionMap &map, const RevisionId &id)
{
    return failure(
        ErrorKind::InvalidTarget,
        u"%1 is not a head: %2 follows it."_s.arg(id.text(), joinedWords(toTexts(map.children(id)))),
        u"A merge joins heads. Name some of %1, or none: then it joins all."_s.arg(
            joinedWords(toTexts(map.heads()))));
}

/// The heads that are asked for, in that order.
Result<RevisionIds> headsOf(const RevisionMap &map, const QStringList &wanted)
{
    const RevisionIds all = map.heads();
    RevisionIds heads;
    for (const QString &text : wanted) {
        if (text == u"heads"_s) {
            heads += all;
            continue;
        }
        const auto id = map.resolve(text);
        if (!id)
            return std::unexpected(id.error());
        if (!map.isHead(*id))
            return notAHead(map, *id);
        heads += *id;
    }
    if (wanted.isEmpty())
        heads = all;
    RevisionIds different;
    for (const RevisionId &id : std::as_const(heads)) {
        if (!different.contains(id))
            different += id;
    }
    if (different.size() > 1)
        return different;
    if (all.size() < 2)
        return failure(ErrorKind::Refused,
                       u"There is nothing to merge: the files have %1."_s.arg(
                           all.isEmpty() ? u"no head"_s : u"one head, %1"_s.arg(all.first().text())),
                       u"A merge takes two heads or more."_s);
    return failure(ErrorKind::Usage,
                   u"A merge takes two heads or more; %1 is one."_s.arg(different.first().text()),
                   u"The heads are %1. Name two of them, or none: then all are merged."_s.arg(
                       joinedWords(toTexts(all))));
}

Result<void> checkNames(const RevisionMap &map, const RepairRequest &request)
{
    if (!request.newId.isEmpty()) {
        if (const auto id = checkedIdentifier(request.newId, map.revisions()); !id)
            return std::unexpected(id.error());
    }
    for (const Revision &revision : map.revisions()) {
        for (const QString &label : request.labels) {
            if (revision.id.text() == label || revision.branchLabels.contains(label))
                return failure(ErrorKind::DuplicateLabel,
                               u"The branch label '%1' is taken: %2 has it."_s.arg(label, revision.file),
                               u"Name another label, or none: the merge inherits those of its parents."_s);
        }
    }
    return {};
}

/// Alembic's own word for it.
Result<BridgeMerge> rendered(const History &history, const RevisionIds &heads, const QString &message,
                             const RepairRequest &request, const std::stop_token &stop)
{
    const AlembicConfig &config = history.scripts.config;
    const ScriptSource &source = history.source;
    Bridge bridge({.python = findPython(source.python, source.config, source.elsewhere),
                   .config = config.iniFile,
                   .toml = config.tomlFile,
                   .section = config.section,
                   .workingDirectory = config.directory});
    if (const auto started = bridge.start(stop); !started)
        return std::unexpected(started.error());
    return bridge.merge(heads, message, request.labels, request.newId, stop);
}

QStringList warningsOf(const BridgeMerge &merge)
{
    QStringList warnings;
    if (merge.ranEnvironment)
        warnings +=
            u"revision_environment is set: env.py was run for this preview, as `alembic merge` runs it, with "
            "the connection it makes by itself."_s;
    for (const BridgeMerge::Hook &hook : merge.failedHooks)
        warnings +=
            u"The post-write hook %1 ended with exit code %2. Alembic takes no notice: look at the file."_s
                .arg(hook.name)
                .arg(hook.exitCode);
    if (!merge.output.isEmpty())
        warnings += u"It said: %1"_s.arg(merge.output);
    return warnings;
}

QStringList textOf(const BridgeMerge &merge, const RevisionIds &heads, const RepairRequest &request)
{
    QStringList text{
        u"Alembic's own template makes the file %1."_s.arg(merge.file),
        u"The revision %1 follows %2: they are one head from then on."_s.arg(merge.revision.text(),
                                                                             joinedWords(toTexts(heads))),
        u"It changes no table: an upgrade to it runs what is missing of its parents, and writes one row for "
        "theirs."_s};
    if (!request.labels.isEmpty())
        text += u"It has the branch label %1."_s.arg(joinedWords(request.labels));
    if (!merge.hooks.isEmpty())
        text += u"The post-write hooks %1 were run on it already."_s.arg(joinedWords(merge.hooks));
    return text;
}

} // namespace

Result<RepairPlan> planMerge(const History &history, const RepairRequest &request,
                             const std::stop_token &stop)
{
    if (!history.scripts.problems.isEmpty()) {
        Error error = errorOf(history.scripts.problems);
        error.hint =
            u"Alembic merges only files that it can read: mend this first. %1"_s.arg(error.hint).trimmed();
        return std::unexpected(error);
    }
    const RevisionMap &map = history.scripts.map;
    const auto heads = headsOf(map, request.heads);
    if (!heads)
        return std::unexpected(heads.error());
    if (const auto checked = checkNames(map, request); !checked)
        return std::unexpected(checked.error());
    const QString names = toTexts(*heads).join(u", "_s);
    const QString message =
        request.message.trimmed().isEmpty() ? u"Merge heads %1"_s.arg(names) : request.message;
    const auto merge = rendered(history, *heads, message, request, stop);
    if (!merge)
        return std::unexpected(merge.error());
    if (QFileInfo::exists(merge->file))
        return failure(ErrorKind::Refused,
                       u"%1 is there already: Alembic would write over it."_s.arg(merge->file),
                       u"Give another message: the file is named after it."_s);

    RepairPlan plan{.kind = RepairKind::Merge,
                    .title = u"Merge %1"_s.arg(joinedWords(toTexts(*heads))),
                    .text = textOf(*merge, *heads, request),
                    .warnings = warningsOf(*merge),
                    .changes = {{.file = merge->file, .before = {}, .after = merge->content}},
                    .revisions = {merge->revision}};
    if (const auto proved = proveAfter(history, plan); !proved)
        return std::unexpected(proved.error());
    return plan;
}

} // namespace stepwell
