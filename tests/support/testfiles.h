// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace stepwell {

/// Writes a file, with its folders. What fails here ends the program.
void writeFile(const QString &path, const QString &text);
void writeFile(const QString &path, const QByteArray &bytes);
[[nodiscard]] QByteArray readFile(const QString &path);

} // namespace stepwell
