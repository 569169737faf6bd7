// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/error.h"

#include <expected>

namespace stepwell {

template<typename T>
using Result = std::expected<T, Error>;

/// `return failure(ErrorKind::FileError, u"…"_s, u"what to do"_s);`
[[nodiscard]] inline std::unexpected<Error> failure(ErrorKind kind, const QString &message,
                                                    const QString &hint = {}, const QString &detail = {})
{
    return std::unexpected(Error{.kind = kind, .message = message, .hint = hint, .detail = detail});
}

} // namespace stepwell
