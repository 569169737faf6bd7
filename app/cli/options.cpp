// SPDX-License-Identifier: MIT
#include "app/cli/options.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

/// CLI11 takes "-1" for an option; a relative revision passes behind this shield.
constexpr char16_t shield = u'\x1f';

bool isRelative(const QString &argument)
{
    return argument.size() >= 2 && argument.at(0) == u'-' && argument.at(1).isDigit();
}

QString text(const std::string &value)
{
    const QString result = QString::fromStdString(value);
    return result.startsWith(shield) ? result.mid(1) : result;
}

/// CLI11 works on std::string; these hold its values until they are copied into Options.
struct Raw {
    std::string workspace, config, section, database, versionTable,
        format = "text", range, from, confirm, backupNote, backupDirectory, lockTimeout, statementTimeout,
        create, stop, pictures, sql, failOn = "loses-data", comment, reviewer, html;
    std::vector<std::string> arguments, accepted;
};

class Parser
{
public:
    Parser();
    Result<Options> parse(const QStringList &arguments);

private:
    CLI::App *command(const std::string &name, const std::string &description,
                      const std::string &arguments = {});
    void readingCommands();
    void reviewCommands();
    void changingCommands();
    void otherCommands();
    void runOptions(CLI::App *app);
    void collect();

    CLI::App m_app{"Alembic migrations on PostgreSQL: seen, reviewed, backed up, run, rolled back.\n"
                   "Without a command the window opens."};
    Raw m_raw;
    Options m_options;
};

Parser::Parser()
{
    m_app.name("stepwell");
    m_app.set_help_flag("-h,--help", "Show this help");
    m_app.set_version_flag("--version", STEPWELL_VERSION);
    m_app.add_option("-w,--workspace", m_raw.workspace,
                     "Folder with stepwell.toml (default: this folder or one above it)");
    m_app.add_option("-c,--config", m_raw.config, "Without a workspace: the Alembic ini");
    m_app.add_option("--section", m_raw.section, "With -c: another section of the ini than [alembic]");
    m_app.add_option("--database", m_raw.database, "With -c: the database's URL, without a password");
    m_app.add_option("--version-table", m_raw.versionTable,
                     "With -c: another version table than alembic_version");
    m_app.add_option("--format", m_raw.format, "text or json; of lint also sarif, junit, github, gitlab")
        ->check(CLI::IsMember({"text", "json", "sarif", "junit", "github", "gitlab"}));
    m_app.fallthrough();
    m_app.require_subcommand(0, 1);
    readingCommands();
    reviewCommands();
    changingCommands();
    otherCommands();
}

CLI::App *Parser::command(const std::string &name, const std::string &description,
                          const std::string &arguments)
{
    CLI::App *app = m_app.add_subcommand(name, description);
    app->fallthrough();
    if (!arguments.empty())
        app->add_option("arguments", m_raw.arguments, arguments)->type_name("");
    return app;
}

void Parser::readingCommands()
{
    command("status", "Show the state of every target", "[ENVIRONMENT/COMPONENT...]");
    const std::string files = "[COMPONENT | ENVIRONMENT/COMPONENT]";
    command("heads", "Show the heads of a component", files);
    CLI::App *history = command("history", "Show the revisions of a component, newest first", files);
    history
        ->add_option("-r,--range", m_raw.range,
                     "Only those from A to B, as A:B; each end a revision, a relative one, or current")
        ->type_name("A:B");
    history->add_flag("--graph", m_options.graph, "Draw how they follow each other");
    const std::string from = "Take these rows (ids with commas, or base) instead of a database's";
    history->add_option("--from", m_raw.from, from)->type_name("ROWS");
    command("branches", "Show where the history of a component forks", files);
    command("show", "Show single revisions: links, labels, file, text", files + " REVISION")
        ->add_option("--from", m_raw.from, from)
        ->type_name("ROWS");
    command("current", "Show what a database is at", "[ENVIRONMENT/COMPONENT]")
        ->add_option("--from", m_raw.from, from)
        ->type_name("ROWS");
    CLI::App *plan =
        command("plan", "Show what an upgrade or rollback would run", "[ENVIRONMENT/COMPONENT] [REVISION]");
    plan->add_option("--from", m_raw.from,
                     "Start from these rows (ids with commas, or base) instead of a database's");
    plan->add_flag("--down", m_options.down, "Plan a rollback");
    CLI::App *sql = command("sql", "Show the SQL of the pending revisions, or of those up to REVISION",
                            "ENVIRONMENT/COMPONENT [REVISION]");
    sql->add_flag("--down", m_options.down, "The SQL of a rollback to REVISION");
    sql->add_option("--from", m_raw.from, "Start from these rows instead of a database's");
    sql->add_flag("--refresh", m_options.refresh, "Render anew, whatever is kept from before");
}

