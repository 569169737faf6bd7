// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/aftersteps.h"

namespace stepwell {

/// Reads what is added to a log, through its rotation: renamed and made again, or truncated in place. One
/// thread.
class LogTail
{
public:
    explicit LogTail(const LogPlace &place);
    ~LogTail();
    LogTail(const LogTail &) = delete;
    LogTail &operator=(const LogTail &) = delete;

    using LineHandler = std::function<void(const QString &line)>;
    /// Tells the complete lines that were added, without colours, invalid UTF-8 as U+FFFD, and returns true
    /// if there is more to read at once: a burst is read in pieces.
    [[nodiscard]] bool read(const LineHandler &onLine);
    /// A last line without its line end.
    void finish(const LineHandler &onLine);

    [[nodiscard]] bool found() const { return m_found; }    ///< the file was there at least once
    [[nodiscard]] QString fault() const { return m_fault; } ///< why it cannot be read; empty: it can

private:
    [[nodiscard]] bool openCurrent();
    void openRotated(const LogPlace &place);
    void close();
    void feed(const QByteArray &bytes, const LineHandler &onLine);
    void tell(const LineHandler &onLine);

    QString m_file;
    int m_descriptor = -1;
    quint64 m_inode = 0;
    qint64 m_offset = 0;
    qint64 m_start = 0;       ///< where to begin in the file of m_startInode
    quint64 m_startInode = 0; ///< 0: no such file then
    bool m_isOld = false;     ///< what is open was renamed away
    bool m_found = false;
    QString m_fault;
    QByteArray m_line;
    bool m_lineCut = false; ///< the rest up to its end is left out
};

} // namespace stepwell
