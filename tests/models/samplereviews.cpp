// SPDX-License-Identifier: MIT
#include "tests/models/samplereviews.h"

using namespace Qt::StringLiterals;

namespace stepwell::sample {

namespace {

constexpr qint64 sessionsBytes = 41LL * 1024 * 1024 * 1024;
const QString renderedBy = QStringLiteral("alembic 1.13.2, SQLAlchemy 2.0.40");
const RelationName sessions{{}, QStringLiteral("sessions")};
const RelationName users{{}, QStringLiteral("users")};

const QString headSql = QStringLiteral(
    "-- Running upgrade 90c2fd61b5ae -> e41d09b7a3c8\n"
    "CREATE INDEX ix_sessions_owner ON sessions (owner_id, created_at);\n"
    "\n"
    "ALTER TABLE sessions ALTER COLUMN priority SET NOT NULL;\n"
    "ALTER TABLE sessions ADD CONSTRAINT fk_sessions_owner FOREIGN KEY(owner_id) REFERENCES users (uuid);\n"
    "\n"
    "UPDATE alembic_version SET version_num='e41d09b7a3c8' WHERE alembic_version.version_num = "
    "'90c2fd61b5ae';\n");

LintedStatement linted(const QString &sql, int line, const QString &text, const QString &command)
{
    LintedStatement result;
    result.statement.line = line;
    result.statement.offset = sql.indexOf(text);
    result.statement.text = text;
    result.command = command;
    return result;
}

QString hash(QChar letter)
{
    return u"9f2c"_s + QString(56, letter) + u"41ab"_s;
}

ReviewHashes headHashes()
{
    return {hash(u'1'), hash(u'2'), hash(u'3')};
}

QList<LintedStatement> headStatements()
{
    const QStringList lines = headSql.split(u'\n');
    const auto statement = [&](int line, const QString &command) {
        return linted(headSql, line, lines.at(line - 1).chopped(1), command);
    };
    LintedStatement index = statement(2, u"CREATE INDEX"_s);
    index.effects.locks = {{sessions, LockMode::Share, false, {}}};
    index.effects.builds = {sessions};
    LintedStatement notNull = statement(4, u"ALTER TABLE"_s);
    notNull.effects.locks = {{sessions, LockMode::AccessExclusive, false, {}}};
    notNull.effects.scans = {sessions};
    LintedStatement key = statement(5, u"ALTER TABLE"_s);
    key.effects.locks = {
        {sessions, LockMode::ShareRowExclusive, false, {}},
        {users, LockMode::ShareRowExclusive, true, u"referenced by the foreign key fk_sessions_owner"_s}};
    key.effects.scans = {sessions};
    LintedStatement row = statement(7, u"UPDATE"_s);
    row.isBookkeeping = true;
    return {index, notNull, key, row};
}

QList<Finding> headFindings()
{
    Finding index{.rule = u"index-not-concurrent"_s,
                  .severity = Severity::BlocksWrites,
                  .statement = 0,
                  .line = 2,
                  .relation = sessions,
                  .title = u"Builds an index while blocking writes"_s,
                  .message = u"SHARE lock on sessions (41 GB, 182 M rows) for the whole build."_s,
                  .advice = u"Use CREATE INDEX CONCURRENTLY in an autocommit block."_s,
                  .saferAlembic =
                      u"with op.get_context().autocommit_block():\n"
                      "    op.create_index(\n"
                      "        \"ix_sessions_owner\", \"sessions\", [\"owner_id\", \"created_at\"],\n"
                      "        postgresql_concurrently=True, if_not_exists=True)"_s,
                  .saferSql = u"CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_sessions_owner\n"
                              "    ON sessions (owner_id, created_at);"_s,
                  .bytes = sessionsBytes};
    Finding notNull{.rule = u"set-not-null"_s,
                    .severity = Severity::BlocksReads,
                    .statement = 1,
                    .line = 4,
                    .relation = sessions,
                    .title = u"Scans the table under ACCESS EXCLUSIVE"_s,
                    .message = u"SET NOT NULL reads every row of sessions while reads and writes wait."_s,
                    .advice = u"Add a CHECK … NOT VALID, validate it, then SET NOT NULL."_s,
                    .bytes = sessionsBytes};
    Finding key{.rule = u"foreign-key-at-once"_s,
                .severity = Severity::BreaksClients,
                .statement = 2,
                .line = 5,
                .relation = sessions,
                .title = u"Validates a foreign key at once"_s,
                .message = u"SHARE ROW EXCLUSIVE on sessions and users."_s,
                .advice = u"Add it NOT VALID, then VALIDATE."_s,
                .bytes = sessionsBytes};
    return {index, notNull, key};
}

} // namespace

StepReview headReview()
{
    StepReview review;
    review.revision = RevisionId(u"e41d09b7a3c8"_s);
    review.sql = {.revision = review.revision, .sql = headSql, .statements = 3, .renderedBy = renderedBy};
    review.lint.sizesKnown = true;
    review.lint.statements = headStatements();
    review.lint.findings = headFindings();
    // As a review covers it: without the first line and the version row.
    review.texts.upgrade = headSql.section(u'\n', 1, 4) + u'\n';
    review.texts.file = u"\"\"\"Index sessions by owner\"\"\"\nrevision = \"e41d09b7a3c8\"\n"_s;
    review.texts.downgrade = u"DROP INDEX ix_sessions_owner;\n"_s;
    review.hashes = headHashes();
    review.tableBytes = {sessionsBytes, 512LL * 1024 * 1024};
    return review;
}

StepReview headDowngradeReview()
{
    StepReview review = headReview();
    review.direction = Direction::Downgrade;
    const QString sql =
        u"-- Running downgrade e41d09b7a3c8 -> 90c2fd61b5ae\nDROP INDEX ix_sessions_owner;\n"_s;
    review.sql = {.revision = review.revision,
                  .direction = Direction::Downgrade,
                  .sql = sql,
                  .statements = 1,
                  .renderedBy = renderedBy};
    review.lint.findings.clear();
    review.lint.statements = {linted(sql, 2, u"DROP INDEX ix_sessions_owner"_s, u"DROP INDEX"_s)};
    review.lint.statements.first().effects.locks = {
        {sessions, LockMode::AccessExclusive, true, u"its index"_s}};
    return review;
}

StepReview mergeReview()
{
    StepReview review;
    review.revision = RevisionId(u"90c2fd61b5ae"_s);
    review.sql = {.revision = review.revision,
                  .sql = u"-- Running upgrade 7b6a1e0c4f21, 52ab7c9e8d10 -> 90c2fd61b5ae\n"_s,
                  .renderedBy = renderedBy};
    return review;
}

StepReview backfillReview()
{
    StepReview review;
    review.revision = RevisionId(u"52ab7c9e8d10"_s);
    review.sql = {.revision = review.revision,
                  .problem = u"upgrade() reads rows with op.get_bind()"_s,
                  .problemLine = 24,
                  .renderedBy = renderedBy};
    review.lint.findings = {{.rule = u"backfill-in-transaction"_s,
                             .severity = Severity::BreaksClients,
                             .fileLine = 24,
                             .title = u"Changes rows in the same transaction"_s,
                             .message = u"The rows stay locked until the revision ends."_s,
                             .advice = u"Fill in batches, in a revision of its own."_s}};
    return review;
}

QList<StepReview> pendingReviews()
{
    return {backfillReview(), mergeReview(), headReview()};
}

QHash<RevisionId, StepReview> byRevision(const QList<StepReview> &reviews)
{
    QHash<RevisionId, StepReview> hash;
    for (const StepReview &review : reviews)
        hash.insert(review.revision, review);
    return hash;
}

SignOff approvedBy(const QString &reviewer)
{
    return {.state = SignOff::Approved, .required = 1, .approvedBy = {reviewer}};
}

SignOff staleSince(const QString &reviewer)
{
    Review old = headVerdict(reviewer);
    old.hashes.upgrade = hash(u'9');
    return {.state = SignOff::Stale, .required = 1, .staleBy = {reviewer}, .stale = old};
}

Review headVerdict(const QString &reviewer)
{
    Review review;
    review.component = u"manager"_s;
    review.revision = RevisionId(u"e41d09b7a3c8"_s);
    review.hashes = headHashes();
    review.reviewer = reviewer;
    review.lineComments = {{LineComment::Upgrade, 3, u"Why not in two steps?"_s},
                           {LineComment::File, 2, u"Good name."_s}};
    return review;
}

} // namespace stepwell::sample
