// SPDX-License-Identifier: MIT
#include "migrations/backup/backup.h"

#include "migrations/backup/dumpfailure.h"
#include "migrations/backup/partialfile.h"
#include "migrations/backup/passfile.h"
#include "migrations/backup/postgresprograms.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QRegularExpression>
#include <QStorageInfo>

#include <algorithm>
#include <cstring>
#include <optional>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

std::unexpected<Error> failed(const QString &message, const QString &hint, const QString &detail = {})
{
    return failure(ErrorKind::BackupFailed, message, hint, detail);
}

std::unexpected<Error> cancelled()
{
    return failure(ErrorKind::Cancelled, u"The backup was cancelled. Nothing was changed."_s);
}

Result<void> prepareDirectory(const QString &directory, qint64 databaseSize)
{
    if (!QFileInfo(directory).isDir()) {
        // The dumps hold the data: the folder is for its owner only.
        if (!QDir().mkpath(directory) ||
            !QFile::setPermissions(directory, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner)) {
            return failed(u"The backup folder %1 cannot be made."_s.arg(directory),
                          u"Choose a folder that you may write in."_s);
        }
        // It may lie in a checkout: a dump must not be one `git add` away from everybody.
        QFile ignore(QDir(directory).filePath(u".gitignore"_s));
        if (ignore.open(QIODevice::WriteOnly | QIODevice::NewOnly))
            ignore.write("*\n");
    }
    const QStorageInfo storage(directory);
    if (databaseSize > 0 && storage.isValid() && storage.bytesAvailable() < databaseSize) {
        return failed(
            u"There may not be enough space for the backup: the database has %1, and %2 is free in %3."_s.arg(
                sizeText(databaseSize), sizeText(storage.bytesAvailable()), directory),
            u"Free %1 there, or choose a folder on another disk."_s.arg(
                sizeText(databaseSize - storage.bytesAvailable())));
    }
    return {};
}

/// How far a process has read a file; 0 if that cannot be seen.
qint64 readPosition(qint64 processId, const QString &file)
{
    const QString folder = u"/proc/%1/fd"_s.arg(processId);
    const QStringList names = QDir(folder).entryList(QDir::Files | QDir::System);
    for (const QString &name : names) {
        if (QFile::symLinkTarget(QString(folder + u'/' + name)) != file)
            continue;
        QFile info(u"/proc/%1/fdinfo/%2"_s.arg(processId).arg(name));
        if (info.open(QIODevice::ReadOnly))
            return info.readLine().mid(int(std::strlen("pos:"))).trimmed().toLongLong();
    }
    return 0;
}

/// What a child says, and how far it is, told to the caller about ten times a second.
class Reporter
{
public:
    Reporter(const BackupProgressHandler &handler, BackupProgress::Phase phase, qint64 total)
        : m_handler(handler)
    {
        m_progress.phase = phase;
        m_progress.total = total;
    }

    void line(const QString &text, const QString &program)
    {
        const QString prefix = program + u": "_s;
        const QString message = text.startsWith(prefix) ? text.sliced(prefix.size()) : text;
        static const QRegularExpression working(
            u"^(reading|dumping|saving|finding|flagging|identifying|processing|creating|executing)\\b"_s);
        if (working.match(message).hasMatch()) {
            m_progress.object = message;
            return;
        }
        m_other += text;
        while (m_other.size() > 50)
            m_other.removeFirst();
    }

    void report(qint64 done, bool now = false)
    {
        const auto time = steady_clock::now();
        if (!m_handler || (!now && time - m_last < 100ms))
            return;
        m_last = time;
        m_progress.done = done;
        m_handler(m_progress);
    }

    /// What was not progress: warnings and errors.
    [[nodiscard]] QString other() const { return m_other.join(u'\n'); }

private:
    const BackupProgressHandler &m_handler;
    BackupProgress m_progress;
    QStringList m_other;
    steady_clock::time_point m_last{};
};

ProcessEnd runReporting(const ProcessSpec &spec, const QString &program, Reporter &reporter,
                        const std::function<qint64(qint64 processId)> &done, const std::stop_token &stop)
{
    Process process(spec, {.errorLine = [&](const QString &line) { reporter.line(line, program); }});
    if (!process.start())
        return process.end();
    process.closeInput();
    while (process.pump(100ms)) {
        if (stop.stop_requested())
            process.terminate();
        reporter.report(done(process.processId()));
    }
    return process.end();
}

