// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QString>

namespace stepwell {

/// A table, index, view, type … as written in the SQL, quotes and case folding resolved.
struct RelationName {
    QString schema; ///< empty if none is written
    QString name;

    [[nodiscard]] bool isEmpty() const { return name.isEmpty(); }
    /// "sessions" or "billing.invoices", for people.
    [[nodiscard]] QString text() const
    {
        return schema.isEmpty() ? name : QString(schema + QLatin1Char('.') + name);
    }
    auto operator<=>(const RelationName &) const = default;
    bool operator==(const RelationName &) const = default;
    friend size_t qHash(const RelationName &relation, size_t seed = 0)
    {
        return qHashMulti(seed, relation.schema, relation.name);
    }
};

} // namespace stepwell
