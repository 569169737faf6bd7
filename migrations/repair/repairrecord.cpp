// SPDX-License-Identifier: MIT
#include "migrations/repair/repairrecord.h"

#include "migrations/alembic/changerecord.h"
#include "migrations/alembic/replacefile.h"
#include "migrations/journal/journal.h"
#include "migrations/review/newfile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QStandardPaths>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int format = 1;

QString recordFolder()
{
    return QString(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                   u"/stepwell/repairs"_s);
}

QJsonArray textsToJson(const RevisionIds &ids)
{
    return QJsonArray::fromStringList(toTexts(ids));
}

RevisionIds idsFromJson(const QJsonValue &value)
{
    return toRevisionIds(value.toVariant().toStringList());
}

QJsonObject toJson(const RepairRecord &record)
{
    QJsonArray changes;
    for (const FileChange &change : record.changes)
        changes += toJson(change);
    QJsonArray detours;
    for (const Detour &detour : record.detours)
        detours += QJsonObject{
            {u"environment"_s, detour.target.environment}, {u"component"_s, detour.target.component},
            {u"rows"_s, textsToJson(detour.rows)},         {u"down"_s, detour.down},
            {u"steps"_s, textsToJson(detour.steps)},       {u"up"_s, detour.up}};
    return {{u"format"_s, format},
            {u"component"_s, record.component},
            {u"config"_s, record.config},
            {u"workspace"_s, record.workspace},
            {u"title"_s, record.title},
            {u"begun"_s, record.begun.toUTC().toString(Qt::ISODateWithMs)},
            {u"who"_s, record.who},
            {u"moved"_s, textsToJson(record.moved)},
            {u"changes"_s, changes},
            {u"detours"_s, detours},
            {u"vouched_for"_s, QJsonArray::fromStringList(record.vouchedFor)}};
}

/// Nothing if it is damaged.
std::optional<RepairRecord> fromJson(const QJsonObject &json)
{
    if (!json.value(u"changes").isArray() || !json.value(u"detours").isArray())
        return {};
    RepairRecord record{.component = json.value(u"component").toString(),
                        .config = json.value(u"config").toString(),
                        .workspace = json.value(u"workspace").toString(),
                        .title = json.value(u"title").toString(),
                        .begun = QDateTime::fromString(json.value(u"begun").toString(), Qt::ISODateWithMs),
                        .who = json.value(u"who").toString(),
                        .moved = idsFromJson(json.value(u"moved")),
                        .vouchedFor = json.value(u"vouched_for").toVariant().toStringList()};
    for (const QJsonValue &value : json.value(u"changes").toArray()) {
        const auto change = fileChangeFromJson(value);
        if (!change)
            return {};
        record.changes += *change;
    }
    for (const QJsonValue &value : json.value(u"detours").toArray())
        record.detours += Detour{.target = {.environment = value[u"environment"].toString(),
                                            .component = value[u"component"].toString()},
                                 .rows = idsFromJson(value[u"rows"]),
                                 .down = value[u"down"].toString(),
                                 .steps = idsFromJson(value[u"steps"]),
                                 .up = value[u"up"].toString()};
    return record;
}

std::unexpected<Error> unreadable(const QString &path, const QString &detail)
{
    return failure(ErrorKind::FileError, u"The record of an open repair, %1, cannot be read."_s.arg(path),
                   u"Look at the file: it holds the revision files as they were and as they shall be."_s,
                   detail);
}

Result<RepairRecord> readRecord(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return unreadable(path, file.errorString());
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &fault);
    if (fault.error != QJsonParseError::NoError)
        return unreadable(path, fault.errorString());
    if (document[u"format"].toInt() != format)
        return unreadable(path, u"It was made by another Stepwell."_s);
    auto record = fromJson(document.object());
    if (!record)
        return unreadable(path, u"It is damaged."_s);
    return *std::move(record);
}

} // namespace

