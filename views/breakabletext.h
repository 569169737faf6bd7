// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace stepwell {

/// With places to break in names that are longer than a narrow column has letters: for labels that wrap, not
/// for texts that are copied.
[[nodiscard]] QString breakable(const QString &text, int letters = 24);

} // namespace stepwell
