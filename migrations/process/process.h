// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QByteArray>
#include <QProcessEnvironment>
#include <QStringDecoder>
#include <QStringList>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

class QProcess;

namespace stepwell {

/// A child process to start. Secrets never go into arguments or environment: write them to its
/// standard input, or name a private file.
struct ProcessSpec {
    QString program;
    QStringList arguments;
    QString workingDirectory; ///< empty: this process's
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    std::chrono::milliseconds deadline{0}; ///< for the whole life; 0: none
    std::chrono::milliseconds grace{3000}; ///< between SIGTERM and SIGKILL, to the whole group
    /// SIGTERM to the child when the thread that started it is gone, so also when this process is killed.
    bool endsWithStarter = false;
};

/// How a process ended; there is exactly one, also when it never started.
struct ProcessEnd {
    enum How { Exited, Crashed, NotStarted, TimedOut, Cancelled };
    How how = NotStarted;
    int exitCode = -1; ///< if Exited
    QString message;   ///< why it did not start, crashed or was ended; empty if Exited
    std::chrono::milliseconds duration{0};

    [[nodiscard]] bool succeeded() const { return how == Exited && exitCode == 0; }
};

/// The one process wrapper. Runs the child in a session of its own, so that ending it ends the
/// whole group: a wrapper such as a shell or `uv run` would otherwise leave the migration running.
/// Blocking and without an event loop; use it from one worker thread.
class Process
{
public:
    /// A complete line, without its line end. The decoder keeps state between reads, so a character
    /// split over two reads stays whole; invalid UTF-8 becomes U+FFFD. A last line without line end counts.
    using LineHandler = std::function<void(const QString &line)>;
    /// Raw output, for protocols that are not lines.
    using DataHandler = std::function<void(const QByteArray &data)>;

    struct Handlers {
        LineHandler outputLine;
        LineHandler errorLine;
        DataHandler outputData; ///< if set, outputLine is not called
    };

    Process(ProcessSpec spec, Handlers handlers);
    ~Process(); ///< ends the group at once (SIGKILL) if it is still there
    Process(const Process &) = delete;
    Process &operator=(const Process &) = delete;

    /// False if it could not be started; end() then says why.
    [[nodiscard]] bool start();
    void write(const QByteArray &data);
    void closeInput();
    /// Waits up to `wait` for output or the end and calls the handlers. False once the process has
    /// ended and all its output has been handed over.
    [[nodiscard]] bool pump(std::chrono::milliseconds wait = std::chrono::milliseconds(50));
    /// SIGTERM to the group now, SIGKILL after the grace time; progresses in pump().
    void terminate(ProcessEnd::How as = ProcessEnd::Cancelled);
    void kill(); ///< SIGKILL to the group now
    [[nodiscard]] qint64 processId() const { return m_pid; }
    [[nodiscard]] const ProcessEnd &end() const { return m_end; }

private:
    class LineSplitter;
    void deliver();
    void finish();
    void signalGroup(int signal) const;

    ProcessSpec m_spec;
    Handlers m_handlers;
    std::unique_ptr<QProcess> m_process;
    std::unique_ptr<LineSplitter> m_output;
    std::unique_ptr<LineSplitter> m_error;
    ProcessEnd m_end;
    ProcessEnd::How m_endedAs = ProcessEnd::Exited;
    std::chrono::steady_clock::time_point m_started;
    std::chrono::steady_clock::time_point m_killAt;
    qint64 m_pid = 0;
    bool m_ended = false;
    bool m_terminating = false;
};

/// Runs a process to its end. `input` is written and the input closed. A stop request ends the group.
[[nodiscard]] ProcessEnd runProcess(const ProcessSpec &spec, const Process::Handlers &handlers = {},
                                    const QByteArray &input = {}, const std::stop_token &stop = {});

/// Runs a process and collects its standard output; failure carries its standard error as detail.
/// Errors: ProcessFailed, ProgramMissing (not started), Timeout, Cancelled.
[[nodiscard]] Result<QByteArray> processOutput(const ProcessSpec &spec, const QByteArray &input = {},
                                               const std::stop_token &stop = {});

} // namespace stepwell
