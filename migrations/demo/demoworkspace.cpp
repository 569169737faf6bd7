// SPDX-License-Identifier: MIT
#include "migrations/demo/demoworkspace.h"

#include "migrations/backup/folderlock.h"
#include "migrations/demo/demofiles.h"
#include "migrations/demo/demorepositories.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// Longer than a creation takes on a slow machine.
constexpr auto patience = 180s;

const QString lockName = u".lock"_s;            // FolderLock's
const QString markerName = u".stepwell-demo"_s; // "partial", or "whole" and the cluster's URL
const QString partialMark = u"partial"_s;
const QString wholeMark = u"whole"_s;

QStringList markerLines(const QString &file)
{
    QFile marker(file);
    if (!marker.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(marker.readAll()).split(u'\n');
}

void tell(const DemoProgress &progress, const QString &text)
{
    if (progress)
        progress(text);
}

std::unexpected<Error> noDemo(const QString &directory)
{
    return failure(ErrorKind::Usage, u"There is no demo workspace in %1."_s.arg(directory),
                   u"Make one: stepwell demo --create DIR"_s);
}

std::unexpected<Error> foreignFolder(const QString &directory)
{
    return failure(ErrorKind::Refused,
                   u"%1 is not empty and is no demo workspace; nothing in it was changed."_s.arg(directory),
                   u"Choose a folder that is empty or does not exist."_s);
}

Result<void> checkCancelled(const std::stop_token &stop)
{
    if (!stop.stop_requested())
        return {};
    return failure(ErrorKind::Cancelled, u"Making the demo workspace was cancelled."_s,
                   u"Nothing of it is left."_s);
}

} // namespace

DemoWorkspace::DemoWorkspace(const QString &directory)
    : m_directory(QDir::cleanPath(QFileInfo(directory).absoluteFilePath()))
{
}

QString DemoWorkspace::defaultDirectory()
{
    return QString(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                   u"/stepwell/demo"_s);
}

PrivateCluster DemoWorkspace::cluster() const
{
    return PrivateCluster(QString(m_directory + u"/cluster"_s));
}

QString DemoWorkspace::markerFile() const
{
    return QString(m_directory + u'/' + markerName);
}

DemoWorkspace::Content DemoWorkspace::content() const
{
    const QStringList marker = markerLines(markerFile());
    if (marker.value(0) == wholeMark)
        return Content::Whole;
    if (!marker.isEmpty())
        return Content::Partial;
    const QFileInfo info(m_directory);
    if (info.exists() && !info.isDir())
        return Content::Foreign;
    QStringList names =
        QDir(m_directory).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    names.removeAll(lockName);
    return names.isEmpty() ? Content::Nothing : Content::Foreign;
}

bool DemoWorkspace::exists() const
{
    return content() == Content::Whole;
}

/// The folder, once it is known to be ours to use.
Result<void> DemoWorkspace::prepare() const
{
    if (content() == Content::Foreign)
        return foreignFolder(m_directory);
    // Alembic puts the folder of an ini into ConfigParser's %(here)s as it is and then fails on it.
    if (m_directory.contains(u'%')) {
        return failure(ErrorKind::Usage, u"Alembic does not work in %1."_s.arg(m_directory),
                       u"Choose a folder without a percent sign in its path."_s);
    }
    if (!QDir().mkpath(m_directory)) {
        return failure(ErrorKind::FileError, u"The folder %1 cannot be made."_s.arg(m_directory),
                       u"Choose a folder that you may write in."_s);
    }
    return {};
}

Result<void> DemoWorkspace::create(const DemoProgress &progress, const std::stop_token &stop)
{
    if (const auto prepared = prepare(); !prepared)
        return prepared;
    const auto lock = FolderLock::take(m_directory, patience);
    if (!lock)
        return std::unexpected(lock.error());
    // Somebody may have made it, or put something else there, while this one waited.
    const Content found = content();
    if (found == Content::Foreign)
        return foreignFolder(m_directory);
    return found == Content::Whole ? startLocked() : makeOrRemove(progress, stop);
}

Result<void> DemoWorkspace::reset(const DemoProgress &progress, const std::stop_token &stop)
{
    if (const auto prepared = prepare(); !prepared)
        return prepared;
    const auto lock = FolderLock::take(m_directory, patience);
    if (!lock)
        return std::unexpected(lock.error());
    if (content() == Content::Foreign)
        return foreignFolder(m_directory);
    return makeOrRemove(progress, stop);
}

