// SPDX-License-Identifier: MIT
// One run as a page that stands by itself. A browser shows it, so it may use what QTextDocument cannot:
// classes, and colours that follow the reader's theme.

#include "migrations/journal/journalexport.h"

#include <QLocale>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr auto style = R"(
:root { color-scheme: light dark; --back: #ffffff; --text: #1c1f23; --muted: #5f6670; --line: #dfe2e6;
  --code: #f5f6f8; --good: #1e6b34; --attention: #8a5300; --bad: #b3261e; --info: #1f5fa8; }
@media (prefers-color-scheme: dark) { :root { --back: #17191c; --text: #e4e6e9; --muted: #9aa1ab;
  --line: #33373d; --code: #212429; --good: #7fce97; --attention: #e8b25c; --bad: #f2958d; --info: #8fbdf0; } }
@media print { :root { color-scheme: light; --back: #ffffff; --text: #000000; --muted: #555555; --line: #bbbbbb;
  --code: #ffffff; --good: #1e6b34; --attention: #8a5300; --bad: #b3261e; --info: #1f5fa8; }
  body { margin: 0; max-width: none; } pre { border: 1px solid var(--line); }
  h2, h3 { break-after: avoid; } tr { break-inside: avoid; } }
body { background: var(--back); color: var(--text); font: 15px/1.45 Inter, "DejaVu Sans", sans-serif;
  margin: 32px auto; max-width: 980px; padding: 0 20px; }
h1 { font-size: 1.5em; margin: 0 0 4px; } h2 { font-size: 1.15em; margin: 30px 0 8px; }
h3 { font-size: 1em; margin: 22px 0 4px; }
p { margin: 4px 0; } ul { margin: 4px 0; padding-left: 22px; }
.outcome { font-size: 1.15em; font-weight: 600; } .summary { font-size: 1.05em; }
.muted { color: var(--muted); } .good { color: var(--good); } .attention { color: var(--attention); }
.bad { color: var(--bad); } .info { color: var(--info); }
table { border-collapse: collapse; width: 100%; }
th { color: var(--muted); font-weight: normal; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: 4px 14px 4px 0; vertical-align: top; }
table.facts th { width: 150px; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
pre, code { font: 13px/1.4 "JetBrains Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre { background: var(--code); margin: 0; padding: 4px 8px; white-space: pre-wrap; }
)"_L1;

/// Escaped; characters that turn the direction of the text around are shown, as a statement must read as it
/// ran.
QString escaped(const QString &text)
{
    QString html;
    for (const QChar c : text.toHtmlEscaped()) {
        const ushort code = c.unicode();
        const bool turns = code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
                           (code >= 0x2066 && code <= 0x2069);
        const bool isControl = code < 0x20 && code != '\n' && code != '\t' && code != '\r';
        html += turns || isControl ? u"‹U+%1›"_s.arg(code, 4, 16, QChar(u'0')) : QString(c);
    }
    return html;
}

QString lines(const QString &text)
{
    return escaped(text).replace(u'\n', u"<br>"_s);
}

QString code(const QString &text)
{
    return u"<code>"_s + escaped(text) + u"</code>"_s;
}

QString span(const QString &html, QLatin1StringView name)
{
    return u"<span class=\"%1\">%2</span>"_s.arg(name, html);
}

QString moment(const QDateTime &time)
{
    return time.isValid() ? QString(time.toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s) + u" UTC"_s) : QString();
}

QString durationText(std::chrono::milliseconds duration)
{
    const qint64 ms = duration.count();
    if (ms < 1000)
        return u"%1 ms"_s.arg(ms);
    if (ms < 60'000)
        return u"%1 s"_s.arg(double(ms) / 1000, 0, 'f', 1);
    return ms < 3'600'000 ? u"%1 min %2 s"_s.arg(ms / 60'000).arg(ms / 1000 % 60, 2, 10, QChar(u'0'))
                          : u"%1 h %2 min"_s.arg(ms / 3'600'000).arg(ms / 60'000 % 60, 2, 10, QChar(u'0'));
}

QString kindText(RunKind kind)
{
    switch (kind) {
    case RunKind::Upgrade:
        return u"Upgrade"_s;
    case RunKind::Downgrade:
        return u"Rollback"_s;
    case RunKind::Backup:
        return u"Backup"_s;
    case RunKind::Stamp:
        return u"Stamp"_s;
    }
    return {};
}

QLatin1StringView classOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Done:
        return "good"_L1;
    case Outcome::Running:
        return "info"_L1;
    case Outcome::Stopped:
    case Outcome::Cancelled:
    case Outcome::Refused:
        return "attention"_L1;
    case Outcome::FailedRolledBack:
    case Outcome::FailedWithChanges:
    case Outcome::Unknown:
        break;
    }
    return "bad"_L1;
}

QString outcomeText(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Running:
        return u"Not ended"_s;
    case Outcome::Done:
        return u"Done"_s;
    case Outcome::Stopped:
        return u"Stopped, as asked"_s;
    case Outcome::FailedRolledBack:
        return u"Failed and rolled back"_s;
    case Outcome::FailedWithChanges:
        return u"Failed, changes were left"_s;
    case Outcome::Cancelled:
        return u"Cancelled"_s;
    case Outcome::Refused:
        return u"Refused: nothing was changed"_s;
    case Outcome::Unknown:
        break;
    }
    return u"Unknown: read the database before doing anything"_s;
}

QString list(const QStringList &items)
{
    QString html;
    for (const QString &item : items)
        html += u"<li>"_s + lines(item) + u"</li>\n"_s;
    return u"<ul>\n"_s + html + u"</ul>\n"_s;
}

QString fact(const QString &name, const QString &html)
{
    return html.isEmpty() ? QString() : u"<tr><th>%1</th><td>%2</td></tr>\n"_s.arg(name, html);
}

QString transactionsText(TransactionPolicy policy)
{
    switch (policy) {
    case TransactionPolicy::Revision:
        return u"one for each revision"_s;
    case TransactionPolicy::Project:
        return u"as env.py says"_s;
    case TransactionPolicy::All:
        return u"one for all revisions"_s;
    }
    return {};
}

QString factsHtml(const JournalEntry &entry)
{
    const bool moves = entry.kind != RunKind::Backup;
    const QString unknown = span(u"to be read from the database"_s, "attention"_L1);
    const QString took =
        entry.started.isValid() && entry.finished.isValid()
            ? QString(u" ("_s +
                      durationText(std::chrono::milliseconds(entry.started.msecsTo(entry.finished))) + u')')
            : QString();
    QString html = u"<table class=\"facts\">\n"_s;
    html += fact(u"Database"_s, code(entry.databaseText));
    html += fact(u"Run by"_s, escaped(entry.who));
    html += fact(u"Started"_s, moment(entry.started));
    html += fact(u"Ended"_s, entry.finished.isValid() ? QString(moment(entry.finished) + took)
                                                      : span(u"not ended"_s, "attention"_L1));
    html += fact(u"Asked for"_s, entry.asked.isEmpty() ? QString() : code(entry.asked));
    if (moves) {
        html += fact(u"Began at"_s, code(toText(entry.from)));
        html += fact(u"Planned"_s, code(toText(entry.planned)));
        html += fact(u"Database is at"_s, entry.rowsKnown() ? code(toText(entry.to)) : unknown);
        html += fact(u"Transactions"_s, transactionsText(entry.transactions));
    }
    html += fact(u"Note"_s, lines(entry.note));
    if (entry.emergency)
        html += fact(u"Emergency"_s, span(u"approvals were not waited for"_s, "attention"_L1));
    html += fact(u"Run"_s, code(entry.id > 0 ? u"%1 · %2"_s.arg(entry.id).arg(entry.uid) : entry.uid));
    return html + u"</table>\n"_s;
}

QString statementsHtml(const JournalStep &step)
{
    if (step.statements.isEmpty())
        return {};
    QString html =
        u"<table>\n<tr><th>Statement</th><th class=\"number\">Took</th><th class=\"number\">Rows</th></tr>\n"_s;
    for (const JournalStatement &statement : step.statements)
        html +=
            u"<tr><td><pre>%1</pre>%2</td><td class=\"number\">%3</td><td class=\"number\">%4</td></tr>\n"_s
                .arg(escaped(statement.text), statement.ok ? QString() : span(u"failed"_s, "bad"_L1),
                     durationText(statement.duration),
                     statement.rows < 0 ? QString() : QString::number(statement.rows));
    html += u"</table>\n"_s;
    if (step.statementCount > step.statements.size())
        html += u"<p class=\"muted\">%1 more were executed.</p>\n"_s.arg(step.statementCount -
                                                                         step.statements.size());
    return html;
}

QString signOffHtml(const JournalSignOff &signOff)
{
    QStringList items;
    if (!signOff.approvedBy.isEmpty())
        items += u"Approved by %1"_s.arg(signOff.approvedBy.join(u", "_s));
    for (const JournalAcceptance &one : signOff.accepted)
        items += u"%1 accepted by %2: %3"_s.arg(one.finding, one.by, one.reason);
    return items.isEmpty() ? QString() : list(items);
}

QString stepHtml(const JournalStep &step)
{
    const auto tone = step.state == StepState::Done      ? "good"_L1
                      : step.state == StepState::Failed  ? "bad"_L1
                      : step.state == StepState::Waiting ? "muted"_L1
                                                         : "attention"_L1;
    const QString state = step.state == StepState::Waiting      ? u"not run"_s
                          : step.state == StepState::RolledBack ? u"rolled back"_s
                                                                : stepStateName(step.state);
    const QString took =
        step.duration.count() > 0 ? QString(u" · "_s + durationText(step.duration)) : QString();
    QString html = u"<h3>%1 %2</h3>\n<p>%3%4</p>\n"_s.arg(code(step.revision.text()), escaped(step.message),
                                                          span(state, tone), span(took, "muted"_L1));
    if (!step.error.isEmpty())
        html += u"<pre class=\"bad\">%1</pre>\n"_s.arg(escaped(step.error));
    html += signOffHtml(step.signOff);
    html += statementsHtml(step);
    if (!step.fileHash.isEmpty())
        html += u"<p class=\"muted\">SHA-256 of the file %1</p>\n"_s.arg(code(step.fileHash));
    if (!step.signOff.sqlHash.isEmpty())
        html += u"<p class=\"muted\">SHA-256 of the reviewed SQL %1</p>\n"_s.arg(code(step.signOff.sqlHash));
    return html;
}

QString backupHtml(const JournalEntry &entry)
{
    if (!entry.backup)
        return entry.kind == RunKind::Backup ? QString() : u"<p class=\"muted\">This run made none.</p>\n"_s;
    const BackupRecord &backup = *entry.backup;
    QString html = u"<table class=\"facts\">\n"_s;
    html += fact(u"File"_s, code(backup.file));
    html += fact(u"Size"_s, escaped(QLocale::c().formattedDataSize(backup.size)));
    html += fact(u"SHA-256"_s, code(backup.sha256));
    html += fact(u"Made with"_s, escaped(backup.toolVersion));
    html += fact(u"Written in"_s, durationText(backup.dumpDuration));
    html += fact(u"Read in full in"_s, durationText(backup.verifyDuration));
    return html + u"</table>\n"_s;
}

QString afterHtml(const QList<JournalAfter> &after)
{
    QString html;
    for (const JournalAfter &one : after) {
        html += u"<h3>%1 %2</h3>\n<p>%3 %4</p>\n"_s.arg(
            one.kind == JournalAfter::Restart ? u"Restart"_s : u"Log"_s, code(one.what),
            span(lines(one.text), one.ok ? "good"_L1 : "bad"_L1),
            span(durationText(one.duration), "muted"_L1));
        if (!one.lines.isEmpty())
            html += u"<pre>%1</pre>\n"_s.arg(escaped(one.lines.join(u'\n')));
    }
    return html;
}

QString section(const QString &title, const QString &html)
{
    return html.isEmpty() ? QString() : u"<h2>%1</h2>\n%2"_s.arg(title, html);
}

} // namespace

QString runReportHtml(const JournalEntry &entry)
{
    const QString title = escaped(u"%1 of %2"_s.arg(kindText(entry.kind), entry.target.text()));
    QString steps;
    for (const JournalStep &step : entry.steps)
        steps += stepHtml(step);
    QString body = u"<h1>%1</h1>\n<p class=\"outcome %2\">%3</p>\n<p class=\"summary\">%4</p>\n"_s.arg(
        title, QString(classOf(entry.outcome)), outcomeText(entry.outcome), lines(entry.message));
    if (!entry.leftBehind.isEmpty())
        body += section(u"Left in the database"_s, list(entry.leftBehind));
    body += section(u"Facts"_s, factsHtml(entry));
    body += section(u"Revisions"_s, steps);
    body += section(u"Backup"_s, backupHtml(entry));
    body += section(u"Afterwards"_s, afterHtml(entry.after));
    // The policy is a second lock behind the escaping: nothing on the page can run or load anything.
    return u"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
           "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
           "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>"_s +
           title + u"</title>\n<style>"_s + style + u"</style></head>\n<body>\n"_s + body +
           u"</body></html>\n"_s;
}

} // namespace stepwell
