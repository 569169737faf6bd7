// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/options.h"
#include "migrations/alembic/scriptdirectory.h"
#include "migrations/workspace/workspace.h"

#include <QJsonObject>
#include <QTextStream>

#include <functional>
#include <optional>
#include <stop_token>

namespace stepwell::cli {

class Interruption;

enum class ProgressMode { None, Text, Json };

/// Where a command reads and writes; tests inject their own.
struct Streams {
    QTextStream *out = nullptr;
    QTextStream *err = nullptr;
    bool outIsTerminal = false;
    bool errIsTerminal = false;
    /// Asks a person; empty if there is nobody to ask. `secret`: without echo.
    std::function<std::optional<QString>(const QString &prompt, bool secret)> ask;
    std::stop_token interrupted;          ///< Ctrl-C: cancel
    Interruption *interruption = nullptr; ///< for a command that stops at a good place first; may be null
};

/// What commands about files need: options, streams, the workspace or the ini that was named.
class FileContext
{
public:
    FileContext(Options options, Streams streams);
    virtual ~FileContext() = default;
    FileContext(const FileContext &) = delete;
    FileContext &operator=(const FileContext &) = delete;

    const Options options;
    Streams streams;

    /// True with -c: no workspace, one ini.
    [[nodiscard]] bool isDirect() const { return !options.config.isEmpty(); }
    /// Its warnings are printed once.
    [[nodiscard]] Result<Workspace> workspace() const;
    /// The target named by the first positional argument, or the one of -c, with the files that --files-of
    /// says. `rest`: what follows it.
    [[nodiscard]] Result<Target> target(QStringList *rest = nullptr) const;
    /// The files of `-c`, of a component, or of a target.
    [[nodiscard]] Result<ScriptDirectory> scripts(QStringList *rest = nullptr,
                                                  ReadDepth depth = ReadDepth::Header) const;
    /// The version rows of --from, or of the target's database.
    [[nodiscard]] Result<RevisionIds> rows();

    int print(const QJsonObject &object);            ///< adds "version"; returns 0
    int fail(const Error &error);                    ///< prints it in the asked format; returns its exit code
    [[nodiscard]] ProgressMode progressMode() const; ///< --progress; text on a terminal if not said
    void progress(const QString &text);              ///< one line on standard error, if progress is text
    void note(const QString &text) const;            ///< one line on standard error, always
    /// One line of --progress json on standard error; adds "version" and, if it has none, "time".
    void event(const QString &name, QJsonObject content) const;
    [[nodiscard]] QString coloured(const QString &text, const char *code) const; ///< on a terminal only

private:
    /// Only the program that links a database driver can.
    [[nodiscard]] virtual Result<RevisionIds> readRows();
    /// The ini that counts instead, with --files-of.
    [[nodiscard]] virtual Result<QString> chosenConfig(const QString &config) const;
    [[nodiscard]] Result<Target> namedTarget(QStringList &arguments) const;
    [[nodiscard]] Result<ScriptSource> namedSource(QStringList &arguments) const;
    [[nodiscard]] Result<Target> directTarget() const;
    [[nodiscard]] Result<Workspace> openWorkspace() const;

    mutable std::optional<Result<Workspace>> m_workspace;
};

/// Prints an error for people or as JSON; returns its exit code.
int report(const Error &error, bool json, QTextStream &out, QTextStream &err);

/// ISO 8601 in UTC with milliseconds.
[[nodiscard]] QString isoTime(const QDateTime &time);

/// A JSON form shared by several commands.
[[nodiscard]] QJsonObject toJson(const Error &error);
[[nodiscard]] QJsonArray toJson(const RevisionIds &ids);

/// Writes `{"version":1,"<name>":[…]}` object by object: a list may be long.
class JsonList
{
public:
    JsonList(QTextStream &out, const QString &name);
    ~JsonList();
    JsonList(const JsonList &) = delete;
    JsonList &operator=(const JsonList &) = delete;
    void add(const QJsonObject &object);

private:
    QTextStream &m_out;
    bool m_isFirst = true;
};

/// Pads columns to equal widths; the first row is the heading.
[[nodiscard]] QString table(const QList<QStringList> &rows);

} // namespace stepwell::cli
