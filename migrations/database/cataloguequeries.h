// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace stepwell::cataloguequeries {

// Each names its columns in the order in which cataloguereader.cpp reads them. Arrays come as JSON text. None
// asks the server to look names up, so none needs rights on a schema.

/// Search path (JSON), TimeZone.
QString session();
/// oid, schema, name, relkind, rows, is default partition, parent's oid (partition or first inherited).
QString relations();
/// Some of what the server tells it tells only after it opened the relation, and so waits behind ACCESS
/// EXCLUSIVE. Each query about that has a second form that waits for nobody and tells less.
enum class Waits { Yes, No };

/// oid, bytes; without waiting from the pages that VACUUM or ANALYZE counted last.
QString sizes(Waits waits);
/// table's oid, name, type's schema, type's name, type modifier, is array, not null, default, identity,
/// generated, volatility of functions in the default that are not PostgreSQL's own ("", i, s, v).
/// Without waiting a default is "…".
QString columns(Waits waits);
/// table's oid or 0, domain's oid or 0, name, contype, is validated, referenced table's oid, columns (JSON),
/// referenced columns (JSON), confdeltype, is deferrable, definition of a CHECK (without waiting: empty).
QString constraints(Waits waits);
/// index's oid, table's oid, is unique and not partial, is valid, columns (JSON).
QString indexes();
/// view's oid, relation's oid, column's name or empty.
QString views();
/// sequence's oid, table's oid, column's name.
QString ownedSequences();
/// table's oid, schema and name of a function or sequence that a trigger, default, check or index uses, or of
/// the type that it is a table OF.
QString uses();
/// oid, schema, name, typtype, base type's schema, name, modifier, is array, not null, enum labels (JSON).
QString types();

} // namespace stepwell::cataloguequeries
