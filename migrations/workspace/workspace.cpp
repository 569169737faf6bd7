// SPDX-License-Identifier: MIT
#include "migrations/workspace/workspace.h"

#include "migrations/workspace/checkpolicy.h"
#include "migrations/workspace/tomlreader.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr auto fileName = "stepwell.toml"_L1;

QString resolved(const QString &path, const QString &directory)
{
    return path.isEmpty() ? QString() : QDir::cleanPath(QDir(directory).absoluteFilePath(path));
}

/// A program with a slash in its name is a file of the workspace; without one it is looked for in PATH.
QStringList resolvedCommand(QStringList command, const QString &directory)
{
    if (!command.isEmpty() && command.first().contains(u'/'))
        command.first() = resolved(command.first(), directory);
    return command;
}

bool holdsPassword(const QString &url)
{
    static const QRegularExpression inUserInfo(u"^[^:/?#]+://[^:/@]*:[^@]+@"_s);
    static const QRegularExpression asKeyword(u"(^|[?&\\s])(ssl)?password\\s*="_s,
                                              QRegularExpression::CaseInsensitiveOption);
    return inUserInfo.match(url).hasMatch() || asKeyword.match(url).hasMatch();
}

void checkName(TomlReader &reader, const toml::table &table, const QString &kind, const QString &name)
{
    static const QRegularExpression valid(u"^[^/\\s][^/\\n]*$"_s);
    if (!valid.match(name).hasMatch())
        reader.fail(table, u"a name without slashes for the %1"_s.arg(kind), QString(u'"' + name + u'"'));
}

Component readComponent(TomlReader &reader, const toml::table &table, const QString &name,
                        const QString &directory)
{
    const QString where = u"[component.%1]"_s.arg(name);
    reader.checkKeys(table, where,
                     {u"config"_s, u"section"_s, u"python"_s, u"version_table"_s, u"restart"_s, u"logs"_s,
                      u"log_watch"_s, u"log_errors"_s, u"note"_s});
    checkName(reader, table, u"component"_s, name);
    Component component;
    component.name = name;
    component.config = resolved(reader.text(table, "config"), directory);
    if (component.config.isEmpty()) {
        reader.fail(table, u"config = \"…\" in %1"_s.arg(where), u"none"_s,
                    u"Name the component's Alembic ini, such as config = \"alembic.ini\"."_s);
    }
    component.section = reader.text(table, "section");
    component.python = resolvedCommand(reader.list(table, "python"), directory);
    component.versionTable = reader.text(table, "version_table");
    component.restart = resolvedCommand(reader.list(table, "restart"), directory);
    const QStringList logs = reader.list(table, "logs");
    for (const QString &log : logs)
        component.logs += resolved(log, directory);
    component.logWatch =
        std::chrono::ceil<std::chrono::seconds>(reader.duration(table, "log_watch", component.logWatch));
    component.logErrors = reader.text(table, "log_errors");
    if (!QRegularExpression(component.logErrors).isValid())
        reader.fail(*table.get("log_errors"), u"a regular expression for \"log_errors\""_s,
                    QString(u'"' + component.logErrors + u'"'));
    component.note = reader.text(table, "note");
    return component;
}

QString readColour(TomlReader &reader, const toml::table &table, const QString &fallback)
{
    const QString colour = reader.text(table, "colour", fallback);
    static const QStringList names{u"red"_s,  u"orange"_s, u"yellow"_s, u"green"_s,
                                   u"blue"_s, u"purple"_s, u"grey"_s};
    static const QRegularExpression hex(u"^#[0-9A-Fa-f]{6}$"_s);
    if (names.contains(colour) || hex.match(colour).hasMatch())
        return colour;
    reader.fail(*table.get("colour"), u"%1 or \"#rrggbb\" for \"colour\""_s.arg(names.join(u", "_s)),
                QString(u'"' + colour + u'"'));
    return fallback;
}

