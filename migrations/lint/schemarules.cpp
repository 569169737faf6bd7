// SPDX-License-Identifier: MIT
#include "migrations/lint/ruledefinition.h"
#include "migrations/lint/saferforms.h"

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

void domainConstraint(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        const bool checks =
            action.kind == ActionKind::AlterDomain &&
            ((action.constraint && !action.constraint->notValid) || action.name == "SET NOT NULL"_L1);
        if (!checks || context.isUnseen(action.relation))
            continue;
        QList<RelationName> tables = context.statement.effects.scans;
        tables.removeIf([&](const RelationName &table) { return context.isUnseen(table); });
        if (tables.isEmpty() && context.before.isFromDatabase)
            continue;
        QStringList read;
        for (const RelationName &table : tables)
            read.append(context.wholeTable(table));
        Finding &finding = findings.add(
            Severity::BlocksWrites, tables.isEmpty() ? action.relation : tables.first(),
            u"Every column of the domain %1 is checked: it reads %2 while writes wait, and fails if a value does not fit."_s
                .arg(action.relation.text(), read.isEmpty() ? u"each table that uses it"_s : listText(read)),
            tables);
        if (action.constraint) {
            const QString add = context.statement.statement.text + u" NOT VALID"_s;
            const QString validate = u"ALTER DOMAIN %1 VALIDATE CONSTRAINT %2"_s.arg(
                sqlName(action.relation),
                sqlName(action.constraint->name.isEmpty() ? QString(action.relation.name + u"_check"_s)
                                                          : action.constraint->name));
            SaferForm{executeCall(add) + u"\n# in the next revision:\n"_s + executeCall(validate),
                      add + u";\n-- in the next revision:\n"_s + validate + u';'}
                .giveTo(finding);
        }
    }
}

void domainWithConstraint(const RuleContext &context, Findings &findings)
{
    for (const Action &action : context.statement.actions) {
        if (action.kind == ActionKind::Create && action.object == ObjectKind::Domain &&
            (action.constraint || !action.createdConstraints.isEmpty()))
            findings.add(
                Severity::Advice, action.relation,
                u"To change the constraint of %1 later, every table that uses it is read while writes wait."_s
                    .arg(action.relation.text()));
    }
}

} // namespace

RuleDefinitions schemaRules()
{
    return {
        {.rule =
             {.id = u"domain-constraint"_s,
              .severity = Severity::BlocksWrites,
              .title = u"Domain constraint reads every table that uses it"_s,
              .explanation =
                  u"ALTER DOMAIN … ADD CHECK takes SHARE on each table with a column of the domain and reads "
                  u"all of "
                  "them. NOT VALID takes no table lock; VALIDATE CONSTRAINT reads them later, with the same lock."_s,
              .saferAlembic =
                  u"op.execute(\"ALTER DOMAIN email ADD CONSTRAINT email_check CHECK (VALUE LIKE '%@%') NOT "
                  "VALID\")\n# in the next revision:\nop.execute(\"ALTER DOMAIN email VALIDATE CONSTRAINT "
                  "email_check\")"_s,
              .saferSql = u"ALTER DOMAIN email ADD CONSTRAINT email_check CHECK (VALUE LIKE '%@%') NOT "
                          u"VALID;\nALTER DOMAIN "
                          "email VALIDATE CONSTRAINT email_check;"_s,
              .knownAs = {u"squawk: ban-alter-domain-with-add-constraint"_s}},
         .advice = u"Add it NOT VALID, or put a CHECK on the tables, where VALIDATE does not block writes."_s,
         .check = domainConstraint},
        {.rule = {.id = u"domain-with-constraint"_s,
                  .severity = Severity::Advice,
                  .title = u"Domain with a constraint"_s,
                  .explanation = u"A domain's constraint is convenient until it has to change: then all "
                                 u"tables that use it are checked "
                                 "together. A CHECK on a table can be changed without blocking."_s,
                  .saferAlembic = u"op.create_table(\"users\", sa.Column(\"email\", sa.Text(), "
                                  u"sa.CheckConstraint(\"email LIKE "
                                  "'%@%'\")))"_s,
                  .saferSql = u"CREATE TABLE users (email text CHECK (email LIKE '%@%'));"_s,
                  .knownAs = {u"squawk: ban-create-domain-with-constraint"_s}},
         .advice = u"Use the plain type and a CHECK on each table."_s,
         .check = domainWithConstraint},
    };
}

} // namespace stepwell