QProcessEnvironment dumpEnvironment(bool withPassword)
{
    // libpq's variables count here as they do for the sessions (PGPASSFILE, PGSERVICEFILE …).
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s); // its messages are read
    environment.remove(u"LANGUAGE"_s);
    environment.remove(u"PG_COLOR"_s);
    if (withPassword)
        environment.remove(u"PGPASSWORD"_s); // would win over the password file
    return environment;
}

Result<milliseconds> dump(const BackupRequest &request, const PostgresBinary &program, const QString &file,
                          const BackupProgressHandler &progress, const std::stop_token &stop)
{
    QString conninfo = request.settings.conninfo();
    if (request.settings.option(u"connect_timeout"_s).isEmpty())
        conninfo += u" connect_timeout=10"_s;
    if (request.settings.option(u"application_name"_s).isEmpty())
        conninfo += u" application_name=stepwell"_s;
    std::optional<PassFile> passFile;
    if (!request.password.isEmpty()) {
        auto made = PassFile::make(request.password);
        if (!made)
            return failed(made.error().message, made.error().hint, made.error().detail);
        conninfo += u" passfile='%1'"_s.arg(made->path());
        passFile = std::move(*made);
    }
    ProcessSpec spec;
    spec.program = program.path;
    spec.arguments = {u"--format=custom"_s, u"--verbose"_s, u"--no-password"_s, u"--file"_s, file,
                      u"--dbname"_s,        conninfo};
    if (request.lockTimeout > 0ms)
        spec.arguments += u"--lock-wait-timeout=%1"_s.arg(request.lockTimeout.count());
    spec.environment = dumpEnvironment(passFile.has_value());
    spec.endsWithStarter = true; // it holds a lock on every table
    Reporter reporter(progress, BackupProgress::Dump, request.databaseSize);
    const auto size = [&file](qint64) { return QFileInfo(file).size(); };
    reporter.report(0, true);
    const ProcessEnd end = runReporting(spec, u"pg_dump"_s, reporter, size, stop);
    if (!end.succeeded())
        return std::unexpected(dumpFailure(u"pg_dump"_s, end, reporter.other(), request.directory));
    reporter.report(size(0), true);
    return end.duration;
}

/// The SHA-256 of a file, in hex.
Result<QString> hashOf(const QString &path, Reporter &reporter, qint64 before, const std::stop_token &stop)
{
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return failed(u"The backup %1 cannot be read."_s.arg(path), u"Look at its permissions."_s,
                      file.errorString());
    QByteArray block(1 << 20, Qt::Uninitialized);
    for (;;) {
        if (stop.stop_requested())
            return cancelled();
        const qint64 count = file.read(block.data(), block.size());
        if (count < 0) {
            return failed(u"The backup %1 cannot be read."_s.arg(path),
                          u"The disk may be damaged: choose a folder on another one."_s, file.errorString());
        }
        if (count == 0)
            break;
        hash.addData(QByteArrayView(block).first(count));
        reporter.report(before + file.pos());
    }
    return QString::fromLatin1(hash.result().toHex());
}

struct Verified {
    QString sha256;
    milliseconds duration{0};
};

Result<Verified> readBack(const QString &file, const PostgresBinary &program,
                          const BackupProgressHandler &progress, const std::stop_token &stop)
{
    const auto started = steady_clock::now();
    const QFileInfo info(file);
    if (!info.isFile() || info.size() == 0) {
        return failed(info.exists() ? u"The backup %1 is empty."_s.arg(file)
                                    : u"The backup %1 does not exist."_s.arg(file),
                      u"Make a new one."_s);
    }
    Reporter reporter(progress, BackupProgress::Verify, 2 * info.size());
    reporter.report(0, true);
    ProcessSpec spec;
    spec.program = program.path;
    spec.arguments = {u"--verbose"_s, u"--exit-on-error"_s, u"--file=/dev/null"_s, info.absoluteFilePath()};
    spec.environment = dumpEnvironment(false);
    const QString canonical = info.canonicalFilePath();
    const auto position = [&canonical](qint64 processId) { return readPosition(processId, canonical); };
    const ProcessEnd end = runReporting(spec, u"pg_restore"_s, reporter, position, stop);
    if (end.how == ProcessEnd::Cancelled)
        return cancelled();
    if (end.how == ProcessEnd::Exited && end.exitCode != 0) {
        return failed(u"The backup %1 is damaged or incomplete: it cannot be read to its end."_s.arg(file),
                      u"Do not rely on it. Look at the disk, then make a new one."_s, reporter.other());
    }
    if (!end.succeeded())
        return std::unexpected(dumpFailure(u"pg_restore"_s, end, reporter.other(), info.absolutePath()));
    const auto hash = hashOf(file, reporter, info.size(), stop);
    if (!hash)
        return std::unexpected(hash.error());
    reporter.report(2 * info.size(), true);
    return Verified{*hash, duration_cast<milliseconds>(steady_clock::now() - started)};
}

} // namespace

