// SPDX-License-Identifier: MIT
#include "models/reviewtext.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString names(const QStringList &identities)
{
    QStringList list;
    for (const QString &identity : identities)
        list += ReviewText::personName(identity);
    return list.join(u", "_s);
}

} // namespace

Tone ReviewText::tone(const Finding &finding)
{
    if (finding.accepted)
        return Tone::Neutral;
    if (isBlocking(finding.severity))
        return Tone::Bad;
    return finding.severity == Severity::Advice ? Tone::Info : Tone::Attention;
}

FindingCounts ReviewText::counts(const LintReport &report)
{
    FindingCounts counts;
    for (const Finding &finding : report.findings) {
        switch (tone(finding)) {
        case Tone::Bad:
            ++counts.blocking;
            break;
        case Tone::Attention:
            ++counts.warnings;
            break;
        case Tone::Info:
            ++counts.hints;
            break;
        default:
            ++counts.accepted;
            break;
        }
    }
    return counts;
}

QString ReviewText::countsText(const FindingCounts &counts)
{
    QStringList parts;
    if (counts.blocking > 0)
        parts += tr("%1 blocking").arg(counts.blocking);
    if (counts.warnings > 0)
        parts += counts.warnings == 1 ? tr("1 warning") : tr("%1 warnings").arg(counts.warnings);
    if (counts.hints > 0)
        parts += counts.hints == 1 ? tr("1 hint") : tr("%1 hints").arg(counts.hints);
    if (counts.accepted > 0)
        parts += tr("%1 accepted").arg(counts.accepted);
    return parts.isEmpty() ? tr("none") : parts.join(u" · "_s);
}

QString ReviewText::worstCount(const FindingCounts &counts)
{
    if (counts.blocking > 0)
        return countsText({.blocking = counts.blocking});
    if (counts.warnings > 0)
        return countsText({.warnings = counts.warnings});
    return counts.hints > 0 ? countsText({.hints = counts.hints}) : countsText(counts);
}

Chip ReviewText::risk(const StepReview &review)
{
    const FindingCounts counts = ReviewText::counts(review.lint);
    Tone tone = Tone::Neutral;
    if (counts.blocking > 0)
        tone = Tone::Bad;
    else if (counts.warnings > 0)
        tone = Tone::Attention;
    else if (counts.hints > 0)
        tone = Tone::Info;
    const bool unseen = !review.sql.problem.isEmpty() || !review.lint.problem.isEmpty();
    if (unseen) {
        const QString text = review.sql.problem.isEmpty() ? tr("SQL not readable") : tr("not renderable");
        const bool more = counts != FindingCounts();
        return {more ? QString(countsText(counts) + u" · "_s + text) : text,
                tone == Tone::Bad ? tone : Tone::Attention};
    }
    if (counts == FindingCounts() && review.sql.statements == 0)
        return {tr("no statements"), Tone::Neutral};
    return {countsText(counts), tone};
}

QString ReviewText::titles(const LintReport &report)
{
    QStringList lines;
    for (const Finding &finding : report.findings) {
        const QString relation =
            finding.relation.isEmpty() ? QString() : QString(u": "_s + finding.relation.text());
        lines += finding.accepted ? tr("%1%2 (accepted)").arg(finding.title, relation)
                                  : QString(finding.title + relation);
    }
    return lines.join(u'\n');
}

Chip ReviewText::highestRisk(const QList<StepReview> &steps)
{
    const Finding *worst = nullptr;
    bool unseen = false;
    for (const StepReview &step : steps) {
        unseen = unseen || !step.sql.problem.isEmpty() || !step.lint.problem.isEmpty();
        for (const Finding &finding : step.lint.findings) {
            if (finding.accepted)
                continue;
            // Of two that are as bad, the one of the larger table.
            if (!worst || finding.severity > worst->severity ||
                (finding.severity == worst->severity && finding.bytes > worst->bytes))
                worst = &finding;
        }
    }
    if (!worst)
        return unseen ? Chip{tr("not all can be rendered"), Tone::Attention}
                      : Chip{tr("none"), Tone::Neutral};
    const QString what = severityText(worst->severity);
    if (worst->relation.isEmpty())
        return {what, tone(*worst)};
    const QString size = ReviewText::size(worst->bytes);
    return {size.isEmpty() ? tr("%1 on %2").arg(what, worst->relation.text())
                           : tr("%1 on %2 (%3)").arg(what, worst->relation.text(), size),
            tone(*worst)};
}

QString ReviewText::statements(int count)
{
    return count == 1 ? tr("1 statement") : tr("%1 statements").arg(count);
}

