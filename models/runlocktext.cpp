// SPDX-License-Identifier: MIT
#include "models/runlocktext.h"

#include "models/runtext.h"

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype shownQuery = 160;
constexpr qsizetype shownBlockers = 4;

QString shortQuery(const QString &query)
{
    const QString line = RunText::oneLine(query.left(4 * shownQuery));
    return line.size() <= shownQuery ? line : QString(line.left(shownQuery) + u'…');
}

} // namespace

QString RunLockText::span(std::chrono::seconds span)
{
    const qint64 seconds = qMax<qint64>(0, span.count());
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return tr("%1 min").arg(seconds / 60);
    return tr("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
}

QString RunLockText::title(const LockWait &wait)
{
    return tr("Waiting for a lock, %1").arg(RunText::duration(wait.waited));
}

QString RunLockText::blocker(const Blocker &blocker)
{
    const bool timed = blocker.inTransaction.count() > 0;
    if (blocker.pid == 0)
        return timed ? tr("a prepared transaction that nobody ended for %1").arg(span(blocker.inTransaction))
                     : tr("a prepared transaction that nobody ended");
    QStringList facts;
    if (blocker.autovacuum)
        facts += tr("autovacuum");
    else if (!blocker.application.isEmpty())
        facts += blocker.application;
    else if (!blocker.user.isEmpty())
        facts += blocker.user;
    if (blocker.waits)
        facts += blocker.mode.isEmpty() ? tr("waits itself") : tr("waits itself for %1").arg(blocker.mode);
    else if (!blocker.state.isEmpty())
        facts += timed ? tr("%1 %2").arg(blocker.state, span(blocker.inTransaction)) : blocker.state;
    const QString name = tr("pid %1").arg(blocker.pid);
    return facts.isEmpty() ? name : tr("%1 (%2)").arg(name, facts.join(u", "_s));
}

QString RunLockText::sentence(const LockWait &wait, Form form, const QString &codeFont)
{
    const bool html = form == Html;
    const auto plain = [&](const QString &text) { return html ? text.toHtmlEscaped() : text; };
    const auto code = [&](const QString &text) {
        return html ? u"<span style=\"font-family:'%1'\">%2</span>"_s.arg(codeFont, text.toHtmlEscaped())
                    : text;
    };
    const QString what =
        wait.mode.isEmpty() ? code(wait.relation) : tr("%1 on %2").arg(plain(wait.mode), code(wait.relation));
    const auto told = [&](const Blocker &who) {
        const QString query = shortQuery(who.query);
        return query.isEmpty() ? plain(blocker(who)) : tr("%1: %2").arg(plain(blocker(who)), code(query));
    };
    QString text;
    if (wait.blockers.isEmpty()) {
        text = tr("%1 is held up.").arg(what);
    } else if (wait.blockers.size() == 1) {
        text = tr("%1 is held up by %2.").arg(what, told(wait.blockers.first()));
    } else {
        text = tr("%1 is held up by %2 sessions.").arg(what).arg(wait.blockers.size());
        const QString newLine = html ? u"<br>"_s : u"\n"_s;
        for (const Blocker &who : wait.blockers.first(qMin(wait.blockers.size(), shownBlockers)))
            text += newLine + told(who);
        if (wait.blockers.size() > shownBlockers)
            text += newLine + tr("and %1 more").arg(wait.blockers.size() - shownBlockers);
        text += newLine;
    }
    for (const Blocker &who : wait.blockers) {
        if (who.pid == 0)
            text += u' ' + plain(tr("It ends by COMMIT PREPARED or ROLLBACK PREPARED alone."));
        else if (who.autovacuum)
            text += u' ' + plain(tr("Autovacuum gives way by itself, unless it prevents wraparound."));
    }
    if (wait.queuedBehind > 0)
        text +=
            u' ' + (wait.queuedBehind == 1 ? tr("1 session waits behind this one.")
                                           : tr("%1 sessions wait behind this one.").arg(wait.queuedBehind));
    return text;
}

bool RunLockText::canCancel(const Blocker &blocker)
{
    return blocker.state == u"active"_s || blocker.state == u"fastpath function call"_s;
}

QString RunLockText::buttonText(const Blocker &blocker, BlockerSignal signal, bool several)
{
    if (signal == BlockerSignal::EndSession)
        return tr("End pid %1…").arg(blocker.pid);
    return several ? tr("Cancel the statement of pid %1…").arg(blocker.pid) : tr("Cancel its statement…");
}

QString RunLockText::question(const Blocker &blocker, BlockerSignal signal)
{
    return signal == BlockerSignal::EndSession ? tr("End session %1?").arg(blocker.pid)
                                               : tr("Cancel the statement of session %1?").arg(blocker.pid);
}

QString RunLockText::consequences(const Blocker &blocker, BlockerSignal signal)
{
    QStringList lines;
    const auto add = [&](const QString &name, const QString &value) {
        if (!value.isEmpty())
            lines += tr("%1: %2").arg(name, value);
    };
    add(tr("Application"), blocker.application);
    add(tr("User"), blocker.user);
    add(tr("Client"), blocker.client);
    add(tr("State"), blocker.inTransaction.count() > 0
                         ? tr("%1, in transaction for %2").arg(blocker.state, span(blocker.inTransaction))
                         : blocker.state);
    add(tr("Lock"), blocker.mode);
    add(tr("Statement"), shortQuery(blocker.query));
    lines += QString();
    lines += signal == BlockerSignal::EndSession
                 ? tr("What it has not committed is rolled back, and its application loses the connection.")
                 : tr("The statement fails in its application; what its transaction did before is rolled "
                      "back, and its locks go with it.");
    return lines.join(u'\n');
}

} // namespace stepwell
