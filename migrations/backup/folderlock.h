// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <chrono>

namespace stepwell {

/// A lock on a folder between processes of this machine, held for the object's life. The kernel
/// lets go of it when the process dies.
class FolderLock
{
public:
    /// Errors: FileError, Timeout (somebody else holds it for longer than `patience`).
    [[nodiscard]] static Result<FolderLock> take(const QString &folder, std::chrono::milliseconds patience);
    FolderLock(FolderLock &&other) noexcept;
    FolderLock &operator=(FolderLock &&other) noexcept;
    ~FolderLock();

private:
    explicit FolderLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor = -1;
};

} // namespace stepwell
