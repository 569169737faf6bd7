// SPDX-License-Identifier: MIT
#include "migrations/database/servererrortables.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr auto byHand = "The revision was applied in part or by hand before, or another branch made it."_L1;
constexpr auto compare = "Compare the schema with the revision. If all of it is there, stamp the revision; "
                         "if not, remove what is there "
                         "or make the revision skip it."_L1;
constexpr auto gone = "An earlier revision or somebody by hand dropped or renamed it, or it is in a schema "
                      "that search_path does not "
                      "name."_L1;
constexpr auto look = "Look where it is (\\d in psql) and write its schema in the revision; or mend the "
                      "schema or the order of the "
                      "revisions."_L1;

QList<ServerError> names()
{
    using enum ErrorCase;
    return {
        {"42P07"_L1, Any,
         "[The relation %name|A table, index, view or sequence of this name] is there already."_L1, byHand,
         compare, false},
        {"42701"_L1, Any, "[The column %name|A column of this name] is there already."_L1, byHand, compare,
         false},
        {"42710"_L1, Any,
         "[The object %name|A type, constraint, trigger, role or extension of this name] is there already."_L1,
         byHand, compare, false},
        {"42723"_L1, Any,
         "[The function %name|A function of this name with these arguments] is there already."_L1, byHand,
         "Use CREATE OR REPLACE FUNCTION, or compare the schema with the revision."_L1, false},
        {"42P06"_L1, Any, "[The schema %name|A schema of this name] is there already."_L1, byHand, compare,
         false},
        {"42P04"_L1, Any, "[The database %name|A database of this name] is there already."_L1, ""_L1,
         "Databases are not made by revisions: create it once, before the first."_L1, false},
        {"42P01"_L1, Any, "[The relation %name|A table or view] does not exist."_L1, gone, look, false},
        {"42703"_L1, Any, "[The column %name|A column] does not exist."_L1, gone,
         "Look at the table as it is (\\d in psql); a name with capital letters needs its quotes."_L1, false},
        {"42704"_L1, Any, "[The object %name|A type, constraint, index or other object] does not exist."_L1,
         gone, look, false},
        {"42883"_L1, Any, "A function or operator for these arguments does not exist."_L1,
         "An extension is not installed here, its schema is not in search_path, or the types differ from "
         "those it "
         "takes."_L1,
         "Install the extension (CREATE EXTENSION), name the function's schema, or cast the arguments."_L1,
         false},
        {"3F000"_L1, Any, "[The schema %name|A schema] does not exist."_L1, gone,
         "Create the schema in an earlier revision, or check search_path."_L1, false},
        {"42P02"_L1, Any, "A parameter of the statement has no value."_L1, ""_L1,
         "Look for :name or $1 in the revision's SQL; in text() a colon is written \\:."_L1, false},
        {"42702"_L1, Any, "[The column %name|A column] may be one of several tables."_L1, ""_L1,
         "Write the table before the column's name."_L1, false},
        {"42725"_L1, Any, "Several functions fit the arguments."_L1, ""_L1, "Cast the arguments."_L1, false},
        {"42712"_L1, Any, "A table's name is used twice in one query."_L1, ""_L1, "Give one an alias."_L1,
         false},
        {"42622"_L1, Any, "A name is too long."_L1, "PostgreSQL's names have at most 63 bytes."_L1,
         "Choose a shorter name."_L1, false},
        {"42939"_L1, Any, "A name is reserved."_L1, "Names that begin with pg_ are PostgreSQL's own."_L1,
         "Choose another name."_L1, false},
        {"42602"_L1, Any, "A name cannot be used."_L1, ""_L1, "Choose another name."_L1, false},
        {"2BP01"_L1, Any, "Other objects depend on [%name|it][: %dependents|]."_L1,
         "Views, foreign keys, defaults or functions use what is to be dropped."_L1,
         "Drop or change them first, in the same revision. CASCADE drops all of them without asking."_L1,
         false},
        {"2B"_L1, Any, "Privileges depend on it."_L1, ""_L1, "Revoke them first."_L1, false},
    };
}

