// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr qsizetype longestName = 63; // bytes: NAMEDATALEN - 1

void syntaxError(const RuleContext &context, Findings &findings)
{
    const Statement &statement = context.statement.statement;
    if (statement.parseError.isEmpty())
        return;
    // The parser is PostgreSQL 17's.
    const bool isNewer = context.options.serverVersion > 17;
    Finding &finding = findings.add(
        isNewer ? Severity::Advice : Severity::MayFail, {},
        isNewer ? u"PostgreSQL 17's parser refuses it: %1. It may be a form that a newer server knows."_s.arg(
                      statement.parseError)
                : u"PostgreSQL's parser refuses it: %1."_s.arg(statement.parseError));
    if (statement.errorLine > 0)
        finding.line = statement.errorLine;
}

void needsNewerServer(const RuleContext &context, Findings &findings)
{
    const QString &problem = context.statement.effects.versionProblem;
    if (!problem.isEmpty())
        findings.add(Severity::MayFail,
                     context.statement.actions.isEmpty() ? RelationName()
                                                         : context.statement.actions.first().relation,
                     u"The target runs PostgreSQL %1, and the statement %2."_s.arg(
                         QString::number(context.options.serverVersion), problem));
}

/// What an ADD COLUMN or a scan may meet is said by its own rule; these reach other tables.
bool mayLockOthers(const RuleContext &context)
{
    return std::ranges::any_of(context.statement.actions, [&](const Action &action) {
        const bool drops = action.kind == ActionKind::Drop || action.kind == ActionKind::DropColumn ||
                           action.kind == ActionKind::DropConstraint;
        return !context.isUnseen(action.relation) &&
               ((drops && !action.concurrently) || (action.kind == ActionKind::Truncate && action.cascade));
    });
}

void unknownEffects(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind == ActionKind::DoBlock) {
            findings.add(
                Severity::Advice, {},
                u"What the block executes is decided while it runs: its locks and its effects are not known "
                "here."_s);
            return;
        }
    }
    if (!mayLockOthers(context))
        return;
    QStringList sentences;
    for (const QString &unknown : context.statement.effects.unknowns) {
        if (!unknown.contains("partitions or inheriting"_L1)) // belongs to the table that is named
            sentences.append(unknown);
    }
    if (!sentences.isEmpty())
        findings.add(Severity::Advice, context.statement.actions.first().relation, sentences.join(u' '));
}

/// Names in the text that are longer than PostgreSQL keeps; strings and comments are left out.
QStringList longNames(const QString &text)
{
    static const QRegularExpression token(
        uR"re('(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$|"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))re"_s,
        QRegularExpression::DotMatchesEverythingOption | QRegularExpression::UseUnicodePropertiesOption);
    QStringList names;
    for (auto matches = token.globalMatch(text); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        const QString name = match.hasCaptured(2) ? match.captured(2) : match.captured(3);
        if (name.size() * 3 > longestName && name.toUtf8().size() > longestName && !names.contains(name))
            names.append(name);
    }
    return names;
}

void nameTooLong(const RuleContext &context, Findings &findings)
{
    if (context.statement.statement.text.size() <= longestName || context.statement.actions.isEmpty())
        return;
    const ActionKind kind = context.statement.actions.first().kind;
    if (kind >= ActionKind::Insert && kind <= ActionKind::Select)
        return;
    static const QRegularExpression longWord(uR"re([\w$]{22,}|"[^"]{22,}")re"_s,
                                             QRegularExpression::UseUnicodePropertiesOption);
    if (!longWord.match(context.statement.statement.text).hasMatch())
        return;
    for (const QString &name : longNames(context.statement.statement.text)) {
        QByteArray kept = name.toUtf8().first(longestName);
        while (!kept.isEmpty() && QString::fromUtf8(kept).contains(QChar::ReplacementCharacter))
            kept.chop(1);
        findings.add(
            Severity::Advice, context.statement.actions.first().relation,
            u"%1 is longer than 63 bytes: PostgreSQL cuts it to %2."_s.arg(name, QString::fromUtf8(kept)));
    }
}

} // namespace

RuleDefinitions textRules()
{
    return {
        {.rule = {.id = u"syntax-error"_s,
                  .severity = Severity::MayFail,
                  .title = u"PostgreSQL cannot parse it"_s,
                  .explanation = u"PostgreSQL's own parser, of version 17, refuses the statement. A server "
                                 u"of another version may "
                                 "know forms that this one does not."_s,
                  .saferAlembic = u"op.execute(\"ALTER TABLE sessions ADD COLUMN note text\")"_s,
                  .saferSql = u"ALTER TABLE sessions ADD COLUMN note text;"_s,
                  .knownAs = {u"squawk: syntax-error"_s}},
         .advice = u"Correct the statement."_s,
         .check = syntaxError},
        {.rule =
             {.id = u"needs-newer-server"_s,
              .severity = Severity::MayFail,
              .title = u"The target's PostgreSQL is too old"_s,
              .explanation = u"The statement uses a form that the target's version does not know."_s,
              .saferAlembic =
                  u"if op.get_context().dialect.server_version_info >= (14,):\n    op.execute(\"ALTER TABLE "
                  "events DETACH PARTITION events_2020 CONCURRENTLY\")"_s,
              .saferSql = u"ALTER TABLE events DETACH PARTITION events_2020;"_s,
              .knownAs = {u"strong_migrations: target_version"_s}},
         .advice = u"Use a form that this version knows."_s,
         .check = needsNewerServer},
        {.rule = {.id = u"unknown-effects"_s,
                  .severity = Severity::Advice,
                  .title = u"Not all of it can be judged from the text"_s,
                  .explanation =
                      u"A DO block decides while it runs, and some statements touch tables that only the "
                      u"database can "
                      "name. Linted against a target, most of that is known; a rehearsal shows all of it."_s,
                  .saferAlembic = u"op.execute(\"ALTER TABLE sessions ADD COLUMN note text\")"_s,
                  .saferSql = u"ALTER TABLE sessions ADD COLUMN note text;"_s,
                  .knownAs = {u"strong_migrations: execute"_s}},
         .advice = u"Lint it against the target, or rehearse it."_s,
         .check = unknownEffects},
        {.rule = {.id = u"name-too-long"_s,
                  .severity = Severity::Advice,
                  .title = u"Name is longer than 63 bytes"_s,
                  .explanation = u"PostgreSQL cuts longer names off with no more than a notice. Two names "
                                 u"can become one, and a later "
                                 "revision does not find the name it expects."_s,
                  .saferAlembic = u"op.create_index(\"ix_sessions_owner\", \"sessions\", [\"owner_id\"])"_s,
                  .saferSql = u"CREATE INDEX ix_sessions_owner ON sessions (owner_id);"_s,
                  .knownAs = {u"squawk: identifier-too-long"_s}},
         .advice = u"Choose a shorter name."_s,
         .check = nameTooLong},
    };
}

} // namespace stepwell
