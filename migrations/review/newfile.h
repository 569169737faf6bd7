// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QByteArray>

namespace stepwell {

enum class IfThere { Replace, Keep };

/// Writes a whole file or none: under another name, to the disk, then renamed. With Keep a file that is there
/// stays as it is, also if another program makes it at the same moment. True if this call wrote it.
/// Errors: FileError.
[[nodiscard]] Result<bool> writeNewFile(const QString &path, const QByteArray &content, IfThere ifThere);

} // namespace stepwell
