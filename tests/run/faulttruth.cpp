// SPDX-License-Identifier: MIT
// What a run said, compared with what its database holds.
#include "tests/run/faultscene.h"

#include "migrations/run/runpolicy.h"
#include "migrations/status/targetstatus.h"

#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QStringList revisions{u"aaaa1"_s, u"bbbb1"_s, u"cccc1"_s};
const QStringList tables{u"one"_s, u"two"_s, u"three"_s};
const auto head = u"cccc1"_s;
const QRegularExpression perhaps(u"\\((its COMMIT was under way|perhaps: [^)]*)\\)$"_s);

/// Does a list of what was left behind name this for sure, perhaps, or not?
enum class Named { No, Perhaps, Yes };
Named named(const QStringList &leftBehind, const QString &start)
{
    Named best = Named::No;
    for (const QString &one : leftBehind) {
        if (one.startsWith(start))
            best = std::max(best, one.contains(perhaps) ? Named::Perhaps : Named::Yes);
    }
    return best;
}

QString outcomeText(const Told &told)
{
    QString text = told.summary;
    static const QRegularExpression folder(u"/tmp/[^ :,]*"_s);
    static const QRegularExpression bin(u"/usr/[a-z/]*bin/"_s);
    static const QRegularExpression database(u"\\btest_\\d+\\b"_s);
    static const QRegularExpression number(u"\\b\\d{3,}\\b"_s);
    static const QRegularExpression time(u"connected since [^ ]*"_s);
    text.replace(database, u"shop"_s).replace(bin, u"…/"_s);
    text.replace(folder, u"…"_s).replace(time, u"connected since …"_s).replace(number, u"…"_s);
    return text.replace(u'|', u"\\|"_s).replace(u'\n', u' ').simplified();
}

} // namespace

QStringList FaultScene::play()
{
    if (m_case.prepare)
        m_case.prepare(*this);
    takePlaceOfOthers();
    startRun();
    bool ended = false;
    if (!soon([&] { return stageReached() || (ended = !m_process->pump(10ms)); }, 60s) || ended) {
        complain(u"the stage was not reached"_s);
    } else if (m_case.strike) {
        m_case.strike(*this);
    }
    openGates();
    finishRun();
    compareLeavings();
    if (m_told.outcome != Outcome::Running && m_told.outcome != Outcome::Unknown)
        compare(m_told, false);
    settle();
    if (m_settled)
        compare(*m_settled, true);
    compareJournal(m_settled ? *m_settled : m_told);
    gates().setFaulty(false);
    if (m_case.mend)
        m_case.mend(*this);
    runAgain();
    if (!m_complaints.isEmpty())
        m_complaints += QStringList{outcomeName(m_told.outcome), m_told.summary, m_told.error,
                                    m_told.leftBehind.join(u"; "_s), m_errors.join(u'\n')};
    return m_complaints;
}

/// (a) and (c): rows, tables and trail are what was said, and nothing is lost.
void FaultScene::compare(const Told &told, bool isSettled)
{
    const QStringList rows = column(u"SELECT version_num FROM alembic_version ORDER BY 1"_s);
    const QStringList expected = told.rowsKnown ? told.rows : QStringList{u"base0"_s};
    if (rows != expected)
        complain(u"said to be at %1, and at %2"_s.arg(expected.join(u", "_s), rows.join(u", "_s)));
    compareSteps(told, isSettled);
    const qsizetype done = told.states.count(StepState::Done);
    const bool all = done == revisions.size() && rows == QStringList{head};
    if ((told.outcome == Outcome::Done) != all)
        complain(u"%1 with %2 revisions done at %3"_s.arg(outcomeName(told.outcome))
                     .arg(done)
                     .arg(rows.join(u", "_s)));
    if (told.outcome == Outcome::Refused && (done > 0 || !told.leftBehind.isEmpty()))
        complain(u"refused, and something was changed"_s);
    if (told.outcome == Outcome::FailedRolledBack && !told.leftBehind.isEmpty())
        complain(u"rolled back, and something was left"_s);
    if (told.outcome == Outcome::FailedWithChanges && told.leftBehind.isEmpty() && !isSettled)
        complain(u"failed with changes, and none is named"_s);
    if (column(u"SELECT id FROM kept ORDER BY 1"_s) != QStringList{u"1"_s, u"2"_s, u"3"_s})
        complain(u"rows of before are gone"_s);
}

void FaultScene::compareSteps(const Told &told, bool isSettled)
{
    if (!told.states.isEmpty() && told.states.size() != revisions.size())
        complain(u"%1 steps"_s.arg(told.states.size()));
    for (qsizetype i = 0; i < revisions.size(); ++i) {
        const StepState state = told.states.value(i, StepState::Waiting);
        const bool hasTable =
            !column(u"SELECT 1 WHERE to_regclass('public.%1') IS NOT NULL"_s.arg(tables.at(i))).isEmpty();
        const qsizetype marks =
            column(u"SELECT 1 FROM trail WHERE revision = '%1'"_s.arg(revisions.at(i))).size();
        const QString is =
            u"%1 is %2: table %3, trail %4"_s
                .arg(revisions.at(i), stepStateName(state), hasTable ? u"there"_s : u"not there"_s)
                .arg(marks);
        if (state == StepState::Done) {
            if (!hasTable || marks != 1)
                complain(is);
            continue;
        }
        if (state == StepState::Running || state == StepState::Unknown)
            complain(is);
        if (isSettled && told.outcome == Outcome::FailedWithChanges) // looked at by whoever settles it
            continue;
        const Named table = named(told.leftBehind, u"CREATE TABLE %1 "_s.arg(tables.at(i)));
        const Named mark =
            named(told.leftBehind, u"INSERT INTO trail (revision) VALUES ('%1')"_s.arg(revisions.at(i)));
        if ((table != Named::Perhaps && hasTable != (table == Named::Yes)) ||
            (mark != Named::Perhaps && (marks > 0) != (mark == Named::Yes)))
            complain(is + u", left behind: "_s + told.leftBehind.join(u"; "_s));
    }
}

