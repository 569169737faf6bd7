// SPDX-License-Identifier: MIT
#include "tests/run/faultrun.h"

#include "migrations/run/runpolicy.h"
#include "migrations/status/targetstatus.h"
#include "tests/run/gates.h"
#include "tests/support/testfiles.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

QStringList textsOf(const QJsonValue &array)
{
    QStringList texts;
    for (const QJsonValue &value : array.toArray())
        texts += value.toString();
    return texts;
}

FaultRunOrder orderFrom(const QJsonObject &object)
{
    return {.config = object["config"_L1].toString(),
            .url = object["url"_L1].toString(),
            .journal = object["journal"_L1].toString(),
            .gates = object["gates"_L1].toString(),
            .backups = object["backups"_L1].toString(),
            .python = textsOf(object["python"_L1]),
            .policy = object["policy"_L1].toString(),
            .lockTimeout = object["lockTimeout"_L1].toInt(),
            .lockRetries = object["lockRetries"_L1].toInt(),
            .statementTimeout = object["statementTimeout"_L1].toInt(),
            .recoveryTime = object["recoveryTime"_L1].toInt()};
}

TransactionPolicy policyFrom(const QString &name)
{
    for (const TransactionPolicy policy : {TransactionPolicy::Project, TransactionPolicy::All}) {
        if (transactionPolicyName(policy) == name)
            return policy;
    }
    return TransactionPolicy::Revision;
}

RunRequest requestOf(const FaultRunOrder &order)
{
    const Target target = targetOf(order);
    const TargetStatus status = readTargetStatus(target, {});
    if (!status.scripts)
        qFatal("the revision files cannot be read");
    const Result<Plan> plan = planUpgrade(status.scripts->map, status.current, u"head"_s);
    if (!plan)
        qFatal("%s", qPrintable(toText(plan.error())));
    RunRequest request = proposeRequest(target, *plan, order.gates);
    request.backup = order.backups.isEmpty() ? BackupChoice::None : BackupChoice::Dump;
    request.backupDirectory = order.backups;
    request.lockTimeout = milliseconds(order.lockTimeout);
    request.statementTimeout = milliseconds(order.statementTimeout);
    request.lockRetries = order.lockRetries;
    request.recoveryTime = milliseconds(order.recoveryTime);
    request.transactions = policyFrom(order.policy);
    return request;
}

void waitAt(const Gates &gates, const RunEvent &event)
{
    if (event.type == RunEvent::Retry)
        gates.pass(u"event.retry"_s);
    if (event.type == RunEvent::Progress && event.phase == RunPhase::Lock)
        gates.pass(u"phase.lock"_s);
    if (event.type != RunEvent::PhaseStarted)
        return;
    if (event.phase == RunPhase::Checks)
        gates.pass(u"phase.checks"_s);
    else if (event.phase == RunPhase::Step)
        gates.pass(u"phase.step%1"_s.arg(event.step));
    else if (event.phase == RunPhase::ReadBack)
        gates.pass(u"phase.readback"_s);
}

/// From now on nothing that this process writes finds room, as on a full disk.
void fillTheDisk()
{
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{.rlim_cur = 0, .rlim_max = RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &none);
}

void listen(MigrationRun &run, const Gates &gates)
{
    std::string line;
    while (std::getline(std::cin, line)) {
        if (line == "cancel")
            run.cancel();
        else if (line == "stop")
            run.stopAfterThisRevision();
        else if (line == "full")
            fillTheDisk();
        gates.open(QString::fromStdString(line));
    }
}

} // namespace

Told toldOf(const RunReport &report)
{
    Told told{.journalId = report.journalId,
              .outcome = report.outcome,
              .rows = toTexts(report.rows),
              .rowsKnown = report.rowsKnown,
              .summary = report.summary,
              .error = report.error ? toText(*report.error) : QString(),
              .leftBehind = report.leftBehind};
    for (const JournalStep &step : report.steps)
        told.states += step.state;
    for (const NextStep &step : report.next)
        told.next += step.text;
    return told;
}

QJsonObject toJson(const Told &told)
{
    QJsonArray states;
    for (const StepState state : told.states)
        states += int(state);
    return {{u"id"_s, told.journalId},
            {u"outcome"_s, int(told.outcome)},
            {u"rows"_s, QJsonArray::fromStringList(told.rows)},
            {u"rowsKnown"_s, told.rowsKnown},
            {u"summary"_s, told.summary},
            {u"error"_s, told.error},
            {u"states"_s, states},
            {u"left"_s, QJsonArray::fromStringList(told.leftBehind)},
            {u"next"_s, QJsonArray::fromStringList(told.next)}};
}

Told toldFrom(const QJsonObject &object)
{
    Told told{.journalId = object["id"_L1].toInteger(),
              .outcome = Outcome(object["outcome"_L1].toInt()),
              .rows = textsOf(object["rows"_L1]),
              .rowsKnown = object["rowsKnown"_L1].toBool(),
              .summary = object["summary"_L1].toString(),
              .error = object["error"_L1].toString(),
              .leftBehind = textsOf(object["left"_L1]),
              .next = textsOf(object["next"_L1])};
    for (const QJsonValue &state : object["states"_L1].toArray())
        told.states += StepState(state.toInt());
    return told;
}

QJsonObject toJson(const FaultRunOrder &order)
{
    return {{u"config"_s, order.config},
            {u"url"_s, order.url},
            {u"journal"_s, order.journal},
            {u"gates"_s, order.gates},
            {u"backups"_s, order.backups},
            {u"python"_s, QJsonArray::fromStringList(order.python)},
            {u"policy"_s, order.policy},
            {u"lockTimeout"_s, order.lockTimeout},
            {u"lockRetries"_s, order.lockRetries},
            {u"statementTimeout"_s, order.statementTimeout},
            {u"recoveryTime"_s, order.recoveryTime}};
}

Target targetOf(const FaultRunOrder &order)
{
    Target target;
    target.id = {.environment = u"test"_s, .component = u"scratch"_s};
    target.component.name = u"scratch"_s;
    target.component.config = order.config;
    target.component.python = order.python;
    target.environment.name = u"test"_s;
    target.config = order.config;
    target.url = order.url;
    return target;
}

int faultRun(const QString &file)
{
    const FaultRunOrder order = orderFrom(QJsonDocument::fromJson(readFile(file)).object());
    const RunRequest request = requestOf(order);
    auto journal = Journal::open(order.journal);
    if (!journal)
        qFatal("%s", qPrintable(toText(journal.error())));
    const Gates gates(order.gates);
    MigrationRun run(request, **journal, [&gates](const RunEvent &event) { waitAt(gates, event); });
    std::thread([&run, &gates] { listen(run, gates); }).detach();
    const RunReport report = run.execute();
    const QByteArray text = QJsonDocument(toJson(toldOf(report))).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
    std::fflush(stdout);
    // At once: the thread that listens still uses what the end of this function takes away.
    ::_exit(0);
}

} // namespace stepwell
