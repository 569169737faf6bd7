// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"
#include "models/chip.h"

#include <QCoreApplication>

namespace stepwell {

/// How many findings of each weight a step has.
struct FindingCounts {
    int blocking = 0; ///< accepted ones left out, as in the next two
    int warnings = 0; ///< breaks clients
    int hints = 0;    ///< advice
    int accepted = 0;

    bool operator==(const FindingCounts &) const = default;
};

/// The words and tones in which findings, locks and verdicts are told to people. Any thread.
class ReviewText
{
    Q_DECLARE_TR_FUNCTIONS(stepwell::ReviewText)

public:
    /// Bad: blocking. Attention: warns. Info: advice. Neutral: accepted.
    [[nodiscard]] static Tone tone(const Finding &finding);
    [[nodiscard]] static FindingCounts counts(const LintReport &report);
    /// "2 blocking · 1 warning · 3 hints", "1 accepted", "none".
    [[nodiscard]] static QString countsText(const FindingCounts &counts);
    /// The same with what else stands out: "no statements", "not renderable".
    [[nodiscard]] static Chip risk(const StepReview &review);
    /// Only the worst of the counts: "2 blocking", "1 warning" …
    [[nodiscard]] static QString worstCount(const FindingCounts &counts);
    /// The titles of the findings, one a line.
    [[nodiscard]] static QString titles(const LintReport &report);
    /// The worst that any of the steps does: "blocks writes on sessions (41 GB)". "none" if nothing is found.
    [[nodiscard]] static Chip highestRisk(const QList<StepReview> &steps);
    [[nodiscard]] static QString statements(int count); ///< "1 statement", "11 statements"

    /// As PostgreSQL prints sizes: "41 GB", "2.1 GB", "512 MB"; empty if it is unknown (below 0).
    [[nodiscard]] static QString size(qint64 bytes);
    /// "sessions 41 GB, users" of the locked tables that were there before, at most so many; "—" for none.
    [[nodiscard]] static QString tables(const StepReview &review, qsizetype limit = 1000);
    /// "ACCESS EXCLUSIVE"; "—" if nothing is locked.
    [[nodiscard]] static QString strongestLock(const StepReview &review);
    /// ACCESS EXCLUSIVE on a table that was there before.
    [[nodiscard]] static bool stopsReads(const StepReview &review);

    /// "approved by Ada", "approval is stale", "not reviewed" …
    [[nodiscard]] static Chip signOff(const SignOff &signOff);
    /// The same in a whole sentence, with the names.
    [[nodiscard]] static QString signOffSentence(const SignOff &signOff);
    /// "Ada Lovelace" of "Ada Lovelace <ada@example.org>".
    [[nodiscard]] static QString personName(const QString &identity);
    /// "9f2c…41ab"; empty for an empty one.
    [[nodiscard]] static QString shortHash(const QString &hash);
    /// At the right of the tabs: "rendered by alembic 1.13.2 · sha256 9f2c…41ab · ✓ approved by Ada".
    [[nodiscard]] static QString corner(const StepReview &review);
    [[nodiscard]] static QString verdict(Verdict verdict);
};

} // namespace stepwell
