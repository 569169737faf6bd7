// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/process/process.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

namespace stepwell {

/// What the program said and how it ended.
struct Ran {
    int code = -1;
    QString out;
    QString err;

    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(out.toUtf8()).object(); }
};

/// The real program as a user runs it, with a home, a journal and a cache of its own and no secret service.
class ProgramRun
{
public:
    using LineHandler = std::function<void(const QString &line, Process &process)>;

    [[nodiscard]] QString home(const QString &file = {}) const { return m_home.filePath(file); }

    [[nodiscard]] ProcessSpec spec(const QStringList &arguments, const QString &folder = {}) const
    {
        ProcessSpec spec{.program = qEnvironmentVariable("STEPWELL_BINARY"),
                         .arguments = arguments,
                         .workingDirectory = folder};
        spec.environment.insert(QStringLiteral("HOME"), m_home.path());
        spec.environment.insert(QStringLiteral("XDG_DATA_HOME"), home(QStringLiteral("data")));
        spec.environment.insert(QStringLiteral("XDG_CACHE_HOME"), home(QStringLiteral("cache")));
        spec.environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"),
                                QStringLiteral("unix:path=/nowhere"));
        return spec;
    }

    [[nodiscard]] Ran run(const QStringList &arguments, const QString &folder = {},
                          const QByteArray &input = {}) const
    {
        Ran ran;
        const Process::Handlers handlers{.outputLine = [&](const QString &line) { append(ran.out, line); },
                                         .errorLine = [&](const QString &line) { append(ran.err, line); }};
        ran.code = runProcess(spec(arguments, folder), handlers, input).exitCode;
        return ran;
    }

    /// The same, with each line told as it comes: `onLine` may send signals to the process.
    [[nodiscard]] Ran watch(const QStringList &arguments, const QString &folder,
                            const LineHandler &onLine) const
    {
        Ran ran;
        Process *running = nullptr;
        const auto tell = [&](QString &text, const QString &line) {
            append(text, line);
            onLine(line, *running);
        };
        Process process(spec(arguments, folder),
                        {.outputLine = [&](const QString &line) { tell(ran.out, line); },
                         .errorLine = [&](const QString &line) { tell(ran.err, line); }});
        running = &process;
        if (!process.start())
            return ran;
        process.closeInput();
        while (process.pump()) {
        }
        ran.code = process.end().exitCode;
        return ran;
    }

private:
    static void append(QString &text, const QString &line)
    {
        if (!text.isEmpty())
            text += QLatin1Char('\n');
        text += line;
    }

    QTemporaryDir m_home;
};

} // namespace stepwell
