// SPDX-License-Identifier: MIT
#include "migrations/run/logtrouble.h"

#include "migrations/run/aftersteps.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype linesKept = 20;
constexpr qsizetype shownLength = 4000;
constexpr auto tracebackHead = "Traceback (most recent call last)"_L1;

/// Loggers write levels in capitals; "0 errors" and error_count=0 are no level. Nor is "0 ERROR" or ERROR=0.
const QRegularExpression &usualWords()
{
    static const QRegularExpression words(
        u"(?<!\\b0 )\\b(?:ERROR|CRITICAL|FATAL|PANIC|Traceback|Exception)\\b(?!\\s*[=:]\\s*0\\b)"
        // Of web servers: [error], [crit] …
        "|\\[(?:error|crit|alert|emerg|fatal|panic)\\]"_s);
    return words;
}

/// The level that a structured line states: logfmt's level=error, JSON's "level": "error" or pino's 50.
const QRegularExpression &statedLevel()
{
    static const QRegularExpression level(
        u"(?:^|[\\s,{])\"?(?:level|lvl|severity|levelname|log\\.level|log_level|loglevel)\"?\\s*[=:]\\s*"
        "\"?([A-Za-z]+|[1-6]0\\b)"_s,
        QRegularExpression::CaseInsensitiveOption);
    return level;
}

bool isBadLevel(const QString &level)
{
    static const QStringList bad{u"error"_s, u"err"_s,   u"critical"_s,  u"crit"_s, u"fatal"_s, u"panic"_s,
                                 u"alert"_s, u"emerg"_s, u"emergency"_s, u"50"_s,   u"60"_s};
    return bad.contains(level.toLower());
}

} // namespace

QString shownLine(const QString &line)
{
    return line.size() <= shownLength ? line : QString(line.left(shownLength) + u'…');
}

LogTrouble::LogTrouble(const QString &pattern) : m_pattern(pattern)
{
    m_usual = pattern.isEmpty() || !m_pattern.isValid();
}

bool LogTrouble::tells(const QString &line) const
{
    if (!m_usual)
        return m_pattern.match(line).hasMatch();
    // A line that states its level means it: "level=info msg=\"no ERROR\"" is none.
    const QRegularExpressionMatch level = statedLevel().match(line);
    if (level.hasMatch())
        return isBadLevel(level.captured(1)) || line.contains(tracebackHead);
    return usualWords().match(line).hasMatch();
}

void LogTrouble::add(const QString &line)
{
    if (m_column >= 0) {
        const QString rest = line.mid(m_column);
        if (rest.isEmpty() || rest.at(0).isSpace()) // its own lines are indented
            return;
        m_last = rest.trimmed();
        m_column = -1;
        m_joins = false;
        return;
    }
    if (QStringView(line).sliced(std::min(m_prefix, line.size())).trimmed().isEmpty())
        return;
    if (!m_head.isEmpty() && (line.contains("During handling of the above exception"_L1) ||
                              line.contains("The above exception was the direct cause"_L1))) {
        m_joins = true;
        return;
    }
    const qsizetype traceback = line.indexOf(tracebackHead);
    const bool trouble = tells(line);
    const bool joins = traceback >= 0 && trouble && m_joins;
    if (!joins)
        tellTrouble();
    if (!trouble)
        return;
    if (!joins)
        m_head = line;
    m_column = traceback;
    m_prefix = std::max<qsizetype>(traceback, 0);
    m_joins = true;
}

void LogTrouble::finish()
{
    tellTrouble();
}

void LogTrouble::tellTrouble()
{
    m_column = -1;
    m_prefix = 0;
    m_joins = false;
    const QString head = std::exchange(m_head, {}).trimmed();
    const QString last = std::exchange(m_last, {});
    if (head.isEmpty())
        return;
    ++m_count;
    if (m_lines.size() < linesKept)
        m_lines += shownLine(last.isEmpty() ? head : QString(shownLine(head) + u" … "_s + last));
}

bool tellsOfTrouble(const QString &line, const QString &pattern)
{
    return LogTrouble(pattern).tells(line);
}

} // namespace stepwell
