// SPDX-License-Identifier: MIT
#include "models/chip.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(stepwell::Chip)
};

} // namespace

Tone toneOf(TargetState state)
{
    switch (state) {
    case TargetState::AtHead:
        return Tone::Good;
    case TargetState::Pending:
        return Tone::Attention;
    case TargetState::Diverged:
        return Tone::Special;
    case TargetState::Empty:
        return Tone::Neutral;
    case TargetState::UnknownRevision:
    case TargetState::Elsewhere:
    case TargetState::Unreachable:
    case TargetState::Broken:
        return Tone::Bad;
    }
    return Tone::Neutral;
}

Chip stateChip(const TargetStatus &status)
{
    const Tone tone = toneOf(status.state);
    switch (status.state) {
    case TargetState::AtHead:
        return {Words::tr("at head"), tone};
    case TargetState::Pending:
        return {Words::tr("%n pending", nullptr, int(status.pending.size())), tone};
    case TargetState::Diverged:
        return {Words::tr("diverged"), tone};
    case TargetState::Empty:
        return {Words::tr("empty"), tone};
    case TargetState::UnknownRevision:
        return {Words::tr("unknown revision"), tone};
    case TargetState::Elsewhere:
        return {Words::tr("elsewhere"), tone};
    case TargetState::Unreachable:
        return {Words::tr("unreachable"), tone};
    case TargetState::Broken:
        return {Words::tr("broken files"), tone};
    }
    return {};
}

Chips environmentChips(const Environment &environment)
{
    if (environment.protection == Protection::Protected)
        return {{Words::tr("protected"), Tone::Bad}};
    return {};
}

bool needsAttention(TargetState state)
{
    switch (state) {
    case TargetState::AtHead:
    case TargetState::Pending:
    case TargetState::Empty:
        return false;
    case TargetState::Diverged:
    case TargetState::UnknownRevision:
    case TargetState::Elsewhere:
    case TargetState::Unreachable:
    case TargetState::Broken:
        return true;
    }
    return true;
}

} // namespace stepwell
