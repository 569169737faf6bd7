// SPDX-License-Identifier: MIT
#include "migrations/journal/journaljson.h"

#include "migrations/sql/passwordliteral.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QJsonArray toJson(const RevisionIds &ids)
{
    return QJsonArray::fromStringList(toTexts(ids));
}

RevisionIds toIds(const QJsonValue &value)
{
    RevisionIds ids;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &id : array)
        ids += RevisionId(id.toString());
    return ids;
}

QString toText(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODateWithMs) : QString();
}

QDateTime toTime(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs).toUTC();
}

std::chrono::milliseconds toDuration(const QJsonValue &value)
{
    return std::chrono::milliseconds(value.toInteger());
}

template<typename Enum, size_t count>
Enum fromName(const QString &name, const std::array<Enum, count> &all, QString (*nameOf)(Enum),
              Enum otherwise)
{
    for (const Enum candidate : all) {
        if (nameOf(candidate) == name)
            return candidate;
    }
    return otherwise;
}

constexpr std::array outcomes{
    Outcome::Running,           Outcome::Done,      Outcome::Stopped, Outcome::FailedRolledBack,
    Outcome::FailedWithChanges, Outcome::Cancelled, Outcome::Refused, Outcome::Unknown};
constexpr std::array kinds{RunKind::Upgrade, RunKind::Downgrade, RunKind::Backup, RunKind::Stamp};
constexpr std::array policies{TransactionPolicy::Revision, TransactionPolicy::Project,
                              TransactionPolicy::All};
constexpr std::array states{StepState::Waiting, StepState::Running,    StepState::Done,
                            StepState::Failed,  StepState::RolledBack, StepState::Unknown};

constexpr qsizetype longestStatement = 2'000; ///< characters
constexpr qsizetype mostStatements = 500;     ///< of a step
constexpr qsizetype mostLines = 20;           ///< of what was done afterwards

/// As long as it may be, with a mark if it was cut; half a surrogate pair is none.
QString shortened(const QString &text)
{
    if (text.size() <= longestStatement)
        return text;
    QString start = text.first(longestStatement - 1);
    if (start.back().isHighSurrogate())
        start.chop(1);
    return QString(start + u'…');
}

QString keptStatement(const QString &sql)
{
    return holdsPassword(sql) ? u"(statement with a password, not kept)"_s : shortened(sql);
}

/// A syntax error of the server quotes the statement.
QString keptError(const QString &text)
{
    return holdsPassword(text) ? u"(text with a password, not kept)"_s : text;
}

void applyBegin(JournalEntry &entry, const QJsonObject &content)
{
    entry.uid = content["uid"_L1].toString();
    entry.transactions = fromName(content["transactions"_L1].toString(), policies, transactionPolicyName,
                                  TransactionPolicy::Revision);
    entry.kind = fromName(content["kind"_L1].toString(), kinds, runKindName, RunKind::Upgrade);
    entry.target = {content["environment"_L1].toString(), content["component"_L1].toString()};
    entry.workspace = content["workspace"_L1].toString();
    entry.databaseText = content["database"_L1].toString();
    entry.who = content["who"_L1].toString();
    entry.asked = content["asked"_L1].toString();
    entry.started = toTime(content["started"_L1]);
    entry.from = toIds(content["from"_L1]);
    entry.planned = toIds(content["planned"_L1]);
    entry.note = content["note"_L1].toString();
    entry.processId = content["process"_L1].toInteger();
    entry.emergency = content["emergency"_L1].toBool();
    entry.outcome = Outcome::Running;
    const QJsonArray steps = content["steps"_L1].toArray();
    for (const QJsonValue &step : steps) {
        entry.steps += JournalStep{.revision = RevisionId(step["revision"_L1].toString()),
                                   .message = step["message"_L1].toString(),
                                   .fileHash = step["hash"_L1].toString(),
                                   .from = toIds(step["from"_L1]),
                                   .to = toIds(step["to"_L1])};
    }
}

