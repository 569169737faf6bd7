// SPDX-License-Identifier: MIT
#include "migrations/run/bridge.h"

#include "migrations/run/bridge_errors.h"
#include "migrations/run/bridge_private.h"

#include <QJsonArray>

#include <cmath>
#include <csignal>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto pumpTime = 50ms;
/// How long a bridge that has nothing to do may take to end after its input was closed.
constexpr auto closingTime = 5s;
constexpr seconds answerDeadline{120}; ///< for loading Alembic, the revisions and env.py
constexpr seconds loadingTime{30}; ///< until Python begins to render, and until it ends what takes too long
constexpr qsizetype keptOutput = 40;

milliseconds toMilliseconds(const QJsonValue &value)
{
    return milliseconds(std::llround(value.toDouble()));
}

QStringList toTexts(const QJsonValue &array)
{
    QStringList texts;
    for (const QJsonValue &value : array.toArray())
        texts += value.toString();
    return texts;
}

} // namespace

void Bridge::Private::send(RunEvent event) const
{
    if (!onEvent)
        return;
    event.phase = RunPhase::Step;
    event.when = QDateTime::currentDateTime();
    onEvent(event);
}

void Bridge::Private::output(const QString &line)
{
    const QString clean = redact(line);
    lines += clean;
    if (lines.size() > keptOutput)
        lines.removeFirst();
    send({.type = RunEvent::Output, .text = clean});
}

void Bridge::Private::receive(const QByteArray &data)
{
    for (const QJsonObject &event : sequence.feed(data))
        receive(event);
}

void Bridge::Private::receive(const QJsonObject &event)
{
    const QString name = event[u"event"].toString();
    if (event[u"reply"].toBool()) {
        answer = event;
    } else if (name == u"hello"_s) {
        executable = event[u"executable"].toString();
    } else if (name == u"context"_s) {
        backendPid = event[u"backend_pid"].toInt();
    } else if (name == u"statement"_s) {
        send({.type = RunEvent::StatementStarted,
              .number = event[u"number"].toInt(),
              .text = redact(event[u"text"].toString())});
    } else if (name == u"statement_done"_s) {
        send({.type = RunEvent::StatementFinished,
              .number = event[u"number"].toInt(),
              .ok = event[u"ok"].toBool(),
              .rows = event[u"rows"].toInteger(-1),
              .duration = toMilliseconds(event[u"ms"]),
              .text = redact(event[u"error"].toString())});
    } else if (name == u"retry"_s) {
        send({.type = RunEvent::Retry, .text = u"env.py tries the revision again by itself"_s});
    } else if (name == u"tx"_s) {
        committing = event[u"what"].toString() == u"commit"_s ? toTexts(event[u"statements"]) : QStringList();
    } else if (name == u"committed"_s) {
        committed[event[u"revision"].toString()] += toTexts(event[u"statements"]);
        committing.clear();
    } else if (name == u"row"_s) {
        rowWritten = true;
    } else if (name == u"runtime"_s || name == u"rendered"_s) {
        receiveRendering(event);
    } else if (name == u"folder"_s || name == u"merge_output"_s) {
        receiveMerging(event);
    }
}

void Bridge::Private::receiveRendering(const QJsonObject &event)
{
    lastSign = steady_clock::now();
    if (event[u"event"].toString() == u"runtime"_s) {
        if (renderHandlers.runtime)
            renderHandlers.runtime(runtimeFrom(event, opened));
        return;
    }
    BridgeRendering rendering = renderingFrom(event, opened);
    if (rendering.index < 0 || rendering.index >= steps.size() || !renderHandlers.rendered)
        return;
    rendering.sql.direction = steps.at(rendering.index).direction;
    rendering.sql.problem = redact(rendering.sql.problem);
    renderHandlers.rendered(rendering);
}

QString Bridge::Private::lastOutput() const
{
    QStringList all;
    if (!sequence.stray().trimmed().isEmpty())
        all += redact(QString::fromUtf8(sequence.stray().trimmed()));
    return (all + lines).join(u'\n');
}

QString Bridge::Private::interpreter() const
{
    return executable.isEmpty() ? settings.python.join(u' ') : executable;
}

