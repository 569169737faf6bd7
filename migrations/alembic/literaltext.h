// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/sourcetext.h"

#include <QString>

namespace stepwell {

/// How a string literal is written.
struct QuoteStyle {
    QByteArray prefix; ///< r, u, Rf …
    char quote = '"';
    bool isTriple = false;

    [[nodiscard]] bool isRaw() const { return prefix.toLower().contains('r'); }
    [[nodiscard]] bool isFormatted() const
    {
        return prefix.toLower().contains('f') || prefix.toLower().contains('t');
    }
    /// The plain literal with the same quote.
    [[nodiscard]] QuoteStyle plain() const { return {.quote = quote}; }
    [[nodiscard]] qsizetype openingSize() const { return prefix.size() + (isTriple ? 3 : 1); }
};
[[nodiscard]] QuoteStyle quoteStyleOf(QByteArrayView literal);

/// What stands between the quotes for a text, as UTF-8: escaped as the prefix and the file's encoding need
/// it. Nothing if such a literal cannot hold the text.
[[nodiscard]] std::optional<QByteArray> literalBody(const QString &text, const QuoteStyle &style,
                                                    const SourceText &source);
/// A whole literal: in the style given, or in its plain form where that cannot hold the text.
[[nodiscard]] QByteArray writeLiteral(const QString &text, const QuoteStyle &style, const SourceText &source);

} // namespace stepwell
