// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

namespace stepwell {

/// The folder of this user's links: /tmp/stepwell-UID, or one in XDG_RUNTIME_DIR if somebody else holds
/// that name. Makes nothing.
[[nodiscard]] QString socketLinksFolder();

/// Where a server's socket in `folder` is reached: the folder itself, or, if its path is too long for a
/// socket's 107 bytes or has characters that URLs and host lists trip over, a link to it in `links`.
/// Makes nothing.
[[nodiscard]] QString socketFolderFor(const QString &folder, const QString &links = socketLinksFolder());

/// Makes that link, if one is needed. Errors: FileError, also when `links` is not safely ours.
[[nodiscard]] Result<void> makeSocketLink(const QString &folder, const QString &links = socketLinksFolder());

/// Removes that link, if there is one.
void removeSocketLink(const QString &folder, const QString &links = socketLinksFolder());

} // namespace stepwell
