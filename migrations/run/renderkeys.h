// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/rendercache.h"
#include "migrations/run/targetaccess.h"

namespace stepwell {

/// What files and folders hold, each read once.
class FileStates
{
public:
    /// A hash of a file's bytes, or of a folder's names if the path ends with a slash; a text of its own if
    /// there is nothing.
    [[nodiscard]] QByteArray of(const QString &path);
    /// One hash for all.
    [[nodiscard]] QByteArray of(const QStringList &paths);

private:
    QHash<QString, QByteArray> m_states;
};

/// The names under which renderings are remembered: everything is in them that SQL depends on and that is
/// known without Python. That is the revision file, env.py, the ini and pyproject.toml, their section, the
/// headers of all revisions below, rows, direction, the URL without its password, the interpreter with its
/// packages, and the bridge. Environment variables are in only as far as they choose the interpreter. One for
/// each look: files are read once.
class RenderKeys
{
public:
    RenderKeys(const TargetAccess &access, const RenderCache &cache);

    /// Empty if nothing is known of the interpreter, or a file cannot be read.
    [[nodiscard]] QByteArray keyOf(const RenderStep &step);
    /// The interpreter as it told of itself. One that is not on this machine, or has changed already, stays
    /// unknown.
    void setRuntime(const BridgeRuntime &runtime);
    [[nodiscard]] bool knowsRuntime() const { return !m_runtimeHash.isEmpty(); }
    [[nodiscard]] const QString &renderedBy() const { return m_runtime.renderedBy; }
    /// The files in all keys, and that of a revision.
    [[nodiscard]] QStringList filesOf(const RenderStep &step) const;
    [[nodiscard]] FileStates &files() { return m_files; }

private:
    [[nodiscard]] QByteArray interpreterKey() const;
    [[nodiscard]] QByteArray projectHash();
    [[nodiscard]] QByteArray graphHash(const RevisionId &id);
    void adopt(const BridgeRuntime &runtime);

    const TargetAccess &m_access;
    const RenderCache &m_cache;
    FileStates m_files;
    BridgeRuntime m_runtime;
    QByteArray m_interpreterKey;
    QByteArray m_runtimeHash; ///< empty: unknown
    QByteArray m_projectHash;
    QHash<RevisionId, QByteArray> m_graphHashes; ///< of a revision and all below it
};

} // namespace stepwell
