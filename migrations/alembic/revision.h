// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/revisionid.h"

#include <QDateTime>

namespace stepwell {

/// What the source of a downgrade() says about the way back, read without running it.
enum class WayBack {
    Yes,          ///< downgrade() does something, or there is nothing to undo
    Empty,        ///< only `pass` or a docstring, though upgrade() does something: the schema stays
    Irreversible, ///< it raises in the end, whatever it does before, or there is no downgrade()
};

/// Lines of a file, 1 for the first; both are 0 if there are none.
struct LineSpan {
    int first = 0;
    int last = 0;

    bool operator==(const LineSpan &) const = default;
};

/// How much of a revision file is read.
enum class ReadDepth {
    Header, ///< what the graph is made of, message and date
    Facts,  ///< also what upgrade() and downgrade() do
};

/// One revision file, as read. Links are by id; the graph is in RevisionMap.
///
/// losesData is true if upgrade() drops a table or column, deletes rows or overwrites rows, as
/// downgrade() cannot bring those back, or if downgrade() deletes rows, truncates, or drops a table
/// or column that the same revision did not create, or overwrites rows of a column that it does not
/// bring back. An UPDATE that only fills what IS NULL overwrites nothing. Dropping what the revision itself
/// created loses only what was written since and does not count; nor does an UPDATE that fills a column the
/// same upgrade() adds. Read from the tokens of both functions and of the file's functions they call; names
/// and SQL put together at run time stay unseen.
struct Revision {
    RevisionId id;
    RevisionIds downRevisions; ///< as written; empty is a base, several is a merge point
    QStringList dependsOn;     ///< as written: full ids or branch labels
    QStringList branchLabels;  ///< own labels only
    QString message;           ///< first paragraph of the docstring, on one line
    QString longMessage;       ///< the whole docstring, stripped
    QDateTime created;         ///< "Create Date:" of the docstring; invalid if absent
    QString file;              ///< absolute path
    bool askedPython = false;  ///< a header value is computed: the project's own Python told it

    // Set with ReadDepth::Facts only.
    LineSpan upgradeLines; ///< from `def` to the end of the body
    LineSpan downgradeLines;
    WayBack wayBack = WayBack::Yes;
    bool losesData = false;      ///< data from before the upgrade is gone after upgrade and downgrade
    bool hasAutocommit = false;  ///< upgrade() or downgrade() opens an autocommit block
    bool usesConnection = false; ///< op.get_bind(), reflection: may not render offline
    int autocommitLine = 0;      ///< of the first autocommit block of upgrade(), else of downgrade(); 0: none
    bool autocommitIsFirst = true; ///< nothing that may change the database comes before it in its function
    int connectionLine = 0;        ///< of the first use of the connection; 0: none
    bool changesData = false;      ///< upgrade() inserts, updates or deletes rows
    QStringList executed;          ///< op.execute() texts of upgrade() that stand in the file as literals

    bool operator==(const Revision &) const = default;
};

} // namespace stepwell
