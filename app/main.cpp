// SPDX-License-Identifier: MIT
#include "app/application.h"
#include "app/cli/terminal.h"

#include <QCoreApplication>
#include <QTextStream>

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

QStringList argumentsOf(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    return arguments;
}

int usageError(const Error &error)
{
    QTextStream(stderr) << u"stepwell: "_s << error.message << u"\n  "_s << error.hint << Qt::endl;
    return exitCode(error.kind);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication::setApplicationName(u"stepwell"_s);
    const Result<cli::Options> options = cli::parseOptions(argumentsOf(argc, argv));
    if (!options)
        return usageError(options.error());
    if (options->help) {
        QTextStream(stdout) << options->helpText;
        return 0;
    }
    if (opensWindow(*options))
        return runWindow(argc, argv,
                         {.workspace = options->workspace,
                          .demo = options->command == u"demo"_s,
                          .resetDemo = options->reset,
                          .pictures = options->pictures});
    const QCoreApplication application(argc, argv);
    return cli::runInTerminal(*options);
}
