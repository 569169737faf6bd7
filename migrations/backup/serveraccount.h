// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/process/process.h"

namespace stepwell {

/// The account that a private server runs as: this user, or as root an unprivileged one, because
/// postgres refuses to run as root.
class ServerAccount
{
public:
    /// `folders` are what the server must be able to write in. As root, they get its owner, and if it
    /// cannot reach them (a parent such as /root is closed) it gets the capability that lets it.
    /// Errors: FileError, ProgramMissing (setpriv), ProcessFailed.
    [[nodiscard]] static Result<ServerAccount> forFolders(const QStringList &folders);

    /// As root, the path becomes the account's. Errors: FileError.
    [[nodiscard]] static Result<void> giveAway(const QString &path);
    /// The command line that runs `program` as the account.
    [[nodiscard]] ProcessSpec command(const QString &program, const QStringList &arguments) const;

private:
    QStringList m_prefix;
};

} // namespace stepwell
