// SPDX-License-Identifier: MIT
#include "app/cli/moment.h"

#include <QRegularExpression>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

/// Nothing for other texts, and for more than a thousand years.
std::optional<std::chrono::minutes> parseAgo(const QString &text)
{
    static const QRegularExpression form(u"^([0-9]{1,9})\\s*(min|h|d|w)$"_s);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return {};
    const QString unit = match.captured(2);
    const int minutes = unit == "w"_L1 ? 7 * 24 * 60 : unit == "d"_L1 ? 24 * 60 : unit == "h"_L1 ? 60 : 1;
    const std::chrono::minutes ago(match.captured(1).toLongLong() * minutes);
    return ago < std::chrono::hours(24 * 365'000) ? ago : std::optional<std::chrono::minutes>();
}

QDateTime parseTime(const QString &text, DayEnd dayEnd)
{
    if (const QDate day = QDate::fromString(text, Qt::ISODate); day.isValid() && text.size() == 10)
        return dayEnd == DayEnd::First ? day.startOfDay() : day.addDays(1).startOfDay().addMSecs(-1);
    static const QRegularExpression form(
        u"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:?[0-9]{2})?$"_s);
    return form.match(text).hasMatch() ? QDateTime::fromString(QString(text).replace(u' ', u'T'), Qt::ISODate)
                                       : QDateTime();
}

} // namespace

Result<QDateTime> parseMoment(const QString &option, const QString &text, DayEnd dayEnd, const QDateTime &now)
{
    if (const auto ago = parseAgo(text))
        return now.addDuration(-*ago);
    const QDateTime time = parseTime(text, dayEnd);
    if (!time.isValid())
        return failure(
            ErrorKind::Usage, u"%1 cannot be \"%2\"."_s.arg(option, text),
            u"Write a date (2026-11-22), a time (\"2026-11-22 14:06\"), or how long ago (36h, 7d, 2w)."_s);
    return time;
}

} // namespace stepwell::cli