void applyStep(JournalEntry &entry, const QDateTime &time, const QJsonObject &content)
{
    const qint64 index = content["index"_L1].toInteger(-1);
    if (index < 0 || index >= entry.steps.size())
        return;
    JournalStep &step = entry.steps[index];
    step.state = fromName(content["state"_L1].toString(), states, stepStateName, StepState::Unknown);
    step.duration = toDuration(content["duration"_L1]);
    step.error = content["error"_L1].toString();
    if (step.state == StepState::Running)
        step.started = time;
    step.statements.clear();
    for (const QJsonValue &value : content["statements"_L1].toArray())
        step.statements += JournalStatement{.text = value["text"_L1].toString(),
                                            .duration = toDuration(value["duration"_L1]),
                                            .rows = value["rows"_L1].toInteger(-1),
                                            .ok = value["ok"_L1].toBool(true)};
    step.statementCount = content["statement_count"_L1].toInteger(step.statements.size());
}

void applyReview(JournalEntry &entry, const QJsonObject &content)
{
    const QJsonArray steps = content["steps"_L1].toArray();
    for (qsizetype i = 0; i < std::min(steps.size(), entry.steps.size()); ++i) {
        JournalSignOff signOff{.sqlHash = steps.at(i)["sql"_L1].toString()};
        for (const QJsonValue &reviewer : steps.at(i)["approved_by"_L1].toArray())
            signOff.approvedBy += reviewer.toString();
        for (const QJsonValue &accepted : steps.at(i)["accepted"_L1].toArray())
            signOff.accepted += JournalAcceptance{.finding = accepted["finding"_L1].toString(),
                                                  .reason = accepted["reason"_L1].toString(),
                                                  .by = accepted["by"_L1].toString()};
        entry.steps[i].signOff = signOff;
    }
}

void applyBackup(JournalEntry &entry, const QJsonObject &content)
{
    entry.backup = BackupRecord{.file = content["file"_L1].toString(),
                                .size = content["size"_L1].toInteger(),
                                .sha256 = content["sha256"_L1].toString(),
                                .toolVersion = content["tool"_L1].toString(),
                                .finished = toTime(content["finished"_L1]),
                                .dumpDuration = toDuration(content["dump"_L1]),
                                .verifyDuration = toDuration(content["verify"_L1])};
}

void applyAfter(JournalEntry &entry, const QJsonObject &content)
{
    entry.after.clear();
    for (const QJsonValue &value : content["after"_L1].toArray()) {
        JournalAfter one{.kind = value["kind"_L1].toString() == u"log"_s ? JournalAfter::Log
                                                                         : JournalAfter::Restart,
                         .what = value["what"_L1].toString(),
                         .ok = value["ok"_L1].toBool(),
                         .text = value["text"_L1].toString(),
                         .duration = toDuration(value["duration"_L1])};
        for (const QJsonValue &line : value["lines"_L1].toArray())
            one.lines += line.toString();
        entry.after += one;
    }
}

} // namespace

QJsonObject beginToJson(const JournalEntry &entry)
{
    QJsonArray steps;
    for (const JournalStep &step : entry.steps) {
        steps += QJsonObject{{u"revision"_s, step.revision.text()},
                             {u"message"_s, step.message},
                             {u"hash"_s, step.fileHash},
                             {u"from"_s, toJson(step.from)},
                             {u"to"_s, toJson(step.to)}};
    }
    return {{u"uid"_s, entry.uid},
            {u"kind"_s, runKindName(entry.kind)},
            {u"environment"_s, entry.target.environment},
            {u"component"_s, entry.target.component},
            {u"workspace"_s, entry.workspace},
            {u"database"_s, entry.databaseText},
            {u"who"_s, entry.who},
            {u"asked"_s, entry.asked},
            {u"started"_s, toText(entry.started)},
            {u"from"_s, toJson(entry.from)},
            {u"planned"_s, toJson(entry.planned)},
            {u"note"_s, entry.note},
            {u"process"_s, entry.processId},
            {u"emergency"_s, entry.emergency},
            {u"transactions"_s, transactionPolicyName(entry.transactions)},
            {u"steps"_s, steps}};
}

