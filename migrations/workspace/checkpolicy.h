// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

namespace stepwell {

/// A check before a run, as stepwell.toml names it in [environment.NAME.checks].
struct CheckName {
    QString name;
    bool adjustable = true; ///< false: a run cannot be safe without it, so no policy turns it off
};

/// All of them, in the order in which they are shown.
[[nodiscard]] const QList<CheckName> &checkNames();

} // namespace stepwell
