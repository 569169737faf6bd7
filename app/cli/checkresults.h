// SPDX-License-Identifier: MIT
#pragma once

#include "app/cli/filecontext.h"
#include "migrations/run/runtypes.h"

namespace stepwell::cli {

/// "passed", "warning", "failed".
[[nodiscard]] QString checkStateName(CheckState state);
[[nodiscard]] QJsonObject toJson(const CheckResult &check);
[[nodiscard]] QJsonArray toJson(const QList<CheckResult> &checks);

/// One check for people: mark, title in a column of `width`, text; hint and details below.
[[nodiscard]] QString toText(const CheckResult &check, qsizetype width, const FileContext &context);
/// All of them, aligned.
[[nodiscard]] QString toText(const QList<CheckResult> &checks, const FileContext &context);

/// Nothing if none failed. Else what the command ends with: the kind of the connection's or the lock's own
/// check if waiting or another way to the database would help, Refused otherwise. Ends with "Nothing was
/// changed.", where `unchanged` says so.
[[nodiscard]] std::optional<Error> failureOf(const QList<CheckResult> &checks, bool unchanged);

/// SQL that is shown before anybody runs it: a comment with what it does, then the statements.
[[nodiscard]] QString toText(const CheckFix &fix);
[[nodiscard]] QJsonObject toJson(const CheckFix &fix);

} // namespace stepwell::cli
