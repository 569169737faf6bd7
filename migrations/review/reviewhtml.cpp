// SPDX-License-Identifier: MIT
#include "migrations/review/reviewhtml.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

// Tables and inline colours, as QTextDocument knows no more.
constexpr auto red = "#b3261e"_L1;
constexpr auto amber = "#8a5300"_L1;
constexpr auto blue = "#1f5fa8"_L1;
constexpr auto green = "#1e6b34"_L1;
constexpr auto grey = "#5f6670"_L1;

constexpr auto style = R"(
body { font-family: Inter, "DejaVu Sans", sans-serif; font-size: 10pt; color: #1c1f23; margin: 24px; }
h1 { font-size: 17pt; margin: 0 0 2px 0; }
h2 { font-size: 13pt; margin: 26px 0 2px 0; }
table { border-collapse: collapse; }
th { text-align: left; font-weight: normal; color: #5f6670; }
th, td { padding: 2px 14px 2px 0; vertical-align: top; }
pre, code { font-family: "JetBrains Mono", "DejaVu Sans Mono", monospace; font-size: 9pt; }
pre { background: #f5f6f8; padding: 8px 10px; white-space: pre-wrap; margin: 4px 0; }
p { margin: 3px 0; }
)"_L1;

QString escaped(const QString &text)
{
    return text.toHtmlEscaped().replace(u'\n', u"<br>"_s);
}

QString coloured(const QString &html, QLatin1StringView colour)
{
    return u"<span style=\"color:%1\">%2</span>"_s.arg(colour, html);
}

QLatin1StringView colourOf(Severity severity)
{
    return isBlocking(severity) ? red : severity == Severity::Advice ? blue : amber;
}

QString signOffHtml(const SignOff &signOff)
{
    switch (signOff.state) {
    case SignOff::Approved:
        return coloured(escaped(u"approved by %1"_s.arg(signOff.approvedBy.join(u", "_s))), green);
    case SignOff::Partly:
        return coloured(escaped(u"%1 of %2 approvals: %3"_s.arg(signOff.approvedBy.size())
                                    .arg(signOff.required)
                                    .arg(signOff.approvedBy.join(u", "_s))),
                        amber);
    case SignOff::Stale:
        return coloured(
            escaped(u"the approval of %1 is stale: it changed since"_s.arg(signOff.staleBy.join(u", "_s))),
            amber);
    case SignOff::Rejected:
        return coloured(escaped(u"rejected by %1"_s.arg(signOff.rejectedBy.join(u", "_s))), red);
    case SignOff::None:
        break;
    }
    return coloured(u"not reviewed"_s, grey);
}

QString sqlHtml(const StepReview &review, const SqlToHtml &highlight)
{
    if (!review.sql.problem.isEmpty())
        return u"<p>%1 %2</p>\n"_s.arg(coloured(u"Known only by rehearsal."_s, amber),
                                       escaped(review.sql.problem));
    const QString sql = review.sql.sql.trimmed();
    if (sql.isEmpty())
        return u"<p>%1</p>\n"_s.arg(coloured(u"No statements."_s, grey));
    const QStringList lines = highlight ? highlight(sql) : sql.toHtmlEscaped().split(u'\n');
    return u"<pre>%1</pre>\n"_s.arg(lines.join(u'\n'));
}

QString names(const QList<RelationName> &relations)
{
    QStringList texts;
    for (const RelationName &relation : relations)
        texts += relation.text();
    return escaped(texts.join(u", "_s));
}

QString locksHtml(const LintReport &report)
{
    QString rows;
    for (const LintedStatement &linted : report.statements) {
        if (linted.isBookkeeping)
            continue;
        QStringList locks;
        for (const RelationLock &lock : linted.effects.locks)
            locks += u"%1 on %2"_s.arg(lockName(lock.mode), lock.relation.text()) +
                     (lock.isHidden ? u" (%1)"_s.arg(lock.reason) : QString());
        QStringList more;
        if (!linted.effects.rewrites.isEmpty())
            more += u"rewrites "_s + names(linted.effects.rewrites);
        if (!linted.effects.scans.isEmpty())
            more += u"reads all of "_s + names(linted.effects.scans);
        if (!linted.effects.builds.isEmpty())
            more += u"builds an index on "_s + names(linted.effects.builds);
        if (linted.effects.losesData)
            more += coloured(u"loses data"_s, red);
        rows += u"<tr><td>%1</td><td>%2</td><td>%3</td><td>%4</td></tr>\n"_s.arg(
            QString::number(linted.statement.line), escaped(linted.command), escaped(locks.join(u'\n')),
            more.join(u"<br>"_s));
    }
    return rows.isEmpty()
               ? QString()
               : u"<table><tr><th>Line</th><th>Statement</th><th>Locks</th><th>Besides</th></tr>\n%1"
                 "</table>\n"_s.arg(rows);
}

QString findingHtml(const Finding &finding)
{
    const QString where = finding.line > 0 ? u"line %1"_s.arg(finding.line) : u"the file"_s;
    QString html = u"<p>%1 <b>%2</b> %3<br>%4"_s.arg(
        coloured(escaped(severityText(finding.severity)), colourOf(finding.severity)), escaped(finding.title),
        coloured(escaped(u"%1 · %2"_s.arg(where, finding.rule)), grey), escaped(finding.message));
    if (finding.accepted) {
        const QString by = finding.accepted->by.isEmpty() ? QString() : u" (%1)"_s.arg(finding.accepted->by);
        return html + u"<br>%1 %2</p>\n"_s.arg(coloured(u"Accepted:"_s, green),
                                               escaped(QString(finding.accepted->reason + by)));
    }
    if (!finding.advice.isEmpty())
        html += u"<br><b>Instead:</b> "_s + escaped(finding.advice);
    html += u"</p>\n"_s;
    const QString safer = finding.saferAlembic.isEmpty() ? finding.saferSql : finding.saferAlembic;
    return safer.isEmpty() ? html : QString(html + u"<pre>%1</pre>\n"_s.arg(safer.trimmed().toHtmlEscaped()));
}

QString revisionHtml(const StepReview &review, const QString &message, const SqlToHtml &highlight)
{
    QString html = u"<h2>%1</h2>\n<p><code>%2</code> · %3 · %4</p>\n"_s.arg(
        escaped(message), escaped(review.revision.text()), directionName(review.direction),
        signOffHtml(review.signOff));
    html += sqlHtml(review, highlight);
    html += locksHtml(review.lint);
    for (const Finding &finding : review.lint.findings)
        html += findingHtml(finding);
    if (review.lint.findings.isEmpty() && review.sql.problem.isEmpty())
        html += u"<p>%1</p>\n"_s.arg(coloured(u"No findings."_s, green));
    html += u"<p>%1</p>\n"_s.arg(coloured(
        escaped(u"SHA-256 of the file %1, of the upgrade %2, of the downgrade %3"_s.arg(
            review.hashes.file, review.hashes.upgrade.isEmpty() ? u"unknown"_s : review.hashes.upgrade,
            review.hashes.downgrade.isEmpty() ? u"unknown"_s : review.hashes.downgrade)),
        grey));
    return html;
}

} // namespace

QString reviewHtml(const ReviewDocument &document, const SqlToHtml &highlight)
{
    QString body;
    for (const StepReview &review : document.reviews)
        body += revisionHtml(review, document.messages.value(review.revision), highlight);
    if (document.reviews.isEmpty())
        body = u"<p>Nothing is pending.</p>\n"_s;
    QStringList facts{u"written %1"_s.arg(document.written.toString(Qt::ISODate))};
    if (!document.environment.isEmpty())
        facts.prepend(document.environment);
    if (!document.reviews.isEmpty())
        facts += u"for PostgreSQL %1"_s.arg(document.reviews.constFirst().lint.serverVersion);
    return u"<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Review of "
           u"%1</title>\n<style>%2</style>"
           "</head>\n<body>\n<h1>Review of %1</h1>\n<p>%3</p>\n%4</body></html>\n"_s.arg(
               escaped(document.target), QString(style), coloured(escaped(facts.join(u" · "_s)), grey), body);
}

} // namespace stepwell
