// SPDX-License-Identifier: MIT
#include "app/cli/runreport.h"

#include "app/cli/checkresults.h"
#include "migrations/journal/journalexport.h"
#include "migrations/run/errortranslation.h"
#include "migrations/run/runoutcome.h"

#include <QJsonArray>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonArray stepsToJson(const QList<JournalStep> &steps)
{
    QJsonArray array;
    for (const JournalStep &step : steps)
        array += QJsonObject{{u"revision"_s, step.revision.text()},
                             {u"state"_s, stepStateName(step.state)},
                             {u"duration_ms"_s, static_cast<qint64>(step.duration.count())},
                             {u"error"_s, step.error.isEmpty() ? QJsonValue() : QJsonValue(step.error)}};
    return array;
}

QJsonValue offendingToJson(const std::optional<OffendingRows> &offending)
{
    if (!offending)
        return {};
    return QJsonObject{{u"query"_s, offending->sql},
                       {u"rows"_s, offending->rows.size()},
                       {u"more"_s, offending->more},
                       {u"note"_s, offending->note}};
}

void printError(QTextStream &out, const RunReport &report)
{
    const Error &error = *report.error;
    if (!report.summary.contains(error.message))
        out << error.message << u'\n';
    if (!error.sqlState.isEmpty())
        out << u"SQLSTATE "_s << error.sqlState << u'\n';
    if (!error.statement.isEmpty())
        out << u"in: "_s << error.statement << u'\n';
    const ErrorMeaning meaning = meaningOf(error);
    if (!meaning.what.isEmpty())
        out << meaning.what << u'\n';
    if (!error.hint.isEmpty() && !std::ranges::contains(report.next, error.hint, &NextStep::text))
        out << error.hint << u'\n';
    if (!error.detail.isEmpty() && error.detail != error.message)
        out << u'\n' << error.detail.trimmed() << u"\n\n"_s;
}

QString cellText(const QString &cell)
{
    const QString line = cell.simplified();
    return line.size() > 60 ? QString(line.left(59) + u'…') : line;
}

void printOffending(QTextStream &out, const OffendingRows &offending)
{
    if (!offending.note.isEmpty())
        out << offending.note << u'\n';
    if (!offending.rows.isEmpty()) {
        QList<QStringList> rows{offending.columns};
        for (const QStringList &row : offending.rows) {
            QStringList cells;
            for (const QString &cell : row)
                cells += cellText(cell);
            rows += cells;
        }
        out << u"The rows that are in the way:\n"_s << table(rows);
        if (offending.more)
            out << u"… and more.\n"_s;
    }
    if (!offending.sql.isEmpty())
        out << u"Found with: "_s << offending.sql << u'\n';
}

void printAfter(QTextStream &out, const JournalAfter &after)
{
    out << (after.ok ? u"ok      "_s : u"TROUBLE "_s) << after.what << u": "_s << after.text << u'\n';
    for (const QString &line : after.lines)
        out << u"        | "_s << line << u'\n';
}

void printText(QTextStream &out, const RunReport &report)
{
    out << report.summary << (report.journalId > 0 ? u"  (run %1)\n"_s.arg(report.journalId) : u"\n"_s);
    if (report.error)
        printError(out, report);
    if (report.offending)
        printOffending(out, *report.offending);
    for (const QString &left : report.leftBehind)
        out << u"stays in the database: "_s << left << u'\n';
    for (const CheckFix &repair : report.repairs)
        out << toText(repair);
    if (report.backup)
        out << u"Backup: "_s << report.backup->file << u'\n';
    for (const JournalAfter &after : report.after)
        printAfter(out, after);
    for (const NextStep &next : report.next)
        out << u"- "_s << next.text << u'\n';
    out.flush();
}

} // namespace

QJsonObject toJson(const BackupRecord &backup)
{
    return {{u"file"_s, backup.file},
            {u"size"_s, backup.size},
            {u"sha256"_s, backup.sha256},
            {u"tool"_s, backup.toolVersion}};
}

QJsonObject toJson(const RunReport &report)
{
    QJsonArray next;
    QJsonArray actions;
    for (const NextStep &step : report.next) {
        next += step.text;
        actions += nextStepName(step.action);
    }
    QJsonArray repairs;
    for (const CheckFix &repair : report.repairs)
        repairs += toJson(repair);
    return {{u"run"_s, report.journalId},
            {u"outcome"_s, outcomeName(report.outcome)},
            {u"current"_s, report.rowsKnown ? QJsonValue(toJson(report.rows)) : QJsonValue()},
            {u"summary"_s, report.summary},
            {u"next"_s, next},
            {u"next_actions"_s, actions},
            {u"left_behind"_s, QJsonArray::fromStringList(report.leftBehind)},
            {u"repairs"_s, repairs},
            {u"offending"_s, offendingToJson(report.offending)},
            {u"after"_s, stepwell::toJson(report.after)},
            {u"backup"_s, report.backup ? QJsonValue(toJson(*report.backup)) : QJsonValue()},
            {u"steps"_s, stepsToJson(report.steps)},
            {u"error"_s, report.error ? QJsonValue(toJson(*report.error)) : QJsonValue()}};
}

int printReport(FileContext &context, const RunReport &report, const QJsonObject &also)
{
    const int code = exitCode(report);
    if (context.options.json) {
        QJsonObject object = toJson(report);
        for (auto it = also.begin(); it != also.end(); ++it)
            object.insert(it.key(), it.value());
        context.print(object);
        return code;
    }
    // Where standard error is for machines, people read the other.
    const bool toOut = code == 0 || context.progressMode() == ProgressMode::Json;
    printText(toOut ? *context.streams.out : *context.streams.err, report);
    return code;
}

} // namespace stepwell::cli
