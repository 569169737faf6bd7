// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/bridge.h"
#include "migrations/run/bridge_protocol.h"

#include <optional>

namespace stepwell {

class Bridge::Private
{
public:
    Private(BridgeSettings given, EventHandler handler)
        : settings(std::move(given)), onEvent(std::move(handler)), redact(settings.url)
    {
    }

    void receive(const QByteArray &data);
    void receive(const QJsonObject &event);
    void receiveRendering(const QJsonObject &event);
    void receiveMerging(const QJsonObject &event);
    void output(const QString &line);
    void send(RunEvent event) const;

    /// Sends a request and waits for its answer. An answer with "ok" false is returned, too.
    [[nodiscard]] Result<QJsonObject> exchange(const QJsonObject &request, const std::stop_token &stop,
                                               const std::function<void()> &whileWaiting = {},
                                               std::chrono::seconds deadline = std::chrono::seconds(0));
    /// The same for requests that change nothing: a refusal becomes an Error.
    [[nodiscard]] Result<QJsonObject> ask(const QJsonObject &request, const QString &doing,
                                          const std::stop_token &stop,
                                          std::chrono::seconds deadline = std::chrono::seconds(0));
    [[nodiscard]] BridgeStepResult execute(QJsonObject request, const StepOptions &options,
                                           const RevisionId &revision, const QString &doing,
                                           const std::function<void()> &whileWaiting);
    [[nodiscard]] Error told(const QJsonObject &answer, const QString &doing) const;
    [[nodiscard]] Error goneError() const;
    [[nodiscard]] Error openError(const QJsonObject &answer) const;
    void endRest() const; ///< of the process group, when Python has ended
    [[nodiscard]] QString lastOutput() const;
    [[nodiscard]] QString interpreter() const;
    [[nodiscard]] BridgeStepResult lostStep(const Error &why, const RevisionId &revision) const;
    [[nodiscard]] QStringList perhapsCommitted() const;

    BridgeSettings settings;
    EventHandler onEvent;
    Redactor redact;
    std::unique_ptr<Process> process;
    JsonSequence sequence;
    std::optional<QJsonObject> answer;
    QString executable;                    ///< sys.executable, once the bridge has said hello
    QStringList lines;                     ///< the last of the project's output
    QHash<QString, QStringList> committed; ///< statements of each revision that are committed
    QStringList committing;                ///< those whose COMMIT is under way
    bool rowWritten = false;               ///< the version row is part of what is committed last
    QJsonObject opened;                    ///< versions
    QList<RenderStep> steps;               ///< being rendered
    RenderHandlers renderHandlers;
    std::chrono::steady_clock::time_point lastSign; ///< of the request being answered
    QString mergeFolder;                            ///< where a merge is being rendered
    QString mergeOutput;
    int backendPid = 0;
    bool alive = false;
    bool open = false; ///< env.py waits for the next step
};

} // namespace stepwell
