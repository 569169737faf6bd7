// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/options.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace stepwell::cli {

/// CLI11 works on std::string; these hold its values until they are copied into Options.
struct Raw {
    std::string workspace, config, section, database, versionTable,
        format = "text", range, from, confirm, backupNote, backupDirectory, lockTimeout, statementTimeout,
        concurrentTimeout, transactions, progress, fix, create, stop, pictures, sql, failOn = "loses-data",
        comment, reviewer, html, outcome, kind, since, until, search, filesOf, rebase, onto, restore, rename,
        relink, message, newId;
    std::vector<std::string> arguments, accepted, labels, parents, droppedDependencies, notApplied;
};

/// The commands with their options. One object parses one command line.
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
    void confirmOptions(CLI::App *app);
    void progressOption(CLI::App *app);
    void runOptions(CLI::App *app);
    void checkingCommands();
    void resolveCommand();
    void filesOfOption(CLI::App *app);
    void collect();
    void collectRepair();

    CLI::App m_app{"Alembic migrations on PostgreSQL: seen, reviewed, backed up, run, rolled back.\n"
                   "Without a command the window opens."};
    Raw m_raw;
    Options m_options;
};

} // namespace stepwell::cli
