// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

bool isKind(const LintedStatement &statement, ActionKind kind)
{
    return !statement.actions.isEmpty() && statement.actions.first().kind == kind;
}

bool isCommit(const LintedStatement &statement)
{
    return isKind(statement, ActionKind::Commit);
}

int changesFrom(const QList<LintedStatement> &statements, qsizetype first)
{
    return static_cast<int>(
        std::count_if(statements.begin() + first, statements.end(),
                      [](const LintedStatement &statement) { return !statement.isBookkeeping; }));
}

void transactionNesting(const ScriptContext &context, Findings &findings)
{
    bool open = context.script.inTransaction;
    bool begins = true; // a script may begin with the BEGIN that is put around it
    for (int i = 0; i < context.statements.size(); ++i) {
        const LintedStatement &statement = context.statements.at(i);
        if (isKind(statement, ActionKind::Begin)) {
            if (open && !(begins && context.script.inTransaction))
                findings.addToScript(
                    Severity::Advice,
                    u"There is a transaction already: this BEGIN only gives a warning, and the next COMMIT "
                    "ends both."_s,
                    i);
            open = true;
        } else if (isCommit(statement) ||
                   (isKind(statement, ActionKind::Rollback) && statement.actions.first().name.isEmpty())) {
            if (!open)
                findings.addToScript(
                    Severity::Advice,
                    u"There is no transaction here: %1 only gives a warning."_s.arg(statement.command), i);
            open = false;
        }
        begins = begins && statement.isBookkeeping && !isCommit(statement);
    }
}

void uncommitted(const ScriptContext &context, Findings &findings)
{
    if (!context.script.inTransaction && context.state.transaction.isOpen &&
        context.state.transaction.begunByScript)
        findings.addToScript(
            Severity::MayFail,
            u"The script begins a transaction and never commits it: all that it does is undone at its end."_s);
}

/// Where Alembic's transaction is ended by hand: a COMMIT that no autocommit block explains.
void commitInRevision(const ScriptContext &context, Findings &findings)
{
    if (!context.script.inTransaction)
        return;
    const bool noBlock = context.script.revision && !context.script.revision->hasAutocommit;
    const QList<LintedStatement> &statements = context.statements;
    for (int i = 0; i < statements.size(); ++i) {
        const bool ends = isCommit(statements.at(i)) || (isKind(statements.at(i), ActionKind::Rollback) &&
                                                         statements.at(i).actions.first().name.isEmpty());
        if (!ends || changesFrom(statements, i + 1) == 0)
            continue;
        const bool goesOn =
            std::any_of(statements.begin() + i + 1, statements.end(),
                        [](const LintedStatement &later) { return isKind(later, ActionKind::Begin); });
        if (goesOn && isCommit(statements.at(i)) && !noBlock)
            continue;
        findings.addToScript(Severity::MayFail,
                             u"%1 ends Alembic's transaction: what came before stays if something later "
                             u"fails, and the revision is not "
                             "recorded."_s.arg(statements.at(i).command),
                             i);
        return;
    }
}

void autocommitNotFirst(const ScriptContext &context, Findings &findings)
{
    const Revision *revision = context.script.revision;
    if (revision && revision->hasAutocommit && !revision->autocommitIsFirst) {
        Finding &finding = findings.addToScript(
            Severity::MayFail,
            u"The autocommit block in line %1 commits what the revision did before it: if the block fails, "
            u"the revision is "
            "half done, not recorded, and cannot be run again."_s.arg(revision->autocommitLine));
        finding.fileLine = revision->autocommitLine;
        return;
    }
    if (revision || !context.script.inTransaction || context.state.changesBeforeFirstCommit <= 0)
        return;
    for (int i = 0; i < context.statements.size(); ++i) {
        if (!isCommit(context.statements.at(i)))
            continue;
        if (changesFrom(context.statements, i + 1) > 0)
            findings.addToScript(
                Severity::MayFail,
                u"What comes before this COMMIT stays if something after it fails: the revision is half done "
                "then, and not recorded."_s,
                i);
        return;
    }
}

