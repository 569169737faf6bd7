// SPDX-License-Identifier: MIT
// Which commands and options there are; options.cpp reads what was typed.
#include "app/cli/optionparser.h"

namespace stepwell::cli {

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
    m_app
        .add_option("--format", m_raw.format,
                    "text or json; of lint also sarif, junit, github, gitlab; of journal also csv")
        ->check(CLI::IsMember({"text", "json", "sarif", "junit", "github", "gitlab", "csv"}));
    m_app.fallthrough();
    m_app.require_subcommand(0, 1);
    readingCommands();
    reviewCommands();
    checkingCommands();
    changingCommands();
    resolveCommand();
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
    command("status", "Show the state of every target", "[ENVIRONMENT/COMPONENT...]")
        ->add_option(
            "--watch", m_options.watchSeconds,
            "Look again every SECONDS (5 if not said) until Ctrl-C; without a terminal tell changes only")
        ->type_name("[SECONDS]")
        ->check(CLI::Range(1, 86400));
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
    filesOfOption(history);
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
    filesOfOption(plan);
    CLI::App *sql = command("sql", "Show the SQL of the pending revisions, or of those up to REVISION",
                            "ENVIRONMENT/COMPONENT [REVISION]");
    sql->add_flag("--down", m_options.down, "The SQL of a rollback to REVISION");
    sql->add_option("--from", m_raw.from, "Start from these rows instead of a database's");
    filesOfOption(sql);
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

void Parser::checkingCommands()
{
    command(
        "check",
        "Say whether the files have one head and no gap; with a target also whether its database is at it",
        "[COMPONENT... | ENVIRONMENT/COMPONENT...]");
    CLI::App *doctor =
        command("doctor", "Make every check of a target, say what state it is in and what to do",
                "[ENVIRONMENT/COMPONENT]");
    doctor->add_option("--fix", m_raw.fix, "Show what would mend this check, ask, do it, and check again")
        ->type_name("CHECK");
    confirmOptions(doctor);
}

void Parser::confirmOptions(CLI::App *app)
{
    app->add_flag("-y,--yes", m_options.yes, "Do not ask");
    app->add_option("--confirm", m_raw.confirm,
                    "The name of the protected environment, instead of typing it");
}

void Parser::runOptions(CLI::App *app)
{
    confirmOptions(app);
    progressOption(app);
    app->add_flag("--backup", m_options.backup, "Back up first, also where the policy does not ask for it");
    app->add_flag("--no-backup", m_options.noBackup, "No backup, where the policy allows it");
    app->add_option("--backup-note", m_raw.backupNote,
                    "Another backup exists: say which, it goes into the journal");
    app->add_option("--backup-dir", m_raw.backupDirectory, "Folder for the backup");
    app->add_option("--transactions", m_raw.transactions,
                    "What is committed at once: each revision, as the project's env.py says, or all")
        ->check(CLI::IsMember({"revision", "project", "all"}));
    app->add_option("--lock-timeout", m_raw.lockTimeout,
                    "How long a statement may wait for a lock (5s, 500ms)");
    app->add_option("--lock-retries", m_options.lockRetries,
                    "How often a revision that got no lock is tried again")
        ->check(CLI::Range(0, 1000));
    app->add_option("--statement-timeout", m_raw.statementTimeout,
                    "How long a statement may take (30min; 0: no limit)");
    app->add_option("--concurrent-timeout", m_raw.concurrentTimeout,
                    "The same for statements that build or drop an index concurrently");
    app->add_option("--accept", m_raw.accepted,
                    "Go on with this finding, as RULE=REASON or RULE@TABLE=REASON; may be repeated")
        ->type_name("FINDING")
        ->allow_extra_args(false);
    app->add_flag("--restart", m_options.restart, "Run the component's restart command afterwards");
    app->add_flag("--watch-logs", m_options.watchLogs, "Look at the component's logs for a while afterwards");
}

void Parser::progressOption(CLI::App *app)
{
    app->add_option(
           "--progress", m_raw.progress,
           "What standard error tells meanwhile: none, text, or json, one object a line (default: text on "
           "a terminal)")
        ->check(CLI::IsMember({"none", "text", "json"}));
}

void Parser::changingCommands()
{
    runOptions(command("upgrade", "Back up and upgrade (to head)", "[ENVIRONMENT/COMPONENT] [REVISION]"));
    CLI::App *rollback =
        command("rollback", "Back up and roll back (one step)", "[ENVIRONMENT/COMPONENT] [REVISION]");
    runOptions(rollback);
    filesOfOption(rollback);
    rollback->add_flag("--emergency", m_options.emergency, "Do not wait for approvals; the journal says so");
    CLI::App *stamp = command("stamp", "Say that a database is at these revisions, without running them",
                              "ENVIRONMENT/COMPONENT REVISION...");
    stamp->add_flag("--purge", m_options.purge, "Delete all version rows first, also those that no file has");
    confirmOptions(stamp);
    progressOption(stamp);
    CLI::App *backup =
        command("backup", "Back up a target's database and verify the archive", "[ENVIRONMENT/COMPONENT]");
    backup->add_option("--backup-dir", m_raw.backupDirectory, "Folder for the backup");
    progressOption(backup);
}

void Parser::resolveCommand()
{
    CLI::App *resolve = command(
        "resolve", "Say what is wrong with a history, show what would mend it, and with --apply mend it",
        "[COMPONENT | ENVIRONMENT/COMPONENT] [HEAD...]");
    const auto several = [&](const char *name, std::vector<std::string> &values, const char *text,
                             const char *type) {
        resolve->add_option(name, values, text)->type_name(type)->allow_extra_args(false);
    };
    resolve->add_option("--rebase", m_raw.rebase, "Put the revisions of this head on top of another")
        ->type_name("HEAD");
    resolve->add_option("--onto", m_raw.onto, "--rebase: the head that they are put on")->type_name("HEAD");
    resolve->add_flag("--merge", m_options.merge,
                      "A new revision that joins the heads (all, or those named)");
    resolve->add_option("-m,--message", m_raw.message, "--merge: what the new revision says");
    several("--label", m_raw.labels, "--merge: a branch label of the new revision; may be repeated", "LABEL");
    resolve->add_option("--restore", m_raw.restore, "Take the file of a lost revision from git")
        ->type_name("REVISION");
    resolve
        ->add_option("--rename", m_raw.rename, "Give one of several files with the same identifier another")
        ->type_name("FILE");
    resolve->add_option("--rev-id", m_raw.newId, "--merge, --rename: the new identifier (default: made up)")
        ->type_name("ID");
    resolve->add_option("--relink", m_raw.relink, "Give a revision other parents")->type_name("REVISION");
    several("--parent", m_raw.parents, "--relink: a new parent, or base for none; may be repeated",
            "REVISION");
    several("--no-dependency", m_raw.droppedDependencies,
            "--relink: take this out of depends_on; may be repeated", "REVISION");
    several("--not-applied", m_raw.notApplied,
            "--rebase: this target cannot be read, and you know that nothing of what moves is applied there",
            "ENVIRONMENT/COMPONENT");
    resolve->add_flag("--redate", m_options.redate, "--rebase: what moves gets the create date of now");
    resolve->add_flag("--apply", m_options.apply, "Do what is shown; without it nothing is changed");
    resolve->add_flag("--continue", m_options.goOn, "Go on with a repair that was cut off");
    resolve->add_flag("--undo", m_options.undo, "Take back a repair that was cut off");
    runOptions(resolve);
}

void Parser::filesOfOption(CLI::App *app)
{
    app->add_option(
           "--files-of", m_raw.filesOf,
           "Use the revision files of this branch, tag or commit (in a temporary work tree of git), or "
           "of another checkout's ini, instead of those that are here")
        ->type_name("REF|INI");
}

void Parser::otherCommands()
{
    CLI::App *journal = command("journal", "Show what was run", "[ENVIRONMENT/COMPONENT]");
    journal->add_option("-n,--limit", m_options.limit, "How many runs")->check(CLI::PositiveNumber);
    journal->add_option("--entry,--id", m_options.entry, "One run in full: its number")
        ->check(CLI::PositiveNumber);
    journal
        ->add_option(
            "--outcome", m_raw.outcome,
            "Only runs that ended so: running, done, stopped, failed-rolled-back, failed-with-changes, "
            "cancelled, refused, unknown")
        ->type_name("OUTCOME");
    journal->add_option("--kind", m_raw.kind, "Only upgrade, rollback, backup or stamp")->type_name("KIND");
    journal
        ->add_option("--since", m_raw.since,
                     "Only runs that began then or later: a date, a time, or how long ago (36h, 7d)")
        ->type_name("WHEN");
    journal->add_option("--until", m_raw.until, "Only runs that began then or earlier")->type_name("WHEN");
    journal
        ->add_option("--search", m_raw.search,
                     "Only runs with this text in revisions, messages, who, outcome, errors or statements")
        ->type_name("TEXT");
    journal->add_flag("--shared", m_options.shared, "The runs of the whole team, from the target's database");
    journal
        ->add_option("--html", m_raw.html, "With --entry: write the report of the run to a file for a ticket")
        ->type_name("FILE");
    CLI::App *demo = command("demo", "Open the demo workspace");
    demo->add_flag("--reset", m_options.reset, "Make it new first");
    demo->add_option("--create", m_raw.create,
                     "Make the demo workspace and its cluster in a folder, without a window");
    demo->add_option("--stop", m_raw.stop, "Stop the cluster of the demo workspace in a folder");
    demo->add_option("--pictures", m_raw.pictures,
                     "Write pictures of the windows to a folder, light and dark");
}

} // namespace stepwell::cli
