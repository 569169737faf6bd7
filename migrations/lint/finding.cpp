// SPDX-License-Identifier: MIT
#include "migrations/lint/finding.h"

#include <array>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

struct SeverityWords {
    Severity severity;
    QLatin1StringView name;
    QLatin1StringView text;
};

constexpr std::array severities{
    SeverityWords{Severity::Advice, "advice"_L1, "advice"_L1},
    SeverityWords{Severity::BreaksClients, "breaks-clients"_L1, "breaks clients"_L1},
    SeverityWords{Severity::LosesData, "loses-data"_L1, "loses data"_L1},
    SeverityWords{Severity::MayFail, "may-fail"_L1, "may fail"_L1},
    SeverityWords{Severity::BlocksWrites, "blocks-writes"_L1, "blocks writes"_L1},
    SeverityWords{Severity::BlocksReads, "blocks-reads"_L1, "blocks reads and writes"_L1},
};

} // namespace

QString severityName(Severity severity)
{
    return severities.at(static_cast<size_t>(severity)).name;
}

QString severityText(Severity severity)
{
    return severities.at(static_cast<size_t>(severity)).text;
}

std::optional<Severity> severityOf(const QString &name)
{
    for (const SeverityWords &words : severities) {
        if (words.name == name)
            return words.severity;
    }
    return std::nullopt;
}

QString findingKey(const Finding &finding)
{
    return finding.rule + u'@' + finding.relation.text();
}

} // namespace stepwell
