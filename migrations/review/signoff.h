// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/finding.h"
#include "migrations/review/renderedsql.h"

#include <QDateTime>

#include <optional>

namespace stepwell {

/// What a review covers: two revisions with the same texts are the same.
struct ReviewedTexts {
    QString file;    ///< the revision file
    QString upgrade; ///< statements of the upgrade without transaction control, version table and the comment
                     ///< that names the step; empty if it cannot be rendered
    QString downgrade; ///< likewise

    bool operator==(const ReviewedTexts &) const = default;
};

/// SHA-256 of each text, hexadecimal; null for one that is not there.
struct ReviewHashes {
    QString file;
    QString upgrade;
    QString downgrade;

    bool operator==(const ReviewHashes &) const = default;
};

[[nodiscard]] ReviewHashes hashesOf(const ReviewedTexts &texts);
/// The SQL that a review covers: see ReviewedTexts. The same revision planned from other rows gives the same.
[[nodiscard]] QString reviewedSql(const RenderedSql &rendered, const QString &versionTable);

enum class Verdict { Approved, Rejected };

/// A remark at a line of one of the texts.
struct LineComment {
    enum Text { File, Upgrade, Downgrade };
    Text text = File;
    int line = 0; ///< from 1
    QString comment;

    bool operator==(const LineComment &) const = default;
};

struct AcceptedFinding {
    QString key;    ///< findingKey()
    QString reason; ///< never empty

    bool operator==(const AcceptedFinding &) const = default;
};

/// One person's verdict about one revision, as stored in .stepwell/reviews.
struct Review {
    QString component;
    RevisionId revision;
    ReviewHashes hashes;
    Verdict verdict = Verdict::Approved;
    QString reviewer; ///< "Ada Lovelace <ada@example.org>"
    QDateTime when;   ///< UTC
    QString comment;
    QList<LineComment> lineComments;
    QList<AcceptedFinding> accepted;

    bool operator==(const Review &) const = default;
};

/// What all reviews of a revision together say, for the texts as they are now. Each reviewer's last word
/// counts.
struct SignOff {
    enum State {
        None,     ///< nobody has looked
        Approved, ///< enough current approvals
        Partly,   ///< some, not enough
        Stale,    ///< approved, and changed since
        Rejected, ///< somebody's last word about the current texts is no
    };
    State state = None;
    int required = 0;
    QStringList approvedBy; ///< current approvals that count: not those of the one who runs
    QStringList staleBy;    ///< approvals of other texts
    QStringList rejectedBy;
    std::optional<Review> stale;     ///< the newest of the stale ones, to show the difference from
    QList<AcceptedFinding> accepted; ///< of current reviews that approve

    bool operator==(const SignOff &) const = default;
};

/// `runner`: who would run it; their own approval does not count. Empty: count all.
[[nodiscard]] SignOff signOffOf(const QList<Review> &reviews, const ReviewHashes &now, int required,
                                const QString &runner);

/// Who is at work, for reviews and the journal: git's user.name and user.email in that folder, else the login
/// and the host. Blocking for some milliseconds.
[[nodiscard]] QString reviewerIdentity(const QString &directory);

} // namespace stepwell
