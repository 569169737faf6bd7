// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QList>
#include <QMap>
#include <QStringList>

namespace stepwell {

/// The table [tool.alembic] of a pyproject.toml, which Alembic reads since 1.16. Texts go through Python's
/// `%` formatting with nothing but `here` set, when they are read. A plain value.
class PyProject
{
public:
    /// What an option is; lists and tables hold their values as items, those of tables with a name.
    struct Value {
        enum class Kind { Text, Number, Boolean, List, Table, Other };
        Kind kind = Kind::Other;
        QString name;
        QString text; ///< of a text, a whole number, "true" or "false"
        QList<Value> items;
        int line = 0;
    };

    /// Errors: FileError (unreadable), InvalidConfig (no TOML, or [tool.alembic] is no table; message names
    /// file and line).
    [[nodiscard]] static Result<PyProject> read(const QString &file);
    /// Parses text as if it were the contents of file (an absolute path, used for `here`).
    [[nodiscard]] static Result<PyProject> parse(const QByteArray &text, const QString &file);

    [[nodiscard]] const QString &file() const { return m_file; }
    /// False if there is no [tool.alembic], as in most files of this name.
    [[nodiscard]] bool hasTable() const { return m_hasTable; }
    [[nodiscard]] QStringList options() const { return m_values.keys(); }
    [[nodiscard]] bool has(const QString &option) const { return m_values.contains(option); }
    /// Kind Other, line 0 if there is none.
    [[nodiscard]] Value value(const QString &option) const { return m_values.value(option); }

    /// Text, formatted. Null if there is no such option; InvalidConfig for anything but a text.
    [[nodiscard]] Result<QString> text(const QString &option) const;
    /// False if there is no such option; InvalidConfig for anything but true and false.
    [[nodiscard]] Result<bool> boolean(const QString &option) const;
    /// The texts of a list, formatted. Empty if there is no such option; InvalidConfig for anything but a
    /// list of texts.
    [[nodiscard]] Result<QStringList> list(const QString &option) const;
    /// The values of tables in a list (`[[tool.alembic.x]]`), formatted. InvalidConfig for anything else.
    [[nodiscard]] Result<QList<QMap<QString, QString>>> tables(const QString &option) const;

    /// "FILE, line N: 'option' WHAT", for values that are no use to the caller.
    [[nodiscard]] std::unexpected<Error> invalid(const QString &option, const QString &what,
                                                 const QString &hint) const;

private:
    [[nodiscard]] Result<QString> formatted(const QString &option, const Value &value) const;

    QString m_file;
    QString m_here;
    bool m_hasTable = false;
    QMap<QString, Value> m_values;
};

} // namespace stepwell
