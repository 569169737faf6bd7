// SPDX-License-Identifier: MIT
#include "migrations/journal/sharedjournalschema.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// One message to the server, so one transaction: all of it or nothing. Time and role are set by the server:
/// nobody writes in another's name. The triggers fire under session_replication_role = replica too. A
/// statement trigger also meets ON CONFLICT DO UPDATE, and an UPDATE that finds no row.
constexpr auto creation = R"(
CREATE SCHEMA IF NOT EXISTS stepwell;
CREATE TABLE stepwell.journal (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL,
    time timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    kind text NOT NULL,
    content jsonb NOT NULL,
    role name NOT NULL DEFAULT session_user);
COMMENT ON TABLE stepwell.journal IS
    'What Stepwell ran against this database. Rows are only ever added.';
CREATE INDEX journal_uid ON stepwell.journal (uid);
CREATE FUNCTION stepwell.journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END $body$;
CREATE FUNCTION stepwell.journal_sign() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    NEW.time := pg_catalog.clock_timestamp();
    NEW.role := session_user;
    RETURN NEW;
END $body$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stepwell.journal
    FOR EACH STATEMENT EXECUTE FUNCTION stepwell.journal_refuse();
CREATE TRIGGER journal_signed BEFORE INSERT ON stepwell.journal
    FOR EACH ROW EXECUTE FUNCTION stepwell.journal_sign();
ALTER TABLE stepwell.journal ENABLE ALWAYS TRIGGER journal_append_only;
ALTER TABLE stepwell.journal ENABLE ALWAYS TRIGGER journal_signed;
)"_L1;

/// What is there, and what this role may do with it. The catalogues answer without a privilege.
constexpr auto look = R"(
SELECT s.oid IS NOT NULL, t.oid IS NOT NULL,
       (SELECT count(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0
            AND a.attname IN ('number', 'uid', 'time', 'kind', 'content', 'role')) = 6,
       pg_catalog.has_schema_privilege(s.oid, 'USAGE')
           AND pg_catalog.has_table_privilege(t.oid, 'SELECT'),
       pg_catalog.has_table_privilege(t.oid, 'INSERT'),
       pg_catalog.quote_ident(current_user), pg_catalog.quote_ident(pg_catalog.current_database()),
       pg_catalog.pg_get_userbyid(coalesce(t.relowner, s.nspowner))
FROM (SELECT 1) AS one
LEFT JOIN pg_catalog.pg_namespace s ON s.nspname = 'stepwell'
LEFT JOIN pg_catalog.pg_class t ON t.relnamespace = s.oid AND t.relname = 'journal'
)"_L1;

struct Found {
    bool schema = false;
    bool table = false;
    bool isOurs = false;
    bool mayRead = false;
    bool mayWrite = false;
    QString role;     ///< quoted where SQL needs it
    QString database; ///< likewise
    QString owner;
};

Result<Found> lookFor(DatabaseSession &session)
{
    const auto rows = session.query(look);
    if (!rows)
        return std::unexpected(rows.error());
    if (rows->isEmpty())
        return failure(ErrorKind::Internal, u"The catalogues of the database did not answer."_s);
    const QVariantList &row = rows->first();
    return Found{.schema = row.at(0).toBool(),
                 .table = row.at(1).toBool(),
                 .isOurs = row.at(2).toBool(),
                 .mayRead = row.at(3).toBool(),
                 .mayWrite = row.at(4).toBool(),
                 .role = row.at(5).toString(),
                 .database = row.at(6).toString(),
                 .owner = row.at(7).toString()};
}

/// Two sessions made it at once, and the other one was first: a name that is taken (schema, table, function,
/// type), or a row of the catalogues.
bool wasMadeMeanwhile(const Error &error)
{
    static const QStringList states{u"23505"_s, u"42P06"_s, u"42P07"_s, u"42710"_s, u"42723"_s};
    return states.contains(error.sqlState);
}

std::unexpected<Error> notCreated(Error error, const Found &found)
{
    if (error.sqlState == "42501"_L1) {
        error.message = u"The role %1 may not make the journal of the team."_s.arg(found.role);
        error.hint =
            found.schema
                ? u"Ask %1 or a superuser for: GRANT USAGE, CREATE ON SCHEMA stepwell TO %2;"_s.arg(
                      found.owner, found.role)
                : u"Ask the owner of the database for: GRANT CREATE ON DATABASE %1 TO %2; or for: CREATE SCHEMA stepwell AUTHORIZATION %2;"_s
                      .arg(found.database, found.role);
    } else if (error.sqlState == "25006"_L1) {
        error.hint = u"This server is read-only, a standby perhaps: name the primary in stepwell.toml."_s;
    }
    return std::unexpected(error);
}

Result<void> checkFound(const Found &found, bool writes)
{
    if (!found.isOurs) {
        return failure(
            ErrorKind::Refused, u"stepwell.journal in this database is not the journal of the team."_s,
            u"Somebody else made a table of that name: rename it, or set journal = \"local\" for the environment."_s);
    }
    if (found.mayRead && (found.mayWrite || !writes))
        return {};
    return failure(
        ErrorKind::DatabaseError,
        u"The role %1 may not %2 the journal of the team."_s.arg(found.role,
                                                                 found.mayRead ? u"write to"_s : u"read"_s),
        u"Ask %1 or a superuser for: GRANT USAGE ON SCHEMA stepwell TO %2; GRANT SELECT, INSERT ON stepwell.journal TO %2;"_s
            .arg(found.owner, found.role));
}

} // namespace

Result<void> prepareSharedJournal(DatabaseSession &session, bool create)
{
    constexpr int attempts = 3; // the other session may have been rolled back in the end
    Result<Found> found = lookFor(session);
    for (int i = 0; found && !found->table && create && i < attempts; ++i) {
        // A role that was given the schema need not be able to make one.
        const QString sql = found->schema
                                ? QString(creation).remove(u"CREATE SCHEMA IF NOT EXISTS stepwell;"_s)
                                : QString(creation);
        if (const auto created = session.execute(sql); !created && !wasMadeMeanwhile(created.error()))
            return notCreated(created.error(), *found);
        found = lookFor(session);
    }
    if (!found)
        return std::unexpected(found.error());
    if (!found->table) {
        return failure(
            ErrorKind::Refused, u"This database has no journal of the team yet."_s,
            u"Set journal = \"shared\" for the environment in stepwell.toml; the next run makes it."_s);
    }
    return checkFound(*found, create);
}

} // namespace stepwell
