// SPDX-License-Identifier: MIT
#include "migrations/lint/rules.h"

#include "migrations/lint/ruledefinition.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

const RuleDefinitions &ruleDefinitions()
{
    static const RuleDefinitions definitions = [] {
        RuleDefinitions all;
        for (auto *subject : {indexRules, concurrentlyRules, columnRules, typeRules, constraintRules,
                              foreignKeyRules, dropRules, renameRules, rowRules, tableRules, lockRules,
                              transactionRules, enumRules, fileRules, textRules, designRules, schemaRules})
            all += subject();
        std::ranges::sort(all, {}, [](const RuleDefinition &definition) { return definition.rule.id; });
        return all;
    }();
    return definitions;
}

const RuleDefinition *findDefinition(const QString &id)
{
    const RuleDefinitions &all = ruleDefinitions();
    const auto found = std::ranges::lower_bound(
        all, id, {}, [](const RuleDefinition &definition) -> const QString & { return definition.rule.id; });
    return found == all.cend() || found->rule.id != id ? nullptr : &*found;
}

const QList<Rule> &allRules()
{
    static const QList<Rule> rules = [] {
        QList<Rule> list;
        for (const RuleDefinition &definition : ruleDefinitions())
            list.append(definition.rule);
        return list;
    }();
    return rules;
}

const Rule *findRule(const QString &id)
{
    const RuleDefinition *definition = findDefinition(id);
    return definition ? &definition->rule : nullptr;
}

} // namespace stepwell
