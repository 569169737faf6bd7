// SPDX-License-Identifier: MIT
#include "migrations/process/process.h"

#include <QProcess>
#include <QThread>

#include <algorithm>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono;

class Process::LineSplitter
{
public:
    explicit LineSplitter(const LineHandler &handler) : m_handler(handler) {}

    void feed(const QByteArray &data)
    {
        m_text += m_decoder(data);
        qsizetype start = 0;
        for (qsizetype end = m_text.indexOf(u'\n'); end >= 0; end = m_text.indexOf(u'\n', start)) {
            emitLine(m_text.sliced(start, end - start));
            start = end + 1;
        }
        m_text.remove(0, start);
    }

    void flush()
    {
        if (!m_text.isEmpty())
            emitLine(std::exchange(m_text, {}));
    }

private:
    void emitLine(QString line)
    {
        if (line.endsWith(u'\r'))
            line.chop(1);
        if (m_handler)
            m_handler(line);
    }

    const LineHandler &m_handler;
    QStringDecoder m_decoder{QStringDecoder::Utf8};
    QString m_text;
};

Process::Process(ProcessSpec spec, Handlers handlers)
    : m_spec(std::move(spec))
    , m_handlers(std::move(handlers))
    , m_process(std::make_unique<QProcess>())
    , m_output(std::make_unique<LineSplitter>(m_handlers.outputLine))
    , m_error(std::make_unique<LineSplitter>(m_handlers.errorLine))
{
}

Process::~Process()
{
    if (m_process->state() != QProcess::NotRunning) {
        signalGroup(SIGKILL);
        m_process->waitForFinished(5000);
    }
}

bool Process::start()
{
    m_started = steady_clock::now();
    QProcess::UnixProcessParameters parameters;
    // Not CloseFileDescriptors: with it Qt 6.8 reports a program that cannot be started as exit code 0.
    parameters.flags =
        QProcess::UnixProcessFlag::CreateNewSession | QProcess::UnixProcessFlag::ResetSignalHandlers;
    m_process->setUnixProcessParameters(parameters);
    if (m_spec.endsWithStarter) {
        m_process->setChildProcessModifier([starter = ::getpid()] {
            ::prctl(PR_SET_PDEATHSIG, SIGTERM);
            if (::getppid() != starter) // it is gone already
                ::_exit(1);
        });
    }
    m_process->setProgram(m_spec.program);
    m_process->setArguments(m_spec.arguments);
    m_process->setProcessEnvironment(m_spec.environment);
    if (!m_spec.workingDirectory.isEmpty())
        m_process->setWorkingDirectory(m_spec.workingDirectory);
    m_process->start();
    if (!m_process->waitForStarted(30000)) {
        m_end = {.how = ProcessEnd::NotStarted,
                 .message = u"%1 could not be started: %2"_s.arg(m_spec.program, m_process->errorString())};
        m_ended = true;
        return false;
    }
    m_pid = m_process->processId();
    return true;
}

void Process::write(const QByteArray &data)
{
    if (m_process->state() == QProcess::Running)
        m_process->write(data);
}

void Process::closeInput()
{
    m_process->closeWriteChannel();
}

bool Process::pump(milliseconds wait)
{
    if (m_ended)
        return false;
    const auto before = steady_clock::now();
    const bool gotOutput = m_process->waitForReadyRead(static_cast<int>(wait.count()));
    deliver();
    if (m_process->state() == QProcess::NotRunning) {
        finish();
        return false;
    }
    const auto now = steady_clock::now();
    // A child that closed its output while it goes on makes the wait return at once.
    if (!gotOutput && now - before < wait / 2)
        m_process->waitForFinished(static_cast<int>(wait.count()));
    if (m_spec.deadline.count() > 0 && now - m_started > m_spec.deadline && !m_terminating)
        terminate(ProcessEnd::TimedOut);
    if (m_terminating && now >= m_killAt)
        signalGroup(SIGKILL);
    return true;
}

void Process::terminate(ProcessEnd::How as)
{
    if (m_ended || m_terminating)
        return;
    m_terminating = true;
    m_endedAs = as;
    m_killAt = steady_clock::now() + m_spec.grace;
    signalGroup(SIGTERM);
}

void Process::kill()
{
    if (m_ended)
        return;
    if (!m_terminating)
        m_endedAs = ProcessEnd::Cancelled;
    m_terminating = true;
    m_killAt = steady_clock::now();
    signalGroup(SIGKILL);
}

void Process::signalGroup(int signal) const
{
    if (m_pid > 0)
        ::kill(static_cast<pid_t>(-m_pid), signal);
}

void Process::deliver()
{
    const QByteArray output = m_process->readAllStandardOutput();
    if (!output.isEmpty()) {
        if (m_handlers.outputData)
            m_handlers.outputData(output);
        else
            m_output->feed(output);
    }
    const QByteArray error = m_process->readAllStandardError();
    if (!error.isEmpty())
        m_error->feed(error);
}

void Process::finish()
{
    deliver();
    m_output->flush();
    m_error->flush();
    m_ended = true;
    m_end.duration = duration_cast<milliseconds>(steady_clock::now() - m_started);
    if (m_terminating && m_endedAs != ProcessEnd::Exited) {
        // What is left of the group goes too: a child that ignored SIGTERM must not outlive its parent.
        signalGroup(SIGKILL);
        m_end.how = m_endedAs;
        m_end.message = m_endedAs == ProcessEnd::TimedOut
                            ? u"%1 did not finish within %2 s and was ended"_s.arg(m_spec.program)
                                  .arg(m_spec.deadline.count() / 1000.0)
                            : u"%1 was ended"_s.arg(m_spec.program);
    } else if (m_process->exitStatus() == QProcess::CrashExit) {
        m_end.how = ProcessEnd::Crashed;
        m_end.message = u"%1 was killed by a signal"_s.arg(m_spec.program);
    } else {
        m_end.how = ProcessEnd::Exited;
        m_end.exitCode = m_process->exitCode();
    }
}

ProcessEnd runProcess(const ProcessSpec &spec, const Process::Handlers &handlers, const QByteArray &input,
                      const std::stop_token &stop)
{
    Process process(spec, handlers);
    if (!process.start())
        return process.end();
    if (!input.isEmpty())
        process.write(input);
    process.closeInput();
    while (process.pump()) {
        if (stop.stop_requested())
            process.terminate();
    }
    return process.end();
}

Result<QByteArray> processOutput(const ProcessSpec &spec, const QByteArray &input,
                                 const std::stop_token &stop)
{
    QByteArray output;
    QStringList errors;
    const ProcessEnd end = runProcess(spec,
                                      {.errorLine = [&](const QString &line) { errors += line; },
                                       .outputData = [&](const QByteArray &data) { output += data; }},
                                      input, stop);
    const QString detail = errors.join(u'\n');
    switch (end.how) {
    case ProcessEnd::Exited:
        if (end.exitCode == 0)
            return output;
        return failure(ErrorKind::ProcessFailed,
                       u"%1 ended with exit code %2"_s.arg(spec.program).arg(end.exitCode), {}, detail);
    case ProcessEnd::NotStarted:
        return failure(ErrorKind::ProgramMissing, end.message);
    case ProcessEnd::TimedOut:
        return failure(ErrorKind::Timeout, end.message, {}, detail);
    case ProcessEnd::Cancelled:
        return failure(ErrorKind::Cancelled, end.message, {}, detail);
    case ProcessEnd::Crashed:
        break;
    }
    return failure(ErrorKind::ProcessFailed, end.message, {}, detail);
}

} // namespace stepwell
