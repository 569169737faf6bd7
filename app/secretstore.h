// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/workspace/workspace.h"

#include <QFuture>
#include <QHash>
#include <QMutex>
#include <QObject>

#include <stop_token>

namespace stepwell {

/// Passwords of targets, in the desktop's secret service or, if the user says so or none answers, in
/// memory until the program ends. QtKeychain's plain-text fallback stays off, as is its default. Lives on the
/// main thread, which must run its event loop; the functions may be called from any thread.
class SecretStore : public QObject
{
    Q_OBJECT

public:
    explicit SecretStore(QObject *parent = nullptr);
    ~SecretStore() override;

    /// The key of a target: workspace folder, environment and component.
    [[nodiscard]] static QString keyOf(const QString &workspaceDirectory, const TargetId &target);

    /// The stored password; empty if there is none. Memory first.
    /// Errors: Timeout, Refused (locked or dismissed), ProcessFailed (no service): then ask the user.
    [[nodiscard]] QFuture<Result<QString>> read(const QString &key);
    /// The same for a worker that has to wait for the answer; empty if there is none, also once stop is asked
    /// for.
    [[nodiscard]] QString readOnWorker(const QString &key, const std::stop_token &stop);
    /// Writes and reads back: some services report success and keep nothing.
    [[nodiscard]] QFuture<Result<void>> write(const QString &key, const QString &password);
    [[nodiscard]] QFuture<Result<void>> remove(const QString &key);

    void remember(const QString &key, const QString &password); ///< in memory only
    void forget(const QString &key);                            ///< in memory only
    [[nodiscard]] QString remembered(const QString &key) const;

    /// True if a secret service answers on this desktop.
    [[nodiscard]] static bool isAvailable();

private:
    mutable QMutex m_mutex;
    QHash<QString, QString> m_memory;
};

} // namespace stepwell
