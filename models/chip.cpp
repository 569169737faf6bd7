// SPDX-License-Identifier: MIT
#include "models/chip.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("stepwell::Chip", text, nullptr, n);
}

} // namespace

Tone toneOf(TargetState state)
{
    switch (state) {
    case TargetState::AtHead: return Tone::Good;
    case TargetState::Pending: return Tone::Attention;
    case TargetState::Diverged: return Tone::Special;
    case TargetState::Empty: return Tone::Neutral;
    case TargetState::UnknownRevision:
    case TargetState::Elsewhere:
    case TargetState::Unreachable:
    case TargetState::Broken: return Tone::Bad;
    }
    return Tone::Neutral;
}

Chip stateChip(const TargetStatus &status)
{
    const Tone tone = toneOf(status.state);
    switch (status.state) {
    case TargetState::AtHead: return {tr("at head"), tone};
    case TargetState::Pending: return {tr("%n pending", int(status.pending.size())), tone};
    case TargetState::Diverged: return {tr("diverged"), tone};
    case TargetState::Empty: return {tr("empty"), tone};
    case TargetState::UnknownRevision: return {tr("unknown revision"), tone};
    case TargetState::Elsewhere: return {tr("elsewhere"), tone};
    case TargetState::Unreachable: return {tr("unreachable"), tone};
    case TargetState::Broken: return {tr("broken files"), tone};
    }
    return {};
}

Chips environmentChips(const Environment &environment)
{
    if (environment.protection == Protection::Protected)
        return {{tr("protected"), Tone::Bad}};
    return {};
}

bool needsAttention(TargetState state)
{
    switch (state) {
    case TargetState::AtHead:
    case TargetState::Pending:
    case TargetState::Empty: return false;
    case TargetState::Diverged:
    case TargetState::UnknownRevision:
    case TargetState::Elsewhere:
    case TargetState::Unreachable:
    case TargetState::Broken: return true;
    }
    return true;
}

} // namespace stepwell
