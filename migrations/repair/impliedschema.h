// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/rendering.h"
#include "migrations/run/targetaccess.h"
#include "migrations/sql/catalogue.h"

namespace stepwell {

/// One thing in which a database is not as its revisions would have made it.
struct SchemaDifference {
    enum Kind {
        Missing,   ///< the revisions make it, the database has it not
        Extra,     ///< a revision that is not among them makes it, and the database has it
        Different, ///< it is there and is another: a column's type, NOT NULL; an index that is not valid
    };
    Kind kind = Missing;
    QString what;        ///< "table sessions", "column sessions.priority", "index ix_a on sessions"
    RevisionId revision; ///< the one that makes it, as far as it is known
    QString text;        ///< one sentence

    bool operator==(const SchemaDifference &) const = default;
};

/// What can be told of a schema from the revisions' SQL.
struct SchemaComparison {
    QList<SchemaDifference> differences;
    RevisionIds unreadable; ///< their SQL cannot be known without a database, or has statements that do what
                            ///< they do out of sight (DO, functions): what they may change is left out
    int compared = 0;       ///< tables, columns and indexes that were looked for

    bool operator==(const SchemaComparison &) const = default;
};

/// Compares the database with what the revisions at and below `rows` make on an empty one, by the rendered
/// SQL. What none of the component's revisions makes belongs to others and is not looked at. Nothing is run.
/// Of an unreadable revision the names in its file tell what it may have changed; one that looks names up by
/// itself may have changed all that was there before it.
/// Errors: those of renderSteps() that concern all, of planUpgrade() to all heads, and of the catalogue's
/// queries.
[[nodiscard]] Result<SchemaComparison> compareSchema(const TargetAccess &access, const RevisionIds &rows,
                                                     DatabaseSession &session, const RenderOptions &options);
/// The comparing itself, for SQL and a catalogue that are there. Both lists in the order of an upgrade;
/// `sources`: the text of the files of those that could not be rendered.
[[nodiscard]] SchemaComparison compareSchema(const QList<RenderedSql> &applied,
                                             const QList<RenderedSql> &others, const Catalogue &database,
                                             const QHash<RevisionId, QString> &sources = {});

} // namespace stepwell
