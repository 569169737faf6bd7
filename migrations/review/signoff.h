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
/// Empty if it cannot be rendered; a step without statements is a comment that says so, as knowing that a
/// step does nothing is another thing than not knowing what it does.
[[nodiscard]] QString reviewedSql(const RenderedSql &rendered, const QString &versionTable);
/// The text of a revision file. UTF-8, or byte for byte (as Latin-1) if it is not: two files stay two.
[[nodiscard]] QString reviewedFile(const QByteArray &content);
/// What differs, for the middle of a sentence: "its file and the SQL of its upgrade"; empty if nothing does.
[[nodiscard]] QString changeText(const ReviewHashes &before, const ReviewHashes &now);

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

/// The reviews that approve the texts as they are, the last word of each reviewer, oldest first.
[[nodiscard]] QList<Review> currentApprovals(const QList<Review> &reviews, const ReviewHashes &now);

/// `runner`: who would run it; their own approval does not count. Empty: count all. Two identities with the
/// same address are the same person. With `required` 0 one approval makes it Approved.
[[nodiscard]] SignOff signOffOf(const QList<Review> &reviews, const ReviewHashes &now, int required,
                                const QString &runner);

/// Who is at work, for reviews and the journal: git's user.name and user.email as they are in that folder,
/// else the login and the host (git missing, no name or no address set). Blocking for some milliseconds.
[[nodiscard]] QString reviewerIdentity(const QString &directory);

} // namespace stepwell
