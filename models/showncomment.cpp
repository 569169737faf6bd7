// SPDX-License-Identifier: MIT
#include "models/showncomment.h"

#include "models/reviewtext.h"

#include <QCoreApplication>

namespace stepwell {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(stepwell::ShownComment)
};

QString hashOf(const ReviewHashes &hashes, LineComment::Text text)
{
    switch (text) {
    case LineComment::File:
        return hashes.file;
    case LineComment::Upgrade:
        return hashes.upgrade;
    case LineComment::Downgrade:
        return hashes.downgrade;
    }
    return {};
}

} // namespace

QString ShownComment::text() const
{
    if (isPending)
        return Words::tr("Your comment, not given yet: %1").arg(comment.comment);
    if (isStale)
        return Words::tr("%1, on an earlier text: %2").arg(ReviewText::personName(who), comment.comment);
    return Words::tr("%1: %2", "who, comment").arg(ReviewText::personName(who), comment.comment);
}

QList<ShownComment> shownComments(const QList<Review> &reviews, const QList<LineComment> &pending,
                                  LineComment::Text text, const ReviewHashes &now)
{
    QList<ShownComment> shown;
    for (const Review &review : reviews) {
        const bool stale = hashOf(review.hashes, text) != hashOf(now, text);
        for (const LineComment &comment : review.lineComments) {
            if (comment.text == text)
                shown += {.comment = comment, .who = review.reviewer, .isStale = stale};
        }
    }
    for (const LineComment &comment : pending) {
        if (comment.text == text)
            shown += {.comment = comment, .isPending = true};
    }
    return shown;
}

} // namespace stepwell
