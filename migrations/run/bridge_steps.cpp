// SPDX-License-Identifier: MIT
// What changes the database: steps and stamps.
#include "migrations/run/bridge_private.h"

#include <QJsonArray>

#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

/// With the version row among them the database's rows tell whether that COMMIT came through.
QStringList Bridge::Private::perhapsCommitted() const
{
    QStringList texts;
    for (const QString &statement : rowWritten ? QStringList() : committing)
        texts += u"%1 (its COMMIT was under way)"_s.arg(statement);
    return texts;
}

BridgeStepResult Bridge::Private::lostStep(const Error &why, const RevisionId &revision) const
{
    BridgeStepResult result{.started = backendPid > 0, .error = why};
    Error &error = *result.error;
    if (!result.started) {
        error.kind = ErrorKind::ProcessFailed;
        error.message = u"Python ended before revision %1 was started."_s.arg(revision.text());
        error.hint = u"Its output below may say why. Start the run again."_s;
    } else {
        error.kind = ErrorKind::OutcomeUnknown;
        error.outcomeUnknown = true;
        error.message =
            u"Python ended during revision %1: what it left behind is not known yet."_s.arg(revision.text());
        error.hint = u"Read the database before doing anything else: the server may still be executing "
                     "the last statement."_s;
        result.committedStatements = committed.value(revision.text()) + perhapsCommitted();
    }
    error.detail = why.detail.isEmpty() ? why.message : QString(why.message + u'\n' + why.detail);
    return result;
}

/// Sends what changes the database and waits for how it ended.
BridgeStepResult Bridge::Private::execute(QJsonObject request, const StepOptions &options,
                                          const RevisionId &revision, const QString &doing,
                                          const std::function<void()> &whileWaiting)
{
    const auto started = steady_clock::now();
    if (!alive)
        return {.started = false,
                .error =
                    Error{.kind = ErrorKind::ProcessFailed,
                          .message = u"The project's Python does not run; the revision was not started."_s,
                          .hint = u"Start the run again."_s}};
    request[u"proof_key"] = QString::number(options.proofKey);
    request[u"run_key"] = QString::number(options.runKey);
    request[u"lock_timeout_ms"] = qint64(options.lockTimeout.count());
    request[u"statement_timeout_ms"] = qint64(options.statementTimeout.count());
    request[u"concurrent_timeout_ms"] = qint64(options.concurrentTimeout.count());
    if (!open) {
        backendPid = 0;
        committed.clear();
    }
    committing.clear();
    rowWritten = false;
    const Result<QJsonObject> given = exchange(request, {}, whileWaiting);
    const auto duration = duration_cast<milliseconds>(steady_clock::now() - started);
    open = given && (*given)[u"open"].toBool();
    if (!given) {
        BridgeStepResult lost = lostStep(given.error(), revision);
        lost.duration = duration;
        lost.rowWritten = rowWritten;
        return lost;
    }
    BridgeStepResult result{.ok = (*given)[u"ok"].toBool(),
                            .durable = (*given)[u"durable"].toBool(),
                            .open = open,
                            .rowWritten = rowWritten,
                            .started = (*given)[u"ok"].toBool() || (*given)[u"started"].toBool(),
                            .committedStatements = committed.value(revision.text()),
                            .duration = duration};
    if (!result.ok) {
        result.error = told(*given, doing);
        if (result.error->detail.isEmpty())
            result.error->detail = lastOutput();
        if (result.error->outcomeUnknown)
            result.committedStatements += perhapsCommitted();
    }
    if (!open && (result.ok || !result.error->connectionLost))
        backendPid = 0;
    return result;
}

BridgeStepResult Bridge::runStep(const RunStep &step, const StepOptions &options,
                                 const std::function<void()> &whileWaiting)
{
    QJsonObject request = stepObject(step);
    request[u"request"] = u"step"_s;
    request[u"direction"] = directionName(options.direction);
    request[u"transactions"] = options.transactions == TransactionPolicy::Project
                                   ? QString()
                                   : transactionPolicyName(options.transactions);
    request[u"last"] = options.last;
    return d->execute(request, options, step.revision, u"Revision %1 failed"_s.arg(step.revision.text()),
                      whileWaiting);
}

BridgeStepResult Bridge::stamp(const QStringList &revisions, bool purge, const RevisionIds &from,
                               const StepOptions &options, const std::function<void()> &whileWaiting)
{
    QJsonObject request{{u"request"_s, u"stamp"_s},
                        {u"revisions"_s, QJsonArray::fromStringList(revisions)},
                        {u"purge"_s, purge}};
    if (!purge)
        request[u"from"] = QJsonArray::fromStringList(toTexts(from));
    return d->execute(request, options, {}, u"The stamp failed"_s, whileWaiting);
}

Result<void> Bridge::finish(const std::function<void()> &whileWaiting)
{
    if (!std::exchange(d->open, false) || !d->alive)
        return {};
    const Result<QJsonObject> given = d->exchange({{u"request"_s, u"finish"_s}}, {}, whileWaiting);
    if (!given)
        return std::unexpected(given.error());
    if (!(*given)[u"ok"].toBool())
        return std::unexpected(d->told(*given, u"env.py failed after the last revision"_s));
    return {};
}

QStringList Bridge::committedStatements(const RevisionId &revision) const
{
    return d->committed.value(revision.text());
}

} // namespace stepwell
