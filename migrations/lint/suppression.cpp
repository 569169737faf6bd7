// SPDX-License-Identifier: MIT
#include "migrations/lint/suppression.h"

#include "migrations/lint/ruledefinition.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

/// Which statement a comment at `offset` is meant for; -1 if none follows.
int statementAt(const QList<Statement> &statements, qsizetype offset)
{
    const auto next = std::ranges::find_if(statements, [&](const Statement &statement) {
        return !statement.isTransactionControl && statement.offset + statement.text.size() > offset;
    });
    return next == statements.cend() ? -1 : static_cast<int>(next - statements.cbegin());
}

Finding aboutSuppression(const QString &rule, const Suppression &suppression, const QString &message)
{
    const RuleDefinition *definition = findDefinition(rule);
    Finding finding;
    finding.rule = rule;
    finding.severity = Severity::Advice;
    finding.statement = suppression.statement;
    (suppression.isInFile ? finding.fileLine : finding.line) = suppression.line;
    finding.title = definition->rule.title;
    finding.message = message;
    finding.advice = definition->advice;
    return finding;
}

bool applies(const RuleSetting &setting, const Finding &finding)
{
    const bool rule = setting.rule == finding.rule || setting.rule == "*"_L1;
    return rule && !setting.reason.isEmpty() &&
           (setting.relation.isEmpty() || setting.relation == finding.relation.text() ||
            setting.relation == finding.relation.name);
}

void accept(Finding &finding, Acceptance::Where where, const QString &reason)
{
    if (!finding.accepted)
        finding.accepted = Acceptance{.where = where, .reason = reason, .by = {}};
}

} // namespace

QList<Suppression> suppressionsOf(const LintScript &script, const QList<Statement> &statements)
{
    QList<Suppression> suppressions;
    static const QRegularExpression comment(
        uR"((#|--)[ \t]*stepwell:[ \t]*ignore[ \t]+(\S+)[ \t]*([^\n]*))"_s);
    const auto collect = [&](const QString &text, QLatin1StringView mark, bool isInFile) {
        if (!text.contains("stepwell:"_L1))
            return;
        for (auto matches = comment.globalMatch(text); matches.hasNext();) {
            const QRegularExpressionMatch match = matches.next();
            if (match.capturedView(1) != mark)
                continue;
            const qsizetype offset = match.capturedStart();
            suppressions.append({.rule = match.captured(2),
                                 .reason = match.captured(3).trimmed(),
                                 .line = static_cast<int>(QStringView(text).first(offset).count(u'\n')) + 1,
                                 .statement = isInFile ? -1 : statementAt(statements, offset),
                                 .isInFile = isInFile});
        }
    };
    collect(QString::fromUtf8(script.file), "#"_L1, true);
    collect(script.sql, "--"_L1, false);
    return suppressions;
}

void applySuppressions(const QList<Suppression> &suppressions, const QList<RuleSetting> &workspace,
                       QList<Finding> &findings)
{
    QList<Finding> remarks;
    for (const Suppression &suppression : suppressions) {
        if (!findRule(suppression.rule)) {
            remarks.append(aboutSuppression(u"unused-ignore"_s, suppression,
                                            u"There is no rule %1."_s.arg(suppression.rule)));
            continue;
        }
        if (suppression.reason.isEmpty()) {
            remarks.append(aboutSuppression(
                u"ignore-without-reason"_s, suppression,
                u"The suppression of %1 gives no reason, so it does not count."_s.arg(suppression.rule)));
            continue;
        }
        bool used = false;
        for (Finding &finding : findings) {
            const bool meant = finding.rule == suppression.rule &&
                               (suppression.isInFile ||
                                (suppression.statement >= 0 && finding.statement == suppression.statement));
            if (meant)
                accept(finding, Acceptance::File, suppression.reason);
            used = used || meant;
        }
        if (!used)
            remarks.append(aboutSuppression(u"unused-ignore"_s, suppression,
                                            u"%1 finds nothing here."_s.arg(suppression.rule)));
    }
    findings += remarks;
    for (Finding &finding : findings) {
        const auto setting = std::ranges::find_if(
            workspace, [&](const RuleSetting &candidate) { return applies(candidate, finding); });
        if (setting != workspace.cend())
            accept(finding, Acceptance::Workspace, setting->reason);
    }
}

} // namespace stepwell
