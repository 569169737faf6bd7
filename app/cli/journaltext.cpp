// SPDX-License-Identifier: MIT
#include "app/cli/journaltext.h"

#include "app/cli/filecontext.h"

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

QString moment(const QDateTime &time)
{
    return time.isValid() ? time.toLocalTime().toString(u"yyyy-MM-dd HH:mm:ss"_s) : u"not ended"_s;
}

QString seconds(std::chrono::milliseconds duration)
{
    return QString::number(double(duration.count()) / 1000.0, 'f', duration.count() < 10'000 ? 3 : 1);
}

/// A log or a statement must not steer the terminal.
QString printable(QString text)
{
    for (QChar &c : text) {
        const bool isControl = c.category() == QChar::Other_Control && c != u'\n' && c != u'\t';
        if (isControl)
            c = QChar::ReplacementCharacter;
    }
    return text;
}

/// Lines of a text, all but the first moved below it.
QString indented(const QString &text, const QString &margin)
{
    return printable(text).replace(u'\n', QString(u'\n' + margin));
}

void printStatements(QTextStream &out, const JournalStep &step)
{
    for (const JournalStatement &statement : step.statements) {
        const QString rows = statement.rows < 0 ? u"-"_s
                                                : QString::number(statement.rows) +
                                                      (statement.rows == 1 ? u" row"_s : u" rows"_s);
        out << u"    %1 s  %2  "_s.arg(seconds(statement.duration), 8).arg(rows, 12)
            << (statement.ok ? u""_s : u"FAILED  "_s) << indented(statement.text.trimmed(), QString(28, u' '))
            << u'\n';
    }
    if (const qsizetype more = step.statementCount - step.statements.size();
        more > 0 && !step.statements.isEmpty())
        out << u"    and "_s << more << u" more\n"_s;
}

void printStep(QTextStream &out, const JournalStep &step)
{
    out << u'\n' << step.revision.text() << u"  "_s << stepStateName(step.state);
    if (step.state != StepState::Waiting)
        out << u", "_s << seconds(step.duration) << u" s"_s;
    if (!step.message.isEmpty())
        out << u"  "_s << step.message.simplified();
    out << u'\n';
    if (!step.error.isEmpty())
        out << u"    "_s << indented(step.error, u"    "_s) << u'\n';
    if (!step.fileHash.isEmpty())
        out << u"    file sha256 "_s << step.fileHash << u'\n';
    if (!step.signOff.approvedBy.isEmpty())
        out << u"    approved by "_s << step.signOff.approvedBy.join(u", "_s) << u'\n';
    for (const JournalAcceptance &one : step.signOff.accepted)
        out << u"    "_s << one.finding << u" accepted by "_s << one.by << u": "_s << one.reason << u'\n';
    printStatements(out, step);
}

void printAfter(QTextStream &out, const JournalAfter &after)
{
    out << (after.kind == JournalAfter::Restart ? u"\nrestart "_s : u"\nlog "_s) << after.what << u"  "_s
        << (after.ok ? u"ok, "_s : u"NOT OK, "_s) << seconds(after.duration) << u" s\n"_s;
    if (!after.text.isEmpty())
        out << u"    "_s << indented(after.text, u"    "_s) << u'\n';
    for (const QString &line : after.lines)
        out << u"    | "_s << printable(line) << u'\n';
}

} // namespace

void printEntries(QTextStream &out, const QList<JournalEntry> &entries, bool filtered)
{
    if (entries.isEmpty()) {
        out << (filtered ? u"No run fits."_s : u"Nothing was run yet."_s) << Qt::endl;
        return;
    }
    QList<QStringList> rows{{u"ID"_s, u"STARTED"_s, u"WHO"_s, u"TARGET"_s, u"WHAT"_s, u"FROM"_s, u"TO"_s,
                             u"BACKUP"_s, u"OUTCOME"_s}};
    for (const JournalEntry &entry : entries)
        rows += {entry.id > 0 ? QString::number(entry.id) : u"-"_s,
                 moment(entry.started),
                 entry.who,
                 entry.target.text(),
                 runKindName(entry.kind),
                 toText(entry.from),
                 entry.rowsKnown() ? toText(entry.to) : u"?"_s,
                 entry.backup ? u"verified"_s : u"-"_s,
                 outcomeName(entry.outcome)};
    out << table(rows);
    out.flush();
}

void printEntry(QTextStream &out, const JournalEntry &entry)
{
    out << u"Run "_s << entry.id << u": "_s << runKindName(entry.kind) << u' ' << entry.target.text()
        << u" ("_s << entry.databaseText << u")\n"_s << outcomeName(entry.outcome) << u": "_s << entry.message
        << u"\nby "_s << entry.who << u", "_s << moment(entry.started) << u" to "_s << moment(entry.finished)
        << u'\n';
    if (entry.kind != RunKind::Backup)
        out << u"from "_s << toText(entry.from) << u", planned "_s << toText(entry.planned) << u", now "_s
            << (entry.rowsKnown() ? toText(entry.to) : u"to be read from the database"_s) << u'\n';
    for (const QString &left : entry.leftBehind)
        out << u"left behind: "_s << left << u'\n';
    if (entry.backup)
        out << u"backup "_s << entry.backup->file << u"\n       sha256 "_s << entry.backup->sha256 << u'\n';
    if (!entry.note.isEmpty())
        out << entry.note << u'\n';
    if (entry.emergency)
        out << u"an emergency: approvals were not waited for\n"_s;
    for (const JournalStep &step : entry.steps)
        printStep(out, step);
    for (const JournalAfter &after : entry.after)
        printAfter(out, after);
    out.flush();
}

} // namespace stepwell::cli
