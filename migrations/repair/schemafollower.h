// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/renderedsql.h"
#include "migrations/sql/catalogue.h"

namespace stepwell {

/// Follows the SQL of revisions, one after the other, on a schema that begins empty: what is there in the
/// end, which revision made it, and what is not certain as something happened out of sight.
class SchemaFollower
{
public:
    explicit SchemaFollower(const QString &schema);

    /// `source`: the revision's file, for one that could not be rendered.
    void follow(const RenderedSql &rendered, const QString &source);

    [[nodiscard]] const Catalogue &catalogue() const { return m_catalogue; }
    [[nodiscard]] const RevisionIds &unreadable() const { return m_unreadable; }
    /// Relations that are there now, in the order of their names.
    [[nodiscard]] QList<RelationName> relations() const;
    /// The revision that made a part of a relation: a column, constraint, enum value; empty: the relation.
    [[nodiscard]] RevisionId makerOf(const RelationName &relation, const QString &part = {}) const;
    /// The one that gave a column its type or its NOT NULL.
    [[nodiscard]] RevisionId changerOf(const RelationName &relation, const QString &column) const;
    /// The one that took it away; null if none did.
    [[nodiscard]] RevisionId dropperOf(const RelationName &relation, const QString &part = {}) const;
    [[nodiscard]] bool isUncertain(const RelationName &relation) const;
    /// Names that something out of sight may have made or taken away, whether they are known or not.
    [[nodiscard]] bool mayHaveTouched(const RelationName &relation) const;
    /// Two names that one type had, one after the other.
    [[nodiscard]] bool isSameType(const QString &left, const QString &right) const;

private:
    struct Part {
        RelationName relation;
        QString name;

        bool operator==(const Part &) const = default;
        friend size_t qHash(const Part &part, size_t seed = 0)
        {
            return qHashMulti(seed, part.relation, part.name);
        }
    };

    void followAction(const Action &action, const RevisionId &revision);
    void renamed(const Action &action, const RevisionId &revision);
    /// `namesAll`: what it worked on is named in its text.
    void happenedOutOfSight(const QString &text, bool namesAll);
    [[nodiscard]] RelationName key(const RelationName &name) const { return m_catalogue.qualified(name); }

    Catalogue m_catalogue;
    RevisionIds m_unreadable;
    QSet<QString> m_schemas;
    QHash<Part, RevisionId> m_makers;
    QHash<Part, RevisionId> m_changers; ///< of a column's type and NOT NULL
    QHash<Part, RevisionId> m_droppers;
    QSet<RelationName> m_uncertain;
    QSet<QString> m_words;          ///< of all that happened out of sight
    bool m_touchedAnything = false; ///< also what it does not name
    QList<QSet<QString>> m_typeNames;
};

} // namespace stepwell
