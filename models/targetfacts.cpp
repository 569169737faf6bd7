// SPDX-License-Identifier: MIT
#include "models/targetfacts.h"

#include "models/reviewtext.h"
#include "models/revisionlistmodel.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(stepwell::Fact)
};

QString revisionsText(qsizetype count)
{
    return count == 1 ? Words::tr("1 revision") : Words::tr("%1 revisions").arg(count);
}

Fact idsFact(const QString &name, const QString &label, const RevisionIds &ids, const QString &ifNone)
{
    if (ids.isEmpty())
        return {name, label, ifNone, Tone::Neutral, false, {}};
    if (ids.size() == 1)
        return {name, label, ids.first().text(), Tone::Neutral, true, {}};
    const QString count =
        name == u"head"_s ? Words::tr("%1 heads").arg(ids.size()) : revisionsText(ids.size());
    return {name, label, count, Tone::Special, false, toText(ids)};
}

Fact pendingFact(const TargetStatus &status, const QHash<RevisionId, StepReview> &reviews)
{
    Fact fact{u"pending"_s, Words::tr("Pending"), Words::tr("none"), Tone::Neutral, false, {}};
    const bool strange =
        status.state == TargetState::UnknownRevision || status.state == TargetState::Elsewhere;
    if (!status.database || strange)
        fact.text = Words::tr("not known");
    else if (!status.pending.isEmpty())
        fact.text = revisionsText(status.pending.size());
    if (!status.database || strange || status.pending.isEmpty())
        return fact;
    int statements = 0;
    int unseen = 0;
    for (const RevisionId &id : status.pending) {
        const auto found = reviews.constFind(id);
        if (found == reviews.constEnd() || !found->sql.problem.isEmpty())
            ++unseen;
        else
            statements += found->sql.statements;
    }
    if (unseen == status.pending.size())
        return fact;
    fact.text = Words::tr("%1 · %2").arg(fact.text, unseen > 0 ? Words::tr("%1+ statements").arg(statements)
                                                               : ReviewText::statements(statements));
    if (unseen > 0) {
        fact.tip = Words::tr("The SQL of %1 is not known.").arg(revisionsText(unseen));
    }
    return fact;
}

/// What the pending revisions do at their worst; nothing if none of them was looked at.
std::optional<Fact> riskFact(const TargetStatus &status, const QHash<RevisionId, StepReview> &reviews)
{
    QList<StepReview> steps;
    QStringList tips;
    for (const RevisionId &id : status.pending) {
        const auto found = reviews.constFind(id);
        if (found == reviews.constEnd())
            continue;
        steps += *found;
        tips += Words::tr("%1: %2", "revision, its findings").arg(id.text(), ReviewText::risk(*found).text);
    }
    if (steps.isEmpty())
        return {};
    const Chip risk = ReviewText::highestRisk(steps);
    const QString text = risk.tone == Tone::Neutral ? risk.text : QString(u"● "_s + risk.text);
    return Fact{u"risk"_s, Words::tr("Highest risk"), text, risk.tone, false, tips.join(u'\n')};
}

/// What one step down from here would mean, the worst of all current rows.
Fact wayBackFact(const TargetStatus &status)
{
    Fact fact{
        u"way-back"_s, Words::tr("Way back"), Words::tr("nothing to roll back"), Tone::Neutral, false, {}};
    if (!status.database || !status.scripts) {
        fact.text = Words::tr("not known");
        return fact;
    }
    for (const RevisionId &id : status.current) {
        const Revision *revision = status.scripts->map.find(id);
        if (!revision) {
            fact.text = Words::tr("not known: no file");
            fact.tone = Tone::Bad;
        } else if (revision->wayBack == WayBack::Irreversible) {
            fact.text = Words::tr("irreversible, restore a backup");
            fact.tone = Tone::Bad;
        } else if (fact.tone == Tone::Bad) {
            continue;
        } else if (revision->losesData) {
            fact.text = Words::tr("yes, loses data");
            fact.tone = Tone::Attention;
        } else if (fact.tone == Tone::Neutral) {
            fact.text =
                revision->wayBack == WayBack::Empty ? Words::tr("empty: the schema stays") : Words::tr("yes");
        }
    }
    return fact;
}

