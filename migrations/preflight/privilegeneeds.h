// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"

namespace stepwell {

/// What the server asks of a role before it executes a statement.
struct PrivilegeNeed {
    enum Kind {
        Owner,  ///< of a relation or type: a member of its owner's role
        Table,  ///< `privilege` on a relation
        Schema, ///< CREATE on the schema; an empty name is the one that new tables get into
        SchemaOwner,
        Database,  ///< CREATE on the database
        Extension, ///< installed already, or trusted with CREATE on the database, or superuser
        Role,      ///< `privilege`: "CREATEROLE" or "CREATEDB"
    };
    Kind kind = Owner;
    RelationName object;
    QString privilege; ///< "INSERT" …
    QString why;       ///< the command: "ALTER TABLE"

    bool operator==(const PrivilegeNeed &other) const
    {
        return kind == other.kind && object == other.object && privilege == other.privilege;
    }
};

struct PrivilegeNeeds {
    QList<PrivilegeNeed> needs; ///< each once; what the plan itself makes is left out
    QStringList unknown;        ///< "a DO block in bbbb1", each once
};

[[nodiscard]] PrivilegeNeeds privilegeNeeds(const QList<StepReview> &reviews);

} // namespace stepwell
