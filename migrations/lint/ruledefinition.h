// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/findings.h"
#include "migrations/lint/rules.h"

namespace stepwell {

using StatementCheck = void (*)(const RuleContext &context, Findings &findings);
using ScriptCheck = void (*)(const ScriptContext &context, Findings &findings);

/// A rule with the function that finds it. Both functions are null for what the linter itself reports.
struct RuleDefinition {
    Rule rule;
    QString advice; ///< of its findings, unless one says it better
    StatementCheck check = nullptr;
    ScriptCheck checkScript = nullptr;
};

using RuleDefinitions = QList<RuleDefinition>;

// One function a subject; each lists its rules with their texts.
[[nodiscard]] RuleDefinitions indexRules();
[[nodiscard]] RuleDefinitions concurrentlyRules();
[[nodiscard]] RuleDefinitions columnRules();
[[nodiscard]] RuleDefinitions typeRules();
[[nodiscard]] RuleDefinitions constraintRules();
[[nodiscard]] RuleDefinitions foreignKeyRules();
[[nodiscard]] RuleDefinitions dropRules();
[[nodiscard]] RuleDefinitions renameRules();
[[nodiscard]] RuleDefinitions rowRules();
[[nodiscard]] RuleDefinitions tableRules();
[[nodiscard]] RuleDefinitions lockRules();
[[nodiscard]] RuleDefinitions transactionRules();
[[nodiscard]] RuleDefinitions enumRules();
[[nodiscard]] RuleDefinitions fileRules();
[[nodiscard]] RuleDefinitions textRules();
[[nodiscard]] RuleDefinitions designRules();
[[nodiscard]] RuleDefinitions schemaRules();

/// Every rule, by id.
[[nodiscard]] const RuleDefinitions &ruleDefinitions();
[[nodiscard]] const RuleDefinition *findDefinition(const QString &id);

} // namespace stepwell
