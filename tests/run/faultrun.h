// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/process/process.h"
#include "migrations/run/migrationrun.h"

#include <QJsonObject>

namespace stepwell {

/// What a run said of itself, or what settling it said.
struct Told {
    qint64 journalId = 0;
    Outcome outcome = Outcome::Running; ///< Running: nothing was said, it was killed
    QStringList rows;
    bool rowsKnown = false;
    QString summary;
    QString error;
    QList<StepState> states;
    QStringList leftBehind;
    QStringList next; ///< the sentences
};
[[nodiscard]] Told toldOf(const RunReport &report);
[[nodiscard]] QJsonObject toJson(const Told &told);
[[nodiscard]] Told toldFrom(const QJsonObject &object);

/// How the process of a run is to run: what a scene writes and faultRun() reads.
struct FaultRunOrder {
    QString config;
    QString url;
    QString journal;
    QString gates;   ///< folder
    QString backups; ///< folder; empty: no backup
    QStringList python;
    QString policy; ///< TransactionPolicy as in stepwell.toml
    int lockTimeout = 5000;
    int lockRetries = 0;
    int statementTimeout = 0;
    int recoveryTime = 20000;
};
[[nodiscard]] QJsonObject toJson(const FaultRunOrder &order);

/// The target of an order, as both processes see it.
[[nodiscard]] Target targetOf(const FaultRunOrder &order);

/// One upgrade to head in a process of its own, started as PROGRAM --run FILE, so that it can be killed: it
/// takes "cancel", "stop" and "full" (no file may grow any more) as lines from standard input, answers each
/// by the gate file of that name, waits at the gates phase.checks, phase.lock, phase.stepN, phase.readback
/// and event.retry, and prints what it tells as JSON.
int faultRun(const QString &file);

} // namespace stepwell