QList<ServerError> rules()
{
    using enum ErrorCase;
    return {
        {"42501"_L1, NotOwner, "Only the owner of [%name|the object] may do this."_L1,
         "It was created by another role than the one that migrates."_L1,
         "Migrate as its owner, or make the migrating role a member of the owner's role (GRANT owner TO "
         "role), or "
         "change the owner."_L1,
         false},
        {"42501"_L1, SchemaPrivilege, "The role lacks a privilege on [the schema %name|a schema]."_L1,
         "Since PostgreSQL 15 only the database's owner may create in public."_L1,
         "Have it granted: GRANT USAGE, CREATE ON SCHEMA schema TO role."_L1, false},
        {"42501"_L1, Any, "The role lacks a privilege[ on %name|]."_L1, ""_L1,
         "Have it granted to the migrating role (GRANT), or migrate as the owner of the tables."_L1, false},
        {"42804"_L1, CannotCast, "[The column %name|The column] cannot take the new type by itself."_L1,
         "PostgreSQL casts without being told only where nothing can be lost; a default may be in the way too."_L1,
         "Say how: postgresql_using='column::type' in op.alter_column(). Drop a default before, and set it after."_L1,
         false},
        {"42804"_L1, Any, "Two types do not go together."_L1, ""_L1,
         "Cast one of them in the revision's SQL."_L1, false},
        {"42846"_L1, Any, "There is no cast between these types."_L1, ""_L1,
         "Go by way of text (column::text::type), or write a USING expression."_L1, false},
        {"42830"_L1, Any, "The columns that a foreign key refers to are not unique."_L1, ""_L1,
         "Add a primary key or unique constraint to them first, over exactly these columns."_L1, false},
        {"42P10"_L1, Any,
         "No unique index fits the columns of ON CONFLICT, or a column is named where none may be."_L1, ""_L1,
         "Add the unique constraint first, or name its columns exactly."_L1, false},
        {"42P16"_L1, Any, "The table cannot be like this."_L1,
         "A second primary key, a view with other columns than before, or a column that partitions and "
         "parents must "
         "share."_L1,
         "The server's own words say which; drop what is in the way first."_L1, false},
        {"42P17"_L1, Any, "The object cannot be like this."_L1,
         "Expressions of indexes and generated columns must be IMMUTABLE; bounds of partitions may not overlap."_L1,
         "Correct the definition."_L1, false},
        {"42809"_L1, Any, "[%name|The object] is of another kind than the statement expects."_L1,
         "A view where a table is expected, or a table made by hand in another form."_L1,
         "Look at what it is (\\d in psql) and use the fitting command."_L1, false},
        {"42611"_L1, Any, "A column cannot be defined like this."_L1, ""_L1, "Correct the definition."_L1,
         false},
        {"42601"_L1, Any, "The SQL has a syntax error."_L1,
         "Besides slips: a % that was doubled, a template that was not filled, or syntax of a newer PostgreSQL."_L1,
         "Correct the statement in the revision; the server's words name the place."_L1, false},
        {"42P18"_L1, Any, "The type of a value is not known."_L1, ""_L1,
         "Cast it, for example NULL::text."_L1, false},
        {"42P21"_L1, Any, "Two collations do not go together."_L1, ""_L1,
         "Write COLLATE in the expression."_L1, false},
        {"42803"_L1, Any, "A column is neither grouped nor aggregated."_L1, ""_L1, "Correct the query."_L1,
         false},
        {"42"_L1, Any, "The statement is not possible in this schema."_L1, ""_L1,
         "Compare the schema with the revision; the server's own words say what it stops at."_L1, false},
        {"55P04"_L1, Any, "A new value of an enum is used in the transaction that added it."_L1,
         "PostgreSQL allows that only after the commit."_L1,
         "Put ALTER TYPE ADD VALUE into `with op.get_context().autocommit_block():` or a revision of its "
         "own, and use "
         "the value in a later one."_L1,
         false},
        {"55006"_L1, PendingEvents,
         "[%name|The table] has changes whose deferred triggers or constraints are still to run."_L1,
         "The revision changed rows and then the table itself, in one transaction."_L1,
         "Execute SET CONSTRAINTS ALL IMMEDIATE between the two, or put them into two revisions."_L1, false},
        {"55006"_L1, OwnSession, "[%name|The table] is in use by the revision itself."_L1,
         "A query whose rows are still being read (a server-side cursor, a result not closed) is open on it."_L1,
         "Read all rows, or close the result, before changing the table."_L1, false},
        {"55006"_L1, Any, "[%name|The object] is in use by other sessions."_L1, ""_L1,
         "Wait until they have ended, then try again."_L1, true},
        {"55000"_L1, Any, "[%name|The object] is not in the state that this needs."_L1,
         "For example: a materialized view that was never filled, a sequence not used yet, logical decoding "
         "switched "
         "off."_L1,
         "The server's own words and its hint say what to do before."_L1, false},
        {"55P02"_L1, Any, "A setting cannot be changed now."_L1, "It is read only when the server starts."_L1,
         "Change it in the server's configuration and restart the server."_L1, false},
        {"55"_L1, Any, "The object is not in the state that this needs."_L1, ""_L1,
         "The server's own words say what to do before."_L1, false},
    };
}

} // namespace

QList<ServerError> schemaErrors()
{
    return names() + rules();
}

} // namespace stepwell
