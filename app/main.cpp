// SPDX-License-Identifier: MIT
// The window. People start `stepwell`, which parses the same command line and turns into this program.
#include "app/application.h"
#include "app/cli/options.h"

#include <QCoreApplication>
#include <QTextStream>

using namespace stepwell;
using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    QCoreApplication::setApplicationName(u"stepwell"_s);
    const Result<cli::Options> options = cli::parseOptions(cli::argumentsOf(argc, argv));
    if (!options) {
        QTextStream(stderr) << toText(options.error()) << Qt::endl;
        return exitCode(options.error().kind);
    }
    return runWindow(argc, argv,
                     {.workspace = options->workspace,
                      .demo = options->command == u"demo"_s,
                      .resetDemo = options->reset,
                      .pictures = options->pictures});
}
