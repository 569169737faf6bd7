// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/rulecontext.h"

namespace stepwell {

struct RuleDefinition;

/// Collects what the rules find and fills in what each finding needs: rule, place, size.
class Findings
{
public:
    enum Weight {
        BySize,    ///< blocking a small table is only advice
        Regardless ///< it hurts a small table just as much
    };

    /// The rule and statement that add() speaks of.
    void begin(const RuleDefinition &definition, const RuleContext &context);
    void begin(const RuleDefinition &definition, const QList<LintedStatement> &statements);

    /// A finding about `relation`. A severity that blocks falls to advice if the relation, or all of
    /// `sizedBy` if that is given, is small. Change the rest in place; it is valid until the next add().
    Finding &add(Severity severity, const RelationName &relation, const QString &message,
                 const QList<RelationName> &sizedBy = {}, Weight weight = BySize);
    /// About the file: statement -1; or about a statement, in a rule about the whole script.
    Finding &addToScript(Severity severity, const QString &message, int statement = -1);

    /// The rule that runs has found something in this script already.
    [[nodiscard]] bool hasCurrent() const;
    [[nodiscard]] bool has(QLatin1StringView rule, int statement) const;

    [[nodiscard]] QList<Finding> &all() { return m_findings; }

private:
    const RuleDefinition *m_definition = nullptr;
    const RuleContext *m_context = nullptr;
    const QList<LintedStatement> *m_statements = nullptr;
    QList<Finding> m_findings;
};

} // namespace stepwell
