// SPDX-License-Identifier: MIT
#pragma once

#include "models/chip.h"

#include <QList>

namespace stepwell {

/// What can be done about a fault, as a button.
enum class TargetAction { Open, Retry, EnterPassword, Resolve };

/// "open", "retry", "password", "resolve": names of buttons.
[[nodiscard]] QString actionName(TargetAction action);
[[nodiscard]] QString actionText(TargetAction action);

/// A target that somebody has to look at, in plain words.
struct Attention {
    TargetId id;
    Tone tone = Tone::Bad;
    QString title;
    QString text;   ///< what happened and what to do, full sentences
    QString detail; ///< the server's or the file's own words; may be empty
    QList<TargetAction> actions;

    bool operator==(const Attention &) const = default;
};

/// Nothing if the target only is behind, empty or at head.
[[nodiscard]] std::optional<Attention> attentionOf(const TargetStatus &status);

/// The version rows in a few words: "7b6a1e0c4f21", "2 heads", "no revision", "connection refused".
[[nodiscard]] QString currentText(const TargetStatus &status);
/// A fault in two or three words: "connection refused".
[[nodiscard]] QString shortError(ErrorKind kind);

} // namespace stepwell
