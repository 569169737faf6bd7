// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"
#include "migrations/review/reviewhtml.h"

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

/// Lines of SQL as HTML in the colours of print, for reviewHtml().
[[nodiscard]] SqlToHtml sqlHighlighter(KSyntaxHighlighting::Repository &repository);

/// A page of reviewHtml() as a PDF file, A4, with page numbers. `title` goes into the file's properties.
/// GUI thread. Errors: FileError.
[[nodiscard]] Result<void> writeReviewPdf(const QString &html, const QString &title, const QString &file);

} // namespace stepwell
