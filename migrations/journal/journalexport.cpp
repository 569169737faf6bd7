// SPDX-License-Identifier: MIT
#include "migrations/journal/journalexport.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString iso(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODate) : QString();
}

QJsonArray toJson(const RevisionIds &ids)
{
    return QJsonArray::fromStringList(toTexts(ids));
}

QJsonArray toJson(const QList<JournalAcceptance> &accepted)
{
    QJsonArray array;
    for (const JournalAcceptance &one : accepted)
        array += QJsonObject{{u"finding"_s, one.finding}, {u"reason"_s, one.reason}, {u"by"_s, one.by}};
    return array;
}

QJsonArray toJson(const QList<JournalStatement> &statements)
{
    QJsonArray array;
    for (const JournalStatement &one : statements)
        array += QJsonObject{{u"sql"_s, one.text},
                             {u"duration_ms"_s, qint64(one.duration.count())},
                             {u"rows"_s, one.rows < 0 ? QJsonValue() : QJsonValue(one.rows)},
                             {u"ok"_s, one.ok}};
    return array;
}

QJsonObject toJson(const JournalStep &step, bool withStatements)
{
    QJsonObject object{{u"revision"_s, step.revision.text()},
                       {u"message"_s, step.message},
                       {u"sha256"_s, step.fileHash},
                       {u"from"_s, toJson(step.from)},
                       {u"to"_s, toJson(step.to)},
                       {u"state"_s, stepStateName(step.state)},
                       {u"started"_s, iso(step.started)},
                       {u"duration_ms"_s, qint64(step.duration.count())},
                       {u"error"_s, step.error},
                       {u"approved_by"_s, QJsonArray::fromStringList(step.signOff.approvedBy)},
                       {u"accepted"_s, toJson(step.signOff.accepted)},
                       {u"statement_count"_s, qint64(step.statementCount)}};
    if (withStatements)
        object.insert(u"statements"_s, toJson(step.statements));
    return object;
}

QJsonValue toJson(const std::optional<BackupRecord> &backup)
{
    if (!backup)
        return {};
    return QJsonObject{{u"file"_s, backup->file}, {u"size"_s, backup->size}, {u"sha256"_s, backup->sha256}};
}

/// RFC 4180, every cell in quotes. A spreadsheet takes a cell for a formula by its first character; the
/// apostrophe makes it text. Full-width forms count, as some turn them into the plain ones.
QString cell(const QString &text)
{
    static const QString formula = u"=+-@\t\r\n＝＋－＠"_s;
    const QString shown = text.trimmed();
    const bool isFormula = (!text.isEmpty() && formula.contains(text.at(0))) ||
                           (!shown.isEmpty() && formula.contains(shown.at(0)));
    QString quoted = isFormula ? QString(u'\'' + text) : text;
    quoted.replace(u'"', u"\"\""_s);
    return QString(u'"' + quoted + u'"');
}

QString line(const QStringList &texts)
{
    QStringList cells;
    for (const QString &text : texts)
        cells += cell(text);
    return QString(cells.join(u',') + u"\r\n");
}

QString yesOrNo(bool value)
{
    return value ? u"yes"_s : u"no"_s;
}

QStringList approvers(const JournalEntry &entry)
{
    QStringList names;
    for (const JournalStep &step : entry.steps)
        names += step.signOff.approvedBy;
    names.removeDuplicates();
    return names;
}

