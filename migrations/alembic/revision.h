// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/revisionid.h"

#include <QDateTime>

namespace stepwell {

/// What the source of a downgrade() says about the way back, read without running it.
enum class WayBack {
    Yes,          ///< downgrade() has a body
    Empty,        ///< only `pass` or a docstring: the rows move, the schema does not
    Irreversible, ///< it raises, or there is no downgrade()
};

/// One revision file, as read. Links are by id; the graph is in RevisionMap.
struct Revision {
    RevisionId id;
    RevisionIds downRevisions; ///< as written; empty is a base, several is a merge point
    QStringList dependsOn;     ///< as written: full ids or branch labels
    QStringList branchLabels;  ///< own labels only
    QString message;           ///< first paragraph of the docstring, on one line
    QString longMessage;       ///< the whole docstring, stripped
    QDateTime created;         ///< "Create Date:" of the docstring; invalid if absent
    QString file;              ///< absolute path
    WayBack wayBack = WayBack::Yes;
    bool losesData = false;      ///< downgrade() drops a table or column, or deletes rows
    bool hasAutocommit = false;  ///< upgrade() or downgrade() opens an autocommit block
    bool usesConnection = false; ///< op.get_bind(), reflection: may not render offline

    bool operator==(const Revision &) const = default;
};

} // namespace stepwell
