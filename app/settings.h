// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QStringList>

namespace stepwell {

enum class ThemeChoice { System, Light, Dark };

/// What the window remembers between two starts. Read once at the start and written when something
/// changes; never read while painting. Holds no secret and nothing of a database.
class Settings
{
public:
    [[nodiscard]] static QStringList recentWorkspaces(); ///< newest first; folders that are gone are left out
    static void addRecentWorkspace(const QString &directory);
    [[nodiscard]] static ThemeChoice theme();
    static void setTheme(ThemeChoice choice);
    [[nodiscard]] static QByteArray value(const QString &key); ///< geometry, splitters
    static void setValue(const QString &key, const QByteArray &value);
};

} // namespace stepwell