void Parser::reviewCommands()
{
    CLI::App *lint = command("lint", "Say what pending revisions, or an SQL file, will do to a database",
                             "[ENVIRONMENT/COMPONENT | COMPONENT | REVISION_FILE.py | FILE.sql] [REVISION]");
    lint->add_option("--sql", m_raw.sql, "An SQL file, or - for standard input")->type_name("FILE");
    lint->add_option("--pg", m_options.serverVersion,
                     "PostgreSQL's major version (default: the database's, else 17)")
        ->check(CLI::Range(13, 18));
    lint->add_flag("--in-transaction", m_options.inTransaction,
                   "With --sql: whoever runs the file opens a transaction first");
    lint->add_option("-r,--range", m_raw.range,
                     "The revisions after A up to B, as A:B; without a database, or with current as A")
        ->type_name("A:B");
    lint->add_option("--from", m_raw.from, "The revisions after these rows (ids with commas, or base)")
        ->type_name("ROWS");
    lint->add_flag("--down", m_options.down, "The rollback instead of the upgrade");
    lint->add_option("--fail-on", m_raw.failOn, "Exit 11 at findings of this severity or worse")
        ->check(CLI::IsMember(
            {"none", "advice", "breaks-clients", "loses-data", "may-fail", "blocks-writes", "blocks-reads"}));
    lint->add_flag("--refresh", m_options.refresh, "Render anew, whatever is kept from before");

    CLI::App *review =
        command("review", "Show, approve or reject pending revisions",
                "show|approve|reject|status [ENVIRONMENT/COMPONENT | COMPONENT] [REVISION...]");
    review->add_option("--from", m_raw.from, "The revisions after these rows instead of a database's")
        ->type_name("ROWS");
    review
        ->add_option("--accept", m_raw.accepted,
                     "approve: go on with this finding, as RULE=REASON or RULE@TABLE=REASON; may be repeated")
        ->type_name("FINDING")
        ->allow_extra_args(false);
    review->add_option("-m,--comment", m_raw.comment, "approve, reject: what you think of it");
    review->add_option("--reviewer", m_raw.reviewer, "Who you are (default: as git knows you)");
    review->add_option("--html", m_raw.html, "show: write the review to a file for a ticket")
        ->type_name("FILE");
    review->add_flag("--down", m_options.down, "show: the rollback instead of the upgrade");
    review->add_flag("--refresh", m_options.refresh, "Render anew, whatever is kept from before");
}

void Parser::runOptions(CLI::App *app)
{
    app->add_flag("-y,--yes", m_options.yes, "Do not ask");
    app->add_option("--confirm", m_raw.confirm,
                    "The name of the protected environment, instead of typing it");
    app->add_flag("--backup", m_options.backup, "Back up first, also where the policy does not ask for it");
    app->add_flag("--no-backup", m_options.noBackup, "No backup, where the policy allows it");
    app->add_option("--backup-note", m_raw.backupNote,
                    "Another backup exists: say which, it goes into the journal");
    app->add_option("--backup-dir", m_raw.backupDirectory, "Folder for the backup");
    app->add_option("--lock-timeout", m_raw.lockTimeout,
                    "How long a statement may wait for a lock (5s, 500ms)");
    app->add_option("--statement-timeout", m_raw.statementTimeout,
                    "How long a statement may take (30min; 0: no limit)");
    app->add_option("--accept", m_raw.accepted,
                    "Go on with this finding, as RULE=REASON or RULE@TABLE=REASON; may be repeated")
        ->type_name("FINDING")
        ->allow_extra_args(false);
    app->add_flag("--restart", m_options.restart, "Run the component's restart command afterwards");
}

void Parser::changingCommands()
{
    runOptions(command("upgrade", "Back up and upgrade (to head)", "[ENVIRONMENT/COMPONENT] [REVISION]"));
    CLI::App *rollback =
        command("rollback", "Back up and roll back (one step)", "[ENVIRONMENT/COMPONENT] [REVISION]");
    runOptions(rollback);
    rollback->add_flag("--emergency", m_options.emergency, "Do not wait for approvals; the journal says so");
    CLI::App *backup =
        command("backup", "Back up a target's database and verify the archive", "[ENVIRONMENT/COMPONENT]");
    backup->add_option("--backup-dir", m_raw.backupDirectory, "Folder for the backup");
}

