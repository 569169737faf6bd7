// SPDX-License-Identifier: MIT
#include "app/cli/filecommands.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstring>
#include <unistd.h>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// `stepwell` and `stepwell demo` open the window; everything else is a command.
bool opensWindow(const cli::Options &options)
{
    if (options.command.isEmpty())
        return true;
    return options.command == u"demo"_s && options.create.isEmpty() && options.stop.isEmpty() &&
           !options.json;
}

/// Becomes a program that lies beside this one. Returns only if that fails.
int become(const QString &program, char **argv)
{
    const QString self = QFileInfo(u"/proc/self/exe"_s).canonicalFilePath();
    const QString path = QFileInfo(self).absolutePath() + u'/' + program;
    ::execv(QFile::encodeName(path).constData(), argv);
    QTextStream(stderr) << u"stepwell: %1 cannot be started: %2.\n  Install Stepwell again."_s.arg(
                               path, QString::fromLocal8Bit(std::strerror(errno)))
                        << Qt::endl;
    return exitCode(ErrorKind::ProgramMissing);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication::setApplicationName(u"stepwell"_s);
    const QStringList arguments = cli::argumentsOf(argc, argv);
    QTextStream out(stdout);
    QTextStream err(stderr);
    const Result<cli::Options> options = cli::parseOptions(arguments);
    if (!options)
        return cli::report(options.error(), cli::asksForJson(arguments), out, err);
    if (options->help) {
        out << options->helpText;
        return 0;
    }
    if (opensWindow(*options))
        return become(u"stepwell-window"_s, argv);
    if (!cli::needsOnlyFiles(*options))
        return become(u"stepwell-command"_s, argv);
    const QCoreApplication application(argc, argv);
    cli::FileContext context(*options, {.out = &out,
                                        .err = &err,
                                        .outIsTerminal = ::isatty(STDOUT_FILENO) == 1,
                                        .errIsTerminal = ::isatty(STDERR_FILENO) == 1});
    return cli::runFileCommand(context);
}
