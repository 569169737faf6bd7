// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>

namespace stepwell {

/// "Create Date: 2024-03-01 12:30:00.123456[+02:00]" of a docstring, to the millisecond; without a zone it is
/// local time. Invalid if there is none.
[[nodiscard]] QDateTime createDate(QStringView docstring);

} // namespace stepwell
