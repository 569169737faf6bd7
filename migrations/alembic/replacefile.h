// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QByteArray>

#include <optional>

namespace stepwell {

/// One name for one file, whatever links lead to it: the file behind them; its absolute path if it is not
/// there.
[[nodiscard]] QString realFile(const QString &file);

/// A file's bytes, links followed; nothing if it is not there. Errors: FileError (also for a link that leads
/// nowhere, and for what is no file).
[[nodiscard]] Result<std::optional<QByteArray>> contentOf(const QString &file);

/// A file is replaced in two steps, so that several can be prepared before the first one changes: a full disk
/// is met while nothing is lost.
/// Writes what the file shall hold under another name beside it, to the disk, with the mode and owner of the
/// file that is there. Links are followed. Its time is another one to the second, so that Python takes no
/// compiled copy for this one, wherever it keeps them. Errors: FileError.
[[nodiscard]] Result<void> prepareFile(const QString &file, const QByteArray &content);
/// Puts a prepared file in the place of the one that holds `expected`, or removes that one if there is no
/// `content`; brings it to the disk. Errors: Refused (it holds something else), FileError.
[[nodiscard]] Result<void> putInPlace(const QString &file, const std::optional<QByteArray> &expected,
                                      const std::optional<QByteArray> &content);
/// Removes what was prepared and never put in place, and compiled copies (__pycache__).
void cleanUpBeside(const QString &file);

/// Whether this process has the lock of an open file, which goes away with it. Taken: somebody else has it.
/// Unknown: the file system has no locks, so nobody can tell.
enum class LockState { Held, Taken, Unknown };
/// `kind`: LOCK_EX or LOCK_SH. Nothing is waited for.
[[nodiscard]] LockState lockNow(int descriptor, int kind);

/// Paths as bytes. 0, or errno; EEXIST if there is something of that name.
[[nodiscard]] int renameWithoutReplacing(const QByteArray &from, const QByteArray &to);
/// Writes all of it. 0, or errno.
[[nodiscard]] int writeAll(int descriptor, const QByteArray &content);
/// Brings the names in a folder to the disk. 0, or errno.
[[nodiscard]] int syncFolder(const QString &folder);
/// FileError for errno.
[[nodiscard]] std::unexpected<Error> fileFailure(const QString &file, int error);

} // namespace stepwell
