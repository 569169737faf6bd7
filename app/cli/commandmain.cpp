// SPDX-License-Identifier: MIT
// Commands that need a database, a backup or the journal. `stepwell` parses the same command line and turns
// into this program.
#include "app/cli/terminal.h"

#include <QCoreApplication>
#include <QTextStream>

using namespace stepwell;
using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    QCoreApplication::setApplicationName(u"stepwell"_s);
    const Result<cli::Options> options = cli::parseOptions(cli::argumentsOf(argc, argv));
    if (!options || options->command.isEmpty()) {
        QTextStream(stderr) << u"Start `stepwell` instead."_s << Qt::endl;
        return exitCode(ErrorKind::Usage);
    }
    const QCoreApplication application(argc, argv);
    return cli::runInTerminal(*options);
}
