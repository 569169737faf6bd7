// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

namespace stepwell {

/// Alembic's legacy separators: `, *` and runs of spaces, and for prepend_sys_path also `:`. As with
/// Python's split, what is empty between two of them stays, and names the working folder.
[[nodiscard]] QStringList splitLegacy(const QString &text, bool colons);

/// The parts between separators, without blanks around them and without empty ones. Alembic strips them
/// since 1.13.3; in 1.13.2 `a ; b` means folders "a " and " b", which nobody has. A part of blanks alone is
/// an accident there too (the folder " " once, the working folder later): it counts as empty here.
[[nodiscard]] QStringList splitAt(const QString &text, const QString &separator);

/// What `path_separator` means by a name, or null. `newline` is known since 1.13.3.
[[nodiscard]] QString separatorNamed(const QString &name);

/// What Python's int() takes: digits of any script with single underscores between them. It stops at 4,300.
[[nodiscard]] bool isPythonInteger(const QString &text);

} // namespace stepwell
