// SPDX-License-Identifier: MIT
#include "app/cli/revisionreviews.h"

#include "app/cli/rowplans.h"
#include "migrations/alembic/currentrevisions.h"
#include "migrations/alembic/onestepback.h"
#include "migrations/run/planreview.h"
#include "migrations/status/targetscripts.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

/// What the arguments mean before anything is read.
struct Question {
    Target target;
    QStringList revisions;
    QString file;              ///< one revision file by itself
    bool usesDatabase = false; ///< for its rows, schema and sizes
};

bool startsAtCurrent(const Options &options)
{
    return options.range.section(u':', 0, 0) == "current"_L1;
}

bool givesRows(const Options &options)
{
    return options.hasFrom || !options.range.isEmpty();
}

Target withoutDatabase(const Component &component)
{
    Target target{.id = {.environment = u"direct"_s, .component = component.name},
                  .component = component,
                  .config = component.config};
    target.environment.name = target.id.environment;
    return target;
}

/// The component that a revision file belongs to.
Result<Target> ownerOf(CommandContext &context, const QString &file)
{
    const Result<Workspace> space = context.workspace();
    if (!space)
        return std::unexpected(space.error());
    const QString path = QFileInfo(file).canonicalFilePath();
    for (const Component &component : space->components) {
        const Result<ScriptDirectory> scripts =
            ScriptDirectory::survey(scriptSource(component), ReadDepth::Header);
        if (!scripts)
            continue;
        for (const RevisionId &id : scripts->map.history()) {
            if (QFileInfo(scripts->map.find(id)->file).canonicalFilePath() == path)
                return withoutDatabase(component);
        }
    }
    return failure(ErrorKind::Usage, u"No component of the workspace has %1 among its revisions."_s.arg(file),
                   u"Name its ini with -c."_s);
}

Result<Target> componentTarget(CommandContext &context, const QString &name)
{
    const Result<Workspace> space = context.workspace();
    if (!space)
        return std::unexpected(space.error());
    QStringList names;
    for (const Component &component : space->components) {
        if (component.name == name || (name.isEmpty() && space->components.size() == 1))
            return withoutDatabase(component);
        names += component.name;
    }
    return failure(ErrorKind::Usage,
                   name.isEmpty() ? u"No target is named."_s
                                  : u"There is no component or target named %1."_s.arg(name),
                   u"Name one of %1, ENVIRONMENT/COMPONENT, a revision file, or an ini with -c."_s.arg(
                       names.join(u", "_s)));
}

Result<Question> questionOf(CommandContext &context)
{
    const Options &options = context.options;
    Question question{.revisions = options.arguments};
    const QString first = options.arguments.value(0);
    Result<Target> target;
    if (first.endsWith(u".py"_s)) {
        if (!QFileInfo::exists(first))
            return failure(ErrorKind::Usage, u"%1 does not exist."_s.arg(first), u"Name a revision file."_s);
        question.file = question.revisions.takeFirst();
        target = context.isDirect() ? context.target() : ownerOf(context, first);
    } else if (context.isDirect()) {
        target = context.target();
        question.usesDatabase = !options.database.isEmpty() || startsAtCurrent(options);
    } else if (first.contains(u'/')) {
        target = context.target(&question.revisions);
        question.usesDatabase = !givesRows(options) || startsAtCurrent(options);
    } else {
        target = componentTarget(context, first);
        if (!question.revisions.isEmpty())
            question.revisions.removeFirst();
    }
    return target.transform([&](const Target &found) {
        question.target = found;
        return question;
    });
}

/// Where the plan starts: rows that were given, else the database's, else nothing applied.
Result<RevisionIds> startRows(CommandContext &context, const RevisionMap &map,
                              const std::optional<RevisionIds> &databaseRows)
{
    const Options &options = context.options;
    if (options.hasFrom)
        return parseRows(options.from);
    const QString start = options.range.section(u':', 0, 0);
    if (options.range.isEmpty() || startsAtCurrent(options))
        return databaseRows.value_or(RevisionIds());
    return start.isEmpty() || start == "base"_L1 ? Result<RevisionIds>(RevisionIds())
                                                 : revisionsFor(map, start);
}

