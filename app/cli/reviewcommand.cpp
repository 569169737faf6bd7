// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/lintformats.h"
#include "app/cli/revisionreviews.h"
#include "migrations/lint/explain.h"
#include "migrations/review/reviewhtml.h"
#include "migrations/review/reviewstore.h"
#include "migrations/review/textdifference.h"

#include <QDir>
#include <QJsonArray>
#include <QSaveFile>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QString stateName(SignOff::State state)
{
    switch (state) {
    case SignOff::Approved:
        return u"approved"_s;
    case SignOff::Partly:
        return u"partly-approved"_s;
    case SignOff::Stale:
        return u"stale"_s;
    case SignOff::Rejected:
        return u"rejected"_s;
    case SignOff::None:
        break;
    }
    return u"not-reviewed"_s;
}

/// "approved by Ada", "stale: Ada approved another text" …
QString stateText(const SignOff &signOff)
{
    switch (signOff.state) {
    case SignOff::Approved:
        return u"approved by %1"_s.arg(signOff.approvedBy.join(u", "_s));
    case SignOff::Partly:
        return u"%1 of %2 approvals: %3"_s.arg(signOff.approvedBy.size())
            .arg(signOff.required)
            .arg(signOff.approvedBy.join(u", "_s));
    case SignOff::Stale:
        return u"stale: it changed after %1 approved it"_s.arg(signOff.staleBy.join(u", "_s));
    case SignOff::Rejected:
        return u"rejected by %1"_s.arg(signOff.rejectedBy.join(u", "_s));
    case SignOff::None:
        break;
    }
    return u"not reviewed"_s;
}

QJsonObject toJson(const SignOff &signOff)
{
    return {{u"state"_s, stateName(signOff.state)},
            {u"required"_s, signOff.required},
            {u"approved_by"_s, QJsonArray::fromStringList(signOff.approvedBy)},
            {u"stale_by"_s, QJsonArray::fromStringList(signOff.staleBy)},
            {u"rejected_by"_s, QJsonArray::fromStringList(signOff.rejectedBy)}};
}

QString reviewer(const CommandContext &context, const QString &directory)
{
    return context.options.reviewer.isEmpty() ? reviewerIdentity(directory) : context.options.reviewer;
}

QString messageOf(const ReviewedRevisions &reviewed, const RevisionId &id)
{
    return reviewed.scripts.map.find(id)->message;
}

int showStatus(CommandContext &context, const ReviewedRevisions &reviewed)
{
    if (context.options.json) {
        QJsonArray revisions;
        for (const StepReview &review : reviewed.reviews) {
            revisions += QJsonObject{{u"revision"_s, review.revision.text()},
                                     {u"message"_s, messageOf(reviewed, review.revision)},
                                     {u"blocking"_s, review.lint.blockingCount()},
                                     {u"sign_off"_s, toJson(review.signOff)}};
        }
        return context.print({{u"revisions"_s, revisions}});
    }
    QList<QStringList> rows{{u"REVISION"_s, u"FINDINGS"_s, u"SIGN-OFF"_s, u"MESSAGE"_s}};
    for (const StepReview &review : reviewed.reviews) {
        const int blocking = review.lint.blockingCount();
        rows += {review.revision.text(),
                 !review.sql.problem.isEmpty() ? u"only by rehearsal"_s
                 : blocking > 0                ? u"%1 blocking"_s.arg(blocking)
                                               : u"none blocking"_s,
                 stateText(review.signOff), messageOf(reviewed, review.revision)};
    }
    *context.streams.out << (reviewed.reviews.isEmpty() ? u"Nothing is pending.\n"_s : table(rows));
    context.streams.out->flush();
    return 0;
}