/// An unknown outcome, and a run that was killed, are settled by reading.
void FaultScene::settle()
{
    auto journal = Journal::open(order.journal);
    if (!journal)
        return complain(toText(journal.error()));
    const auto open = (*journal)->unfinished();
    if (!open)
        return complain(toText(open.error()));
    const bool mayBeOpen = m_told.outcome == Outcome::Running || m_told.outcome == Outcome::Unknown ||
                           m_told.next.join(u' ').contains(u"journal could not be written"_s);
    if (!open->isEmpty() && !mayBeOpen)
        complain(u"said to be over, and open in the journal"_s);
    if (open->isEmpty() && (m_told.outcome == Outcome::Unknown))
        complain(u"unknown, and not open in the journal"_s);
    for (const JournalEntry &entry : *open) {
        Result<RunReport> settled = std::unexpected(Error());
        std::ignore = soon(
            [&] {
                settled = settleRun(entry, targetOf(order), {}, **journal);
                return settled || settled.error().kind != ErrorKind::Locked;
            },
            20s);
        if (!settled)
            return complain(u"not to be settled: "_s + toText(settled.error()));
        m_settled = toldOf(*settled);
    }
}

/// (b)
void FaultScene::compareJournal(const Told &told)
{
    auto journal = Journal::open(order.journal);
    if (!journal)
        return complain(toText(journal.error()));
    if (!(*journal)->unfinished()->isEmpty())
        complain(u"still open in the journal"_s);
    if (told.journalId == 0)
        return;
    const auto entry = (*journal)->entry(told.journalId);
    if (!entry)
        return complain(toText(entry.error()));
    if (entry->outcome != told.outcome || entry->message != told.summary)
        complain(u"the journal says: %1, %2"_s.arg(outcomeName(entry->outcome), entry->message));
    if (told.rowsKnown && toTexts(entry->to) != told.rows)
        complain(u"the journal says: at %1"_s.arg(toText(entry->to)));
    if (entry->leftBehind != told.leftBehind)
        complain(u"the journal says: left %1"_s.arg(entry->leftBehind.join(u"; "_s)));
    for (qsizetype i = 0; i < entry->steps.size(); ++i) {
        if (entry->steps.at(i).state != told.states.value(i))
            complain(u"the journal says: %1 is %2, not %3"_s.arg(revisions.value(i),
                                                                 stepStateName(entry->steps.at(i).state),
                                                                 stepStateName(told.states.value(i))));
    }
}

/// (d)
void FaultScene::compareLeavings()
{
    if (!soon([this] { return processes().isEmpty(); }, 20s))
        complain(u"a process lives on"_s);
    const QString others = u"SELECT application_name || ': ' || state || ': ' || query FROM pg_stat_activity "
                           u"WHERE datname = current_database() "
                           "AND application_name <> 'scene' AND backend_type = 'client backend'"_s;
    if (!soon([&] { return column(others).isEmpty(); }, 10s))
        complain(u"sessions live on: "_s + column(others).join(u"; "_s));
}

/// (e): what was named is removed, then the next run brings the database to the head, or back one step.
void FaultScene::runAgain()
{
    const QString at = column(u"SELECT version_num FROM alembic_version"_s).value(0);
    for (qsizetype i = revisions.indexOf(at) + 1; i < revisions.size(); ++i) {
        sql(u"DROP TABLE IF EXISTS %1"_s.arg(tables.at(i)));
        sql(u"DELETE FROM trail WHERE revision = '%1'"_s.arg(revisions.at(i)));
    }
    auto journal = Journal::open(order.journal);
    if (!journal)
        return complain(toText(journal.error()));
    FaultRunOrder sound = order;
    sound.python.clear();
    const Target target = targetOf(sound);
    const TargetStatus status = readTargetStatus(target, {});
    const auto plan = at == head ? planDowngrade(status.scripts->map, status.current, u"bbbb1"_s)
                                 : planUpgrade(status.scripts->map, status.current, u"head"_s);
    if (!plan)
        return complain(u"no next plan: "_s + toText(plan.error()));
    RunRequest request = proposeRequest(target, *plan, m_folder.path());
    request.backup = BackupChoice::None;
    MigrationRun run(request, **journal);
    const RunReport report = run.execute();
    const QString end = at == head ? u"bbbb1"_s : head;
    if (report.outcome != Outcome::Done || toText(report.rows) != end)
        complain(u"the next run: "_s + report.summary + (report.error ? toText(*report.error) : QString()));
    const QStringList trail = column(u"SELECT revision FROM trail ORDER BY 1"_s);
    if (trail != revisions.first(revisions.indexOf(end) + 1))
        complain(u"after the next run: "_s + trail.join(u", "_s));
}

QString FaultScene::seen() const
{
    const QString first = m_told.outcome == Outcome::Running ? u"(killed)"_s : outcomeName(m_told.outcome);
    QString text = u"| %1 | %2 |"_s;
    QString summary = m_told.summary.isEmpty() ? QString() : outcomeText(m_told);
    if (!m_settled)
        return text.arg(first, summary);
    summary += summary.isEmpty() ? QString() : u"<br>"_s;
    return text.arg(first + u", then "_s + outcomeName(m_settled->outcome),
                    summary + outcomeText(*m_settled));
}

} // namespace stepwell
