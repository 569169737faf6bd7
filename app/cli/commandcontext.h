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

namespace stepwell {
class SecretStore;
}

namespace stepwell::cli {

/// Where a command reads and writes; tests inject their own.
struct Streams {
    QTextStream *out = nullptr;
    QTextStream *err = nullptr;
    bool outIsTerminal = false;
    bool errIsTerminal = false;
    /// Asks a person; empty if there is nobody to ask. `secret`: without echo.
    std::function<std::optional<QString>(const QString &prompt, bool secret)> ask;
    std::stop_token interrupted; ///< Ctrl-C
};

/// What every command needs: options, streams, the workspace or the ini that was named, passwords.
/// Commands run on a worker thread; the secret store answers from the main thread.
class CommandContext
{
public:
    CommandContext(Options options, Streams streams, SecretStore &secrets);

    const Options options;
    Streams streams;

    /// True with -c: no workspace, one ini.
    [[nodiscard]] bool isDirect() const { return !options.config.isEmpty(); }
    /// Its warnings are printed once.
    [[nodiscard]] Result<Workspace> workspace() const;
    /// The target named by the first positional argument, or the one of -c. `rest`: what follows it.
    [[nodiscard]] Result<Target> target(QStringList *rest = nullptr) const;
    /// The files of `-c`, of a component, or of a target.
    [[nodiscard]] Result<ScriptDirectory> scripts(QStringList *rest = nullptr) const;
    /// Where backups go and which workspace the journal names.
    [[nodiscard]] QString workspaceDirectory(const Target &target) const;

    /// The password a target needs: none if libpq finds one itself or none is asked for, else from the
    /// secret service, else from the terminal. Errors: the connection's own.
    [[nodiscard]] Result<QString> password(const Target &target);
    /// From the secret service only; empty if there is none.
    [[nodiscard]] QString storedPassword(const Target &target);

    int print(const QJsonObject &object); ///< adds "version"; returns 0
    int fail(const Error &error);         ///< prints it in the asked format; returns its exit code
    void progress(const QString &text);   ///< one line on standard error, on a terminal only
    void note(const QString &text);       ///< one line on standard error, always
    [[nodiscard]] QString coloured(const QString &text, const char *code) const; ///< on a terminal only

private:
    [[nodiscard]] Result<Target> directTarget() const;
    [[nodiscard]] Result<Workspace> openWorkspace() const;

    mutable std::optional<Result<Workspace>> m_workspace;
    SecretStore &m_secrets;
};

/// A JSON form shared by several commands.
[[nodiscard]] QJsonObject toJson(const Error &error);
[[nodiscard]] QJsonArray toJson(const RevisionIds &ids);

/// Pads columns to equal widths; the first row is the heading.
[[nodiscard]] QString table(const QList<QStringList> &rows);

} // namespace stepwell::cli