void Parser::otherCommands()
{
    CLI::App *journal = command("journal", "Show what was run", "[ENVIRONMENT/COMPONENT]");
    journal->add_option("-n,--limit", m_options.limit, "How many runs")->check(CLI::PositiveNumber);
    journal->add_option("--id", m_options.entry, "One run with all its steps");
    CLI::App *demo = command("demo", "Open the demo workspace");
    demo->add_flag("--reset", m_options.reset, "Make it new first");
    demo->add_option("--create", m_raw.create,
                     "Make the demo workspace and its cluster in a folder, without a window");
    demo->add_option("--stop", m_raw.stop, "Stop the cluster of the demo workspace in a folder");
    demo->add_option("--pictures", m_raw.pictures,
                     "Write pictures of the windows to a folder, light and dark");
}

void Parser::collect()
{
    const auto commands = m_app.get_subcommands();
    m_options.command = commands.empty() ? QString() : QString::fromStdString(commands.front()->get_name());
    for (const std::string &argument : m_raw.arguments)
        m_options.arguments += text(argument);
    if (m_options.command == "review"_L1 && !m_options.arguments.isEmpty())
        m_options.action = m_options.arguments.takeFirst();
    m_options.workspace = text(m_raw.workspace);
    m_options.config = text(m_raw.config);
    m_options.section = text(m_raw.section);
    m_options.database = text(m_raw.database);
    m_options.versionTable = text(m_raw.versionTable);
    m_options.format = text(m_raw.format);
    m_options.json = m_raw.format == "json";
    m_options.sql = text(m_raw.sql);
    m_options.failOn = text(m_raw.failOn);
    for (const std::string &accepted : m_raw.accepted)
        m_options.accepted += text(accepted);
    m_options.comment = text(m_raw.comment);
    m_options.reviewer = text(m_raw.reviewer);
    m_options.html = text(m_raw.html);
    m_options.range = text(m_raw.range);
    m_options.from = text(m_raw.from);
    m_options.hasFrom = !commands.empty() && commands.front()->get_option_no_throw("--from") != nullptr &&
                        commands.front()->count("--from") > 0;
    m_options.confirm = text(m_raw.confirm);
    m_options.backupNote = text(m_raw.backupNote);
    m_options.backupDirectory = text(m_raw.backupDirectory);
    m_options.lockTimeout = text(m_raw.lockTimeout);
    m_options.statementTimeout = text(m_raw.statementTimeout);
    m_options.create = text(m_raw.create);
    m_options.stop = text(m_raw.stop);
    m_options.pictures = text(m_raw.pictures);
}

Result<Options> Parser::parse(const QStringList &arguments)
{
    // CLI11 wants them last first.
    std::vector<std::string> reversed;
    for (const QString &argument : arguments)
        reversed.insert(reversed.begin(),
                        (isRelative(argument) ? QString(QChar(shield) + argument) : argument).toStdString());
    try {
        m_app.parse(reversed);
    } catch (const CLI::Success &success) {
        collect();
        m_options.help = true;
        m_options.helpText = dynamic_cast<const CLI::CallForVersion *>(&success)
                                 ? u"stepwell %1\n"_s.arg(QLatin1StringView(STEPWELL_VERSION))
                                 : QString::fromStdString(m_app.help());
        return m_options;
    } catch (const CLI::ParseError &error) {
        collect();
        return failure(ErrorKind::Usage, QString::fromStdString(error.what()).remove(shield),
                       m_options.command.isEmpty()
                           ? u"`stepwell --help` lists the commands."_s
                           : u"`stepwell %1 --help` tells how to use it."_s.arg(m_options.command));
    }
    collect();
    // An unset variable in a script must not turn into a default.
    if (arguments.contains(QString()))
        return failure(ErrorKind::Usage, u"An argument is empty."_s, u"Leave it out to get the default."_s);
    if (m_options.command != "lint"_L1 && m_options.format != "text"_L1 && !m_options.json)
        return failure(ErrorKind::Usage, u"Only `lint` writes %1."_s.arg(m_options.format),
                       u"Use --format text or --format json."_s);
    const bool lintsSql = m_options.command == "lint"_L1 && !m_options.sql.isEmpty();
    if (m_options.config.isEmpty() && !lintsSql &&
        !QString(m_options.database + m_options.versionTable + m_options.section).isEmpty())
        return failure(ErrorKind::Usage, u"--database, --section and --version-table go with -c."_s,
                       u"Name the ini with -c, or leave them out: a workspace says them itself."_s);
    return m_options;
}

} // namespace

QStringList argumentsOf(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    return arguments;
}

bool asksForJson(const QStringList &arguments)
{
    const qsizetype at = arguments.indexOf(u"--format"_s);
    return arguments.contains(u"--format=json"_s) || (at >= 0 && arguments.value(at + 1) == "json"_L1);
}

Result<Options> parseOptions(const QStringList &arguments)
{
    return Parser().parse(arguments);
}

} // namespace stepwell::cli
