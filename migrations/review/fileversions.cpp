// SPDX-License-Identifier: MIT
#include "migrations/review/fileversions.h"

#include "migrations/process/process.h"

#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Result<QByteArray> git(const QString &file, const QStringList &arguments)
{
    return processOutput({.program = u"git"_s,
                          .arguments = arguments,
                          .workingDirectory = QFileInfo(file).absolutePath(),
                          .deadline = 10s});
}

} // namespace

Result<QList<FileVersion>> fileVersions(const QString &file)
{
    // Each commit: a record separator, four fields, then git's own line with the path.
    const Result<QByteArray> log = git(file, {u"log"_s, u"--follow"_s, u"--max-count=100"_s, u"--name-only"_s,
                                              u"--format=%x1e%H%x1f%aI%x1f%an%x1f%s%x1f"_s, u"-z"_s, u"--"_s,
                                              QFileInfo(file).fileName()});
    if (!log) // git says so where there is no repository, too
        return log.error().kind == ErrorKind::ProcessFailed ? Result<QList<FileVersion>>(QList<FileVersion>())
                                                            : std::unexpected(log.error());
    QList<FileVersion> versions;
    for (const QByteArray &record : log->split('\x1e')) {
        const QStringList fields = QString::fromUtf8(record).split(u'\x1f');
        if (fields.size() != 5)
            continue;
        QString path = fields.at(4);
        path.remove(QChar::Null);
        versions += {.commit = fields.at(0),
                     .when = QDateTime::fromString(fields.at(1), Qt::ISODate),
                     .author = fields.at(2),
                     .subject = fields.at(3),
                     .path = path.trimmed()};
    }
    return versions;
}

Result<QString> fileAt(const QString &file, const FileVersion &version)
{
    return git(file, {u"show"_s, QString(version.commit + u':' + version.path)})
        .transform([](const QByteArray &text) { return QString::fromUtf8(text); });
}

} // namespace stepwell
