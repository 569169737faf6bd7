// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/linter.h"

#include <QJsonObject>
#include <QTextStream>

namespace stepwell::cli {

/// One script that was linted: an SQL file, or one revision in one direction.
struct LintedScript {
    QString revision;    ///< empty for an SQL file
    QString direction;   ///< "upgrade" or "downgrade"; empty for an SQL file
    QString message;     ///< of the revision
    QString path;        ///< of the revision file or SQL file, as annotations name it; "-" is standard input
    int fileLine = 1;    ///< where findings without a line of their own belong
    QString sql;         ///< what was linted
    QString problem;     ///< why there is no SQL
    int problemLine = 0; ///< of the revision file
    LintReport report;

    /// It could not be rendered for another reason than that it looks into the database.
    [[nodiscard]] bool isBroken() const;
    /// The line of `path` that a finding is shown at.
    [[nodiscard]] int lineOf(const Finding &finding) const;
    /// True if nobody accepted it.
    [[nodiscard]] static bool counts(const Finding &finding) { return !finding.accepted; }
};

enum class LintFormat { Text, Json, Sarif, Junit, Github, Gitlab };

/// Writes all scripts in one of the formats that people, scripts and code hosts read. `lone`: one SQL file,
/// whose JSON has statements and findings at the top.
void writeLint(QTextStream &out, LintFormat format, const QList<LintedScript> &scripts, bool lone,
               bool colour);

/// The statements and findings of one report, as `lint --format json` gives them.
[[nodiscard]] QJsonObject toJson(const LintReport &report);
[[nodiscard]] QJsonObject toJson(const Finding &finding);

} // namespace stepwell::cli
