// SPDX-License-Identifier: MIT
#include "migrations/database/servererrortables.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QList<ServerError> brokenRules()
{
    using enum ErrorCase;
    return {
        {"23503"_L1, AddsRule,
         "Rows of [%table|the table] refer to rows that do not exist, so the foreign key[ %constraint|] "
         "cannot be "
         "added."_L1,
         "Without the constraint nothing kept the rows they referred to from being deleted."_L1,
         "Delete or mend those rows first. To guard new rows at once, add the constraint NOT VALID and "
         "validate it "
         "in a later revision."_L1,
         false},
        {"23503"_L1, RemovesParent,
         "Rows of [%table|another table] still refer to the rows that are deleted or changed[ (foreign key "
         "%constraint)|]."_L1,
         ""_L1,
         "Delete or change the rows that refer to them first, or have the key do it (ON DELETE CASCADE or SET NULL)."_L1,
         false},
        {"23503"_L1, Any,
         "A row that was written to [%table|a table] refers to a row that does not exist[ (foreign key "
         "%constraint)|]."_L1,
         "The revision's data relies on rows that this database does not have."_L1,
         "Insert the row it refers to first, or make the revision skip such rows."_L1, false},
        {"23505"_L1, AddsRule,
         "[%table|The table] holds rows with the same key, so [%constraint|the unique index] cannot be built."_L1,
         "Nothing forbade duplicates until now."_L1,
         "Delete or merge the duplicates first, in a revision before this one."_L1, false},
        {"23505"_L1, Any, "A row with this key is in [%table|the table] already[ (%constraint)|]."_L1,
         "The row was written by an earlier revision, by hand or by the application; or a sequence is behind "
         "its "
         "table."_L1,
         "Make the revision skip rows that are there (ON CONFLICT DO NOTHING), or set the sequence to the "
         "highest "
         "value."_L1,
         false},
        {"23502"_L1, AddsRule,
         "[Column %column of %table|A column] is empty in rows that are there, so it cannot become NOT NULL."_L1,
         "Either the column is new and has no default, or rows were written without a value."_L1,
         "Fill the column first, or give a new column a default."_L1, false},
        {"23502"_L1, Any,
         "A row was to be written without a value for [%column of %table|a column], which is NOT NULL[ in "
         "the domain "
         "%type|]."_L1,
         "The column has no default, or the revision sets it to NULL."_L1,
         "Give the column a value in the revision's statement."_L1, false},
        {"23514"_L1, NoPartition, "A row fits into no partition of [%table|the table]."_L1, ""_L1,
         "Create the partition, or a default partition, before the rows are written."_L1, false},
        {"23514"_L1, PartitionBound,
         "Rows[ of %table|] are outside the bounds of a partition, or belong into a new one."_L1,
         "A table that is attached holds rows out of its bounds, or the default partition holds rows of the "
         "new "
         "one."_L1,
         "Move those rows first."_L1, false},
        {"23514"_L1, AddsRule,
         "Rows of [%table|the table] break the check[ %constraint|][ of the domain %type|], so it cannot be "
         "added."_L1,
         "Nothing forbade such rows until now."_L1,
         "Mend the rows first. To guard new rows at once, add the constraint NOT VALID and validate it in a "
         "later "
         "revision."_L1,
         false},
        {"23514"_L1, Any,
         "A row that was written [to %table |]breaks the check[ %constraint|][ of the domain %type|]."_L1,
         ""_L1, "Change the value that the revision writes, or the check."_L1, false},
        {"23P01"_L1, AddsRule,
         "Rows of [%table|the table] exclude each other, so the constraint[ %constraint|] cannot be added."_L1,
         "Nothing forbade overlapping rows until now."_L1, "Mend or delete one row of each pair first."_L1,
         false},
        {"23P01"_L1, Any,
         "A row that was written [to %table |]excludes one that is there[ (constraint %constraint)|]."_L1,
         ""_L1, "Change the row that the revision writes, or the one that is there."_L1, false},
        {"23001"_L1, Any,
         "Rows of [%table|another table] still refer to the rows that are deleted or changed."_L1,
         "The foreign key is ON DELETE or ON UPDATE RESTRICT."_L1,
         "Delete or change the rows that refer to them first."_L1, false},
        {"23"_L1, Any, "Rows[ of %table|] break a rule of the schema."_L1, ""_L1,
         "Correct the data, or the revision, then try again."_L1, false},
        {"27"_L1, Any, "A trigger changed rows that the statement was about to change."_L1, ""_L1,
         "Look at the table's BEFORE triggers."_L1, false},
        {"44"_L1, Any, "A row does not belong into the view that it is written through."_L1,
         "The view has WITH CHECK OPTION."_L1, "Write to the table itself, or change the row."_L1, false},
    };
}

