// SPDX-License-Identifier: MIT
#include "migrations/sql/lockmode.h"

#include <array>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

struct ModeNames {
    QLatin1StringView words;  ///< as LOCK TABLE takes them
    QLatin1StringView server; ///< as pg_locks shows them
};

constexpr std::array<ModeNames, 9> names{{
    {""_L1, ""_L1},
    {"ACCESS SHARE"_L1, "AccessShareLock"_L1},
    {"ROW SHARE"_L1, "RowShareLock"_L1},
    {"ROW EXCLUSIVE"_L1, "RowExclusiveLock"_L1},
    {"SHARE UPDATE EXCLUSIVE"_L1, "ShareUpdateExclusiveLock"_L1},
    {"SHARE"_L1, "ShareLock"_L1},
    {"SHARE ROW EXCLUSIVE"_L1, "ShareRowExclusiveLock"_L1},
    {"EXCLUSIVE"_L1, "ExclusiveLock"_L1},
    {"ACCESS EXCLUSIVE"_L1, "AccessExclusiveLock"_L1},
}};

} // namespace

QString lockName(LockMode mode)
{
    return QString(names.at(static_cast<size_t>(mode)).words);
}

LockMode lockModeOf(const QString &name)
{
    for (size_t i = 1; i < names.size(); ++i) {
        if (name.compare(names.at(i).words, Qt::CaseInsensitive) == 0 || name == names.at(i).server)
            return static_cast<LockMode>(i);
    }
    return LockMode::None;
}

} // namespace stepwell