Result<void> DemoWorkspace::makeOrRemove(const DemoProgress &progress, const std::stop_token &stop) const
{
    const auto made = make(progress, stop);
    if (made)
        return made;
    // What cannot be removed keeps its mark, so that nobody opens it and the next creation tries again.
    if (erase())
        QFile::remove(markerFile());
    return made;
}

Result<void> DemoWorkspace::make(const DemoProgress &progress, const std::stop_token &stop) const
{
    if (const auto marked = replaceFile(markerFile(), partialMark.toUtf8()); !marked)
        return marked;
    if (const auto erased = erase(); !erased)
        return erased;
    const auto python = findDemoPython(stop);
    if (!python)
        return std::unexpected(python.error());

    tell(progress, u"Writing the files of three components"_s);
    if (const auto written = writeDemoFiles(m_directory); !written)
        return written;
    if (const auto made = makeDemoRepositories(m_directory); !made)
        return made;
    tell(progress, u"Making a PostgreSQL cluster"_s);
    PrivateCluster server = cluster();
    if (const auto made = server.create(); !made)
        return made;
    if (const auto started = server.start(); !started)
        return started;
    if (const auto goOn = checkCancelled(stop); !goOn)
        return goOn;
    if (const auto made = makeDemoDatabases(m_directory, server, *python, progress, stop); !made)
        return made;
    if (const auto goOn = checkCancelled(stop); !goOn)
        return goOn;
    if (const auto written = writeDemoWorkspaceFile(m_directory, server, *python); !written)
        return written;
    const QString whole = wholeMark + u'\n' + server.url(u"database"_s) + u'\n';
    return replaceFile(markerFile(), whole.toUtf8());
}

/// Everything but the mark and the lock. Links are removed, never followed.
Result<void> DemoWorkspace::erase() const
{
    if (const auto stopped = cluster().stop(true); !stopped)
        return stopped;
    const auto entries =
        QDir(m_directory)
            .entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    for (const QFileInfo &entry : entries) {
        if (entry.fileName() == lockName || entry.fileName() == markerName)
            continue;
        const QString path = entry.absoluteFilePath();
        const bool folder = entry.isDir() && !entry.isSymLink();
        if (!(folder ? QDir(path).removeRecursively() : QFile::remove(path))) {
            return failure(ErrorKind::FileError, u"%1 cannot be removed."_s.arg(path),
                           u"Look at its owner and permissions, then try again."_s);
        }
    }
    return {};
}

Result<void> DemoWorkspace::start()
{
    if (!exists())
        return noDemo(m_directory);
    const auto lock = FolderLock::take(m_directory, patience);
    if (!lock)
        return std::unexpected(lock.error());
    return startLocked();
}

Result<void> DemoWorkspace::startLocked() const
{
    if (const auto started = cluster().start(); !started)
        return started;
    return followMove();
}

/// The addresses in stepwell.toml hold the socket's folder: a demo that was moved gets new ones. What
/// else the user changed in the file stays.
Result<void> DemoWorkspace::followMove() const
{
    const QString before = markerLines(markerFile()).value(1).section(u'?', 1);
    const QString url = cluster().url(u"database"_s);
    const QString now = url.section(u'?', 1);
    if (before.isEmpty() || before == now)
        return {};
    const QString path = m_directory + u"/stepwell.toml"_s;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(ErrorKind::FileError, u"%1 cannot be read."_s.arg(path),
                       u"Make the demo anew: stepwell demo --reset"_s, file.errorString());
    }
    QString text = QString::fromUtf8(file.readAll());
    text.replace(QString(before + u'"'), QString(now + u'"'));
    if (const auto written = replaceFile(path, text.toUtf8()); !written)
        return written;
    const QString whole = wholeMark + u'\n' + url + u'\n';
    return replaceFile(markerFile(), whole.toUtf8());
}

Result<void> DemoWorkspace::stop()
{
    const Content found = content();
    if (found != Content::Whole && found != Content::Partial)
        return noDemo(m_directory);
    const auto lock = FolderLock::take(m_directory, patience);
    if (!lock)
        return std::unexpected(lock.error());
    return cluster().stop();
}

} // namespace stepwell
