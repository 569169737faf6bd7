// SPDX-License-Identifier: MIT
#include "tests/preflight/preflightfixture.h"

#include "migrations/process/process.h"

namespace stepwell {

using namespace Qt::StringLiterals;

void PreflightFixture::addStatements(const QStringList &statements)
{
    QStringList lines;
    for (const QString &statement : statements)
        lines += u"op.execute(\"\"\"%1\"\"\")"_s.arg(statement);
    addFile(u"aaaa1"_s, {}, lines.join(u'\n'));
}

PreflightRequest PreflightFixture::request() const
{
    return {.target = target(), .plan = upgrade().plan, .proveDatabase = false};
}

PreflightRequest PreflightFixture::requestFor(const QStringList &statements) const
{
    PreflightRequest made = request();
    const Target asked = target();
    const ConnectionSettings settings = database.settings;
    made.reviews = [asked, settings, statements, plan = made.plan]() -> Result<QList<StepReview>> {
        const auto session = DatabaseSession::open(settings, {});
        if (!session)
            return std::unexpected(session.error());
        const auto access = TargetAccess::open(asked, {});
        if (!access)
            return std::unexpected(access.error());
        auto lint = lintOptions(asked, nullptr, **session);
        if (!lint)
            return std::unexpected(lint.error());
        QList<RenderedSql> rendered;
        for (const PlanStep &step : plan.steps) {
            for (const Direction direction : {Direction::Upgrade, Direction::Downgrade})
                rendered += {.revision = step.revision,
                             .direction = direction,
                             .sql = u"BEGIN;\n%1;\nCOMMIT;\n"_s.arg(statements.join(u";\n"_s)),
                             .problem = {},
                             .renderedBy = {}};
        }
        const PlanReviewOptions options{
            .workspaceDirectory = {}, .runner = {}, .lint = *lint, .stop = {}, .progress = {}};
        return reviewRendered(rendered, access->scripts.map, asked, runSteps(plan), plan.direction, options);
    };
    return made;
}

PreflightRequest PreflightFixture::as(const QString &role, PreflightRequest request)
{
    request.target.url.replace(u"stepwell@"_s, QString(role + u'@'));
    return request;
}

std::unique_ptr<DatabaseSession> PreflightFixture::session(const QString &application) const
{
    auto opened = DatabaseSession::open(database.settings, {}, {.applicationName = application});
    if (!opened)
        qFatal("%s", qPrintable(toText(opened.error())));
    return *std::move(opened);
}

bool isAmong(const QList<CheckResult> &results, const QString &name)
{
    return std::ranges::contains(results, name, &CheckResult::name);
}

CheckResult found(const QList<CheckResult> &results, const QString &name)
{
    const auto one = std::ranges::find(results, name, &CheckResult::name);
    if (one == results.end())
        qFatal("no check %s", qPrintable(name));
    return *one;
}

CheckResult found(const PreflightRequest &request, const QString &name)
{
    return found(runPreflight(request), name);
}

QByteArray shown(const CheckResult &result)
{
    QStringList lines{u"%1 (%2): %3"_s.arg(result.name, QString::number(int(result.state)), result.text),
                      result.hint};
    lines += result.details;
    for (const CheckFix &fix : result.fixes)
        lines += QString(fix.label + u" -> "_s + fix.statements.join(u"; "_s));
    return lines.join(u'\n').toUtf8();
}

QString git(const QString &folder, const QStringList &arguments)
{
    const QStringList who{u"-c"_s, u"user.name=Ada"_s,        u"-c"_s, u"user.email=ada@example.org"_s,
                          u"-c"_s, u"commit.gpgsign=false"_s, u"-c"_s, u"init.defaultBranch=main"_s};
    const auto done =
        processOutput({.program = u"git"_s, .arguments = who + arguments, .workingDirectory = folder});
    if (!done)
        qFatal("git %s: %s", qPrintable(arguments.join(u' ')), qPrintable(done.error().detail));
    return QString::fromUtf8(*done).trimmed();
}

} // namespace stepwell