QString sizeText(qint64 bytes)
{
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

Result<BackupRecord> makeBackup(const BackupRequest &request, const BackupProgressHandler &progress,
                                const std::stop_token &stop)
{
    const int major = request.serverVersion / 10000;
    const auto pgDump = clientProgram(PostgresProgram::Dump, major);
    if (!pgDump)
        return std::unexpected(pgDump.error());
    const auto pgRestore = clientProgram(PostgresProgram::Restore, pgDump->major);
    if (!pgRestore)
        return std::unexpected(pgRestore.error());
    const QString directory = QDir::cleanPath(QFileInfo(request.directory).absoluteFilePath());
    if (const auto prepared = prepareDirectory(directory, request.databaseSize); !prepared)
        return std::unexpected(prepared.error());
    auto file = PartialFile::reserve(directory, request.baseName);
    if (!file)
        return std::unexpected(file.error());
    const auto dumped = dump(request, *pgDump, file->path(), progress, stop);
    if (!dumped)
        return std::unexpected(dumped.error());
    const auto verified = readBack(file->path(), *pgRestore, progress, stop);
    if (!verified)
        return std::unexpected(verified.error());
    if (stop.stop_requested())
        return cancelled();
    const auto final = file->finish();
    if (!final)
        return std::unexpected(final.error());
    return BackupRecord{.file = *final,
                        .size = QFileInfo(*final).size(),
                        .sha256 = verified->sha256,
                        .toolVersion = QString(u"pg_dump "_s + pgDump->version),
                        .finished = QDateTime::currentDateTimeUtc(),
                        .dumpDuration = *dumped,
                        .verifyDuration = verified->duration};
}

Result<void> verifyBackup(const QString &file, const std::stop_token &stop,
                          const BackupProgressHandler &progress)
{
    return verifyBackup(BackupRecord{.file = file}, stop, progress);
}

Result<void> verifyBackup(const BackupRecord &record, const std::stop_token &stop,
                          const BackupProgressHandler &progress)
{
    const auto pgRestore = newestProgram(PostgresProgram::Restore); // reads the archives of all older ones
    if (!pgRestore)
        return std::unexpected(pgRestore.error());
    const auto verified = readBack(record.file, *pgRestore, progress, stop);
    if (!verified)
        return std::unexpected(verified.error());
    if (!record.sha256.isEmpty() && verified->sha256 != record.sha256) {
        return failed(
            u"The backup %1 is not the file that was made: its checksum differs."_s.arg(record.file),
            u"Do not rely on it: it was changed or damaged after it was made."_s,
            u"SHA-256 then: %1\nSHA-256 now: %2"_s.arg(record.sha256, verified->sha256));
    }
    return {};
}

Result<QList<BackupFile>> listBackups(const QString &directory)
{
    const QFileInfo folder(directory);
    if (!folder.exists())
        return QList<BackupFile>();
    if (!folder.isDir() || !folder.isReadable()) {
        return failure(ErrorKind::FileError, u"The backup folder %1 cannot be read."_s.arg(directory),
                       u"Look at its permissions, or choose another folder."_s);
    }
    static const QRegularExpression pattern(u"^(.*)-(\\d{4}-\\d\\d-\\d\\dT\\d{6})(?:-\\d+)?$"_s);
    QList<BackupFile> files;
    const QFileInfoList infos = QDir(directory).entryInfoList(
        {QString(u'*' + backupSuffix), QString(u'*' + partialBackupSuffix)}, QDir::Files | QDir::Hidden);
    for (const QFileInfo &info : infos) {
        BackupFile file{.file = info.absoluteFilePath(), .size = info.size()};
        file.partial = info.fileName().endsWith(partialBackupSuffix);
        const QString stem =
            info.fileName().chopped(file.partial ? partialBackupSuffix.size() : backupSuffix.size());
        const auto match = pattern.match(stem);
        file.baseName = match.hasMatch() ? match.captured(1) : stem;
        file.made = QDateTime::fromString(match.captured(2), u"yyyy-MM-dd'T'HHmmss"_s);
        if (!file.made.isValid())
            file.made = info.lastModified();
        files += file;
    }
    std::ranges::stable_sort(files, std::ranges::greater(), &BackupFile::made);
    return files;
}

} // namespace stepwell
