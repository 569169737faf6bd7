// SPDX-License-Identifier: MIT
#include "migrations/preflight/checks.h"
#include "migrations/review/gitfacts.h"
#include "migrations/run/reviewchecks.h"

#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString placeText(const GitFacts &facts)
{
    if (facts.commit.isEmpty())
        return u"%1, without a commit yet"_s.arg(facts.branch);
    const QString commit = facts.commit.left(10);
    if (!facts.branch.isEmpty())
        return u"%1 at %2"_s.arg(facts.branch, commit);
    return facts.tag.isEmpty() ? u"a detached HEAD at %1"_s.arg(commit)
                               : u"the tag %1 at %2"_s.arg(facts.tag, commit);
}

QString upstreamText(const GitFacts &facts)
{
    if (facts.upstream.isEmpty())
        return {};
    const QString fetched =
        facts.fetched.isValid()
            ? u"fetched last %1 ago"_s.arg(
                  ageText(std::chrono::seconds(facts.fetched.secsTo(QDateTime::currentDateTimeUtc()))))
            : u"never fetched here"_s;
    if (facts.ahead == 0 && facts.behind == 0)
        return u"; as %1 (%2)"_s.arg(facts.upstream, fetched);
    QStringList parts;
    if (facts.behind > 0)
        parts += u"%1 behind"_s.arg(countText(facts.behind, u"commit"_s, u"commits"_s));
    if (facts.ahead > 0)
        parts += u"%1 ahead of"_s.arg(countText(facts.ahead, u"commit"_s, u"commits"_s));
    return u"; %1 %2 (%3)"_s.arg(parts.join(u" and "_s), facts.upstream, fetched);
}

void addLines(QStringList &details, const QString &head, const QStringList &lines)
{
    if (lines.isEmpty())
        return;
    details += head;
    for (const QString &line : lines)
        details += u"  %1"_s.arg(line);
}

} // namespace

Told gitCheck(const CheckContext &context)
{
    const QString name = u"git"_s;
    const QString folder = QFileInfo(context.request.target.config).absolutePath();
    const auto asked = gitFacts(folder, context.projectPaths(), context.stop);
    if (!asked) {
        if (asked.error().kind == ErrorKind::ProgramMissing)
            return checkOf(name, u"git is not installed here"_s);
        return errorOf(name, asked.error());
    }
    if (!*asked)
        return checkOf(name, u"not in git"_s);
    const GitFacts &facts = **asked;
    CheckResult result = checkOf(name);
    QStringList problems;
    QStringList hints;
    if (!facts.changed.isEmpty()) {
        problems +=
            u"%1 not committed"_s.arg(countText(facts.changed.size(), u"change is"_s, u"changes are"_s));
        hints += u"Commit what you run, so that others can see it and take it back."_s;
    }
    if (!facts.behindHere.isEmpty()) {
        problems += u"%1 has newer commits for these files"_s.arg(facts.upstream);
        hints += u"Pull first, or know why not."_s;
    }
    if (!facts.aheadHere.isEmpty()) {
        problems += u"commits for these files are not pushed"_s;
        hints += u"Push them: others would meet a revision that they do not have."_s;
    }
    // Files of another branch that are looked at for a while have no branch of their own.
    const bool isTemporary = QFileInfo(facts.top).fileName().startsWith(u"stepwell-checkout-"_s);
    if (!isTemporary && facts.branch.isEmpty() && facts.tag.isEmpty() && !facts.commit.isEmpty()) {
        problems += u"no branch is checked out"_s;
        hints += u"Check out the branch or the tag that this environment is run from."_s;
    }
    const QString place = QString(placeText(facts) + upstreamText(facts));
    result.text = problems.isEmpty() ? place : QString(problems.join(u"; "_s) + u": "_s + place);
    result.hint = hints.join(u' ');
    if (!problems.isEmpty())
        worsen(result, CheckState::Warning);
    result.details += u"work tree: %1"_s.arg(facts.top);
    addLines(result.details, u"not committed:"_s, facts.changed);
    addLines(result.details, u"only in %1:"_s.arg(facts.upstream), facts.behindHere);
    addLines(result.details, u"not in %1:"_s.arg(facts.upstream), facts.aheadHere);
    return result;
}

} // namespace stepwell
