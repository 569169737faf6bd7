// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/sql/relationname.h"

#include <QList>

#include <optional>

namespace stepwell {

/// How bad it is, the mildest first; the order of --fail-on.
enum class Severity { Advice, BreaksClients, LosesData, MayFail, BlocksWrites, BlocksReads };

/// "advice", "breaks-clients", "loses-data", "may-fail", "blocks-writes", "blocks-reads".
[[nodiscard]] QString severityName(Severity severity);
[[nodiscard]] std::optional<Severity> severityOf(const QString &name);
/// "blocks writes", for people.
[[nodiscard]] QString severityText(Severity severity);
/// Blocks reads or writes, may fail, or loses data: an environment that asks for sign-off wants it accepted.
[[nodiscard]] constexpr bool isBlocking(Severity severity)
{
    return severity >= Severity::LosesData;
}

/// Somebody knows of a finding and goes on.
struct Acceptance {
    enum Where { File, Workspace, Review };
    Where where = File;
    QString reason; ///< never empty
    QString by;     ///< who, with Review

    bool operator==(const Acceptance &) const = default;
};

/// One piece of advice about one statement (or about the file: statement -1).
struct Finding {
    QString rule; ///< id: "index-not-concurrent"
    Severity severity = Severity::Advice;
    int statement = -1; ///< index into the linted statements
    int line = 0;       ///< of the SQL, from 1; 0 if it is about the file
    int fileLine = 0;   ///< of the revision file, where it is known
    RelationName relation;
    QString title;        ///< "Builds an index while blocking writes"
    QString message;      ///< plain words, with names and sizes
    QString advice;       ///< the safer way in one or two sentences
    QString saferAlembic; ///< Python for the revision file, with this statement's names; may be empty
    QString saferSql;     ///< the same as SQL
    qint64 bytes = -1;    ///< of the relation, if it is known
    bool isSmall = false; ///< below the threshold: `severity` is already lowered to advice
    std::optional<Acceptance> accepted;

    bool operator==(const Finding &) const = default;
};

[[nodiscard]] QString
findingKey(const Finding &finding); ///< rule, relation and statement text-free: "rule@relation"

} // namespace stepwell