void printReview(CommandContext &context, const ReviewedRevisions &reviewed, const StepReview &review)
{
    QTextStream &out = *context.streams.out;
    const Revision &revision = *reviewed.scripts.map.find(review.revision);
    out << context.coloured(review.revision.text(), "33") << u"  "_s << revision.message << u'\n'
        << revision.file << u'\n' << u"Sign-off: "_s << stateText(review.signOff) << u"\n\n"_s;
    if (!review.sql.problem.isEmpty())
        out << u"Known only by rehearsal: "_s << review.sql.problem << u"\n\n"_s;
    const QStringList lines = review.sql.sql.split(u'\n');
    for (qsizetype at = 0; at < lines.size() && review.sql.problem.isEmpty(); ++at)
        out << QString::number(at + 1).rightJustified(4) << u"  "_s << lines.at(at) << u'\n';
    for (const LintedStatement &linted : review.lint.statements) {
        if (!linted.isBookkeeping)
            out << u"\nLine %1: "_s.arg(linted.statement.line) << explainStatement(linted, nullptr) << u'\n';
    }
    out << u'\n';
    for (const Finding &finding : review.lint.findings) {
        out << context.coloured(severityText(finding.severity), isBlocking(finding.severity) ? "31" : "33")
            << u": "_s << finding.title << u"  ["_s << findingKey(finding) << u"]\n  "_s << finding.message
            << u'\n';
        if (finding.accepted)
            out << u"  Accepted: "_s << finding.accepted->reason << u'\n';
        else if (!finding.advice.isEmpty())
            out << u"  Instead: "_s << finding.advice << u'\n';
    }
    if (review.signOff.stale) {
        const ReviewedTexts before = ReviewStore(reviewed.directory).texts(*review.signOff.stale);
        out << u"\nWhat changed since %1 approved it:\n"_s.arg(review.signOff.stale->reviewer);
        out << unifiedDiff(before.file, review.texts.file, u"approved file"_s, u"file now"_s)
            << unifiedDiff(before.upgrade, review.texts.upgrade, u"approved SQL"_s, u"SQL now"_s)
            << unifiedDiff(before.downgrade, review.texts.downgrade, u"approved rollback"_s,
                           u"rollback now"_s);
    }
    out << u'\n';
}

QJsonObject showJson(const ReviewedRevisions &reviewed, const StepReview &review)
{
    QJsonObject object = cli::toJson(review.lint);
    object.insert(u"revision"_s, review.revision.text());
    object.insert(u"message"_s, messageOf(reviewed, review.revision));
    object.insert(u"file"_s, reviewed.scripts.map.find(review.revision)->file);
    object.insert(u"sql"_s, review.sql.problem.isEmpty() ? QJsonValue(review.sql.sql) : QJsonValue());
    object.insert(u"problem"_s, review.sql.problem.isEmpty() ? QJsonValue() : QJsonValue(review.sql.problem));
    object.insert(u"hashes"_s, QJsonObject{{u"file"_s, review.hashes.file},
                                           {u"upgrade"_s, review.hashes.upgrade},
                                           {u"downgrade"_s, review.hashes.downgrade}});
    object.insert(u"sign_off"_s, toJson(review.signOff));
    return object;
}

int writeHtml(CommandContext &context, const ReviewedRevisions &reviewed)
{
    ReviewDocument document{.target = reviewed.target.id.text(), .written = QDateTime::currentDateTime()};
    for (const StepReview &review : reviewed.reviews) {
        document.reviews += review;
        document.messages.insert(review.revision, messageOf(reviewed, review.revision));
    }
    QSaveFile file(context.options.html);
    if (!file.open(QIODevice::WriteOnly) || file.write(reviewHtml(document).toUtf8()) < 0 || !file.commit())
        return context.fail(
            {.kind = ErrorKind::FileError,
             .message = u"%1 cannot be written: %2."_s.arg(context.options.html, file.errorString()),
             .hint = u"Name a file in a folder that you may write to."_s});
    context.note(u"Written to %1."_s.arg(context.options.html));
    return 0;
}

int show(CommandContext &context, const ReviewedRevisions &reviewed)
{
    if (!context.options.html.isEmpty())
        return writeHtml(context, reviewed);
    if (context.options.json) {
        QJsonArray revisions;
        for (const StepReview &review : reviewed.reviews)
            revisions += showJson(reviewed, review);
        return context.print({{u"revisions"_s, revisions}});
    }
    for (const StepReview &review : reviewed.reviews)
        printReview(context, reviewed, review);
    if (reviewed.reviews.isEmpty())
        *context.streams.out << u"Nothing is pending.\n"_s;
    context.streams.out->flush();
    return 0;
}

