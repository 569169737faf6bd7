// SPDX-License-Identifier: MIT
#include "app/filewatch.h"

namespace stepwell {

using namespace std::chrono_literals;

FileWatch::FileWatch(QObject *parent) : QObject(parent)
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(300ms);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &FileWatch::note);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FileWatch::note);
    connect(&m_quiet, &QTimer::timeout, this, &FileWatch::tell);
}

void FileWatch::watch(const QString &config, const QStringList &paths)
{
    m_paths[config] = QSet<QString>(paths.begin(), paths.end());
    QSet<QString> wanted;
    for (const QSet<QString> &some : std::as_const(m_paths))
        wanted.unite(some);
    // What was replaced by a rename is no longer watched, so this is set anew each time.
    const QStringList files = m_watcher.files();
    const QStringList folders = m_watcher.directories();
    QSet<QString> watched(files.begin(), files.end());
    watched.unite(QSet<QString>(folders.begin(), folders.end()));
    if (const QSet<QString> gone = watched - wanted; !gone.isEmpty())
        m_watcher.removePaths(gone.values());
    if (const QSet<QString> added = wanted - watched; !added.isEmpty())
        m_watcher.addPaths(added.values());
}

void FileWatch::note(const QString &path)
{
    for (const auto &[config, paths] : m_paths.asKeyValueRange()) {
        if (paths.contains(path))
            m_touched.insert(config);
    }
    m_quiet.start();
}

void FileWatch::tell()
{
    for (const QString &config : std::exchange(m_touched, {}))
        Q_EMIT changed(config);
}

} // namespace stepwell
