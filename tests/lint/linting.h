// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/linter.h"

namespace stepwell {

/// A schema as a database has it: made by `sql`, nothing in it new any more. `isRead`: as if a database had
/// told.
[[nodiscard]] Catalogue catalogueOf(const QString &sql, bool isRead = true);
/// Gives a table its size.
void setSize(Catalogue &catalogue, const QString &table, qint64 bytes, qint64 rows);

/// users, sessions (41 GB), events with a partition, the enum mood, the domain address, the view
/// open_sessions.
[[nodiscard]] const QString &sampleSchema();
/// The sample schema with sizes, and timeouts set, as Stepwell's runs set them.
[[nodiscard]] LintOptions sampleOptions();

[[nodiscard]] LintReport lintSql(const QString &sql, const LintOptions &options, bool inTransaction = true);
/// "severity rule line: message" for each finding.
[[nodiscard]] QString findingsText(const LintReport &report);
[[nodiscard]] const Finding *findingOf(const LintReport &report, const QString &rule);

/// A file of the source tree.
[[nodiscard]] QString sourceText(const QString &path);
/// Writes the file if STEPWELL_WRITE_DOCS is set. True if it then is as `text`.
[[nodiscard]] bool isUpToDate(const QString &path, const QString &text);

} // namespace stepwell
