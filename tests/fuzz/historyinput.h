// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"
#include "migrations/alembic/revision.h"

namespace stepwell::fuzzing {

/// What fuzz_history makes of its bytes. The form is text, so that a find can be read and a seed written;
/// any bytes mean something, and a character without meaning is skipped. A line is
///
///   a revision: the first is `aaaa1`, the second `bbbb2` …; its letters are its parents, `+c` is a
///   depends_on,
///       `#p` the branch label `lp`, `!` gives it the id of the line before. An empty line is a base;
///   `=` and letters: these are the version rows from here on, as a table may hold them; `=?` is an unknown
///   one;
///   `>` and a target: an upgrade from these rows, after which the rows are those it ends with;
///   `<` and a target: the same down.
///
/// In a target a capital letter stands for the id of that revision: `>B+1`, `<lp@-1`, `>heads`.
struct HistoryInput {
    struct Question {
        bool setsRows = false;
        RevisionIds rows; ///< if it sets them
        Direction direction = Direction::Upgrade;
        QString target;
    };
    QList<Revision> revisions;
    QList<Question> questions;
};

[[nodiscard]] HistoryInput readHistory(QByteArrayView input);

} // namespace stepwell::fuzzing