const QString noPasswords = u"Take the password out: this file is meant to be committed. Stepwell asks for "
                            u"it and keeps it in the keychain, "
                            "or it comes from ~/.pgpass. If the file was shared, change the password."_s;

DatabaseEntry readDatabase(TomlReader &reader, const toml::table &table, const QString &environment,
                           const QString &component, const Workspace &workspace)
{
    reader.checkKeys(table, u"[environment.%1.database.%2]"_s.arg(environment, component),
                     {u"url"_s, u"config"_s});
    for (const auto &[key, node] : table) {
        if (QString::fromStdString(std::string(key.str())).startsWith(u"pass"_s, Qt::CaseInsensitive))
            reader.fail(node, u"no password in this file"_s, u"one"_s, noPasswords);
    }
    QStringList names;
    for (const Component &known : workspace.components)
        names += known.name;
    if (!names.contains(component)) {
        const QString nearest = nearestWord(component, names);
        reader.fail(table, u"a database of a component (%1)"_s.arg(names.join(u", "_s)),
                    QString(u'"' + component + u'"'),
                    nearest.isEmpty() ? u"Add [component.%1], or correct the name."_s.arg(component)
                                      : u"Did you mean \"%1\"?"_s.arg(nearest));
    }
    DatabaseEntry entry;
    entry.component = component;
    entry.url = reader.text(table, "url");
    if (holdsPassword(entry.url)) {
        reader.fail(*table.get("url"), u"a url without password"_s, u"one with a password"_s, noPasswords);
        entry.url.clear();
    }
    entry.config = resolved(reader.text(table, "config"), workspace.directory);
    return entry;
}

/// How checks count here, by their names.
QHash<QString, CheckPolicy> readChecks(TomlReader &reader, const toml::table &table,
                                       const QString &environment)
{
    QHash<QString, CheckPolicy> checks;
    const toml::table *given = reader.table(table, "checks");
    if (!given)
        return checks;
    QStringList names;
    for (const CheckName &known : checkNames())
        names += known.name;
    reader.checkKeys(*given, u"[environment.%1.checks]"_s.arg(environment), names);
    for (const CheckName &known : checkNames()) {
        const std::string key = known.name.toStdString();
        if (!given->contains(key))
            continue;
        if (!known.adjustable)
            reader.fail(*given->get(key), u"a check that a policy may change"_s,
                        QString(u'"' + known.name + u'"'),
                        u"No run is safe without this one: take the line out."_s);
        checks.insert(known.name,
                      CheckPolicy(reader.word(*given, key.c_str(), {u"off"_s, u"warn"_s, u"block"_s},
                                              qsizetype(CheckPolicy::Warn))));
    }
    return checks;
}

Environment readEnvironment(TomlReader &reader, const toml::table &table, const QString &name,
                            const Workspace &workspace)
{
    reader.checkKeys(table, u"[environment.%1]"_s.arg(name),
                     {u"colour"_s, u"protection"_s, u"backup"_s, u"approvals"_s, u"findings"_s,
                      u"lock_timeout"_s, u"statement_timeout"_s, u"concurrent_timeout"_s, u"lock_retries"_s,
                      u"transactions"_s, u"checks"_s, u"journal"_s, u"database"_s});
    checkName(reader, table, u"environment"_s, name);
    Environment environment;
    environment.name = name;
    environment.colour = readColour(reader, table, environment.colour);
    environment.protection = Protection(
        reader.word(table, "protection", {u"open"_s, u"protected"_s}, qsizetype(environment.protection)));
    environment.backup = BackupPolicy(
        reader.word(table, "backup", {u"off"_s, u"offer"_s, u"required"_s}, qsizetype(environment.backup)));
    environment.approvals = int(reader.number(table, "approvals", environment.approvals, 0, 100));
    const FindingsPolicy usual =
        environment.protection == Protection::Protected ? FindingsPolicy::Block : FindingsPolicy::Warn;
    environment.findings =
        FindingsPolicy(reader.word(table, "findings", {u"off"_s, u"warn"_s, u"block"_s}, qsizetype(usual)));
    environment.lockTimeout = reader.duration(table, "lock_timeout", environment.lockTimeout);
    environment.statementTimeout = reader.duration(table, "statement_timeout", environment.statementTimeout);
    environment.concurrentTimeout =
        reader.duration(table, "concurrent_timeout", environment.concurrentTimeout);
    environment.lockRetries = int(reader.number(table, "lock_retries", environment.lockRetries, 0, 100));
    environment.transactions = TransactionPolicy(reader.word(
        table, "transactions", {u"revision"_s, u"project"_s, u"all"_s}, qsizetype(environment.transactions)));
    environment.checks = readChecks(reader, table, name);
    environment.sharedJournal =
        reader.word(table, "journal", {u"local"_s, u"shared"_s}, qsizetype(environment.sharedJournal)) == 1;
    for (const auto &[component, entry] : reader.tables(table, "database"))
        environment.databases += readDatabase(reader, *entry, name, component, workspace);
    return environment;
}

