// SPDX-License-Identifier: MIT
#include "migrations/backup/postgresprograms.h"

#include "migrations/process/process.h"

#include <QDir>
#include <QFileInfo>
#include <QHash>
#include <QMutex>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QStringList environmentFolders(const char *variable)
{
    return qEnvironmentVariable(variable).split(u':', Qt::SkipEmptyParts);
}

/// Sub-folders of `parent` that match `pattern`, with `/bin` behind.
QStringList releaseFolders(const QString &parent, const QString &pattern)
{
    QStringList folders;
    const QDir dir(parent);
    const QStringList names = dir.entryList({pattern}, QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    for (const QString &name : names)
        folders += QString(dir.filePath(name) + u"/bin"_s);
    return folders;
}

QStringList searchFolders()
{
    QStringList folders = environmentFolders("STEPWELL_PG_BIN");
    if (!folders.isEmpty())
        return folders;
    folders += releaseFolders(u"/usr/lib/postgresql"_s, u"[0-9]*"_s); // Debian, Ubuntu
    folders += releaseFolders(u"/usr"_s, u"pgsql-[0-9]*"_s); // Fedora and Red Hat, from postgresql.org
    folders += releaseFolders(u"/usr/lib"_s, u"postgresql[0-9]*"_s); // SUSE
    folders += u"/usr/local/pgsql/bin"_s;
    folders += environmentFolders("PATH");
    return folders;
}

/// The version a program reports, such as "17.6", or empty if it does not run.
QString askVersion(const QString &path)
{
    static QMutex mutex;
    static QHash<QString, QString> known;
    {
        const QMutexLocker locker(&mutex);
        if (const auto found = known.constFind(path); found != known.cend())
            return *found;
    }
    const auto output = processOutput({.program = path,
                                       .arguments = {u"--version"_s},
                                       .environment = postgresEnvironment(),
                                       .deadline = std::chrono::seconds(10)});
    if (!output)
        return {}; // not remembered: it may be repaired while Stepwell runs
    static const QRegularExpression number(u"\\(PostgreSQL\\) (\\d+(?:\\.\\d+|[a-z]+\\d*)?)"_s);
    const QString version = number.match(QString::fromUtf8(*output)).captured(1);
    const QMutexLocker locker(&mutex);
    known.insert(path, version);
    return version;
}

int majorOf(const QString &version)
{
    static const QRegularExpression digits(u"^\\d+"_s);
    return digits.match(version).captured().toInt();
}

bool isServerProgram(PostgresProgram program)
{
    return program == PostgresProgram::InitDb || program == PostgresProgram::Server;
}

std::unexpected<Error> missing(PostgresProgram program, const QString &wanted, int packageMajor)
{
    const QString name = programName(program);
    const QList<PostgresBinary> found = findPostgresPrograms(program);
    QStringList versions;
    for (const PostgresBinary &binary : found)
        versions += QString(binary.version + u" ("_s + binary.path + u")"_s);
    const QString base = isServerProgram(program) ? u"postgresql"_s : u"postgresql-client"_s;
    const QString package = packageMajor > 0 ? QString(base + u"-"_s + QString::number(packageMajor)) : base;
    const QString message = versions.isEmpty()
                                ? u"%1%2 is not installed on this machine."_s.arg(name, wanted)
                                : u"%1%2 is not installed on this machine; there is only %3."_s.arg(
                                      name, wanted, versions.join(u", "_s));
    return failure(ErrorKind::ProgramMissing, message,
                   u"Install the package %1 (Debian, Ubuntu) or your system's PostgreSQL %2 package, "
                   "then try again."_s.arg(package, isServerProgram(program) ? u"server"_s : u"client"_s));
}

} // namespace

QString programName(PostgresProgram program)
{
    switch (program) {
    case PostgresProgram::Dump:
        return u"pg_dump"_s;
    case PostgresProgram::Restore:
        return u"pg_restore"_s;
    case PostgresProgram::Psql:
        return u"psql"_s;
    case PostgresProgram::InitDb:
        return u"initdb"_s;
    case PostgresProgram::Server:
        return u"postgres"_s;
    }
    return {};
}

QList<PostgresBinary> findPostgresPrograms(PostgresProgram program)
{
    QList<PostgresBinary> found;
    QSet<int> majors;
    QSet<QString> seen;
    const QStringList folders = searchFolders();
    for (const QString &folder : folders) {
        const QFileInfo file(QDir(folder), programName(program));
        if (!file.isFile() || !file.isExecutable() || seen.contains(file.absoluteFilePath()))
            continue;
        seen.insert(file.absoluteFilePath());
        const QString version = askVersion(file.absoluteFilePath());
        const int major = majorOf(version);
        if (major == 0 || majors.contains(major))
            continue;
        majors.insert(major);
        found += PostgresBinary{file.absoluteFilePath(), major, version};
    }
    std::ranges::sort(found, std::ranges::greater(), &PostgresBinary::major);
    return found;
}

Result<PostgresBinary> clientProgram(PostgresProgram program, int serverMajor)
{
    const QList<PostgresBinary> found = findPostgresPrograms(program);
    const PostgresBinary *best = nullptr;
    for (const PostgresBinary &binary : found) { // newest first, so the last fitting one is the nearest
        if (binary.major >= serverMajor)
            best = &binary;
    }
    if (best)
        return *best;
    return missing(program, u" %1 or newer"_s.arg(serverMajor), serverMajor);
}

Result<PostgresBinary> newestProgram(PostgresProgram program)
{
    const QList<PostgresBinary> found = findPostgresPrograms(program);
    if (!found.isEmpty())
        return found.first();
    return missing(program, {}, 0);
}

Result<PostgresBinary> exactProgram(PostgresProgram program, int major)
{
    const QList<PostgresBinary> found = findPostgresPrograms(program);
    for (const PostgresBinary &binary : found) {
        if (binary.major == major)
            return binary;
    }
    return missing(program, u" %1"_s.arg(major), major);
}

QProcessEnvironment postgresEnvironment()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QStringList names = environment.keys();
    for (const QString &name : names) {
        if (name.startsWith(u"PG"_s) || name.startsWith(u"LC_"_s) || name == u"LANGUAGE"_s)
            environment.remove(name);
    }
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    return environment;
}

} // namespace stepwell
