// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "migrations/demo/demoworkspace.h"

#include <QDir>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

int report(CommandContext &context, const Result<void> &done, const QString &directory, const QString &text)
{
    if (!done)
        return context.fail(done.error());
    if (context.options.json)
        return context.print({{u"workspace"_s, directory}});
    *context.streams.out << text << Qt::endl;
    return 0;
}

} // namespace

/// `demo` without --create, --stop or --reset opens the window; main() sees to that.
int demoCommand(CommandContext &context)
{
    const Options &options = context.options;
    const auto progress = [&](const QString &text) { context.progress(text); };
    if (!options.stop.isEmpty()) {
        const QString directory = QDir().absoluteFilePath(options.stop);
        return report(context, DemoWorkspace(directory).stop(), directory,
                      u"Stopped the cluster in %1."_s.arg(directory));
    }
    const QString directory = options.create.isEmpty() ? DemoWorkspace::defaultDirectory()
                                                       : QDir().absoluteFilePath(options.create);
    DemoWorkspace demo(directory);
    const Result<void> made = options.reset   ? demo.reset(progress)
                              : demo.exists() ? demo.start()
                                              : demo.create(progress);
    return report(context, made, directory,
                  u"The demo workspace is in %1; its cluster is running."_s.arg(directory));
}

} // namespace stepwell::cli