void autocommitLater(const ScriptContext &context, Findings &findings)
{
    const Revision *revision = context.script.revision;
    if (context.isFirstOfPlan || !context.script.inTransaction)
        return;
    for (int i = 0; i < context.statements.size(); ++i) {
        if (!isCommit(context.statements.at(i)) || changesFrom(context.statements, i + 1) == 0)
            continue;
        Finding &finding = findings.addToScript(Severity::Advice,
                                                u"The autocommit block commits the revisions that ran before "
                                                u"in the same transaction: they stay if this one "
                                                "fails."_s,
                                                i);
        if (revision)
            finding.fileLine = revision->autocommitLine;
        return;
    }
}

void notRepeatable(const RuleContext &context, Findings &findings)
{
    if (context.isInTransaction())
        return;
    const bool goesOn =
        std::any_of(context.all.begin() + context.index + 1, context.all.end(), [&](const Statement &later) {
            return !later.isTransactionControl && (context.script.versionTable.isEmpty() ||
                                                   !later.touchesVersionTable(context.script.versionTable));
        });
    if (!goesOn)
        return;
    for (const Action &action : context.statement.actions) {
        const bool creates =
            (action.kind == ActionKind::Create && !action.concurrently && !action.orReplace) ||
            action.kind == ActionKind::AddColumn || action.kind == ActionKind::AddEnumValue;
        const bool drops = action.kind == ActionKind::Drop || action.kind == ActionKind::DropColumn ||
                           action.kind == ActionKind::DropConstraint;
        if (action.ifExists || (!creates && !drops))
            continue;
        Finding &finding = findings.add(
            Severity::Advice, action.relation,
            u"Outside of a transaction this stays done if a later statement fails; the second try then stops here."_s);
        finding.advice =
            u"Give it a revision of its own, or write IF %1EXISTS."_s.arg(creates ? u"NOT "_s : QString());
        return;
    }
}

void setNotLocal(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind != ActionKind::SetVariable || action.isLocal || !context.isInTransaction() ||
            action.name.endsWith("_timeout"_L1))
            continue;
        const bool isReset = std::any_of(context.all.begin() + context.index + 1, context.all.end(),
                                         [&](const Statement &later) {
                                             return later.text.startsWith("RESET"_L1, Qt::CaseInsensitive) &&
                                                    (later.text.contains(action.name, Qt::CaseInsensitive) ||
                                                     later.text.endsWith("ALL"_L1, Qt::CaseInsensitive));
                                         });
        if (isReset)
            continue;
        Finding &finding = findings.add(
            Severity::Advice, {},
            u"%1 stays set for the session, and so for the revisions that run after this one."_s.arg(
                action.name));
        QString local = context.statement.statement.text;
        local.replace(0, 3, u"SET LOCAL"_s);
        SaferForm{executeCall(local), local + u';'}.giveTo(finding);
    }
}

} // namespace