QString ReviewText::size(qint64 bytes)
{
    if (bytes < 0)
        return {};
    static constexpr std::array units{"bytes"_L1, "kB"_L1, "MB"_L1, "GB"_L1, "TB"_L1};
    double value = double(bytes);
    size_t unit = 0;
    while (value >= 1000 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    const int decimals = unit == 0 || value >= 9.95 || value == std::floor(value) ? 0 : 1;
    return QString(QLocale().toString(value, 'f', decimals) + u' ' + units.at(unit));
}

QString ReviewText::tables(const StepReview &review, qsizetype limit)
{
    const QList<RelationName> relations = review.lint.tables();
    QStringList parts;
    for (qsizetype i = 0; i < qMin(limit, relations.size()); ++i) {
        const QString size = ReviewText::size(review.tableBytes.value(i, -1));
        parts += size.isEmpty() ? relations.at(i).text() : QString(relations.at(i).text() + u' ' + size);
    }
    const QString text = parts.isEmpty() ? u"—"_s : parts.join(u", "_s);
    return relations.size() > limit ? tr("%1 +%2").arg(text).arg(relations.size() - limit) : text;
}

QString ReviewText::strongestLock(const StepReview &review)
{
    const QString name = lockName(review.lint.strongestLock());
    return name.isEmpty() ? u"—"_s : name;
}

bool ReviewText::stopsReads(const StepReview &review)
{
    const QList<RelationName> existing = review.lint.tables();
    return std::ranges::any_of(review.lint.statements, [&](const LintedStatement &statement) {
        return std::ranges::any_of(statement.effects.locks, [&](const RelationLock &lock) {
            return blocksReads(lock.mode) && existing.contains(lock.relation);
        });
    });
}

Chip ReviewText::signOff(const SignOff &signOff)
{
    switch (signOff.state) {
    case SignOff::None:
        return {tr("not reviewed"), signOff.required > 0 ? Tone::Attention : Tone::Neutral};
    case SignOff::Approved:
        return {signOff.approvedBy.isEmpty() ? tr("approved")
                                             : tr("approved by %1").arg(names(signOff.approvedBy)),
                Tone::Good};
    case SignOff::Partly:
        return {tr("%1 of %2 approvals").arg(signOff.approvedBy.size()).arg(signOff.required),
                Tone::Attention};
    case SignOff::Stale:
        return {tr("approval is stale"), Tone::Attention};
    case SignOff::Rejected:
        return {tr("rejected by %1").arg(names(signOff.rejectedBy)), Tone::Bad};
    }
    return {};
}

QString ReviewText::signOffSentence(const SignOff &signOff)
{
    const auto required = [&] {
        return signOff.required == 1 ? tr("One approval is needed.")
                                     : tr("%1 approvals are needed.").arg(signOff.required);
    };
    switch (signOff.state) {
    case SignOff::None:
        return signOff.required > 0 ? tr("Nobody has reviewed this revision. %1").arg(required())
                                    : tr("Nobody has reviewed this revision.");
    case SignOff::Approved:
        return signOff.approvedBy.isEmpty()
                   ? tr("Approved as it is now.")
                   : tr("Approved as it is now by %1.").arg(names(signOff.approvedBy));
    case SignOff::Partly:
        return tr("Approved by %1. %2").arg(names(signOff.approvedBy), required());
    case SignOff::Stale:
        return tr("It changed since %1 approved it.").arg(names(signOff.staleBy));
    case SignOff::Rejected:
        return tr("Rejected by %1.").arg(names(signOff.rejectedBy));
    }
    return {};
}

QString ReviewText::personName(const QString &identity)
{
    const qsizetype mail = identity.indexOf(u'<');
    const QString name = (mail > 0 ? identity.first(mail) : identity).trimmed();
    return name.isEmpty() ? identity : name;
}

QString ReviewText::shortHash(const QString &hash)
{
    return hash.size() <= 9 ? hash : QString(hash.first(4) + u'…' + hash.last(4));
}

QString ReviewText::corner(const StepReview &review)
{
    QStringList parts;
    const QString by = review.sql.renderedBy.section(u',', 0, 0);
    if (!by.isEmpty() && review.sql.problem.isEmpty())
        parts += tr("rendered by %1").arg(by);
    const QString hash =
        shortHash(review.direction == Direction::Upgrade ? review.hashes.upgrade : review.hashes.downgrade);
    if (!hash.isEmpty())
        parts += tr("sha256 %1").arg(hash);
    const QString verdict = signOff(review.signOff).text;
    parts += review.signOff.state == SignOff::Approved ? QString(u"✓ "_s + verdict) : verdict;
    return parts.join(u" · "_s);
}

QString ReviewText::verdict(Verdict verdict)
{
    return verdict == Verdict::Approved ? tr("approved") : tr("rejected");
}

} // namespace stepwell
