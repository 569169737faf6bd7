// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"

#include <QHash>

#include <functional>

namespace stepwell {

/// A review of several revisions, as it is attached to a ticket.
struct ReviewDocument {
    QString target;      ///< "production/manager"
    QString environment; ///< server and database, for people; may be empty
    QDateTime written;
    QList<StepReview> reviews;
    QHash<RevisionId, QString> messages;
};

/// SQL as HTML lines, escaped; as many lines as the SQL has.
using SqlToHtml = std::function<QStringList(const QString &sql)>;

/// One HTML page that needs nothing else: every revision with its SQL, locks, findings and sign-off. All text
/// of the project is escaped. Prints well, and is plain enough for QTextDocument. `highlight` may colour the
/// SQL; without it the SQL is plain.
[[nodiscard]] QString reviewHtml(const ReviewDocument &document, const SqlToHtml &highlight = {});

} // namespace stepwell
