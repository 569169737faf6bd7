// SPDX-License-Identifier: MIT
#include "migrations/backup/backup.h"
#include "migrations/backup/postgresprograms.h"
#include "migrations/preflight/checks.h"
#include "migrations/preflight/concernedtables.h"
#include "migrations/run/checkfix.h"
#include "migrations/run/reviewchecks.h"

#include <QFile>
#include <QFileInfo>
#include <QStorageInfo>
#include <QtEndian>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// The folder itself, or the nearest one above it that exists: the backup makes the rest.
QString existingFolder(const QString &path)
{
    QFileInfo folder(path);
    while (!folder.isDir() && !folder.isRoot())
        folder.setFile(folder.absolutePath());
    return folder.absoluteFilePath();
}

/// Tables that the SQL writes anew or builds indexes on, once for each time: what is replaced goes only with
/// the commit.
QList<RelationName> rewrittenTables(const QList<StepReview> &reviews)
{
    QList<RelationName> tables;
    for (const StepReview &review : reviews) {
        for (const LintedStatement &statement : review.lint.statements) {
            for (const RelationName &table : statement.effects.rewrites + statement.effects.builds) {
                if (!review.lint.unseen.contains(table))
                    tables += table;
            }
        }
    }
    return tables;
}

/// The server's data directory, if it is on this machine and open to us. A folder of the same name may belong
/// to another server: the number in pg_control tells.
QString localDataDirectory(DatabaseSession &session)
{
    const auto rows = session.query(
        u"SELECT current_setting('data_directory'), system_identifier::text FROM pg_control_system()"_s);
    if (!rows) // a role that may not see it
        return {};
    const QString directory = rows->first().at(0).toString();
    QFile control(QString(directory + u"/global/pg_control"_s));
    if (!control.open(QIODevice::ReadOnly))
        return {};
    const QByteArray head = control.read(8); // in the byte order of the machine that wrote it: this one
    if (head.size() != 8)
        return {};
    quint64 identifier = 0;
    std::memcpy(&identifier, head.constData(), sizeof identifier);
    return QString::number(identifier) == rows->first().at(1).toString() ? directory : QString();
}

/// One place where tables are kept.
struct Tablespace {
    QString location; ///< empty: the data directory
    qint64 needed = 0;
};

Result<QList<Tablespace>> neededSpace(DatabaseSession &session, const QList<RelationName> &tables,
                                      CheckResult &result)
{
    const auto rows = session.query(
        QString(u"SELECT pg_tablespace_location(coalesce(nullif(c.reltablespace, 0), d.dattablespace)), "
                "c.oid::regclass::text, pg_total_relation_size(c.oid)"_s +
                joinedRelations() +
                u"JOIN pg_catalog.pg_database d ON d.datname = current_database() ORDER BY 3 DESC, 2"_s),
        {namesAsJson(tables)});
    if (!rows)
        return std::unexpected(rows.error());
    QList<Tablespace> places;
    for (const QVariantList &row : *rows) {
        const QString location = row.at(0).toString();
        auto place = std::ranges::find(places, location, &Tablespace::location);
        if (place == places.end())
            place = places.insert(places.end(), Tablespace{.location = location});
        place->needed += row.at(2).toLongLong();
        result.details += u"%1: %2"_s.arg(row.at(1).toString(), sizeText(row.at(2).toLongLong()));
    }
    return places;
}

} // namespace

CheckResult checkInvalidIndexes(DatabaseSession &session)
{
    const QString name = u"invalid-indexes"_s;
    const auto indexes = invalidIndexes(session);
    if (!indexes)
        return errorOf(name, indexes.error());
    CheckResult result = checkOf(name, u"none"_s);
    QStringList broken;
    for (const InvalidIndex &index : *indexes) {
        result.details +=
            index.isBuilding ? u"%1: a session works on its table now"_s.arg(toText(index)) : toText(index);
        if (index.isBuilding)
            continue;
        broken += index.name;
        result.fixes += repairOf(index);
    }
    if (broken.isEmpty()) {
        if (!indexes->isEmpty())
            result.text =
                u"%1 being built now"_s.arg(countText(indexes->size(), u"index is"_s, u"indexes are"_s));
        return result;
    }
    worsen(result, CheckState::Warning);
    result.text = u"%1 of an earlier build that failed: %2"_s.arg(
        countText(broken.size(), u"invalid index"_s, u"invalid indexes"_s), broken.join(u", "_s));
    result.hint =
        u"Every write still pays for them and no query uses them. Build them again, or drop them."_s;
    return result;
}

Told invalidIndexesCheck(const CheckContext &, DatabaseSession &session)
{
    return checkInvalidIndexes(session);
}

Told backupRoomCheck(const CheckContext &context, DatabaseSession &session)
{
    const QString name = u"backup-room"_s;
    const DatabaseState *state = context.state();
    if (context.request.backupDirectory.isEmpty() || !state)
        return std::nullopt;
    const Result<PostgresBinary> program =
        clientProgram(PostgresProgram::Dump, session.serverVersion() / 10000);
    if (!program) {
        CheckResult result = errorOf(name, program.error());
        worsen(result, CheckState::Failed);
        return result;
    }
    const QString folder = existingFolder(context.request.backupDirectory);
    const qint64 available = QStorageInfo(folder).bytesAvailable();
    const QString text =
        u"the database has %1, %2 free"_s.arg(sizeText(state->databaseSize), sizeText(available));
    if (!QFileInfo(folder).isWritable())
        return failureOf(name, u"%1 cannot be written."_s.arg(folder), u"Choose another folder."_s);
    CheckResult result = checkOf(name, text);
    result.details = {u"%1 into %2"_s.arg(QString(program->path + u' ' + program->version), folder)};
    if (available < state->databaseSize) {
        worsen(result, CheckState::Failed);
        result.hint = u"Make room, or choose a folder on another disk."_s;
    }
    return result;
}

Told diskSpaceCheck(const CheckContext &context, DatabaseSession &session)
{
    const QString name = u"disk-space"_s;
    const QList<StepReview> *reviews = context.reviews();
    if (!reviews)
        return std::nullopt;
    CheckResult result = checkOf(name, u"nothing is written anew"_s);
    const QList<RelationName> tables = rewrittenTables(*reviews);
    if (tables.isEmpty())
        return result;
    const auto places = neededSpace(session, tables, result);
    if (!places)
        return errorOf(name, places.error());
    const QString data = localDataDirectory(session);
    QStringList texts;
    for (const Tablespace &place : *places) {
        const QString where = place.location.isEmpty() ? QString() : u" in %1"_s.arg(place.location);
        if (data.isEmpty()) {
            texts +=
                u"up to %1%2 and as much WAL; what is free at the server is not to be seen from here"_s.arg(
                    sizeText(place.needed), where);
            continue;
        }
        const qint64 available =
            QStorageInfo(place.location.isEmpty() ? data : place.location).bytesAvailable();
        texts +=
            u"up to %1%2 and as much WAL, %3 free"_s.arg(sizeText(place.needed), where, sizeText(available));
        if (available < place.needed)
            worsen(result, CheckState::Failed);
        else if (available / 2 < place.needed) // the WAL is often on the same disk
            worsen(result, CheckState::Warning);
    }
    if (!texts.isEmpty())
        result.text = texts.join(u"; "_s);
    if (result.state != CheckState::Passed)
        result.hint =
            u"Make room at the server first: a full disk stops everybody, not only the migration."_s;
    return result;
}

} // namespace stepwell
