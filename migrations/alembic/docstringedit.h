// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/literaltext.h"
#include "migrations/python/pythontokens.h"

#include <QDateTime>
#include <QStringList>

#include <utility>

namespace stepwell {

/// What the docstring's lines are to say: before and after.
struct DocstringChange {
    std::optional<std::pair<QString, QString>> revision;     ///< "Revision ID:"
    std::optional<std::pair<QStringList, QStringList>> down; ///< "Revises:"
    std::optional<QDateTime> created;                        ///< "Create Date:"
};

struct DocstringEdit {
    QList<SourceEdit> edits; ///< none: the docstring has none of the lines
    QString text;            ///< of the whole docstring, as Python has it before it removes the margin
};

/// begin to end: the tokens of its string literals. A line that does not say what is so before is changed
/// only if it looks like identifiers. Errors: Unsupported, if the literal cannot hold the new text.
[[nodiscard]] Result<DocstringEdit> editDocstring(const PythonTokens &tokens, size_t begin, size_t end,
                                                  const DocstringChange &change, const SourceText &source);

/// The date in the form that another one is written in: with or without seconds, fraction and zone.
[[nodiscard]] QString writeCreateDate(const QDateTime &created, const QString &formLike);

} // namespace stepwell
