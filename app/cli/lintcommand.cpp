// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/lintformats.h"
#include "app/cli/revisionreviews.h"
#include "migrations/database/cataloguereader.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cstdio>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr int findingsExitCode = 11;
constexpr qint64 longestScript = qint64(256) * 1024 * 1024;

LintFormat formatOf(const QString &name)
{
    static const QStringList names{u"text"_s, u"json"_s, u"sarif"_s, u"junit"_s, u"github"_s, u"gitlab"_s};
    return static_cast<LintFormat>(std::max<qsizetype>(0, names.indexOf(name)));
}

Result<QString> readScript(const QString &path)
{
    QFile file;
    const bool opened = path == u"-"_s ? file.open(stdin, QIODevice::ReadOnly)
                                       : (file.setFileName(path), file.open(QIODevice::ReadOnly));
    if (!opened)
        return failure(ErrorKind::Usage, u"%1 cannot be read: %2."_s.arg(path, file.errorString()),
                       u"Name a readable SQL file, or - for standard input."_s);
    QByteArray bytes;
    while (bytes.size() <= longestScript) { // a pipe gives what is there, not all that comes
        const QByteArray more = file.read(qint64(1) << 20);
        if (more.isEmpty())
            break;
        bytes += more;
    }
    if (bytes.size() > longestScript)
        return failure(ErrorKind::FileError, u"%1 is longer than 256 MiB."_s.arg(path),
                       u"Lint the statements that change the schema; data needs no linter."_s);
    return QString::fromUtf8(bytes);
}

/// The path as annotations of a code host name it: relative to where the command runs.
QString shownPath(const QString &path)
{
    const QString relative = QDir::current().relativeFilePath(path);
    return relative.startsWith(u"../"_s) ? path : relative;
}

LintedScript linted(const StepReview &review, const RevisionMap &map)
{
    const Revision &revision = *map.find(review.revision);
    const bool up = review.direction == Direction::Upgrade;
    return {.revision = review.revision.text(),
            .direction = directionName(review.direction),
            .message = revision.message,
            .path = shownPath(revision.file),
            .fileLine = std::max(1, up ? revision.upgradeLines.first : revision.downgradeLines.first),
            .sql = review.sql.sql,
            .problem = review.sql.problem,
            .problemLine = review.sql.problemLine,
            .report = review.lint};
}

/// The database named with --database, for --sql.
Result<LintOptions> databaseOptions(CommandContext &context)
{
    return ConnectionSettings::fromUrl(context.options.database)
        .and_then([](const ConnectionSettings &settings) {
            return DatabaseSession::open(settings, {}, {.applicationName = u"stepwell lint"_s});
        })
        .and_then([](const std::unique_ptr<DatabaseSession> &session) {
            return readCatalogue(*session).transform([&](const Catalogue &catalogue) {
                return LintOptions{.serverVersion = session->serverVersion() / 10000, .catalogue = catalogue};
            });
        });
}

Result<QList<LintedScript>> lintFile(CommandContext &context, const QString &path)
{
    const Result<QString> sql = readScript(path);
    if (!sql)
        return std::unexpected(sql.error());
    Result<LintOptions> options =
        context.options.database.isEmpty() ? Result<LintOptions>() : databaseOptions(context);
    if (!options)
        return std::unexpected(options.error());
    if (context.options.serverVersion > 0)
        options->serverVersion = context.options.serverVersion;
    Linter linter(*options);
    return QList<LintedScript>{
        {.path = path == u"-"_s ? path : shownPath(path),
         .sql = *sql,
         .report = linter.lint({.sql = *sql, .inTransaction = context.options.inTransaction})}};
}

Result<QList<LintedScript>> lintRevisions(CommandContext &context)
{
    return reviewedRevisions(context).transform([&](const ReviewedRevisions &reviewed) {
        QList<LintedScript> scripts;
        for (const StepReview &review : reviewed.reviews)
            scripts += linted(review, reviewed.scripts.map);
        return scripts;
    });
}

bool fails(const QList<LintedScript> &scripts, const QString &failOn)
{
    const std::optional<Severity> level = severityOf(failOn);
    return level && std::ranges::any_of(scripts, [&](const LintedScript &script) {
               const std::optional<Severity> worst = script.report.worst();
               return !script.report.problem.isEmpty() || script.isBroken() || (worst && *worst >= *level);
           });
}

} // namespace

int lintCommand(CommandContext &context)
{
    const QString first = context.options.arguments.value(0);
    const bool isSqlFile = first == u"-"_s || (first.endsWith(u".sql"_s) && !context.isDirect());
    if (!context.options.sql.isEmpty() && !first.isEmpty())
        return context.fail({.kind = ErrorKind::Usage,
                             .message = u"--sql names the file; %1 is one too many."_s.arg(first),
                             .hint = u"Leave one of them out."_s});
    const QString file = context.options.sql.isEmpty() && isSqlFile ? first : context.options.sql;
    const Result<QList<LintedScript>> scripts =
        file.isEmpty() ? lintRevisions(context) : lintFile(context, file);
    if (!scripts)
        return context.fail(scripts.error());
    writeLint(*context.streams.out, formatOf(context.options.format), *scripts, !file.isEmpty(),
              context.streams.outIsTerminal);
    return fails(*scripts, context.options.failOn) ? findingsExitCode : 0;
}

} // namespace stepwell::cli
