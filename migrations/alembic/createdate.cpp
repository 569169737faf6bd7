// SPDX-License-Identifier: MIT
#include "migrations/alembic/createdate.h"

#include <ctime>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// `count` digits at a place that the text has; false if there is anything else.
bool readDigits(QStringView text, qsizetype at, int count, int &value)
{
    value = 0;
    for (const QChar c : text.sliced(at, count)) {
        if (c < u'0' || c > u'9')
            return false;
        value = value * 10 + (c.unicode() - u'0');
    }
    return true;
}

/// QDateTime(date, time), which takes 25 microseconds where the clock never changes, as in UTC: longer than
/// the rest of the file. So the offset is looked up here, unless the clock changes on that day or the next.
QDateTime localDateTime(QDate date, QTime time)
{
    constexpr qint64 day = 86'400'000;
    const auto offset = [](qint64 utc) -> qint64 {
        const auto seconds = static_cast<time_t>(utc / 1000);
        tm local{};
        return localtime_r(&seconds, &local) ? local.tm_gmtoff * 1000LL : 0;
    };
    if (!date.isValid() || !time.isValid() || date.year() < 1971)
        return time.isValid() ? QDateTime(date, time) : QDateTime();
    const qint64 wall =
        (date.toJulianDay() - QDate(1970, 1, 1).toJulianDay()) * day + time.msecsSinceStartOfDay();
    const qint64 before = offset(wall - day);
    if (before == offset(wall + day)) {
        QDateTime result = QDateTime::fromMSecsSinceEpoch(wall - before);
        if (result.date() == date && result.time() == time)
            return result;
    }
    return {date, time};
}

/// "2024-03-01 12:30:05[.123456]", the form that Alembic writes; invalid for all others. QDateTime's own
/// reading of texts is slow.
QDateTime usualDate(QStringView text)
{
    constexpr qsizetype usualSize = 19;
    constexpr qsizetype withFraction = 26;
    if (text.size() != usualSize && text.size() != withFraction)
        return {};
    if (text[4] != u'-' || text[7] != u'-' || text[13] != u':' || text[16] != u':')
        return {};
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int micros = 0;
    if (!readDigits(text, 0, 4, year) || !readDigits(text, 5, 2, month) || !readDigits(text, 8, 2, day) ||
        !readDigits(text, 11, 2, hour) || !readDigits(text, 14, 2, minute) ||
        !readDigits(text, 17, 2, second))
        return {};
    if (text.size() == withFraction &&
        (text[usualSize] != u'.' || !readDigits(text, usualSize + 1, 6, micros)))
        return {};
    const QTime time(hour, minute, second, std::min((micros + 500) / 1000, 999));
    return localDateTime(QDate(year, month, day), time);
}

} // namespace

QDateTime createDate(QStringView docstring)
{
    for (const QStringView line : docstring.tokenize(u'\n')) {
        const QStringView trimmed = line.trimmed();
        if (!trimmed.startsWith("Create Date:"_L1))
            continue;
        const QStringView text = trimmed.sliced(12).trimmed();
        if (text.size() > 10 && (text[10] == u' ' || text[10] == u'T')) {
            if (QDateTime usual = usualDate(text); usual.isValid())
                return usual;
        }
        QString date = text.toString();
        if (date.size() > 10 && date.at(10) == u' ')
            date[10] = u'T';
        return QDateTime::fromString(date, Qt::ISODateWithMs);
    }
    return {};
}

} // namespace stepwell
