// SPDX-License-Identifier: MIT
// Which way out of several heads fits best.
#pragma once

#include "migrations/repair/diagnosis.h"

namespace stepwell {

/// Heads that carry branch labels of their own from where they parted: they may be meant to stay apart.
[[nodiscard]] bool isApartOnPurpose(const RevisionMap &map, const Divergence &divergence);

/// Rebases and a merge, the advised one first; without an advised one if the heads may be meant to stay
/// apart.
[[nodiscard]] QList<RepairOffer> offersForHeads(const History &history, const Divergence &divergence,
                                                const RevisionOrigins &origins);

/// The advised offer to the front; no other order changes.
void putAdvisedFirst(QList<RepairOffer> &offers);
/// Advises the first offer that can be done instead of what is advised now, if that cannot be done.
void adviseAnother(QList<RepairOffer> &offers);

} // namespace stepwell
