// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/headerplaces.h"
#include "migrations/alembic/literaltext.h"

namespace stepwell {

/// The edits that make a header value hold `wanted`, in this order: None for no item, a text for one, a list
/// for several. What stays keeps its bytes; a list stays one. `style`: for what takes the place of no text.
[[nodiscard]] QList<SourceEdit> editValue(const PythonTokens &tokens, const ValuePlaces &places,
                                          const QStringList &wanted, const QuoteStyle &style,
                                          const SourceText &source);
/// A whole new value.
[[nodiscard]] QByteArray writeValue(const QStringList &wanted, const QuoteStyle &style,
                                    const SourceText &source);

} // namespace stepwell