Fact backupFact(const std::optional<BackupRecord> &backup, const QDateTime &now)
{
    Fact fact{u"backup"_s, Words::tr("Last backup"), Words::tr("none"), Tone::Neutral, false, {}};
    if (backup) {
        fact.text = Words::tr("%1 · verified").arg(agoText(backup->finished, now));
        fact.tip = Words::tr("%1, %2").arg(backup->file, QLocale().formattedDataSize(backup->size));
    }
    return fact;
}

Fact runFact(const std::optional<JournalEntry> &run, const QDateTime &now)
{
    Fact fact{u"run"_s, Words::tr("Last run"), Words::tr("none"), Tone::Neutral, false, {}};
    if (!run)
        return fact;
    const QString arrow = run->kind == RunKind::Downgrade ? u"▼ "_s
                          : run->kind == RunKind::Upgrade ? u"▲ "_s
                                                          : u""_s;
    switch (run->outcome) {
    case Outcome::Done:
        fact.text = revisionsText(run->steps.size());
        break;
    case Outcome::Running:
        fact.text = Words::tr("running");
        break;
    case Outcome::Stopped:
        fact.text = Words::tr("stopped");
        break;
    case Outcome::Cancelled:
        fact.text = Words::tr("cancelled");
        break;
    case Outcome::Refused:
        fact.text = Words::tr("refused");
        break;
    case Outcome::FailedRolledBack:
        fact.text = Words::tr("failed");
        fact.tone = Tone::Bad;
        break;
    case Outcome::FailedWithChanges:
        fact.text = Words::tr("failed with changes left");
        fact.tone = Tone::Bad;
        break;
    case Outcome::Unknown:
        fact.text = Words::tr("outcome unknown");
        fact.tone = Tone::Bad;
        break;
    }
    fact.text = Words::tr("%1%2, %3", "arrow, what, when").arg(arrow, fact.text, agoText(run->started, now));
    fact.tip = run->message;
    return fact;
}

} // namespace

QString agoText(const QDateTime &when, const QDateTime &now)
{
    const qint64 minutes = when.secsTo(now) / 60;
    if (minutes < 1)
        return Words::tr("just now");
    if (minutes < 90)
        return Words::tr("%1 min ago").arg(minutes);
    if (minutes < 36 * 60)
        return Words::tr("%1 h ago").arg((minutes + 30) / 60);
    return Words::tr("%1 days ago").arg((minutes + 12 * 60) / (24 * 60));
}

QList<Fact> factsOf(const TargetStatus &status, const std::optional<JournalEntry> &lastRun,
                    const std::optional<BackupRecord> &lastBackup, const QDateTime &now,
                    const QHash<RevisionId, StepReview> &reviews)
{
    const QString noCurrent = status.database ? Words::tr("no revision") : Words::tr("not known");
    return {idsFact(u"current"_s, Words::tr("Current revision"), status.current, noCurrent),
            idsFact(u"head"_s, Words::tr("Head revision"), status.heads, Words::tr("none")),
            pendingFact(status, reviews),
            riskFact(status, reviews).value_or(wayBackFact(status)),
            backupFact(lastBackup, now),
            runFact(lastRun, now)};
}

QString connectionLine(const TargetStatus &status)
{
    QStringList parts{status.connection.displayText()};
    if (status.database) {
        const bool local = status.connection.host.isEmpty() || status.connection.host.startsWith(u'/');
        if (!status.database->tls.isEmpty())
            parts.append(status.database->tls);
        else if (!local)
            parts.append(Words::tr("no TLS"));
        parts.append(Words::tr("PostgreSQL %1").arg(status.database->serverVersionText));
    }
    // With its folder: an environment may follow another checkout.
    if (status.scripts) {
        const QFileInfo ini(status.scripts->config.file);
        parts.append(QString(ini.dir().dirName() + u'/' + ini.fileName()));
    }
    parts.removeAll(QString());
    return parts.join(u" · "_s);
}

} // namespace stepwell