QJsonObject reviewToJson(const QList<JournalSignOff> &steps)
{
    QJsonArray all;
    for (const JournalSignOff &step : steps) {
        QJsonArray accepted;
        for (const JournalAcceptance &one : step.accepted)
            accepted +=
                QJsonObject{{u"finding"_s, one.finding}, {u"reason"_s, one.reason}, {u"by"_s, one.by}};
        all += QJsonObject{{u"approved_by"_s, QJsonArray::fromStringList(step.approvedBy)},
                           {u"accepted"_s, accepted},
                           {u"sql"_s, step.sqlHash}};
    }
    return {{u"steps"_s, all}};
}

QJsonObject backupToJson(const BackupRecord &backup)
{
    return {{u"file"_s, backup.file},
            {u"size"_s, backup.size},
            {u"sha256"_s, backup.sha256},
            {u"tool"_s, backup.toolVersion},
            {u"finished"_s, toText(backup.finished)},
            {u"dump"_s, qint64(backup.dumpDuration.count())},
            {u"verify"_s, qint64(backup.verifyDuration.count())}};
}

QJsonObject finishToJson(Outcome outcome, const RevisionIds &rows, const QString &message,
                         const QStringList &leftBehind)
{
    QJsonArray left;
    for (const QString &one : leftBehind)
        left += keptStatement(one);
    return {{u"outcome"_s, outcomeName(outcome)},
            {u"to"_s, toJson(rows)},
            {u"message"_s, keptError(message)},
            {u"left_behind"_s, left}};
}

QJsonObject stepToJson(int index, const JournalStep &step)
{
    QJsonArray statements;
    for (const JournalStatement &statement :
         step.statements.first(qMin(mostStatements, step.statements.size())))
        statements += QJsonObject{{u"text"_s, keptStatement(statement.text)},
                                  {u"duration"_s, qint64(statement.duration.count())},
                                  {u"rows"_s, statement.rows},
                                  {u"ok"_s, statement.ok}};
    return {{u"index"_s, index},
            {u"state"_s, stepStateName(step.state)},
            {u"duration"_s, qint64(step.duration.count())},
            {u"error"_s, keptError(step.error)},
            {u"statements"_s, statements},
            {u"statement_count"_s, qint64(qMax(step.statementCount, step.statements.size()))}};
}

QJsonObject afterToJson(const QList<JournalAfter> &after)
{
    QJsonArray all;
    for (const JournalAfter &one : after)
        all += QJsonObject{{u"kind"_s, one.kind == JournalAfter::Restart ? u"restart"_s : u"log"_s},
                           {u"what"_s, one.what},
                           {u"ok"_s, one.ok},
                           {u"text"_s, one.text},
                           {u"lines"_s, QJsonArray::fromStringList(one.lines.mid(0, mostLines))},
                           {u"duration"_s, qint64(one.duration.count())}};
    return {{u"after"_s, all}};
}

void applyEvent(JournalEntry &entry, const QString &event, const QDateTime &time, const QJsonObject &content)
{
    if (event == u"begin"_s) {
        applyBegin(entry, content);
    } else if (event == u"step"_s) {
        applyStep(entry, time, content);
    } else if (event == u"review"_s) {
        applyReview(entry, content);
    } else if (event == u"backup"_s) {
        applyBackup(entry, content);
    } else if (event == u"finish"_s) {
        entry.outcome = fromName(content["outcome"_L1].toString(), outcomes, outcomeName, Outcome::Unknown);
        entry.to = toIds(content["to"_L1]);
        entry.message = content["message"_L1].toString();
        entry.finished = time;
        entry.leftBehind.clear();
        for (const QJsonValue &left : content["left_behind"_L1].toArray())
            entry.leftBehind += left.toString();
    } else if (event == u"after"_s) {
        applyAfter(entry, content);
    }
}

} // namespace stepwell