QStringList cellsOf(const JournalEntry &entry)
{
    QStringList revisions;
    QStringList after;
    qsizetype statements = 0;
    for (const JournalStep &step : entry.steps) {
        revisions += QString(step.revision.text() + u' ' + stepStateName(step.state));
        statements += step.statementCount;
    }
    for (const JournalAfter &one : entry.after)
        after += QString(one.what + u": " + one.text);
    return {entry.id > 0 ? QString::number(entry.id) : QString(),
            entry.uid,
            iso(entry.started),
            iso(entry.finished),
            runKindName(entry.kind),
            entry.target.environment,
            entry.target.component,
            entry.databaseText,
            entry.who,
            entry.asked,
            toTexts(entry.from).join(u' '),
            toTexts(entry.planned).join(u' '),
            entry.rowsKnown() ? toTexts(entry.to).join(u' ') : QString(),
            outcomeName(entry.outcome),
            entry.message,
            entry.note,
            yesOrNo(entry.emergency),
            transactionPolicyName(entry.transactions),
            entry.backup ? entry.backup->file : QString(),
            entry.backup ? entry.backup->sha256 : QString(),
            revisions.join(u'\n'),
            QString::number(statements),
            approvers(entry).join(u'\n'),
            entry.leftBehind.join(u'\n'),
            after.join(u'\n')};
}

} // namespace

QJsonArray toJson(const QList<JournalAfter> &after)
{
    QJsonArray array;
    for (const JournalAfter &one : after)
        array += QJsonObject{{u"kind"_s, one.kind == JournalAfter::Restart ? u"restart"_s : u"log"_s},
                             {u"what"_s, one.what},
                             {u"ok"_s, one.ok},
                             {u"text"_s, one.text},
                             {u"lines"_s, QJsonArray::fromStringList(one.lines)},
                             {u"duration_ms"_s, qint64(one.duration.count())}};
    return array;
}

QJsonObject toJson(const JournalEntry &entry, bool withStatements)
{
    QJsonArray steps;
    for (const JournalStep &step : entry.steps)
        steps += toJson(step, withStatements);
    return {{u"id"_s, entry.id > 0 ? QJsonValue(entry.id) : QJsonValue()},
            {u"uid"_s, entry.uid},
            {u"kind"_s, runKindName(entry.kind)},
            {u"environment"_s, entry.target.environment},
            {u"component"_s, entry.target.component},
            {u"database"_s, entry.databaseText},
            {u"who"_s, entry.who},
            {u"asked"_s, entry.asked},
            {u"started"_s, iso(entry.started)},
            {u"finished"_s, iso(entry.finished)},
            {u"from"_s, toJson(entry.from)},
            {u"planned"_s, toJson(entry.planned)},
            {u"to"_s, entry.rowsKnown() ? QJsonValue(toJson(entry.to)) : QJsonValue()},
            {u"outcome"_s, outcomeName(entry.outcome)},
            {u"message"_s, entry.message},
            {u"note"_s, entry.note},
            {u"emergency"_s, entry.emergency},
            {u"transactions"_s, transactionPolicyName(entry.transactions)},
            {u"backup"_s, toJson(entry.backup)},
            {u"left_behind"_s, QJsonArray::fromStringList(entry.leftBehind)},
            {u"after"_s, toJson(entry.after)},
            {u"steps"_s, steps}};
}

QByteArray journalJson(const QList<JournalEntry> &entries)
{
    QJsonArray runs;
    for (const JournalEntry &entry : entries)
        runs += toJson(entry);
    const QJsonObject whole{{u"version"_s, 1}, {u"runs"_s, runs}};
    return QJsonDocument(whole).toJson(QJsonDocument::Compact) + '\n';
}

QByteArray journalCsv(const QList<JournalEntry> &entries)
{
    QString csv =
        line({u"id"_s,          u"uid"_s,        u"started"_s,      u"finished"_s,    u"kind"_s,
              u"environment"_s, u"component"_s,  u"database"_s,     u"who"_s,         u"asked"_s,
              u"from"_s,        u"planned"_s,    u"to"_s,           u"outcome"_s,     u"message"_s,
              u"note"_s,        u"emergency"_s,  u"transactions"_s, u"backup"_s,      u"backup_sha256"_s,
              u"revisions"_s,   u"statements"_s, u"approved_by"_s,  u"left_behind"_s, u"after"_s});
    for (const JournalEntry &entry : entries)
        csv += line(cellsOf(entry));
    return csv.toUtf8();
}

} // namespace stepwell
