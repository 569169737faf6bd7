// SPDX-License-Identifier: MIT
#include "migrations/repair/repairplan.h"

#include "migrations/repair/repairrecord.h"
#include "migrations/repair/repairs.h"
#include "migrations/review/textdifference.h"

#include <QDir>

namespace stepwell {

using namespace Qt::StringLiterals;

QString repairKindName(RepairKind kind)
{
    switch (kind) {
    case RepairKind::Rebase:
        return u"rebase"_s;
    case RepairKind::Merge:
        return u"merge"_s;
    case RepairKind::Restore:
        return u"restore"_s;
    case RepairKind::Rename:
        return u"rename"_s;
    case RepairKind::Relink:
        return u"relink"_s;
    }
    Q_UNREACHABLE_RETURN({});
}

Result<RepairPlan> planRepair(const History &history, const RepairRequest &request,
                              const std::stop_token &stop)
{
    switch (request.kind) {
    case RepairKind::Rebase:
        return planRebase(history, request, stop);
    case RepairKind::Merge:
        return planMerge(history, request, stop);
    case RepairKind::Restore:
        return planRestore(history, request, stop);
    case RepairKind::Rename:
        return planRename(history, request);
    case RepairKind::Relink:
        return planRelink(history, request);
    }
    Q_UNREACHABLE_RETURN({});
}

Result<void> writeRepair(const History &history, const RepairPlan &plan)
{
    if (const auto free = checkNotOpen(plan.changes); !free)
        return free;
    return writeTogether(history.scripts.config.scriptLocation, plan.title, plan.changes,
                         [&] { return proveNow(history.source, plan); });
}

QString unifiedDiff(const QList<FileChange> &changes, const QString &folder)
{
    const QDir from(folder);
    const auto label = [&](QChar side, const FileChange &change, bool isThere) {
        return isThere ? QString(side + u'/' + from.relativeFilePath(change.file)) : u"/dev/null"_s;
    };
    QString text;
    for (const FileChange &change : changes)
        text += stepwell::unifiedDiff(QString::fromUtf8(change.before.value_or(QByteArray())),
                                      QString::fromUtf8(change.after.value_or(QByteArray())),
                                      label(u'a', change, change.before.has_value()),
                                      label(u'b', change, change.after.has_value()));
    return text;
}

} // namespace stepwell
