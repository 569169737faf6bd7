// SPDX-License-Identifier: MIT
#include "views/journaldetails.h"

#include "models/journalmodel.h"
#include "models/runtext.h"
#include "views/theme.h"

#include <QCoreApplication>
#include <QLocale>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

class Writer
{
    Q_DECLARE_TR_FUNCTIONS(stepwell::JournalDetails)

public:
    explicit Writer(const QPalette &palette)
        : m_palette(palette)
        , m_mono(u"font-family:'%1';font-size:%2px"_s.arg(theme::monospace().family().toHtmlEscaped())
                     .arg(QFontInfo(theme::monospace()).pixelSize()))
    {
    }

    QString write(const JournalEntry &entry)
    {
        head(entry);
        leftBehind(entry);
        facts(entry);
        steps(entry);
        afterwards(entry);
        return m_html;
    }

private:
    static QString escaped(const QString &text) { return text.toHtmlEscaped().replace(u'\n', u"<br>"_s); }

    QString mono(const QString &text) const
    {
        return u"<span style=\"%1\">%2</span>"_s.arg(m_mono, escaped(text));
    }

    QString coloured(const QString &text, const QColor &colour) const
    {
        return u"<span style=\"color:%1\">%2</span>"_s.arg(colour.name(), escaped(text));
    }

    QString muted(const QString &text) const { return coloured(text, theme::mutedText(m_palette)); }

    void head(const JournalEntry &entry)
    {
        m_html += u"<p><b>%1</b> %2 %3</p>"_s.arg(
            escaped(tr("%1 of %2").arg(RunText::kind(entry.kind), entry.target.text())), muted(u"—"_s),
            coloured(RunText::outcome(entry.outcome), theme::tone(toneOf(entry.outcome), m_palette).strong));
        const QString message =
            entry.message.isEmpty() ? RunText::outcomeSentence(entry.outcome) : entry.message;
        m_html += u"<p>%1</p>"_s.arg(escaped(message));
    }

    void leftBehind(const JournalEntry &entry)
    {
        if (entry.leftBehind.isEmpty())
            return;
        m_html +=
            u"<p>%1"_s.arg(coloured(tr("Left in the database:"), theme::tone(Tone::Bad, m_palette).strong));
        for (const QString &left : entry.leftBehind)
            m_html += u"<br>"_s + escaped(left);
        m_html += u"</p><p></p>"_s;
    }

    void row(const QString &name, const QString &html)
    {
        if (!html.isEmpty())
            m_html +=
                u"<tr><td style=\"padding:1px 18px 1px 0\">%1</td><td>%2</td></tr>"_s.arg(muted(name), html);
    }

    void facts(const JournalEntry &entry)
    {
        m_html += u"<table cellspacing=\"0\" cellpadding=\"1\">"_s;
        row(tr("Database"), mono(entry.databaseText));
        row(tr("By"), escaped(entry.who));
        row(tr("Asked for"), entry.asked.isEmpty() ? QString() : mono(entry.asked));
        row(tr("Started"), escaped(RunText::moment(entry.started)));
        row(tr("Ended"),
            entry.finished.isValid() ? escaped(RunText::moment(entry.finished)) : muted(tr("not ended")));
        if (entry.kind != RunKind::Backup) {
            row(tr("Planned"), mono(RunText::way(entry.from, entry.planned)));
            row(tr("Database is at"), entry.rowsKnown() ? mono(toText(entry.to)) : muted(tr("to be read")));
        }
        if (entry.kind == RunKind::Upgrade || entry.kind == RunKind::Downgrade)
            row(tr("Transactions"), escaped(RunText::transactions(entry.transactions)));
        row(tr("Note"), escaped(entry.note));
        if (entry.emergency)
            row(tr("Emergency"), escaped(tr("approvals were not waited for")));
        if (entry.backup)
            backup(*entry.backup);
        else if (entry.kind != RunKind::Backup)
            row(tr("Backup"), muted(tr("none made by this run")));
        m_html += u"</table>"_s;
    }

    void backup(const BackupRecord &record)
    {
        row(tr("Backup"), mono(record.file));
        row(QString(), escaped(tr("%1, %2; written in %3, read in full in %4")
                                   .arg(RunText::size(record.size), record.toolVersion,
                                        RunText::duration(record.dumpDuration),
                                        RunText::duration(record.verifyDuration))));
        row(tr("SHA-256"), mono(record.sha256));
    }

    void steps(const JournalEntry &entry)
    {
        if (entry.steps.isEmpty())
            return;
        m_html +=
            u"<p><b>%1</b></p><table cellspacing=\"0\" cellpadding=\"2\">"_s.arg(escaped(tr("Revisions")));
        for (const JournalStep &step : entry.steps)
            this->step(step);
        m_html += u"</table>"_s;
    }

