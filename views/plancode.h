// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QWidget;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class CodeView;

/// A few lines of text in a dialog: monospace, to be selected and copied, as tall as its lines up to
/// `maximalLines`. `definition` as in CodeView; empty: plain.
[[nodiscard]] CodeView *makePlanCode(KSyntaxHighlighting::Repository &repository, const QString &text,
                                     const QString &definition, int maximalLines, QWidget *parent);

} // namespace stepwell
