// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace stepwell {

/// Bytes by key, in files of one folder. Several programs and threads may use the same folder: an entry
/// appears whole or not at all. Only the user can read it, as SQL may hold data. What cannot be read, is
/// damaged or cannot be written is simply not there.
class RenderCache
{
public:
    static constexpr qint64 defaultLimit = 200LL * 1024 * 1024;

    /// Touches nothing. `limit`: bytes of all entries.
    explicit RenderCache(QString folder = defaultFolder(), qint64 limit = defaultLimit);

    /// $XDG_CACHE_HOME/stepwell/rendered.
    [[nodiscard]] static QString defaultFolder();
    [[nodiscard]] const QString &folder() const { return m_folder; }

    /// `key`: a hash, in hex. A hit makes the entry the one used last.
    [[nodiscard]] std::optional<QByteArray> find(const QByteArray &key) const;
    void insert(const QByteArray &key, const QByteArray &data) const;
    /// Removes entries until the limit is kept, those first that were not used for the longest time.
    /// Reads the whole folder.
    void trim() const;

private:
    [[nodiscard]] QString fileOf(const QByteArray &key) const;
    [[nodiscard]] bool makeFolder() const;

    QString m_folder;
    qint64 m_limit;
};

} // namespace stepwell
