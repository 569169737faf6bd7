// SPDX-License-Identifier: MIT
#include "migrations/core/error.h"

#include <QStringList>

namespace stepwell {

using namespace Qt::StringLiterals;

QString kindName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Internal:
        return u"internal"_s;
    case ErrorKind::Usage:
        return u"usage"_s;
    case ErrorKind::InvalidWorkspace:
        return u"invalid-workspace"_s;
    case ErrorKind::InvalidConfig:
        return u"invalid-config"_s;
    case ErrorKind::BrokenScripts:
        return u"broken-scripts"_s;
    case ErrorKind::UnreadableRevision:
        return u"unreadable-revision"_s;
    case ErrorKind::InvalidRevisionFile:
        return u"invalid-revision-file"_s;
    case ErrorKind::InvalidPython:
        return u"invalid-python"_s;
    case ErrorKind::ComputedHeader:
        return u"computed-header"_s;
    case ErrorKind::DuplicateRevision:
        return u"duplicate-revision"_s;
    case ErrorKind::DuplicateLabel:
        return u"duplicate-label"_s;
    case ErrorKind::InvalidIdentifier:
        return u"invalid-identifier"_s;
    case ErrorKind::MissingParent:
        return u"missing-parent"_s;
    case ErrorKind::MissingDependency:
        return u"missing-dependency"_s;
    case ErrorKind::RevisionCycle:
        return u"revision-cycle"_s;
    case ErrorKind::UnknownRevision:
        return u"unknown-revision"_s;
    case ErrorKind::AmbiguousRevision:
        return u"ambiguous-revision"_s;
    case ErrorKind::UnknownBranch:
        return u"unknown-branch"_s;
    case ErrorKind::NotOnBranch:
        return u"not-on-branch"_s;
    case ErrorKind::MultipleHeads:
        return u"multiple-heads"_s;
    case ErrorKind::AmbiguousWalk:
        return u"ambiguous-walk"_s;
    case ErrorKind::WalkedTooFar:
        return u"walked-too-far"_s;
    case ErrorKind::OverlappingRevisions:
        return u"overlapping-revisions"_s;
    case ErrorKind::NotAnAncestor:
        return u"not-an-ancestor"_s;
    case ErrorKind::InvalidTarget:
        return u"invalid-target"_s;
    case ErrorKind::WouldFail:
        return u"alembic-would-fail"_s;
    case ErrorKind::Unsupported:
        return u"unsupported"_s;
    case ErrorKind::ConnectionRefused:
        return u"connection-refused"_s;
    case ErrorKind::HostUnknown:
        return u"host-unknown"_s;
    case ErrorKind::ConnectionTimeout:
        return u"connection-timeout"_s;
    case ErrorKind::PasswordMissing:
        return u"password-missing"_s;
    case ErrorKind::AuthenticationFailed:
        return u"authentication-failed"_s;
    case ErrorKind::DatabaseMissing:
        return u"database-missing"_s;
    case ErrorKind::TlsFailed:
        return u"tls-failed"_s;
    case ErrorKind::ConnectionFailed:
        return u"connection-failed"_s;
    case ErrorKind::ConnectionLost:
        return u"connection-lost"_s;
    case ErrorKind::DatabaseError:
        return u"database-error"_s;
    case ErrorKind::Locked:
        return u"locked"_s;
    case ErrorKind::Refused:
        return u"refused"_s;
    case ErrorKind::BackupFailed:
        return u"backup-failed"_s;
    case ErrorKind::MigrationFailed:
        return u"migration-failed"_s;
    case ErrorKind::OutcomeUnknown:
        return u"outcome-unknown"_s;
    case ErrorKind::RenderFailed:
        return u"render-failed"_s;
    case ErrorKind::PythonMissing:
        return u"python-missing"_s;
    case ErrorKind::ProgramMissing:
        return u"program-missing"_s;
    case ErrorKind::ProcessFailed:
        return u"process-failed"_s;
    case ErrorKind::FileError:
        return u"file-error"_s;
    case ErrorKind::Timeout:
        return u"timeout"_s;
    case ErrorKind::Cancelled:
        return u"cancelled"_s;
    }
    return u"internal"_s;
}

int exitCode(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Usage:
    case ErrorKind::InvalidWorkspace:
    case ErrorKind::InvalidConfig:
        return 2;
    case ErrorKind::MultipleHeads:
        return 4;
    case ErrorKind::ConnectionRefused:
    case ErrorKind::HostUnknown:
    case ErrorKind::ConnectionTimeout:
    case ErrorKind::PasswordMissing:
    case ErrorKind::AuthenticationFailed:
    case ErrorKind::DatabaseMissing:
    case ErrorKind::TlsFailed:
    case ErrorKind::ConnectionFailed:
    case ErrorKind::ConnectionLost:
        return 5;
    case ErrorKind::MigrationFailed:
        return 6;
    case ErrorKind::Refused:
        return 7;
    case ErrorKind::BackupFailed:
        return 8;
    case ErrorKind::OutcomeUnknown:
        return 9;
    case ErrorKind::BrokenScripts:
    case ErrorKind::UnreadableRevision:
    case ErrorKind::InvalidRevisionFile:
    case ErrorKind::InvalidPython:
    case ErrorKind::ComputedHeader:
    case ErrorKind::DuplicateRevision:
    case ErrorKind::DuplicateLabel:
    case ErrorKind::InvalidIdentifier:
    case ErrorKind::MissingParent:
    case ErrorKind::MissingDependency:
    case ErrorKind::RevisionCycle:
    case ErrorKind::UnknownRevision:
    case ErrorKind::AmbiguousRevision:
    case ErrorKind::UnknownBranch:
    case ErrorKind::NotOnBranch:
    case ErrorKind::AmbiguousWalk:
    case ErrorKind::WalkedTooFar:
    case ErrorKind::OverlappingRevisions:
    case ErrorKind::NotAnAncestor:
    case ErrorKind::InvalidTarget:
    case ErrorKind::WouldFail:
    case ErrorKind::Unsupported:
        return 10;
    case ErrorKind::Locked:
        return 12;
    case ErrorKind::Cancelled:
        return 130;
    case ErrorKind::Internal:
    case ErrorKind::DatabaseError:
    case ErrorKind::RenderFailed:
    case ErrorKind::PythonMissing:
    case ErrorKind::ProgramMissing:
    case ErrorKind::ProcessFailed:
    case ErrorKind::FileError:
    case ErrorKind::Timeout:
        return 1;
    }
    return 1;
}

bool wantsPassword(ErrorKind kind)
{
    return kind == ErrorKind::PasswordMissing || kind == ErrorKind::AuthenticationFailed;
}

QString toText(const Error &error)
{
    QStringList parts{error.message};
    if (!error.hint.isEmpty())
        parts += error.hint;
    if (!error.detail.isEmpty() && !error.message.contains(error.detail))
        parts += error.detail;
    return parts.join(u'\n');
}

} // namespace stepwell
