// SPDX-License-Identifier: MIT
#include "migrations/preflight/checkcontext.h"

#include "migrations/run/reviewchecks.h"
#include "migrations/workspace/checkpolicy.h"

#include <QFileInfo>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString titleOf(const QString &name)
{
    static const QHash<QString, QString> titles{
        {u"files"_s, u"Revision files"_s},
        {u"connection"_s, u"Connection"_s},
        {u"tls"_s, u"Encryption"_s},
        {u"direct"_s, u"No pooler between"_s},
        {u"primary"_s, u"Accepts changes"_s},
        {u"same-database"_s, u"Same database"_s},
        {u"environment-mark"_s, u"The environment's own database"_s},
        {u"single-head"_s, u"Single head"_s},
        {u"current-known"_s, u"Current revision known"_s},
        {u"way-back"_s, u"Way back"_s},
        {u"git"_s, u"Files in git"_s},
        {u"edited-after-applied"_s, u"Applied files unchanged"_s},
        {u"run-lock"_s, u"Nobody else migrating"_s},
        {u"unfinished-runs"_s, u"Earlier runs ended"_s},
        {u"privileges"_s, u"Privileges"_s},
        {u"long-transactions"_s, u"Long transactions"_s},
        {u"prepared-transactions"_s, u"Prepared transactions"_s},
        {u"dumps"_s, u"Dumps and copies"_s},
        {u"autovacuum"_s, u"Autovacuum"_s},
        {u"invalid-indexes"_s, u"Invalid indexes"_s},
        {u"disk-space"_s, u"Room for rewrites"_s},
        {u"backup-room"_s, u"Room for the backup"_s},
        {u"replication"_s, u"Replication"_s},
        {u"findings"_s, u"Findings accepted"_s},
        {u"approvals"_s, u"Approvals"_s},
    };
    return titles.value(name, name);
}

} // namespace

const DatabaseState *CheckContext::state() const
{
    const Result<DatabaseState> *known = database.wait(stop);
    return known && *known ? &**known : nullptr;
}

const QList<StepReview> *CheckContext::reviews() const
{
    const Result<QList<StepReview>> *known = reviewed.wait(stop);
    return known && *known ? &**known : nullptr;
}

QStringList CheckContext::projectPaths() const
{
    QStringList paths{request.target.config};
    for (const AlembicConfig &config = access.scripts.config;
         const QString &path :
         QStringList{config.iniFile, config.tomlFile, config.scriptLocation} + config.versionLocations) {
        if (!path.isEmpty() && QFileInfo::exists(path))
            paths += path;
    }
    paths.removeDuplicates();
    return paths;
}

CheckResult checkOf(const QString &name, const QString &text)
{
    return {.name = name, .title = titleOf(name), .state = CheckState::Passed, .text = text, .hint = {}};
}

CheckResult warningOf(const QString &name, const QString &text, const QString &hint)
{
    return {.name = name, .title = titleOf(name), .state = CheckState::Warning, .text = text, .hint = hint};
}

CheckResult failureOf(const QString &name, const QString &text, const QString &hint)
{
    return {.name = name, .title = titleOf(name), .state = CheckState::Failed, .text = text, .hint = hint};
}

CheckResult errorOf(const QString &name, const Error &error)
{
    const auto known = std::ranges::find(checkNames(), name, &CheckName::name);
    const bool adjustable = known != checkNames().end() && known->adjustable;
    CheckResult result = failureOf(name, error.message, error.hint);
    if (adjustable)
        result.state = CheckState::Warning;
    result.details = error.detail.split(u'\n', Qt::SkipEmptyParts);
    return result;
}

QString ageText(std::chrono::seconds age)
{
    using namespace std::chrono;
    if (age < 1min)
        return u"%1 s"_s.arg(age.count());
    if (age < 2h)
        return u"%1 min"_s.arg(duration_cast<minutes>(age).count());
    if (age < 48h)
        return u"%1 h"_s.arg(duration_cast<hours>(age).count());
    return u"%1 days"_s.arg(duration_cast<days>(age).count());
}

void worsen(CheckResult &result, CheckState state)
{
    result.state = std::max(result.state, state);
}

} // namespace stepwell
