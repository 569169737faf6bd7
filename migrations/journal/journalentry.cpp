// SPDX-License-Identifier: MIT
#include "migrations/journal/journalentry.h"

namespace stepwell {

using namespace Qt::StringLiterals;

QString outcomeName(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Running:
        return u"running"_s;
    case Outcome::Done:
        return u"done"_s;
    case Outcome::Stopped:
        return u"stopped"_s;
    case Outcome::FailedRolledBack:
        return u"failed-rolled-back"_s;
    case Outcome::FailedWithChanges:
        return u"failed-with-changes"_s;
    case Outcome::Cancelled:
        return u"cancelled"_s;
    case Outcome::Refused:
        return u"refused"_s;
    case Outcome::Unknown:
        return u"unknown"_s;
    }
    return u"unknown"_s;
}

QString runKindName(RunKind kind)
{
    switch (kind) {
    case RunKind::Upgrade:
        return u"upgrade"_s;
    case RunKind::Downgrade:
        return u"downgrade"_s;
    case RunKind::Backup:
        return u"backup"_s;
    case RunKind::Stamp:
        return u"stamp"_s;
    }
    return u"upgrade"_s;
}

QString stepStateName(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return u"waiting"_s;
    case StepState::Running:
        return u"running"_s;
    case StepState::Done:
        return u"done"_s;
    case StepState::Failed:
        return u"failed"_s;
    case StepState::RolledBack:
        return u"rolled-back"_s;
    case StepState::Unknown:
        return u"unknown"_s;
    }
    return u"unknown"_s;
}

} // namespace stepwell
