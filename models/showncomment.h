// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"

namespace stepwell {

/// A remark at a line, as a reviewed text is shown with it.
struct ShownComment {
    LineComment comment;
    QString who;
    bool isPending = false; ///< of the review that is being written
    bool isStale = false;   ///< its review was about an earlier text

    [[nodiscard]] QString text() const; ///< "Ada: why not concurrently?"
    bool operator==(const ShownComment &) const = default;
};

/// All remarks at lines of one text: those of earlier reviews and those not given yet. A review whose hash of
/// that text differs is stale.
[[nodiscard]] QList<ShownComment> shownComments(const QList<Review> &reviews,
                                                const QList<LineComment> &pending, LineComment::Text text,
                                                const ReviewHashes &now);

} // namespace stepwell
