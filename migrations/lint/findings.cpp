// SPDX-License-Identifier: MIT
#include "migrations/lint/findings.h"

#include "migrations/lint/ruledefinition.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

Finding startFinding(const RuleDefinition &definition, Severity severity, const QString &message)
{
    Finding finding;
    finding.rule = definition.rule.id;
    finding.severity = severity;
    finding.title = definition.rule.title;
    finding.message = message;
    finding.advice = definition.advice;
    return finding;
}

} // namespace

void Findings::begin(const RuleDefinition &definition, const RuleContext &context)
{
    m_definition = &definition;
    m_context = &context;
}

void Findings::begin(const RuleDefinition &definition, const QList<LintedStatement> &statements)
{
    m_definition = &definition;
    m_context = nullptr;
    m_statements = &statements;
}

Finding &Findings::add(Severity severity, const RelationName &relation, const QString &message,
                       const QList<RelationName> &sizedBy, Weight weight)
{
    Finding finding = startFinding(*m_definition, severity, message);
    finding.statement = m_context->index;
    finding.line = m_context->statement.statement.line;
    finding.relation = knownName(m_context->before, relation);
    finding.bytes = relation.isEmpty() ? -1 : m_context->bytesOf(relation);
    const QList<RelationName> sized = sizedBy.isEmpty() ? QList{relation} : sizedBy;
    const bool blocks = severity == Severity::BlocksWrites || severity == Severity::BlocksReads;
    if (blocks && weight == BySize &&
        std::ranges::all_of(sized, [&](const RelationName &name) { return m_context->isSmall(name); })) {
        finding.severity = Severity::Advice;
        finding.isSmall = true;
        finding.message += sized.size() == 1 ? QString(u" "_s + sized.first().text() + u" is small."_s)
                                             : QString(u" "_s + namesText(sized) + u" are small."_s);
    }
    m_findings.append(finding);
    return m_findings.last();
}

Finding &Findings::addToScript(Severity severity, const QString &message, int statement)
{
    Finding finding = startFinding(*m_definition, severity, message);
    if (statement >= 0) {
        finding.statement = statement;
        finding.line = m_statements->at(statement).statement.line;
    }
    m_findings.append(finding);
    return m_findings.last();
}

bool Findings::hasCurrent() const
{
    return std::ranges::contains(m_findings, m_definition->rule.id, &Finding::rule);
}

bool Findings::has(QLatin1StringView rule, int statement) const
{
    return std::ranges::any_of(m_findings, [&](const Finding &finding) {
        return finding.statement == statement && finding.rule == rule;
    });
}

} // namespace stepwell
