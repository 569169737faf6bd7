// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

namespace stepwell {

/// A password for a child process of this one, as a libpq password file that exists in memory only:
/// never on a disk, gone with this object or this process.
class PassFile
{
public:
    /// Errors: Usage (a line break, which the format cannot hold), FileError.
    [[nodiscard]] static Result<PassFile> make(const QString &password);
    PassFile(PassFile &&other) noexcept;
    PassFile &operator=(PassFile &&other) noexcept;
    ~PassFile();

    /// For libpq's keyword `passfile`, in processes of the same user.
    [[nodiscard]] QString path() const;

private:
    explicit PassFile(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor = -1;
};

} // namespace stepwell
