// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/lintformats.h"

namespace stepwell::cli {

/// SARIF 2.1.0, as code scanning takes it; accepted findings are suppressed results.
void writeSarif(QTextStream &out, const QList<LintedScript> &scripts);
/// JUnit XML: a test suite a script, a test case a finding; a script without findings is one that passed.
void writeJunit(QTextStream &out, const QList<LintedScript> &scripts);
/// GitHub's workflow commands: an annotation a finding.
void writeGithub(QTextStream &out, const QList<LintedScript> &scripts);
/// GitLab's code quality report.
void writeGitlab(QTextStream &out, const QList<LintedScript> &scripts);

} // namespace stepwell::cli
