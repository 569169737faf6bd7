// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>
#include <QTemporaryDir>

namespace stepwell {

/// A real git repository in a temporary folder, on the branch main. What fails here ends the program.
class GitScene
{
public:
    GitScene();

    [[nodiscard]] QString top() const;
    [[nodiscard]] QString path(const QString &name) const;
    /// Runs git there and returns what it prints. Commits are a minute apart, the later the newer.
    QString git(const QStringList &arguments);
    /// All changes, with new files, as a commit; its hash.
    QString commit(const QString &subject, const QString &author = QStringLiteral("Ada"));
    /// Writes a revision file; `name` is from the top.
    void revision(const QString &name, const QString &id, const QString &down, const QString &more = {});
    /// Hashes of all that is in .git, to see that nothing was written.
    [[nodiscard]] QByteArray fingerprint() const;

private:
    QTemporaryDir m_folder;
    int m_minute = 0;
};

/// The same for a folder that need not be a scene's: a clone, for example.
QString runGit(const QString &folder, const QStringList &arguments, int minute = 0);

} // namespace stepwell