Error Bridge::Private::goneError() const
{
    const ProcessEnd &end = process->end();
    QString how =
        end.how == ProcessEnd::Exited ? u"it ended with exit code %1"_s.arg(end.exitCode) : end.message;
    if (how.isEmpty())
        how = u"it ended"_s;
    if (executable.isEmpty()) {
        return {
            .kind = ErrorKind::PythonMissing,
            .message = u"%1 did not start Python: %2."_s.arg(settings.python.join(u' '), how),
            .hint =
                u"Try this command in a terminal; it must start the project's Python 3.8 or later. Set it "
                "as `python` of the component."_s,
            .detail = lastOutput()};
    }
    return {.kind = end.how == ProcessEnd::Cancelled ? ErrorKind::Cancelled : ErrorKind::ProcessFailed,
            .message = u"The project's Python is gone: %1."_s.arg(how),
            .hint = u"Its output below may say why."_s,
            .detail = lastOutput()};
}

/// A child that the project forked keeps the connections open that it inherited: the server would not notice
/// that Python is gone, and keep its locks.
void Bridge::Private::endRest() const
{
    if (process->processId() > 0)
        ::kill(static_cast<pid_t>(-process->processId()), SIGKILL);
}

Result<QJsonObject> Bridge::Private::exchange(const QJsonObject &request, const std::stop_token &stop,
                                              const std::function<void()> &whileWaiting, seconds deadline)
{
    answer.reset();
    lastSign = steady_clock::now();
    process->write(requestLine(request));
    while (!answer) {
        alive = process->pump(pumpTime);
        if (answer)
            break;
        if (!alive) {
            endRest();
            return std::unexpected(goneError());
        }
        if (whileWaiting)
            whileWaiting();
        const bool late = deadline.count() > 0 && steady_clock::now() > lastSign + deadline;
        if (late || stop.stop_requested()) {
            process->kill();
            while (process->pump(pumpTime)) {
            }
            alive = false;
            if (!late)
                return failure(ErrorKind::Cancelled, u"Cancelled."_s);
            return failure(ErrorKind::Timeout,
                           u"The project's Python did not answer within %1 s."_s.arg(deadline.count()),
                           u"The interpreter or env.py hangs: run `alembic current` by hand to see where."_s,
                           lastOutput());
        }
    }
    return *answer;
}

Error Bridge::Private::told(const QJsonObject &given, const QString &doing) const
{
    Error error = bridgeError(given[u"error"].toObject(), doing);
    error.message = redact(error.message);
    error.detail = redact(error.detail);
    error.serverDetail = redact(error.serverDetail);
    error.statement = redact(error.statement);
    return error;
}

Result<QJsonObject> Bridge::Private::ask(const QJsonObject &request, const QString &doing,
                                         const std::stop_token &stop, seconds deadline)
{
    if (!alive)
        return failure(ErrorKind::ProcessFailed, u"The project's Python does not run."_s,
                       u"Start it again."_s);
    Result<QJsonObject> given = exchange(request, stop, {}, deadline);
    if (!given || (*given)[u"ok"].toBool())
        return given;
    return std::unexpected(told(*given, doing));
}

Error Bridge::Private::openError(const QJsonObject &given) const
{
    const QJsonObject error = given[u"error"].toObject();
    const QString module = error[u"missing_module"].toString();
    if (module == u"alembic"_s || module == u"sqlalchemy"_s) {
        return {
            .kind = ErrorKind::PythonMissing,
            .message = u"The Python at %1 has no %2."_s.arg(
                interpreter(), module == u"alembic"_s ? u"Alembic"_s : u"SQLAlchemy"_s),
            .hint =
                u"Name the project's own interpreter as `python` of the component, or install Alembic for "
                "this one: %1 -m pip install alembic"_s.arg(interpreter()),
            .detail = told(given, {}).detail};
    }
    return told(given, u"Alembic cannot be loaded"_s);
}

Bridge::Bridge(BridgeSettings settings, EventHandler onEvent)
    : d(std::make_unique<Private>(std::move(settings), std::move(onEvent)))
{
}

Bridge::~Bridge()
{
    if (!d->process || !d->alive)
        return;
    d->process->closeInput();
    const auto deadline = steady_clock::now() + closingTime;
    while (d->process->pump(pumpTime) && steady_clock::now() < deadline) {
    }
    d->endRest();
}