/// An approval that leaves a blocking finding without a word would be one that nobody meant.
Result<void> everythingAccepted(const StepReview &review, const QList<AcceptedFinding> &accepted)
{
    QStringList open;
    for (const Finding &finding : review.lint.findings) {
        const QString key = findingKey(finding);
        if (isBlocking(finding.severity) && !finding.accepted &&
            std::ranges::find(accepted, key, &AcceptedFinding::key) == accepted.end() && !open.contains(key))
            open += key;
    }
    if (open.isEmpty())
        return {};
    return failure(ErrorKind::Refused,
                   u"%1 has blocking findings: %2."_s.arg(review.revision.text(), open.join(u", "_s)),
                   u"Mend the revision, or go on knowingly with --accept RULE=REASON for each."_s);
}

int judge(CommandContext &context, const ReviewedRevisions &reviewed, Verdict verdict)
{
    if (reviewed.reviews.isEmpty())
        return context.fail({.kind = ErrorKind::Usage,
                             .message = u"Nothing is pending, so there is nothing to review."_s,
                             .hint = u"Name a revision to review one that is applied."_s});
    if (const Result<void> sound = checkAccepted(context.options.accepted, reviewed.reviews); !sound)
        return context.fail(sound.error());
    const QString who = reviewer(context, reviewed.directory);
    QList<Review> verdicts;
    for (const StepReview &step : reviewed.reviews) {
        auto accepted = acceptedFindings(context.options.accepted, step);
        if (!accepted)
            return context.fail(accepted.error());
        // This verdict takes the place of an earlier one of the same person: what that accepted stays so.
        for (const Finding &finding : step.lint.findings) {
            if (finding.accepted && finding.accepted->where == Acceptance::Review &&
                !std::ranges::contains(*accepted, findingKey(finding), &AcceptedFinding::key))
                *accepted += {.key = findingKey(finding), .reason = finding.accepted->reason};
        }
        if (verdict == Verdict::Approved) {
            if (const Result<void> sound = everythingAccepted(step, *accepted); !sound)
                return context.fail(sound.error());
        }
        verdicts += {.component = reviewed.target.component.name,
                     .revision = step.revision,
                     .hashes = step.hashes,
                     .verdict = verdict,
                     .reviewer = who,
                     .when = QDateTime::currentDateTimeUtc(),
                     .comment = context.options.comment,
                     .accepted = *accepted};
    }
    const ReviewStore store(reviewed.directory);
    QJsonArray written;
    for (qsizetype at = 0; at < verdicts.size(); ++at) {
        const Result<QString> file = store.add(verdicts.at(at), reviewed.reviews.at(at).texts);
        if (!file)
            return context.fail(file.error());
        const QString id = verdicts.at(at).revision.text();
        written += QJsonObject{{u"revision"_s, id}, {u"file"_s, *file}, {u"reviewer"_s, who}};
        if (!context.options.json)
            *context.streams.out << u"%1 %2 by %3\n  %4\n"_s.arg(
                id, verdict == Verdict::Approved ? u"approved"_s : u"rejected"_s, who,
                QDir::current().relativeFilePath(*file));
    }
    if (context.options.json)
        return context.print({{u"reviews"_s, written}});
    *context.streams.out << u"Commit .stepwell/reviews, so that others see it.\n"_s;
    context.streams.out->flush();
    return 0;
}

} // namespace

int reviewCommand(CommandContext &context)
{
    const QString &action = context.options.action;
    static const QStringList actions{u"status"_s, u"show"_s, u"approve"_s, u"reject"_s};
    if (!actions.contains(action))
        return context.fail({.kind = ErrorKind::Usage,
                             .message = action.isEmpty() ? u"It is not said what to do with the review."_s
                                                         : u"%1 is nothing that `review` does."_s.arg(action),
                             .hint = u"Use review show, approve, reject or status."_s});
    const bool judges = action == "approve"_L1 || action == "reject"_L1;
    if (action == "reject"_L1 && context.options.comment.trimmed().isEmpty())
        return context.fail({.kind = ErrorKind::Usage,
                             .message = u"A rejection without a word helps nobody."_s,
                             .hint = u"Say why with --comment."_s});
    const Result<ReviewedRevisions> reviewed = reviewedRevisions(context);
    if (!reviewed)
        return context.fail(reviewed.error());
    if (judges)
        return judge(context, *reviewed, action == "approve"_L1 ? Verdict::Approved : Verdict::Rejected);
    return action == "status"_L1 ? showStatus(context, *reviewed) : show(context, *reviewed);
}

} // namespace stepwell::cli
