// SPDX-License-Identifier: MIT
#include "migrations/lint/linter.h"

#include "migrations/lint/plainnames.h"
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/suppression.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

/// The strongest lock on each relation that others use.
QList<RelationLock> locksOf(const LintReport &report)
{
    QList<RelationLock> locks;
    QHash<RelationName, qsizetype> places;
    for (const LintedStatement &statement : report.statements) {
        if (statement.isBookkeeping)
            continue;
        for (const RelationLock &lock : statement.effects.locks) {
            if (report.unseen.contains(lock.relation))
                continue;
            const auto place = places.constFind(lock.relation);
            if (place == places.constEnd()) {
                places.insert(lock.relation, locks.size());
                locks.append(lock);
            } else {
                locks[*place].mode = std::max(locks.at(*place).mode, lock.mode);
            }
        }
    }
    return locks;
}

class ScriptLint
{
public:
    ScriptLint(const LintOptions &options, const LintScript &script, Catalogue &catalogue)
        : m_options(options), m_script(script), m_catalogue(catalogue)
    {
        m_state.transaction.isOpen = script.inTransaction;
    }

    void run(const QList<Statement> &statements, bool isFirst, LintReport &report)
    {
        m_all = statements;
        report.statements.reserve(statements.size());
        for (int i = 0; i < statements.size(); ++i) {
            report.statements.append(read(statements.at(i)));
            judge(report.statements.last(), i, report.unseen);
        }
        const ScriptContext context{m_options, m_script, m_catalogue, m_state, report.statements, isFirst};
        for (const RuleDefinition &definition : ruleDefinitions()) {
            if (definition.checkScript) {
                m_findings.begin(definition, report.statements);
                definition.checkScript(context, m_findings);
            }
        }
        applySuppressions(suppressionsOf(m_script, statements), m_options.ignored, m_findings.all());
        report.findings = std::move(m_findings.all());
        sayPlainNames(report, m_catalogue);
        std::ranges::stable_sort(report.findings, [](const Finding &a, const Finding &b) {
            return a.statement != b.statement ? a.statement < b.statement : a.severity > b.severity;
        });
    }

private:
    LintedStatement read(const Statement &statement) const
    {
        LintedStatement linted{.statement = statement,
                               .command = commandName(statement),
                               .actions = actionsOf(statement),
                               .effects = {},
                               .isBookkeeping = statement.isTransactionControl};
        static const QStringList bookkeeping{u"CreateStmt"_s, u"InsertStmt"_s, u"UpdateStmt"_s,
                                             u"DeleteStmt"_s};
        const bool isWhole = std::ranges::any_of(linted.actions, [](const Action &action) {
            return (action.kind == ActionKind::Update || action.kind == ActionKind::Delete) &&
                   !action.hasWhere;
        });
        if (bookkeeping.contains(statement.node) && !isWhole &&
            statement.touchesVersionTable(m_script.versionTable))
            linted.isBookkeeping = true;
        linted.effects = effectsOf(linted.actions, m_catalogue, m_options.serverVersion);
        if (linted.isBookkeeping)
            linted.effects.losesData = false; // a row that says which revision it was
        return linted;
    }

    void judge(const LintedStatement &statement, int index, QSet<RelationName> &unseen)
    {
        if (!statement.isBookkeeping) {
            const RuleContext context{m_options, m_script, m_catalogue, m_state, m_all, statement, index};
            for (const RuleDefinition &definition : ruleDefinitions()) {
                if (definition.check) {
                    m_findings.begin(definition, context);
                    definition.check(context, m_findings);
                }
            }
        }
        m_catalogue.apply(statement.actions);
        for (const RelationLock &lock : statement.effects.locks) {
            const CatalogueRelation *known = m_catalogue.find(lock.relation);
            if (known && known->isNew)
                unseen.insert(lock.relation);
        }
        m_state.follow(statement, index, m_catalogue);
    }

    const LintOptions &m_options;
    const LintScript &m_script;
    Catalogue &m_catalogue;
    QList<Statement> m_all;
    ScriptState m_state;
    Findings m_findings;
};

} // namespace

LockMode LintReport::strongestLock() const
{
    LockMode strongest = LockMode::None;
    for (const RelationLock &lock : locksOf(*this))
        strongest = std::max(strongest, lock.mode);
    return strongest;
}

QList<RelationName> LintReport::tables() const
{
    QList<RelationLock> locks = locksOf(*this);
    std::ranges::stable_sort(locks, std::greater{}, &RelationLock::mode);
    QList<RelationName> names;
    for (const RelationLock &lock : locks) {
        // A row that is looked at on the other side of a foreign key is nothing that anybody waits for.
        if (!lock.isHidden || lock.mode > LockMode::RowShare)
            names.append(lock.relation);
    }
    return names;
}

std::optional<Severity> LintReport::worst() const
{
    std::optional<Severity> worst;
    for (const Finding &finding : findings) {
        if (!finding.accepted && (!worst || finding.severity > *worst))
            worst = finding.severity;
    }
    return worst;
}

int LintReport::blockingCount() const
{
    return static_cast<int>(std::ranges::count_if(
        findings, [](const Finding &finding) { return !finding.accepted && isBlocking(finding.severity); }));
}

Linter::Linter(LintOptions options) : m_options(std::move(options)), m_catalogue(m_options.catalogue) {}

LintReport Linter::lint(const LintScript &script)
{
    LintReport report;
    report.serverVersion = m_options.serverVersion;
    report.sizesKnown = m_catalogue.hasSizes;
    auto statements = splitStatements(script.sql);
    if (!statements)
        report.problem = statements.error().message;
    ScriptLint(m_options, script, m_catalogue)
        .run(statements ? *statements : QList<Statement>{}, m_isFirst, report);
    m_isFirst = false;
    return report;
}

} // namespace stepwell