QString repairRecordFile(const QString &config)
{
    constexpr qsizetype digits = 16;
    const QByteArray hash =
        QCryptographicHash::hash(QDir::cleanPath(config).toUtf8(), QCryptographicHash::Sha256);
    return QString(recordFolder() + u'/' + QString::fromLatin1(hash.toHex().first(digits)) + u".json"_s);
}

RepairRecord recordOf(const History &history, const RepairPlan &plan, const QString &workspace,
                      const QStringList &vouchedFor)
{
    RepairRecord record{.component = history.component,
                        .config = history.source.config,
                        .workspace = workspace,
                        .title = plan.title,
                        .begun = QDateTime::currentDateTime(),
                        .who = currentOperator(),
                        .moved = plan.moved,
                        .changes = plan.changes,
                        .detours = plan.detours,
                        .vouchedFor = plan.vouchedFor + vouchedFor};
    record.vouchedFor.removeDuplicates();
    return record;
}

Result<void> checkNotOpen(const QList<FileChange> &changes)
{
    const QDir folder(recordFolder());
    for (const QString &name : folder.entryList({u"*.json"_s}, QDir::Files)) {
        const auto other = readRecord(folder.filePath(name));
        if (!other) // it stands in nobody's way but its own ini's
            continue;
        QSet<QString> taken;
        for (const FileChange &change : other->changes)
            taken += realFile(change.file);
        const auto shared = std::ranges::find_if(
            changes, [&](const FileChange &change) { return taken.contains(realFile(change.file)); });
        if (shared == changes.cend())
            continue;
        return failure(
            ErrorKind::Locked,
            u"Another repair has %1 open: \"%2\", begun on %3 by %4."_s.arg(
                shared->file, other->title, other->begun.toLocalTime().toString(Qt::ISODate), other->who),
            u"Finish or give up that one first."_s);
    }
    return {};
}

Result<void> keepRepair(const RepairRecord &record)
{
    if (const auto free = checkNotOpen(record.changes); !free)
        return free;
    const QString path = repairRecordFile(record.config);
    const QString folder = recordFolder();
    if (!QDir(folder).exists() &&
        (!QDir().mkpath(folder) ||
         !QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner)))
        return failure(ErrorKind::FileError, u"The folder %1 cannot be made."_s.arg(folder),
                       u"Look at the permissions of the folder above it."_s);
    const auto written = writeNewFile(path, QJsonDocument(toJson(record)).toJson(), IfThere::Keep);
    if (!written)
        return std::unexpected(written.error());
    if (!*written)
        return failure(ErrorKind::Locked, u"Another repair of %1 is open."_s.arg(record.config),
                       u"Finish or give up that one first."_s);
    // It tells of databases: for its owner only. The folder is closed to others already.
    if (!QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner)) {
        QFile::remove(path);
        return failure(ErrorKind::FileError, u"The permissions of %1 cannot be set."_s.arg(path),
                       u"Look at the folder."_s);
    }
    return {};
}

Result<std::optional<RepairRecord>> openRepair(const QString &config)
{
    const QString path = repairRecordFile(config);
    if (!QFile::exists(path))
        return std::optional<RepairRecord>();
    return readRecord(path).transform([](RepairRecord record) { return std::optional(std::move(record)); });
}

Result<void> closeRepair(const RepairRecord &record)
{
    const auto open = openRepair(record.config);
    if (!open)
        return std::unexpected(open.error());
    const bool isThisOne = *open && (*open)->begun == record.begun && (*open)->title == record.title &&
                           (*open)->config == record.config;
    QFile file(repairRecordFile(record.config));
    if (!isThisOne || file.remove() || !file.exists())
        return {};
    return failure(ErrorKind::FileError, u"%1 cannot be removed."_s.arg(file.fileName()),
                   u"Remove it by hand: the repair it tells of is done."_s, file.errorString());
}

} // namespace stepwell
