// SPDX-License-Identifier: MIT
#pragma once

#include <QFileSystemWatcher>
#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

namespace stepwell {

/// Tells when the files of a project change: its ini, its version folders, its revisions. Several changes at
/// once, as of a checkout, are told once. Main thread.
class FileWatch : public QObject
{
    Q_OBJECT

public:
    explicit FileWatch(QObject *parent = nullptr);

    /// Watches these paths for `config`, instead of those it had.
    void watch(const QString &config, const QStringList &paths);

Q_SIGNALS:
    void changed(const QString &config);

private:
    void note(const QString &path);
    void tell();

    QFileSystemWatcher m_watcher;
    QTimer m_quiet;
    QHash<QString, QSet<QString>> m_paths; ///< by config
    QSet<QString> m_touched;               ///< configs
};

} // namespace stepwell
