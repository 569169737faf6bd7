// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

namespace stepwell {

/// The argv of a project's interpreter: as configured (a relative path is looked for near `config`, then
/// near `elsewhere`), else a virtual environment beside the ini or above it, up to the root of its
/// checkout, first near `config`, then near `elsewhere`; else $VIRTUAL_ENV, else python3.
[[nodiscard]] QStringList findPython(const QStringList &configured, const QString &config,
                                     const QString &elsewhere = {});

} // namespace stepwell
