// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/filecontext.h"
#include "migrations/repair/temporarycheckout.h"

namespace stepwell {
class SecretStore;
}

namespace stepwell::cli {

/// What commands about databases need besides: passwords. Commands run on a worker thread; the secret store
/// answers from the main thread.
class CommandContext : public FileContext
{
public:
    CommandContext(Options options, Streams streams, SecretStore &secrets);

    /// Where backups go and which workspace the journal names.
    [[nodiscard]] QString workspaceDirectory(const Target &target) const;

    /// The password a target needs: none if libpq finds one itself or none is asked for, else from the
    /// secret service, else from the terminal. Errors: the connection's own.
    [[nodiscard]] Result<QString> password(const Target &target);
    /// From the secret service only; empty if there is none.
    [[nodiscard]] QString storedPassword(const Target &target);

private:
    [[nodiscard]] Result<RevisionIds> readRows() override;
    [[nodiscard]] Result<QString> chosenConfig(const QString &config) const override;

    SecretStore &m_secrets;
    mutable std::optional<TemporaryCheckout> m_checkout; ///< of --files-of; gone with the command
};

/// Errors: Usage, if --database holds a password, which everybody on the machine can see.
[[nodiscard]] Result<void> checkDatabaseOption(const Options &options);

} // namespace stepwell::cli
