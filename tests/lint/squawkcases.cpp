// SPDX-License-Identifier: MIT
#include "squawkcases.h"

#include "migrations/lint/rules.h"

#include "linting.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace stepwell {

QList<SquawkCase> squawkCases()
{
    QList<SquawkCase> cases;
    const auto document = QJsonDocument::fromJson(sourceText(u"tests/lint/squawk/cases.json"_s).toUtf8());
    for (const QJsonValue &rule : document.array()) {
        for (const QJsonValue &entry : rule["cases"_L1].toArray()) {
            SquawkCase one{.rule = rule["rule"_L1].toString(),
                           .sql = entry["sql"_L1].toString(),
                           .squawkFires = entry["squawk"_L1].toBool(),
                           .note = entry["note"_L1].toString(),
                           .claimScript = entry["claim"_L1]["script"_L1].toString(),
                           .claimRows = {}};
            for (const QJsonValue &row : entry["claim"_L1]["expect"_L1].toArray())
                one.claimRows.append(row.toString());
            cases.append(one);
        }
    }
    return cases;
}

QStringList rulesKnownAs(const QString &squawkRule)
{
    QStringList ids;
    for (const Rule &rule : allRules()) {
        if (rule.knownAs.contains(u"squawk: "_s + squawkRule))
            ids.append(rule.id);
    }
    return ids;
}

} // namespace stepwell
