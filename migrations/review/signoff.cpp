// SPDX-License-Identifier: MIT
#include "migrations/review/signoff.h"

#include <QCryptographicHash>
#include <QRegularExpression>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString hashOf(const QString &text)
{
    if (text.isEmpty())
        return {};
    return QString::fromLatin1(QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256).toHex());
}

/// What tells people apart: the address if there is one, as names are written in many ways.
QString personOf(const QString &identity)
{
    static const QRegularExpression address(u"<\\s*([^<>\\s]+)\\s*>\\s*$"_s);
    const QRegularExpressionMatch match = address.match(identity);
    return (match.hasMatch() ? match.captured(1) : identity.simplified()).toCaseFolded();
}

/// One reviewer's last words: about the texts as they are, and about any.
struct LastWords {
    QString person;
    const Review *current = nullptr;
    const Review *any = nullptr;
};

QList<LastWords> lastWords(const QList<Review> &reviews, const ReviewHashes &now)
{
    QList<const Review *> ordered;
    for (const Review &review : reviews)
        ordered += &review;
    std::ranges::stable_sort(ordered, {}, &Review::when);
    QList<LastWords> all;
    for (const Review *review : std::as_const(ordered)) {
        const QString person = personOf(review->reviewer);
        auto words = std::ranges::find(all, person, &LastWords::person);
        if (words == all.end())
            words = all.insert(all.end(), LastWords{.person = person});
        words->any = review;
        if (review->hashes == now)
            words->current = review;
    }
    return all;
}

SignOff::State stateOf(const SignOff &signOff)
{
    if (!signOff.rejectedBy.isEmpty())
        return SignOff::Rejected;
    if (signOff.approvedBy.size() >= std::max(signOff.required, 1))
        return SignOff::Approved;
    if (!signOff.approvedBy.isEmpty())
        return SignOff::Partly;
    return signOff.staleBy.isEmpty() ? SignOff::None : SignOff::Stale;
}

} // namespace

ReviewHashes hashesOf(const ReviewedTexts &texts)
{
    return {
        .file = hashOf(texts.file), .upgrade = hashOf(texts.upgrade), .downgrade = hashOf(texts.downgrade)};
}

QString changeText(const ReviewHashes &before, const ReviewHashes &now)
{
    QStringList changed;
    if (before.file != now.file)
        changed += u"its file"_s;
    if (before.upgrade != now.upgrade && before.downgrade != now.downgrade)
        changed += u"the SQL of both directions"_s;
    else if (before.upgrade != now.upgrade)
        changed += u"the SQL of its upgrade"_s;
    else if (before.downgrade != now.downgrade)
        changed += u"the SQL of its downgrade"_s;
    return changed.join(u" and "_s);
}

QList<Review> currentApprovals(const QList<Review> &reviews, const ReviewHashes &now)
{
    QList<Review> approvals;
    for (const LastWords &words : lastWords(reviews, now)) {
        if (words.current && words.current->verdict == Verdict::Approved)
            approvals += *words.current;
    }
    std::ranges::stable_sort(approvals, {}, &Review::when);
    return approvals;
}

SignOff signOffOf(const QList<Review> &reviews, const ReviewHashes &now, int required, const QString &runner)
{
    SignOff signOff{.required = required};
    for (const LastWords &words : lastWords(reviews, now)) {
        const bool counts = runner.isEmpty() || words.person != personOf(runner);
        if (words.current && words.current->verdict == Verdict::Rejected) {
            signOff.rejectedBy += words.current->reviewer;
        } else if (words.current) {
            signOff.accepted += words.current->accepted;
            if (counts)
                signOff.approvedBy += words.current->reviewer;
        } else if (counts && words.any->verdict == Verdict::Approved) {
            signOff.staleBy += words.any->reviewer;
            if (!signOff.stale || signOff.stale->when < words.any->when)
                signOff.stale = *words.any;
        }
    }
    signOff.state = stateOf(signOff);
    return signOff;
}

} // namespace stepwell