IgnoredRule readIgnored(TomlReader &reader, const toml::table &table)
{
    const QString where = u"ignore of [lint]"_s;
    reader.checkKeys(table, where, {u"rule"_s, u"relation"_s, u"reason"_s});
    const IgnoredRule ignored{.rule = reader.text(table, "rule").trimmed(),
                              .relation = reader.text(table, "relation").trimmed(),
                              .reason = reader.text(table, "reason").trimmed()};
    if (ignored.rule.isEmpty())
        reader.fail(table, u"rule = \"…\" in %1"_s.arg(where), u"none"_s,
                    u"Name the rule as a finding shows it, or \"*\" for all of a table."_s);
    if (ignored.reason.isEmpty())
        reader.fail(table, u"reason = \"…\" in %1"_s.arg(where), u"none"_s,
                    u"Say why the rule does not count here: whoever comes next has to know."_s);
    return ignored;
}

LintSettings readLint(TomlReader &reader, const toml::table &table)
{
    reader.checkKeys(table, u"[lint]"_s, {u"ignore"_s, u"small_bytes"_s, u"small_rows"_s});
    constexpr qint64 most = 1'000'000'000'000'000;
    LintSettings lint;
    lint.smallBytes = reader.number(table, "small_bytes", lint.smallBytes, 0, most);
    lint.smallRows = reader.number(table, "small_rows", lint.smallRows, 0, most);
    for (const toml::table *ignored : reader.listOfTables(table, "ignore"))
        lint.ignored += readIgnored(reader, *ignored);
    return lint;
}

void readVersion(TomlReader &reader, const toml::table &root)
{
    if (!root.contains("version")) {
        reader.fail(1, u"version = 1"_s, u"none"_s, u"Write version = 1 as the first line."_s);
        return;
    }
    const qint64 version = reader.number(root, "version", 1, 1, 1'000'000);
    if (version > 1) {
        reader.fail(*root.get("version"), u"version = 1"_s, QString::number(version),
                    u"The file was made for a newer Stepwell: update Stepwell."_s);
    }
}

Workspace readTables(TomlReader &reader, const toml::table &root, const QString &directory)
{
    Workspace workspace;
    workspace.directory = directory;
    readVersion(reader, root);
    reader.checkKeys(root, u"the file"_s,
                     {u"version"_s, u"workspace"_s, u"component"_s, u"environment"_s, u"lint"_s});
    workspace.name = QFileInfo(directory).fileName();
    if (const toml::table *table = reader.table(root, "workspace")) {
        reader.checkKeys(*table, u"[workspace]"_s, {u"name"_s});
        workspace.name = reader.text(*table, "name", workspace.name);
    }
    if (const toml::table *table = reader.table(root, "lint"))
        workspace.lint = readLint(reader, *table);
    for (const auto &[name, table] : reader.tables(root, "component"))
        workspace.components += readComponent(reader, *table, name, directory);
    if (workspace.components.isEmpty()) {
        reader.fail(1, u"at least one [component.NAME]"_s, u"none"_s,
                    u"Add a component with the path of its Alembic ini."_s);
    }
    for (const auto &[name, table] : reader.tables(root, "environment"))
        workspace.environments += readEnvironment(reader, *table, name, workspace);
    return workspace;
}

} // namespace

