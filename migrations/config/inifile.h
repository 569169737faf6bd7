// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QHash>
#include <QMap>
#include <QStringList>

namespace stepwell {

/// An ini file with the rules of Python's ConfigParser (strict, BasicInterpolation), which is what
/// Alembic reads: option names are lower-cased, `[DEFAULT]` shows through every section, `%(name)s`
/// and `%%` are replaced when a value is read, indented lines continue a value, and only whole
/// lines are comments. A plain value.
class IniFile
{
public:
    /// Errors: FileError (unreadable), InvalidConfig (message names file and line).
    [[nodiscard]] static Result<IniFile> read(const QString &file);
    /// Parses text as if it were the contents of file (an absolute path, used for `here`).
    [[nodiscard]] static Result<IniFile> parse(const QString &text, const QString &file);

    [[nodiscard]] const QString &file() const { return m_file; }
    [[nodiscard]] QStringList sections() const; ///< in file order, without DEFAULT
    [[nodiscard]] bool hasSection(const QString &section) const { return m_sections.contains(section); }
    /// Names of the section's own options and of DEFAULT's.
    [[nodiscard]] QStringList options(const QString &section) const;
    [[nodiscard]] bool has(const QString &section, const QString &option) const;
    /// The value as written, or null if there is none.
    [[nodiscard]] QString raw(const QString &section, const QString &option) const;
    /// The value with `%` replaced; null if there is no such option. A bad `%` is an error only
    /// here, when its own value is read: InvalidConfig.
    [[nodiscard]] Result<QString> value(const QString &section, const QString &option) const;
    /// 1 for the first line; 0 if there is no such option.
    [[nodiscard]] int line(const QString &section, const QString &option) const;

private:
    friend class IniReader;
    struct Option {
        QString text;
        int line = 0;
    };
    using Options = QMap<QString, Option>;

    [[nodiscard]] const Option *find(const QString &section, const QString &option) const;
    /// A value on its way: whose it is, what it is so far, and how many references it took.
    struct Expansion {
        QString section;
        QString option;
        QString result;
        int references = 0;
    };
    [[nodiscard]] Result<void> expand(Expansion &to, const QString &text, int depth) const;

    QString m_file;
    Options m_defaults;
    QHash<QString, Options> m_sections;
    QStringList m_order;
};

} // namespace stepwell