Result<void> Bridge::start(const std::stop_token &stop)
{
    const QStringList command = bridgeCommand(d->settings.python);
    if (command.isEmpty())
        return failure(ErrorKind::PythonMissing, u"No Python interpreter is set."_s,
                       u"Set `python` of the component in stepwell.toml."_s);
    ProcessSpec spec{.program = command.first(),
                     .arguments = command.sliced(1),
                     .workingDirectory = d->settings.workingDirectory};
    // The order of a set is chance in Python: the SQL that was shown should be the SQL that runs.
    if (!spec.environment.contains(u"PYTHONHASHSEED"_s))
        spec.environment.insert(u"PYTHONHASHSEED"_s, u"0"_s);
    d->process = std::make_unique<Process>(
        spec, Process::Handlers{.errorLine = [this](const QString &line) { d->output(line); },
                                .outputData = [this](const QByteArray &data) { d->receive(data); }});
    if (!d->process->start()) {
        return failure(ErrorKind::PythonMissing, QString(d->process->end().message + u'.'),
                       u"Install Python, or set `python` of the component to the project's interpreter."_s);
    }
    d->alive = true;
    d->process->write(bridgeScript());
    const Result<QJsonObject> opened = d->exchange({{u"request"_s, u"open"_s},
                                                    {u"directory"_s, d->settings.workingDirectory},
                                                    {u"config"_s, d->settings.config},
                                                    {u"toml"_s, d->settings.toml},
                                                    {u"section"_s, d->settings.section},
                                                    {u"url"_s, d->settings.url}},
                                                   stop, {}, answerDeadline);
    if (!opened)
        return std::unexpected(opened.error());
    if (!(*opened)[u"ok"].toBool())
        return std::unexpected(d->openError(*opened));
    d->opened = *opened;
    return {};
}

Result<BridgeDescription> Bridge::describe(qint64 proofKey, const std::stop_token &stop)
{
    // Keys are 64 bits wide and travel as text: JSON's numbers are not.
    const auto given = d->ask({{u"request"_s, u"describe"_s}, {u"proof_key"_s, QString::number(proofKey)}},
                              u"env.py failed"_s, stop, answerDeadline);
    if (!given)
        return std::unexpected(given.error());
    const QJsonObject &facts = *given;
    return BridgeDescription{.alembicVersion = facts[u"alembic"].toString(),
                             .sqlAlchemyVersion = facts[u"sqlalchemy"].toString(),
                             .pythonVersion = facts[u"python"].toString(),
                             .driver = facts[u"driver"].toString(),
                             .versionTable = facts[u"version_table"].toString(),
                             .rows = toRevisionIds(toTexts(facts[u"rows"])),
                             .databaseName = facts[u"database"].toString(),
                             .backendPid = facts[u"backend_pid"].toInt(),
                             .sameDatabase = facts[u"same_database"].toBool(),
                             .contexts = facts[u"contexts"].toInt(),
                             .externalTransaction = facts[u"external_transaction"].toBool()};
}

Result<void> Bridge::render(const QList<RenderStep> &steps, seconds each, const RenderHandlers &handlers,
                            const std::stop_token &stop)
{
    QJsonArray wanted;
    for (const RenderStep &step : steps) {
        QJsonObject object = stepObject(step.step);
        object[u"direction"] = directionName(step.direction);
        wanted += object;
    }
    d->steps = steps;
    d->renderHandlers = handlers;
    // Python ends what takes too long by itself, unless it cannot: the deadline is for each revision.
    const auto given =
        d->ask({{u"request"_s, u"render"_s}, {u"seconds"_s, qint64(each.count())}, {u"steps"_s, wanted}},
               u"The SQL cannot be rendered"_s, stop, loadingTime + each);
    d->renderHandlers = {};
    if (!given)
        return std::unexpected(given.error());
    return {};
}

int Bridge::backendPid() const
{
    return d->backendPid;
}

qint64 Bridge::processId() const
{
    return d->process ? d->process->processId() : 0;
}

void Bridge::kill()
{
    if (d->process)
        d->process->kill();
}

} // namespace stepwell
