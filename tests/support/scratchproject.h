// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>
#include <QTemporaryDir>

namespace stepwell {

/// One revision file to write. Bodies are Python lines without indentation; empty is `pass`.
struct ScratchRevision {
    QString id;
    QStringList down; ///< none: a base; several: a merge
    QString upgrade;
    QString downgrade;
    QString message; ///< empty: the id
    QStringList labels;
    QStringList dependsOn;
};

/// An Alembic project in a temporary folder: alembic.ini, migrations/env.py, migrations/versions/.
/// What fails here ends the program.
class ScratchProject
{
public:
    enum Environment { SyncPsycopg2, SyncPsycopg, AsyncAsyncpg };

    /// `url`: postgresql://… of the database; the driver of the environment is put in. May be empty.
    explicit ScratchProject(const QString &url, Environment environment = SyncPsycopg2);

    [[nodiscard]] QString directory() const { return m_folder.path(); }
    [[nodiscard]] QString config() const;  ///< path of alembic.ini
    [[nodiscard]] QString envFile() const; ///< path of env.py
    [[nodiscard]] QString versionsDirectory() const;
    [[nodiscard]] QString url() const { return m_url; } ///< as in the ini, with the driver

    /// Returns the file's path.
    QString addRevision(const QString &id, const QString &down, const QString &upgrade,
                        const QString &downgrade);
    QString addRevision(const ScratchRevision &revision);

private:
    QTemporaryDir m_folder;
    QString m_url;
};

} // namespace stepwell
