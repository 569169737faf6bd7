// SPDX-License-Identifier: MIT
#include "migrations/run/planreview.h"

#include "migrations/review/reviewstore.h"
#include "migrations/run/rendering.h"
#include "migrations/run/reviewedsteps.h"

#include <QFile>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QByteArray contentOf(const Revision *revision)
{
    QFile file(revision ? revision->file : QString());
    return revision && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QList<qint64> bytesOf(const QList<RelationName> &tables, const Catalogue &catalogue)
{
    QList<qint64> bytes;
    for (const RelationName &table : tables) {
        const CatalogueRelation *known = catalogue.find(table);
        bytes += known ? known->bytes : -1;
    }
    return bytes;
}

} // namespace

LintOptions lintOptions(const Target &target, const Workspace *workspace)
{
    LintOptions options{.lockTimeoutIsSet = target.environment.lockTimeout.count() > 0,
                        .statementTimeoutIsSet = target.environment.statementTimeout.count() > 0};
    if (!workspace)
        return options;
    options.smallBytes = workspace->lint.smallBytes;
    options.smallRows = workspace->lint.smallRows;
    for (const IgnoredRule &ignored : workspace->lint.ignored)
        options.ignored +=
            RuleSetting{.rule = ignored.rule, .relation = ignored.relation, .reason = ignored.reason};
    return options;
}

Result<QList<StepReview>> reviewSteps(const TargetAccess &access, const Target &target,
                                      const QList<RunStep> &steps, Direction direction,
                                      const PlanReviewOptions &options)
{
    const RenderCache cache;
    RenderOptions rendering{.cache = &cache, .stop = options.stop, .refresh = options.refresh};
    if (options.progress)
        rendering.progress = [&options](int done, int total, const RenderedSql &) {
            options.progress(done, total);
        };
    return renderSteps(access, bothWays(steps, direction), rendering)
        .and_then([&](const QList<RenderedSql> &rendered) {
            return reviewRendered(rendered, access.scripts.map, target, steps, direction, options);
        });
}

Result<QList<StepReview>> reviewRendered(const QList<RenderedSql> &rendered, const RevisionMap &map,
                                         const Target &target, const QList<RunStep> &steps,
                                         Direction direction, const PlanReviewOptions &options)
{
    const QString versionTable = target.component.versionTable;
    const ReviewStore store(reviewDirectory(target, options.workspaceDirectory));
    const Renderings renderings(rendered);
    Linter linter(options.lint); // one for all: a table made by a step is known to the next
    QList<StepReview> all;
    for (const RunStep &step : steps) {
        if (options.stop.stop_requested())
            return failure(ErrorKind::Cancelled, u"Cancelled."_s);
        StepReview review{.revision = step.revision,
                          .direction = direction,
                          .sql = renderings.of(step.revision, direction),
                          .texts = reviewedTexts(step.revision, map, renderings, versionTable)};
        review.hashes = hashesOf(review.texts);
        const Result<QList<Review>> reviews =
            store.read(target.component.name, step.revision, &review.warnings);
        if (!reviews)
            return std::unexpected(reviews.error());
        review.signOff = signOffOf(*reviews, review.hashes, target.environment.approvals, options.runner);
        const Revision *revision = map.find(step.revision);
        review.lint = linter.lint({.sql = review.isKnownOnlyByRehearsal() ? QString() : review.sql.sql,
                                   .revision = revision,
                                   .file = contentOf(revision),
                                   .versionTable = versionTable});
        for (const Review &approval : currentApprovals(*reviews, review.hashes))
            acceptFindings(review.lint, approval.accepted, approval.reviewer);
        review.tableBytes = bytesOf(review.lint.tables(), options.lint.catalogue);
        all += review;
    }
    return all;
}

} // namespace stepwell