QList<ServerError> badValues()
{
    using enum ErrorCase;
    return {
        {"22001"_L1, Any, "A text is longer than its column allows."_L1,
         "The column was made shorter than texts that are in it, or the revision writes a longer one."_L1,
         "Find the long texts and shorten them first, or choose a wider type."_L1, false},
        {"22003"_L1, Any, "A number is out of the range of its type."_L1,
         "The column's new type is smaller than numbers in it, or a sequence or sum grew past the type."_L1,
         "Choose a wider type (bigint, numeric), or mend the numbers first."_L1, false},
        {"22004"_L1, Any, "A value is NULL where none may be."_L1, ""_L1,
         "Look for the NULL in the data or in the call that the server names."_L1, false},
        {"22007"_L1, Any, "A text is no date or time."_L1,
         "A column of text is made a date, and rows hold something else."_L1,
         "Find those rows and mend them first; USING can turn them into NULL."_L1, false},
        {"22008"_L1, Any, "A date or time is out of range."_L1,
         "Day and month may be the other way round: see DateStyle."_L1,
         "Find the rows and mend them, or set DateStyle in the revision."_L1, false},
        {"22012"_L1, Any, "Something was divided by zero."_L1, ""_L1,
         "Guard the divisor with NULLIF(divisor, 0) in the revision."_L1, false},
        {"22021"_L1, Any, "A text holds bytes that are not of the database's encoding."_L1, ""_L1,
         "See client_encoding and where the text comes from."_L1, false},
        {"22023"_L1, Any, "A value makes no sense where it is used."_L1, ""_L1,
         "The server's own words name the setting or argument; correct the revision."_L1, false},
        {"22030"_L1, Any, "A JSON object has a key twice."_L1, ""_L1, "Find the rows and mend them first."_L1,
         false},
        {"22032"_L1, Any, "A text is no valid JSON."_L1, ""_L1, "Find the rows and mend them first."_L1,
         false},
        {"22P02"_L1, Any, "A text cannot be read as a value of its type."_L1,
         "A column of text is made a number, a uuid or an enum, and rows hold something else."_L1,
         "Find those rows and mend them first, or convert them in USING."_L1, false},
        {"22P05"_L1, Any, "A character does not exist in the other encoding."_L1, ""_L1,
         "See client_encoding and the database's encoding."_L1, false},
        {"22"_L1, Any, "A value does not fit."_L1, ""_L1,
         "Find the rows it comes from and mend them first, or correct the revision."_L1, false},
        {"21000"_L1, Any,
         "A subquery gave several rows where one is possible, or a row was to be changed twice."_L1, ""_L1,
         "Make the subquery's condition, or the source of ON CONFLICT DO UPDATE, unique."_L1, false},
        {"21"_L1, Any, "A query gave another number of rows than is possible."_L1, ""_L1,
         "Correct the query."_L1, false},
    };
}

} // namespace

QList<ServerError> dataErrors()
{
    return brokenRules() + badValues();
}

} // namespace stepwell