Result<QList<RunStep>> fileSteps(const Question &question, const RevisionMap &map, Direction direction)
{
    const QString path = QFileInfo(question.file).canonicalFilePath();
    for (const RevisionId &id : map.history()) {
        if (QFileInfo(map.find(id)->file).canonicalFilePath() == path)
            return QList<RunStep>{stepOf(*map.find(id), direction)};
    }
    return failure(ErrorKind::Usage,
                   u"%1 is none of the revisions of %2."_s.arg(question.file, question.target.config),
                   u"Name the ini it belongs to with -c."_s);
}

/// `lint` takes one revision to go up (or down) to; `review` takes revisions to look at, also applied ones.
Result<QList<RunStep>> askedSteps(CommandContext &context, const Question &question, const RevisionMap &map,
                                  const RevisionIds &rows)
{
    const Options &options = context.options;
    const Direction direction = options.down ? Direction::Downgrade : Direction::Upgrade;
    const bool isReview = options.command == "review"_L1;
    if (!isReview && question.revisions.size() > 1)
        return std::unexpected(expectAtMostOne(question.revisions).error());
    QString goal = isReview ? QString() : question.revisions.value(0);
    if (!options.range.isEmpty() && !options.range.contains(u':'))
        return failure(ErrorKind::Usage, u"%1 is no range."_s.arg(options.range), u"Write it as A:B."_s);
    if (direction == Direction::Downgrade && !options.range.isEmpty())
        return failure(ErrorKind::Usage, u"--range goes up; --down takes the rows it starts from."_s,
                       u"Write --from ROWS --down REVISION."_s);
    if (goal.isEmpty())
        goal = options.range.section(u':', 1);
    if (goal.isEmpty() && direction == Direction::Upgrade)
        goal = u"heads"_s;
    const Result<Plan> plan = makePlan(map, rows, goal, direction);
    if (!plan)
        return std::unexpected(plan.error());
    QList<RunStep> steps = runSteps(*plan);
    if (steps.isEmpty() && !options.range.isEmpty() && options.range.section(u':', 0, 0) != goal &&
        !startsAtCurrent(options))
        return failure(ErrorKind::InvalidTarget, u"Nothing lies between the ends of %1."_s.arg(options.range),
                       u"A range goes from an older revision to a newer one."_s);
    if (!isReview)
        return steps;
    for (const QString &text : question.revisions) {
        const Result<RevisionIds> ids = revisionsFor(map, text);
        if (!ids)
            return std::unexpected(ids.error());
        for (const RevisionId &id : *ids) {
            if (std::ranges::find(steps, id, &RunStep::revision) == steps.end())
                steps += stepOf(*map.find(id), direction);
        }
    }
    return steps;
}

/// Of the reviews, those of the revisions that were named; all if none was.
Result<QList<StepReview>> onlyNamed(QList<StepReview> reviews, const QStringList &names,
                                    const RevisionMap &map)
{
    if (names.isEmpty())
        return reviews;
    RevisionIds wanted;
    for (const QString &name : names) {
        const Result<RevisionIds> ids = revisionsFor(map, name);
        if (!ids)
            return std::unexpected(ids.error());
        wanted += *ids;
    }
    reviews.removeIf([&](const StepReview &review) { return !wanted.contains(review.revision); });
    return reviews;
}

PlanReviewOptions reviewOptions(CommandContext &context, const Target &target, const Workspace *workspace,
                                const QString &runner)
{
    PlanReviewOptions options{.workspaceDirectory = context.workspaceDirectory(target),
                              .runner = runner,
                              .lint = lintOptions(target, workspace),
                              .refresh = context.options.refresh,
                              .stop = context.streams.interrupted};
    options.progress = [&context](int done, int total) {
        if (done > 0 && done % 20 == 0)
            context.progress(u"Rendering %1 of %2…"_s.arg(done).arg(total));
    };
    return options;
}

/// Null with -c.
const Workspace *workspaceOf(const CommandContext &context, const Result<Workspace> &space)
{
    return !context.isDirect() && space ? &*space : nullptr;
}

} // namespace

Result<QList<AcceptedFinding>> acceptedFindings(const QStringList &texts, const StepReview &review)
{
    QList<AcceptedFinding> accepted;
    for (const QString &text : texts) {
        const qsizetype equals = text.indexOf(u'=');
        const QString what = text.left(equals).trimmed();
        const QString reason = equals < 0 ? QString() : text.mid(equals + 1).trimmed();
        if (what.isEmpty() || reason.isEmpty())
            return failure(ErrorKind::Usage, u"--accept %1 gives no reason."_s.arg(text),
                           u"Write it as RULE=REASON; the reason is kept with the review."_s);
        for (const Finding &finding : review.lint.findings) {
            const QString key = findingKey(finding);
            const bool isKnown = std::ranges::contains(accepted, key, &AcceptedFinding::key);
            if (!isKnown && (what == "*"_L1 || finding.rule == what || key == what))
                accepted += {.key = key, .reason = reason};
        }
    }
    return accepted;
}

