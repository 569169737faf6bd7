// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmap.h"

#include <QJsonObject>

namespace stepwell {

/// Histories, questions and answers as plan_oracle.py writes and reads them.
[[nodiscard]] QList<Revision> revisionsOf(const QJsonObject &history);
[[nodiscard]] QJsonObject historyJson(const QList<Revision> &revisions);
[[nodiscard]] QStringList textsOf(const QJsonValue &list);

/// The question in words.
[[nodiscard]] QString questionText(const QJsonObject &question);
/// What Alembic answered, as one text.
[[nodiscard]] QString alembicAnswer(const QJsonObject &question);
/// What this code answers, as the same kind of text. Rows are compared exactly, the kinds of their
/// changes in any order: which row of a merge Alembic updates is chance.
[[nodiscard]] QString ownAnswer(const RevisionMap &map, const QJsonObject &question);

} // namespace stepwell