    void step(const JournalStep &step)
    {
        const Tone tone = step.state == StepState::Done      ? Tone::Good
                          : step.state == StepState::Failed  ? Tone::Bad
                          : step.state == StepState::Waiting ? Tone::Neutral
                                                             : Tone::Attention;
        const bool ran = step.state != StepState::Waiting;
        const QString cell = u"<td style=\"padding-right:16px\">%1</td>"_s;
        m_html += u"<tr>"_s;
        m_html += cell.arg(mono(step.revision.text()));
        m_html += cell.arg(escaped(step.message));
        m_html += cell.arg(coloured(RunText::stepState(step.state), theme::tone(tone, m_palette).strong));
        m_html += cell.arg(ran ? muted(RunText::duration(step.duration)) : QString());
        m_html += u"</tr>"_s;
        QStringList below;
        if (!step.error.isEmpty())
            below += coloured(step.error, theme::tone(Tone::Bad, m_palette).strong);
        if (!step.signOff.approvedBy.isEmpty())
            below += escaped(tr("approved by %1").arg(step.signOff.approvedBy.join(u", "_s)));
        for (const JournalAcceptance &accepted : step.signOff.accepted)
            below += escaped(tr("%1 accepted by %2: %3").arg(accepted.finding, accepted.by, accepted.reason));
        if (!step.fileHash.isEmpty())
            below += u"<span style=\"%1;color:%2\">%3</span>"_s.arg(
                m_mono, theme::mutedText(m_palette).name(), escaped(tr("file sha256 %1").arg(step.fileHash)));
        if (!below.isEmpty())
            m_html += u"<tr><td></td><td colspan=\"3\">%1</td></tr>"_s.arg(below.join(u"<br>"_s));
        if (!step.statements.isEmpty())
            m_html += u"<tr><td></td><td colspan=\"3\">%1</td></tr>"_s.arg(statements(step));
    }

    /// What it took and how many rows first: statements have any length.
    QString statements(const JournalStep &step) const
    {
        const QString cell = u"<td style=\"padding-right:14px\" align=\"right\">%1</td>"_s;
        const QColor bad = theme::tone(Tone::Bad, m_palette).strong;
        QString html = u"<table cellspacing=\"0\" cellpadding=\"1\">"_s;
        for (const JournalStatement &statement : step.statements) {
            const QString rows = statement.rows < 0 ? QString()
                                 : statement.rows == 1
                                     ? tr("1 row")
                                     : tr("%1 rows").arg(QLocale().toString(statement.rows));
            QString text = u"<span style=\"%1;white-space:pre-wrap\">%2</span>"_s.arg(
                m_mono, escaped(shownText(statement.text.trimmed())));
            if (!statement.ok)
                text.prepend(coloured(tr("failed"), bad) + u"<br>"_s);
            html += u"<tr>%1%2<td>%3</td></tr>"_s.arg(cell.arg(muted(RunText::duration(statement.duration))),
                                                      cell.arg(muted(rows)), text);
        }
        if (const qsizetype more = step.statementCount - step.statements.size(); more > 0)
            html += u"<tr><td></td><td></td><td>%1</td></tr>"_s.arg(
                muted(tr("%1 more were executed").arg(QLocale().toString(more))));
        return html + u"</table>"_s;
    }

    void afterwards(const JournalEntry &entry)
    {
        if (entry.after.isEmpty())
            return;
        m_html += u"<p><b>%1</b></p>"_s.arg(escaped(tr("Afterwards")));
        for (const JournalAfter &after : entry.after) {
            const QColor colour = theme::tone(after.ok ? Tone::Good : Tone::Bad, m_palette).strong;
            m_html += u"<p>%1 %2 %3<br>%4"_s.arg(
                escaped(after.kind == JournalAfter::Restart ? tr("Restart") : tr("Log")), mono(after.what),
                muted(RunText::duration(after.duration)), coloured(after.text, colour));
            for (const QString &line : after.lines)
                m_html += u"<br>"_s + mono(shownText(line));
            m_html += u"</p>"_s;
        }
    }

    /// Letters that turn the direction of a text around are shown by a mark: it reads as it ran.
    static QString shownText(QString text)
    {
        for (QChar &c : text) {
            const char16_t code = c.unicode();
            if (code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
                (code >= 0x2066 && code <= 0x2069))
                c = QChar::ReplacementCharacter;
        }
        return text;
    }

    const QPalette &m_palette;
    QString m_mono; ///< style of ids and hashes
    QString m_html;
};

} // namespace

QString journalDetails(const JournalEntry &entry, const QPalette &palette)
{
    return Writer(palette).write(entry);
}

} // namespace stepwell
