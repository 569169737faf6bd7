// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/bridge.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>

namespace stepwell {

/// Reads JSON text sequences (RFC 7464: 0x1E, an object, a line feed) from pieces of any size. What
/// cannot be read is dropped, so that one bad record does not spoil the next.
class JsonSequence
{
public:
    /// `limit`: bytes of the longest record taken.
    explicit JsonSequence(qsizetype limit = 64 * 1024 * 1024) : m_limit(limit) {}

    [[nodiscard]] QList<QJsonObject> feed(const QByteArray &data);

    /// Records that were cut off, too long or no JSON object.
    [[nodiscard]] int dropped() const { return m_dropped; }
    /// What came outside of records, e.g. a wrapper's message: its first 4 KiB.
    [[nodiscard]] const QByteArray &stray() const { return m_stray; }

private:
    enum State { Outside, Inside, Skipping };
    void takeOutside(QByteArrayView bytes);
    void takeInside(QByteArrayView bytes);

    qsizetype m_limit;
    State m_state = Outside;
    QByteArray m_record;
    QByteArray m_stray;
    int m_dropped = 0;
};

/// Takes a URL and its password out of text that people see: projects print their settings.
class Redactor
{
public:
    explicit Redactor(const QString &url);
    [[nodiscard]] QString operator()(const QString &text) const;

private:
    QStringList m_secrets;
};

/// `python` with the arguments that load the bridge. Quoted once more for `ssh`, whose far side is a shell.
[[nodiscard]] QStringList bridgeCommand(const QStringList &python);
/// The first line the loader reads: the script as a JSON string.
[[nodiscard]] QByteArray bridgeScript();
[[nodiscard]] QByteArray requestLine(const QJsonObject &request);

[[nodiscard]] QJsonObject stepObject(const RunStep &step);
/// Of the events "runtime" and "rendered"; `opened` is the answer to "open". The direction is not in them.
[[nodiscard]] BridgeRuntime runtimeFrom(const QJsonObject &event, const QJsonObject &opened);
[[nodiscard]] BridgeRendering renderingFrom(const QJsonObject &event, const QJsonObject &opened);

} // namespace stepwell
