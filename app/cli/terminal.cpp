// SPDX-License-Identifier: MIT
#include "app/cli/terminal.h"

#include "app/cli/commands.h"
#include "app/cli/interruption.h"
#include "app/secretstore.h"

#include <QCoreApplication>
#include <QSocketNotifier>
#include <QThread>

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

int interruptPipe[2] = {-1, -1};

void onSignal(int signal)
{
    const int before = errno;
    const char byte = signal == SIGINT ? 'i' : 't';
    std::ignore = ::write(interruptPipe[1], &byte, 1);
    errno = before;
}

/// Turns Ctrl-C and SIGTERM into requests: a migration is stopped or cancelled on the server, not abandoned.
class SignalRelay : public QObject
{
public:
    explicit SignalRelay(Interruption &interruption)
    {
        if (::pipe(interruptPipe) != 0)
            return;
        auto *notifier = new QSocketNotifier(interruptPipe[0], QSocketNotifier::Read, this);
        connect(notifier, &QSocketNotifier::activated, this, [&interruption] {
            char byte = 0;
            if (::read(interruptPipe[0], &byte, 1) != 1)
                return;
            if (byte == 'i')
                interruption.interrupt();
            else
                interruption.cancel();
        });
        std::signal(SIGINT, onSignal);
        std::signal(SIGTERM, onSignal);
    }
};

/// Switches the echo off for a password, and on again whatever happens.
class NoEcho
{
public:
    explicit NoEcho(bool active) : m_active(active && ::tcgetattr(STDIN_FILENO, &m_before) == 0)
    {
        if (!m_active)
            return;
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~NoEcho()
    {
        if (m_active)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    NoEcho(const NoEcho &) = delete;
    NoEcho &operator=(const NoEcho &) = delete;

private:
    termios m_before{};
    bool m_active;
};

std::optional<QString> askOnTerminal(QTextStream &err, const QString &prompt, bool secret,
                                     const std::stop_token &stop)
{
    err << prompt;
    err.flush();
    const NoEcho silence(secret);
    // Ctrl-C is a request here, so waiting for the line has to look for it.
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (::poll(&input, 1, 100) == 0) {
        if (stop.stop_requested()) {
            err << Qt::endl;
            return {};
        }
    }
    QTextStream in(stdin);
    const QString line = in.readLine();
    if (secret)
        err << Qt::endl;
    return line.isNull() ? std::optional<QString>() : line;
}

} // namespace

int runInTerminal(const Options &options)
{
    QTextStream out(stdout);
    QTextStream err(stderr);
    Interruption interruption;
    const SignalRelay signals(interruption);
    SecretStore secrets;
    Streams streams{.out = &out,
                    .err = &err,
                    .outIsTerminal = ::isatty(STDOUT_FILENO) == 1,
                    .errIsTerminal = ::isatty(STDERR_FILENO) == 1,
                    .interrupted = interruption.token(),
                    .interruption = &interruption};
    // What a program reads has no questions in it.
    if (::isatty(STDIN_FILENO) == 1 && !options.json && options.progress != "json"_L1)
        streams.ask = [&err, token = interruption.token()](const QString &prompt, bool secret) {
            return askOnTerminal(err, prompt, secret, token);
        };
    CommandContext context(options, streams, secrets);
    int code = 1;
    const std::unique_ptr<QThread> worker(QThread::create([&] { code = runCommand(context); }));
    QObject::connect(worker.get(), &QThread::finished, qApp, &QCoreApplication::quit);
    worker->start();
    QCoreApplication::exec();
    worker->wait();
    return code;
}

} // namespace stepwell::cli
