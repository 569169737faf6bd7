// SPDX-License-Identifier: MIT
#include "models/attention.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(stepwell::Attention)
};

QString titleOf(const TargetStatus &status)
{
    const QString name = u"%1 / %2"_s.arg(status.id.environment, status.id.component);
    switch (status.state) {
    case TargetState::Diverged:
        return Words::tr("%1 has %2 heads").arg(name).arg(status.heads.size());
    case TargetState::UnknownRevision:
        return Words::tr("%1 is at an unknown revision").arg(name);
    case TargetState::Elsewhere:
        return Words::tr("%1 is at a revision of another checkout").arg(name);
    case TargetState::Unreachable:
        return Words::tr("%1 cannot be reached").arg(name);
    case TargetState::Broken:
        if (status.error && status.error->kind == ErrorKind::OverlappingRevisions)
            return Words::tr("%1 has version rows that lie below one another").arg(name);
        return Words::tr("%1 has files that cannot be read").arg(name);
    case TargetState::AtHead:
    case TargetState::Pending:
    case TargetState::Empty:
        break;
    }
    return Words::tr("%1 needs attention").arg(name);
}

QString defaultText(const TargetStatus &status)
{
    switch (status.state) {
    case TargetState::Diverged:
        return Words::tr("%1 are all heads. An upgrade to head is not possible until they are merged.")
            .arg(toText(status.heads));
    case TargetState::UnknownRevision:
    case TargetState::Elsewhere:
        return Words::tr(
                   "The database is at %1, and no revision file here has it. Check out the files it was "
                   "upgraded with.")
            .arg(toText(status.current));
    default:
        return {};
    }
}

} // namespace

QString actionName(TargetAction action)
{
    switch (action) {
    case TargetAction::Open:
        return u"open"_s;
    case TargetAction::Retry:
        return u"retry"_s;
    case TargetAction::EnterPassword:
        return u"password"_s;
    case TargetAction::Resolve:
        return u"resolve"_s;
    }
    return {};
}

QString actionText(TargetAction action)
{
    switch (action) {
    case TargetAction::Open:
        return Words::tr("Show");
    case TargetAction::Retry:
        return Words::tr("Try again");
    case TargetAction::EnterPassword:
        return Words::tr("Enter password…");
    case TargetAction::Resolve:
        return Words::tr("Resolve…");
    }
    return {};
}

std::optional<Attention> attentionOf(const TargetStatus &status)
{
    if (!needsAttention(status.state) && !status.error)
        return std::nullopt;
    Attention attention;
    attention.id = status.id;
    attention.tone = status.state == TargetState::Diverged ? Tone::Attention : Tone::Bad;
    attention.title = titleOf(status);
    if (status.error) {
        attention.text = status.error->hint.isEmpty()
                             ? status.error->message
                             : u"%1 %2"_s.arg(status.error->message, status.error->hint);
        attention.detail = status.error->detail;
        if (wantsPassword(status.error->kind))
            attention.actions.append(TargetAction::EnterPassword);
    } else {
        attention.text = defaultText(status);
    }
    if (status.state == TargetState::Diverged || status.state == TargetState::UnknownRevision ||
        status.state == TargetState::Elsewhere || status.state == TargetState::Broken)
        attention.actions.append(TargetAction::Resolve);
    if (status.state == TargetState::Unreachable || status.state == TargetState::Broken)
        attention.actions.append(TargetAction::Retry);
    attention.actions.append(TargetAction::Open);
    return attention;
}

QString shortError(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::ConnectionRefused:
        return Words::tr("connection refused");
    case ErrorKind::HostUnknown:
        return Words::tr("host unknown");
    case ErrorKind::ConnectionTimeout:
        return Words::tr("no answer");
    case ErrorKind::PasswordMissing:
        return Words::tr("password needed");
    case ErrorKind::AuthenticationFailed:
        return Words::tr("login refused");
    case ErrorKind::DatabaseMissing:
        return Words::tr("no such database");
    case ErrorKind::TlsFailed:
        return Words::tr("TLS failed");
    case ErrorKind::ConnectionLost:
        return Words::tr("connection lost");
    case ErrorKind::InvalidConfig:
        return Words::tr("configuration not readable");
    case ErrorKind::DuplicateRevision:
    case ErrorKind::DuplicateLabel:
    case ErrorKind::InvalidIdentifier:
    case ErrorKind::MissingParent:
    case ErrorKind::MissingDependency:
    case ErrorKind::RevisionCycle:
        return Words::tr("revision graph broken");
    case ErrorKind::ComputedHeader:
        return Words::tr("needs the project's Python");
    case ErrorKind::BrokenScripts:
    case ErrorKind::UnreadableRevision:
    case ErrorKind::InvalidRevisionFile:
    case ErrorKind::InvalidPython:
        return Words::tr("revision files broken");
    case ErrorKind::DatabaseError:
        return Words::tr("refused by the server");
    default:
        return Words::tr("cannot be read");
    }
}

QString currentText(const TargetStatus &status)
{
    if (status.error && (status.state == TargetState::Unreachable || status.state == TargetState::Broken))
        return shortError(status.error->kind);
    if (!status.database && status.current.isEmpty())
        return Words::tr("not read");
    if (status.current.isEmpty())
        return Words::tr("no revision");
    if (status.current.size() > 1)
        return Words::tr("%1 revisions").arg(status.current.size());
    return status.current.first().text();
}

} // namespace stepwell
