// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QString>

#include <functional>

class QWidget;

namespace stepwell {

/// What a save dialog asks for.
struct SaveQuestion {
    QString title;
    QString filter; ///< "SQL files (*.sql)"
    QString suffix; ///< "sql"
    QString name;   ///< proposed; may be empty
};

/// Asks where to, without blocking, and lets `write` do it; `ended` gets the file and the result. Main
/// thread.
void chooseAndSave(QWidget *parent, const SaveQuestion &question,
                   const std::function<Result<void>(const QString &file)> &write,
                   const std::function<void(const QString &file, const Result<void> &written)> &ended);

/// Errors: FileError.
[[nodiscard]] Result<void> saveText(const QString &file, const QString &text);

} // namespace stepwell