QString transactionPolicyName(TransactionPolicy policy)
{
    return policy == TransactionPolicy::Revision  ? u"revision"_s
           : policy == TransactionPolicy::Project ? u"project"_s
                                                  : u"all"_s;
}

QList<Target> Workspace::targets() const
{
    QList<Target> all;
    for (const Environment &environment : environments) {
        for (const Component &component : components) {
            for (const DatabaseEntry &entry : environment.databases) {
                if (entry.component != component.name)
                    continue;
                all += Target{.id = {environment.name, component.name},
                              .component = component,
                              .environment = environment,
                              .config = entry.config.isEmpty() ? component.config : entry.config,
                              .url = entry.url};
            }
        }
    }
    return all;
}

Result<Target> Workspace::target(const TargetId &id) const
{
    return target(id.text());
}

Result<Target> Workspace::target(const QString &text) const
{
    QStringList names;
    const QList<Target> all = targets();
    for (const Target &candidate : all) {
        if (candidate.id.text() == text)
            return candidate;
        names += candidate.id.text();
    }
    if (names.isEmpty()) {
        return failure(ErrorKind::Usage,
                       u"There is no target %1: the workspace names no databases."_s.arg(text),
                       u"Add [environment.NAME.database.COMPONENT] to %1/%2."_s.arg(directory, fileName));
    }
    const QString nearest = nearestWord(text, names);
    return failure(
        ErrorKind::Usage, u"There is no target %1."_s.arg(text),
        u"%1A target is written environment/component. There are: %2."_s.arg(
            nearest.isEmpty() ? QString() : u"Did you mean %1? "_s.arg(nearest), names.join(u", "_s)));
}

Result<Workspace> readWorkspace(const QString &directoryOrFile)
{
    const QFileInfo given(directoryOrFile);
    const QString path =
        given.isDir() ? QDir(given.absoluteFilePath()).filePath(fileName) : given.absoluteFilePath();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(ErrorKind::InvalidWorkspace, u"The workspace file %1 cannot be read."_s.arg(path),
                       QFileInfo::exists(path)
                           ? u"Look at its permissions."_s
                           : u"Choose a folder with a stepwell.toml, or make a new workspace."_s,
                       file.errorString());
    }
    return parseWorkspace(file.readAll(), path);
}

Result<Workspace> parseWorkspace(const QByteArray &text, const QString &path)
{
    TomlReader reader(path);
    try {
        const toml::table root = toml::parse(std::string_view(text.constData(), size_t(text.size())));
        Workspace workspace = readTables(reader, root, QDir::cleanPath(QFileInfo(path).absolutePath()));
        workspace.warnings = reader.warnings();
        if (reader.error())
            return std::unexpected(*reader.error());
        return workspace;
    } catch (const toml::parse_error &error) {
        const std::string_view description = error.description();
        return failure(ErrorKind::InvalidWorkspace,
                       u"%1:%2: expected TOML, found a mistake: %3"_s.arg(path)
                           .arg(error.source().begin.line)
                           .arg(QString::fromUtf8(description.data(), qsizetype(description.size()))),
                       u"Correct that line and try again."_s);
    }
}

Result<QString> findWorkspace(const QString &from)
{
    QDir folder(QFileInfo(from).absoluteFilePath());
    do {
        if (QFileInfo(folder.filePath(fileName)).isFile())
            return QDir::cleanPath(folder.absolutePath());
    } while (folder.cdUp());
    return failure(ErrorKind::InvalidWorkspace,
                   u"There is no stepwell.toml in %1 or above it."_s.arg(QDir(from).absolutePath()),
                   u"Go to a workspace, name one with --workspace, or make a new one."_s);
}

} // namespace stepwell