Result<void> checkAccepted(const QStringList &texts, const QList<StepReview> &reviews)
{
    for (const QString &text : texts) {
        bool fits = false;
        for (const StepReview &review : reviews) {
            const auto accepted = acceptedFindings({text}, review);
            if (!accepted)
                return std::unexpected(accepted.error());
            fits = fits || !accepted->isEmpty();
        }
        if (!fits)
            return failure(ErrorKind::Usage, u"--accept %1 fits no finding."_s.arg(text),
                           u"`stepwell lint` lists the findings with their rules."_s);
    }
    return {};
}

Result<QList<StepReview>> reviewPlan(CommandContext &context, const Target &target,
                                     const TargetAccess &access, const Plan &plan, const QString &runner)
{
    const Result<Workspace> space = context.isDirect() ? Result<Workspace>() : context.workspace();
    const Workspace *workspace = workspaceOf(context, space);
    PlanReviewOptions options = reviewOptions(context, target, workspace, runner);
    return access.openSession(u"review"_s, std::chrono::seconds(5))
        .and_then([&](const std::unique_ptr<DatabaseSession> &session) {
            return lintOptions(target, workspace, *session);
        })
        .and_then([&](const LintOptions &lint) {
            options.lint = lint;
            return reviewSteps(access, target, runSteps(plan), plan.direction, options);
        });
}

Result<ReviewedRevisions> reviewedRevisions(CommandContext &context, const QString &runner)
{
    const Result<Question> question = questionOf(context);
    if (!question)
        return std::unexpected(question.error());
    const Target &target = question->target;
    const Result<QString> password =
        question->usesDatabase ? context.password(target) : Result<QString>(QString());
    if (!password)
        return std::unexpected(password.error());
    const Result<TargetAccess> access =
        question->usesDatabase ? TargetAccess::open(target, *password) : TargetAccess::openFiles(target);
    if (!access)
        return std::unexpected(access.error());

    const Result<Workspace> space = context.isDirect() ? Result<Workspace>() : context.workspace();
    const Workspace *workspace = workspaceOf(context, space);
    PlanReviewOptions options = reviewOptions(context, target, workspace, runner);
    std::optional<RevisionIds> databaseRows;
    if (question->usesDatabase) {
        const auto read = access->openSession(u"review"_s, std::chrono::seconds(5))
                              .and_then([&](const std::unique_ptr<DatabaseSession> &session) -> Result<void> {
                                  const Result<LintOptions> known = lintOptions(target, workspace, *session);
                                  if (!known)
                                      return std::unexpected(known.error());
                                  options.lint = *known;
                                  return session->readVersionRows(target.component.versionTable)
                                      .transform([&](const RevisionIds &rows) { databaseRows = rows; });
                              });
        if (!read)
            return std::unexpected(read.error());
    }
    if (context.options.serverVersion > 0)
        options.lint.serverVersion = context.options.serverVersion;

    const RevisionMap &map = access->scripts.map;
    const Direction direction = context.options.down ? Direction::Downgrade : Direction::Upgrade;
    const Result<QList<RunStep>> steps =
        !question->file.isEmpty()
            ? fileSteps(*question, map, direction)
            : startRows(context, map, databaseRows).and_then([&](const RevisionIds &rows) {
                  return askedSteps(context, *question, map, rows);
              });
    if (!steps)
        return std::unexpected(steps.error());
    return reviewSteps(*access, target, *steps, direction, options)
        .and_then([&](const QList<StepReview> &reviews) {
            return context.options.command == "review"_L1 ? onlyNamed(reviews, question->revisions, map)
                                                          : Result<QList<StepReview>>(reviews);
        })
        .transform([&](const QList<StepReview> &reviews) {
            for (const StepReview &review : reviews) {
                for (const QString &warning : review.warnings)
                    context.note(u"warning: "_s + warning);
            }
            return ReviewedRevisions{.target = target,
                                     .scripts = access->scripts,
                                     .directory = options.workspaceDirectory,
                                     .reviews = reviews};
        });
}

} // namespace stepwell::cli
