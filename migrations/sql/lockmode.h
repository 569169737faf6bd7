// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace stepwell {

/// PostgreSQL's table locks, the weakest first ("Explicit locking" of its documentation).
enum class LockMode {
    None,
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
};

/// "ACCESS EXCLUSIVE"; empty for None.
[[nodiscard]] QString lockName(LockMode mode);
/// From "ACCESS EXCLUSIVE" or pg_locks' "AccessExclusiveLock"; None if it is neither.
[[nodiscard]] LockMode lockModeOf(const QString &name);

/// A SELECT waits for it.
[[nodiscard]] constexpr bool blocksReads(LockMode mode)
{
    return mode == LockMode::AccessExclusive;
}
/// INSERT, UPDATE and DELETE wait for it.
[[nodiscard]] constexpr bool blocksWrites(LockMode mode)
{
    return mode >= LockMode::Share;
}

} // namespace stepwell
