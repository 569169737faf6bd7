// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmap.h"
#include "migrations/config/alembicconfig.h"

#include <QMutex>

namespace stepwell {

/// Where a project's files are, and which Python answers for what only Python can tell.
struct ScriptSource {
    QString config;     ///< absolute path of the ini or pyproject.toml
    QString section;    ///< empty: alembic
    QStringList python; ///< argv as configured; empty: found by itself
    QString elsewhere;  ///< where a relative interpreter is looked for too (another checkout's ini), or empty

    bool operator==(const ScriptSource &) const = default;
};

/// Revisions by file, so that reading again reads only what changed. In memory only. Thread-safe; one may
/// serve several sources.
class RevisionCache
{
public:
    /// What tells one version of a file from the next.
    struct Stamp {
        qint64 size = -1;
        qint64 modified = 0; ///< nanoseconds
        qint64 changed = 0;  ///< nanoseconds: a rename or a restored time shows here
        quint64 inode = 0;

        bool operator==(const Stamp &) const = default;
    };
    [[nodiscard]] static Stamp stampOf(const QString &file);

    [[nodiscard]] std::optional<Result<Revision>> find(const QString &file, ReadDepth depth,
                                                       const Stamp &stamp) const;
    void insert(const QString &file, ReadDepth depth, const Stamp &stamp, const Result<Revision> &revision);

private:
    struct Entry {
        Stamp stamp;
        ReadDepth depth = ReadDepth::Header;
        Result<Revision> revision;
    };
    mutable QMutex m_mutex;
    QHash<QString, Entry> m_entries;
};

/// A component's revision files, read without Python. A plain value once read.
struct ScriptDirectory {
    AlembicConfig config;
    RevisionMap map;
    QList<ScriptProblem> problems; ///< files first, then the graph; empty: Alembic reads the same
    QStringList folders;           ///< the version locations, with those below them if they are recursive

    /// Reads everything that can be read; what is wrong is in `problems`, and the map is what is left.
    /// Files are read in parallel, no more of them than depth asks for. Python is asked, once, for
    /// computed headers and for packages that are not near the ini. Blocking: a few milliseconds for
    /// hundreds of files. Errors: those of readAlembicConfig, BrokenScripts (missing directory),
    /// UnreadableRevision (a folder that cannot be read), ComputedHeader (a package nobody finds).
    [[nodiscard]] static Result<ScriptDirectory>
    survey(const ScriptSource &source, ReadDepth depth = ReadDepth::Facts, RevisionCache *cache = nullptr);
    /// The same for those who plan and run: a problem is an error, as it is to Alembic.
    [[nodiscard]] static Result<ScriptDirectory>
    load(const ScriptSource &source, ReadDepth depth = ReadDepth::Facts, RevisionCache *cache = nullptr);
};

/// The SHA-256 of a revision file, in hex; empty if it cannot be read.
[[nodiscard]] QString fileHash(const QString &file);

} // namespace stepwell
