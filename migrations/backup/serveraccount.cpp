// SPDX-License-Identifier: MIT
#include "migrations/backup/serveraccount.h"

#include "migrations/backup/postgresprograms.h"

#include <QFile>
#include <QStandardPaths>

#include <cerrno>
#include <cstring>
#include <pwd.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

struct Account {
    QString name;
    uid_t user;
    gid_t group;
};

bool isRoot()
{
    return ::geteuid() == 0;
}

Result<Account> unprivilegedAccount()
{
    for (const char *name : {"postgres", "nobody"}) {
        if (const passwd *entry = ::getpwnam(name))
            return Account{QString::fromLatin1(name), entry->pw_uid, entry->pw_gid};
    }
    return failure(
        ErrorKind::ProcessFailed,
        u"PostgreSQL does not run as root, and there is no user postgres or nobody to run it as."_s,
        u"Start Stepwell as an ordinary user, or add a user named postgres."_s);
}

} // namespace

Result<void> ServerAccount::giveAway(const QString &path)
{
    if (!isRoot())
        return {};
    const auto account = unprivilegedAccount();
    if (!account)
        return std::unexpected(account.error());
    if (::lchown(QFile::encodeName(path).constData(), account->user, account->group) != 0) {
        return failure(
            ErrorKind::FileError,
            u"%1 cannot be handed to the user %2 that the server runs as."_s.arg(path, account->name),
            u"Choose a folder on a file system with owners."_s, QString::fromLocal8Bit(std::strerror(errno)));
    }
    return {};
}

Result<ServerAccount> ServerAccount::forFolders(const QStringList &folders)
{
    ServerAccount account;
    if (!isRoot())
        return account;
    const auto user = unprivilegedAccount();
    if (!user)
        return std::unexpected(user.error());
    const QString setpriv = QStandardPaths::findExecutable(u"setpriv"_s);
    if (setpriv.isEmpty()) {
        return failure(
            ErrorKind::ProgramMissing,
            u"setpriv is not installed; as root, Stepwell needs it to run PostgreSQL as another user."_s,
            u"Install the package util-linux, or start Stepwell as an ordinary user."_s);
    }
    const QStringList plain{setpriv, u"--reuid=%1"_s.arg(user->name), u"--regid=%1"_s.arg(user->group),
                            u"--init-groups"_s};
    const QStringList privileged =
        plain + QStringList{u"--inh-caps=+dac_override"_s, u"--ambient-caps=+dac_override"_s};
    QString output;
    for (const QStringList &prefix : {plain, privileged}) {
        account.m_prefix = prefix;
        bool reachable = true;
        for (const QString &folder : folders) {
            // initdb and the server also look up their own name.
            const QString test = u"test -w \"$1\" && test -x \"$1\" && cd \"$1\" && id -un"_s;
            const auto tested =
                processOutput(account.command(u"/bin/sh"_s, {u"-c"_s, test, u"sh"_s, folder}));
            reachable = reachable && tested.has_value();
            if (!tested)
                output = tested.error().detail;
        }
        if (reachable)
            return account;
    }
    return failure(
        ErrorKind::FileError,
        u"The user %1, which the server runs as, cannot work in %2."_s.arg(user->name, folders.join(u", "_s)),
        u"Choose a folder that other users may enter, or start Stepwell as an ordinary user."_s, output);
}

ProcessSpec ServerAccount::command(const QString &program, const QStringList &arguments) const
{
    QStringList all = m_prefix;
    all += program;
    all += arguments;
    ProcessSpec spec;
    spec.program = all.takeFirst();
    spec.arguments = all;
    spec.workingDirectory = u"/"_s; // ours may be closed to the account; initdb and pg_ctl refuse then
    spec.environment = postgresEnvironment();
    spec.deadline = std::chrono::seconds(120);
    return spec;
}

} // namespace stepwell
