// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QString>

namespace stepwell {

/// Held by whoever takes the stages of a repair with detours: nobody else goes on with it or gives it up
/// meanwhile. Goes away with its process.
class RepairWork
{
public:
    /// `config`: the ini of the repair's files. Errors: Locked (another process is at it), FileError.
    [[nodiscard]] static Result<RepairWork> take(const QString &config);
    RepairWork(RepairWork &&other) noexcept;
    RepairWork &operator=(RepairWork &&other) noexcept;
    ~RepairWork();

private:
    explicit RepairWork(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace stepwell