RuleDefinitions transactionRules()
{
    return {
        {.rule = {.id = u"transaction-nesting"_s,
                  .severity = Severity::Advice,
                  .title = u"BEGIN or COMMIT without effect"_s,
                  .explanation = u"PostgreSQL has no nested transactions. A BEGIN inside one, and a COMMIT "
                                 u"outside, give a warning; "
                                 "the next COMMIT ends more than the script seems to say."_s,
                  .saferAlembic = u"# leave BEGIN and COMMIT to Alembic"_s,
                  .saferSql = u"SAVEPOINT before_rows;\nRELEASE SAVEPOINT before_rows;"_s,
                  .knownAs = {u"squawk: transaction-nesting"_s}},
         .advice = u"Leave BEGIN and COMMIT to Alembic, or use a savepoint."_s,
         .checkScript = transactionNesting},
        {.rule =
             {.id = u"uncommitted-transaction"_s,
              .severity = Severity::MayFail,
              .title = u"Transaction is never committed"_s,
              .explanation =
                  u"A script that begins a transaction and ends without COMMIT is undone when the session closes."_s,
              .saferAlembic = u"# leave BEGIN and COMMIT to Alembic"_s,
              .saferSql = u"BEGIN;\nALTER TABLE sessions ADD COLUMN note text;\nCOMMIT;"_s,
              .knownAs = {u"squawk: ban-uncommitted-transaction"_s}},
         .advice = u"End the script with COMMIT."_s,
         .checkScript = uncommitted},
        {.rule =
             {.id = u"commit-in-revision"_s,
              .severity = Severity::MayFail,
              .title = u"Ends Alembic's transaction by hand"_s,
              .explanation =
                  u"COMMIT or ROLLBACK in op.execute() ends the transaction that Alembic relies on. What "
                  u"follows runs "
                  "in another one or in none, and a failure leaves the revision half done and unrecorded."_s,
              .saferAlembic =
                  u"with op.get_context().autocommit_block():\n    op.execute(\"VACUUM sessions\")"_s,
              .saferSql = u"SAVEPOINT before_rows;"_s,
              .knownAs = {u"bytebase: disallow-commit"_s}},
         .advice = u"Use an autocommit block, first or alone in its revision."_s,
         .checkScript = commitInRevision},
        {.rule =
             {.id = u"autocommit-not-first"_s,
              .severity = Severity::MayFail,
              .title = u"Autocommit block is not first"_s,
              .explanation = u"Entering an autocommit block commits what the revision has done so far, "
                             u"before Alembic records it. "
                             "If the block then fails, the database is between two revisions, and a second "
                             "try stops at what "
                             "is there already."_s,
              .saferAlembic =
                  u"def upgrade() -> None:\n    with op.get_context().autocommit_block():\n        "
                  "op.create_index(\"ix_sessions_owner\", \"sessions\", [\"owner_id\"], postgresql_concurrently=True)"_s,
              .saferSql =
                  u"COMMIT;\nCREATE INDEX CONCURRENTLY ix_sessions_owner ON sessions (owner_id);\nBEGIN;"_s,
              .knownAs = {}},
         .advice = u"Move what comes before the block into a revision of its own."_s,
         .checkScript = autocommitNotFirst},
        {.rule =
             {.id = u"autocommit-commits-earlier"_s,
              .severity = Severity::Advice,
              .title = u"Autocommit block commits earlier revisions"_s,
              .explanation =
                  u"By default Alembic runs all revisions of an upgrade in one transaction. An autocommit "
                  u"block in one "
                  "of them commits those before it, so that the upgrade is no longer all or nothing."_s,
              .saferAlembic =
                  u"# in env.py:\ncontext.configure(connection=connection, target_metadata=target_metadata, "
                  "transaction_per_migration=True)"_s,
              .saferSql = u"COMMIT;"_s,
              .knownAs = {}},
         .advice =
             u"Set transaction_per_migration=True in env.py, so that each revision is recorded when it is done."_s,
         .checkScript = autocommitLater},
        {.rule = {.id = u"not-repeatable"_s,
                  .severity = Severity::Advice,
                  .title = u"Cannot be tried again"_s,
                  .explanation = u"Outside of a transaction a statement stays done if a later one fails. The "
                                 u"second try stops at it, as the "
                                 "object exists, or is gone, already. CREATE INDEX CONCURRENTLY is not "
                                 "meant: there IF NOT EXISTS would "
                                 "hide an invalid index (see concurrently-if-not-exists)."_s,
                  .saferAlembic = u"with op.get_context().autocommit_block():\n    op.execute(\"DROP INDEX "
                                  u"CONCURRENTLY IF EXISTS "
                                  "ix_sessions_owner\")"_s,
                  .saferSql = u"DROP INDEX CONCURRENTLY IF EXISTS ix_sessions_owner;"_s,
                  .knownAs = {u"squawk: prefer-robust-stmts"_s}},
         .advice = u"Give it a revision of its own, or write IF EXISTS."_s,
         .check = notRepeatable},
        {.rule = {.id = u"set-not-local"_s,
                  .severity = Severity::Advice,
                  .title = u"SET outlasts the revision"_s,
                  .explanation = u"SET lasts to the end of the session, which runs the later revisions as "
                                 u"well: another search_path "
                                 "or role there changes what they do."_s,
                  .saferAlembic = u"op.execute(\"SET LOCAL search_path = billing\")"_s,
                  .saferSql = u"SET LOCAL search_path = billing;"_s,
                  .knownAs = {u"bytebase: check-set-role-variable"_s}},
         .advice = u"Use SET LOCAL, which ends with the transaction."_s,
         .check = setNotLocal},
    };
}

} // namespace stepwell
