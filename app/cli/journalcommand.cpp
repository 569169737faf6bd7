// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/journaltext.h"
#include "app/cli/moment.h"
#include "migrations/journal/journalexport.h"
#include "migrations/journal/sharedjournal.h"
#include "migrations/run/targetaccess.h"

#include <QJsonArray>
#include <QSaveFile>

#include <array>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array outcomes{
    Outcome::Running,           Outcome::Done,      Outcome::Stopped, Outcome::FailedRolledBack,
    Outcome::FailedWithChanges, Outcome::Cancelled, Outcome::Refused, Outcome::Unknown};
constexpr std::array kinds{RunKind::Upgrade, RunKind::Downgrade, RunKind::Backup, RunKind::Stamp};

/// The member of `all` with that name; none for an empty name.
template<typename Enum, size_t count>
Result<std::optional<Enum>> named(const QString &option, const QString &name,
                                  const std::array<Enum, count> &all, QString (*nameOf)(Enum))
{
    if (name.isEmpty())
        return std::optional<Enum>();
    QStringList names;
    for (const Enum candidate : all) {
        if (nameOf(candidate) == name)
            return std::optional<Enum>(candidate);
        names += nameOf(candidate);
    }
    return failure(ErrorKind::Usage, u"%1 cannot be \"%2\"."_s.arg(option, name),
                   u"Use one of %1."_s.arg(names.join(u", "_s)));
}

Result<JournalFilter> filterOf(const Options &options)
{
    JournalFilter filter{.limit = options.limit, .text = options.search};
    const auto outcome = named(u"--outcome"_s, options.outcome, outcomes, outcomeName);
    if (!outcome)
        return std::unexpected(outcome.error());
    filter.outcome = *outcome;
    // People call it a rollback.
    const auto kind =
        named(u"--kind"_s, options.kind == "rollback"_L1 ? u"downgrade"_s : options.kind, kinds, runKindName);
    if (!kind)
        return std::unexpected(kind.error());
    filter.kind = *kind;
    const QDateTime now = QDateTime::currentDateTime();
    if (!options.since.isEmpty()) {
        const auto since = parseMoment(u"--since"_s, options.since, DayEnd::First, now);
        if (!since)
            return std::unexpected(since.error());
        filter.since = *since;
    }
    if (!options.until.isEmpty()) {
        const auto until = parseMoment(u"--until"_s, options.until, DayEnd::Last, now);
        if (!until)
            return std::unexpected(until.error());
        filter.until = *until;
    }
    return filter;
}

Result<void> checkOptions(const Options &options)
{
    if (!options.html.isEmpty() && options.entry == 0)
        return failure(ErrorKind::Usage, u"--html writes the report of one run."_s,
                       u"Say which with --entry; the list of runs has the numbers."_s);
    if (options.entry > 0 && options.shared)
        return failure(ErrorKind::Usage, u"A run in the journal of the team has no number here."_s,
                       u"Leave out --entry, and narrow the list with --search, --since or --until."_s);
    if (options.entry > 0 && options.format == "csv"_L1)
        return failure(ErrorKind::Usage, u"CSV has a line a run, not one run in full."_s,
                       u"Use --format json or --html with --entry."_s);
    return {};
}

Result<QList<JournalEntry>> sharedEntries(CommandContext &context, const JournalFilter &filter)
{
    if (context.options.arguments.isEmpty() && !context.isDirect())
        return failure(ErrorKind::Usage, u"--shared reads the journal in a target's database."_s,
                       u"Name the target: stepwell journal --shared ENVIRONMENT/COMPONENT."_s);
    const Result<Target> target = context.target();
    if (!target)
        return std::unexpected(target.error());
    const Result<QString> password = context.password(*target);
    if (!password)
        return std::unexpected(password.error());
    JournalFilter own = filter;
    if (!context.isDirect()) // a database may serve several targets
        own.target = target->id;
    return TargetAccess::open(*target, *password)
        .and_then([](const TargetAccess &access) {
            return access.openSession(u"journal"_s, std::chrono::seconds(5));
        })
        .and_then([](std::unique_ptr<DatabaseSession> session) {
            return SharedJournal::open(std::move(session), false);
        })
        .and_then([&own](const std::unique_ptr<SharedJournal> &shared) { return shared->entries(own); });
}

Result<QList<JournalEntry>> localEntries(CommandContext &context, JournalFilter filter)
{
    const auto journal = Journal::open(defaultJournalPath());
    if (!journal)
        return std::unexpected(journal.error());
    if (!context.options.arguments.isEmpty() || context.isDirect()) {
        const Result<Target> target = context.target();
        if (!target)
            return std::unexpected(target.error());
        filter.target = target->id;
        filter.workspace = context.workspaceDirectory(*target);
    } else if (const Result<Workspace> workspace = context.workspace()) {
        filter.workspace = workspace->directory;
    }
    return (*journal)->entries(filter);
}

int writeReport(CommandContext &context, const JournalEntry &entry)
{
    QSaveFile file(context.options.html);
    if (!file.open(QIODevice::WriteOnly) || file.write(runReportHtml(entry).toUtf8()) < 0 || !file.commit())
        return context.fail(
            {.kind = ErrorKind::FileError,
             .message = u"%1 cannot be written: %2."_s.arg(context.options.html, file.errorString()),
             .hint = u"Name a file in a folder that you may write to."_s});
    context.note(u"Written to %1."_s.arg(context.options.html));
    return 0;
}

int showEntry(CommandContext &context)
{
    const auto entry =
        Journal::open(defaultJournalPath()).and_then([&context](const std::unique_ptr<Journal> &journal) {
            return journal->entry(context.options.entry);
        });
    if (!entry)
        return context.fail(entry.error());
    if (!context.options.html.isEmpty())
        return writeReport(context, *entry);
    if (context.options.json)
        return context.print({{u"run"_s, toJson(*entry)}});
    printEntry(*context.streams.out, *entry);
    return 0;
}

int showEntries(CommandContext &context, const JournalFilter &filter)
{
    const Result<QList<JournalEntry>> entries =
        context.options.shared ? sharedEntries(context, filter) : localEntries(context, filter);
    if (!entries)
        return context.fail(entries.error());
    if (context.options.json) {
        QJsonArray array;
        for (const JournalEntry &entry : *entries)
            array += toJson(entry, false);
        return context.print({{u"runs"_s, array}});
    }
    if (context.options.format == "csv"_L1) {
        *context.streams.out << QString::fromUtf8(journalCsv(*entries));
        context.streams.out->flush();
        return 0;
    }
    const bool filtered = filter.outcome || filter.kind || filter.since.isValid() || filter.until.isValid() ||
                          !filter.text.isEmpty();
    printEntries(*context.streams.out, *entries, filtered);
    return 0;
}

} // namespace

int journalCommand(CommandContext &context)
{
    if (const auto checked = checkOptions(context.options); !checked)
        return context.fail(checked.error());
    if (context.options.entry > 0)
        return showEntry(context);
    const Result<JournalFilter> filter = filterOf(context.options);
    return filter ? showEntries(context, *filter) : context.fail(filter.error());
}

} // namespace stepwell::cli
