// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"
#include "migrations/core/revisionid.h"

#include <QByteArray>
#include <QProcessEnvironment>

#include <chrono>
#include <stop_token>

namespace stepwell {

/// git in one folder: in English, whatever the user's colours and encodings are, without touching its index
/// and without fetching anything. The folder says which repository is meant, never GIT_DIR, which git sets
/// for its hooks. Blocking; any thread.
class Git
{
public:
    explicit Git(QString folder, std::stop_token stop = {});

    /// Errors: ProgramMissing, ProcessFailed (git's own words in the detail), Timeout, Cancelled.
    [[nodiscard]] Result<QByteArray> bytes(const QStringList &arguments,
                                           std::chrono::milliseconds deadline = std::chrono::seconds(5),
                                           const QByteArray &input = {}) const;
    /// One line; empty if git has nothing to say or refuses.
    [[nodiscard]] QString line(const QStringList &arguments) const;
    /// The top of the work tree; empty outside of one.
    [[nodiscard]] Result<QString> top() const;

private:
    QString m_folder;
    std::stop_token m_stop;
    QProcessEnvironment m_environment;
};

/// The line that makes a file the one of a revision, as an extended regular expression. What is no letter or
/// digit matches anything: the file itself has to be read afterwards.
[[nodiscard]] QString revisionLinePattern(const RevisionId &revision);

} // namespace stepwell
