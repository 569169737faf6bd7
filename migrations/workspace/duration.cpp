// SPDX-License-Identifier: MIT
#include "migrations/workspace/duration.h"

#include <QRegularExpression>

#include <limits>

namespace stepwell {

using namespace Qt::StringLiterals;

std::optional<std::chrono::milliseconds> parseDuration(const QString &text)
{
    static const QRegularExpression pattern(u"^\\s*(\\d{1,9})\\s*(ms|s|min|h)?\\s*$"_s);
    const auto match = pattern.match(text);
    const qint64 value = match.captured(1).toLongLong();
    const QString unit = match.captured(2);
    if (!match.hasMatch() || (unit.isEmpty() && value != 0))
        return {};
    const qint64 factor = unit == u"h"_s ? 3'600'000 : unit == u"min"_s ? 60'000 : unit == u"s"_s ? 1000 : 1;
    if (value > std::numeric_limits<qint32>::max() / factor)
        return {};
    return std::chrono::milliseconds(value * factor);
}

} // namespace stepwell
