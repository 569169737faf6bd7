// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/status/targetstatus.h"

#include <QList>

namespace stepwell {

/// What a chip or a mark means. The colour follows from it, and only views know which.
enum class Tone {
    Neutral,
    Good,
    Attention,
    Bad,
    Special,
    Accent, ///< the one thing to look at
    Info,
};

/// A few words with a meaning, shown as a rounded label.
struct Chip {
    QString text;
    Tone tone = Tone::Neutral;

    bool operator==(const Chip &) const = default;
};

using Chips = QList<Chip>;

[[nodiscard]] Tone toneOf(TargetState state);
/// "3 pending", "at head" …: the state of a target in one or two words.
[[nodiscard]] Chip stateChip(const TargetStatus &status);
/// "protected", or nothing.
[[nodiscard]] Chips environmentChips(const Environment &environment);
/// A state in which somebody has to do something other than to upgrade.
[[nodiscard]] bool needsAttention(TargetState state);

} // namespace stepwell

Q_DECLARE_METATYPE(stepwell::Chip)
Q_DECLARE_METATYPE(stepwell::Chips)
