// SPDX-License-Identifier: MIT
#pragma once

#include <QRegularExpression>
#include <QStringList>

namespace stepwell {

/// Finds the lines of a log that tell of trouble. A traceback is one trouble: its first line, or the line
/// that announced it, with its last.
class LogTrouble
{
public:
    /// `pattern`: Component::logErrors; empty, or no regular expression: the usual words.
    explicit LogTrouble(const QString &pattern = {});

    [[nodiscard]] bool tells(const QString &line) const;
    void add(const QString &line);
    /// A traceback that stopped short counts as well.
    void finish();

    [[nodiscard]] qsizetype count() const { return m_count; }
    [[nodiscard]] const QStringList &lines() const { return m_lines; } ///< the first 20

private:
    void tellTrouble();

    QRegularExpression m_pattern;
    bool m_usual = true;
    qsizetype m_count = 0;
    QStringList m_lines;
    // A trouble that what follows may still explain.
    QString m_head;          ///< empty: none
    QString m_last;          ///< of its traceback
    qsizetype m_column = -1; ///< where its traceback began in the line, -1: none goes on
    qsizetype m_prefix = 0;  ///< what its writer puts before each line of it, in characters
    bool m_joins = false;    ///< a traceback that follows now belongs to it
};

/// As a line is kept and shown: at most 4,000 characters.
[[nodiscard]] QString shownLine(const QString &line);

} // namespace stepwell
