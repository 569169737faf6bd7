// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

void usesConnection(const ScriptContext &context, Findings &findings)
{
    const Revision *revision = context.script.revision;
    if (!revision || !revision->usesConnection || !context.script.sql.isEmpty())
        return; // what could be rendered does not depend on the answer
    findings
        .addToScript(
            Severity::Advice,
            u"Line %1 asks the database: what the revision does depends on it, and only a rehearsal can show it."_s
                .arg(revision->connectionLine))
        .fileLine = revision->connectionLine;
}

void downgradeEmpty(const ScriptContext &context, Findings &findings)
{
    const Revision *revision = context.script.revision;
    if (!revision || revision->wayBack != WayBack::Empty)
        return;
    findings
        .addToScript(Severity::Advice, u"downgrade() does nothing, while upgrade() does: after a downgrade "
                                       u"Alembic believes that the schema is "
                                       "the old one."_s)
        .fileLine = revision->downgradeLines.first;
}

void downgradeIrreversible(const ScriptContext &context, Findings &findings)
{
    const Revision *revision = context.script.revision;
    if (!revision || revision->wayBack != WayBack::Irreversible)
        return;
    findings
        .addToScript(Severity::Advice, revision->downgradeLines.first > 0
                                           ? u"downgrade() raises: there is no way back but a backup."_s
                                           : u"There is no downgrade(): there is no way back but a backup."_s)
        .fileLine = revision->downgradeLines.first;
}

} // namespace

RuleDefinitions fileRules()
{
    return {
        {.rule = {.id = u"uses-connection"_s,
                  .severity = Severity::Advice,
                  .title = u"Asks the database while it runs"_s,
                  .explanation = u"op.get_bind(), sa.inspect() and reflection make the revision do one thing "
                                 u"here and another there. "
                                 "It cannot be rendered as SQL: only a rehearsal shows what it does."_s,
                  .saferAlembic = u"op.execute(\"UPDATE sessions SET state = 'open' WHERE state IS NULL\")"_s,
                  .saferSql = u"UPDATE sessions SET state = 'open' WHERE state IS NULL;"_s,
                  .knownAs = {u"strong_migrations: execute"_s}},
         .advice = u"Write what it does as operations or SQL, or rehearse it."_s,
         .checkScript = usesConnection},
        {.rule =
             {.id = u"downgrade-empty"_s,
              .severity = Severity::Advice,
              .title = u"downgrade() does nothing"_s,
              .explanation =
                  u"The version goes back and the schema stays: the next upgrade fails at what is there already."_s,
              .saferAlembic = u"def downgrade() -> None:\n    op.drop_column(\"sessions\", \"note\")"_s,
              .saferSql = u"ALTER TABLE sessions DROP COLUMN note;"_s,
              .knownAs = {u"strong_migrations: check_down"_s}},
         .advice = u"Undo what upgrade() does, or raise if that cannot be done."_s,
         .checkScript = downgradeEmpty},
        {.rule =
             {.id = u"downgrade-irreversible"_s,
              .severity = Severity::Advice,
              .title = u"There is no way back"_s,
              .explanation =
                  u"The revision can only be undone by restoring a backup, which takes everything else back as well."_s,
              .saferAlembic = u"def downgrade() -> None:\n    op.drop_column(\"sessions\", \"note\")"_s,
              .saferSql = u"ALTER TABLE sessions DROP COLUMN note;"_s,
              .knownAs = {u"strong_migrations: check_down"_s}},
         .advice = u"Write a downgrade() if one is possible; else plan for a backup right before."_s,
         .checkScript = downgradeIrreversible},
        {.rule = {.id = u"ignore-without-reason"_s,
                  .severity = Severity::Advice,
                  .title = u"Suppression without a reason"_s,
                  .explanation = u"\"stepwell: ignore RULE\" counts only with a reason after the rule: the "
                                 u"next reader has to know "
                                 "why it is right."_s,
                  .saferAlembic = u"# stepwell: ignore drop-column nothing reads it since release 4.2"_s,
                  .saferSql = u"-- stepwell: ignore drop-column nothing reads it since release 4.2"_s,
                  .knownAs = {}},
         .advice = u"Write the reason behind the rule's name."_s},
        {.rule = {.id = u"unused-ignore"_s,
                  .severity = Severity::Advice,
                  .title = u"Suppression without effect"_s,
                  .explanation = u"The rule is unknown, or finds nothing here: the comment misleads."_s,
                  .saferAlembic = u"# stepwell: ignore drop-column nothing reads it since release 4.2"_s,
                  .saferSql = u"-- stepwell: ignore drop-column nothing reads it since release 4.2"_s,
                  .knownAs = {u"squawk: unused-ignore"_s}},
         .advice = u"Remove the comment, or correct the rule's name."_s},
    };
}

} // namespace stepwell
