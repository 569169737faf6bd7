// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QStringList>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <toml++/toml.h>
#include <utility>
#include <vector>

namespace stepwell {

/// Takes typed values out of a TOML table and notes what is wrong with them, each with file and line.
/// After the first error all further values are the fallbacks; look at error() when all is read.
class TomlReader
{
public:
    explicit TomlReader(QString file) : m_file(std::move(file)) {}

    /// The sub-table, or nullptr if there is none.
    const toml::table *table(const toml::table &parent, std::string_view key);
    /// The entries of a table of tables in the order of the file, which toml++ does not keep.
    std::vector<std::pair<QString, const toml::table *>> tables(const toml::table &parent,
                                                                std::string_view key);
    /// The tables in a list: [{…}, {…}] or [[key]].
    std::vector<const toml::table *> listOfTables(const toml::table &table, std::string_view key);
    QString text(const toml::table &table, std::string_view key, const QString &fallback = {});
    QStringList list(const toml::table &table, std::string_view key);
    qint64 number(const toml::table &table, std::string_view key, qint64 fallback, qint64 least, qint64 most);
    /// "500ms", "5s", "2min", "1h" or "0".
    std::chrono::milliseconds duration(const toml::table &table, std::string_view key,
                                       std::chrono::milliseconds fallback);
    /// The position of a text in a list of words.
    qsizetype word(const toml::table &table, std::string_view key, const QStringList &words,
                   qsizetype fallback);
    /// Warns of keys that are not among the known ones, with the nearest of those.
    void checkKeys(const toml::table &table, const QString &where, const QStringList &known);

    void fail(const toml::node &node, const QString &expected, const QString &found,
              const QString &hint = {});
    void fail(qint64 line, const QString &expected, const QString &found, const QString &hint = {});
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    [[nodiscard]] const QStringList &warnings() const { return m_warnings; }

private:
    QString m_file;
    QStringList m_warnings;
    std::optional<Error> m_error;
};

/// The word with the fewest changed letters, or empty if none is near.
[[nodiscard]] QString nearestWord(const QString &text, const QStringList &words);

} // namespace stepwell
