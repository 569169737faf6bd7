// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/revisionmap.h"
#include "migrations/review/signoff.h"
#include "migrations/run/bridge.h"
#include "migrations/workspace/workspace.h"

namespace stepwell {

/// Each step in its own direction, in order, and then each the other way: a review covers both.
[[nodiscard]] QList<RenderStep> bothWays(const QList<RunStep> &steps, Direction direction);

/// Renderings by revision and direction.
class Renderings
{
public:
    explicit Renderings(const QList<RenderedSql> &rendered);

    /// One with the problem that it was not rendered if there is none.
    [[nodiscard]] RenderedSql of(const RevisionId &revision, Direction direction) const;

private:
    QHash<std::pair<RevisionId, Direction>, RenderedSql> m_renderings;
};

/// What a review of the revision covers, with the file as it is now. Empty texts for a revision without file.
[[nodiscard]] ReviewedTexts reviewedTexts(const RevisionId &revision, const RevisionMap &map,
                                          const Renderings &renderings, const QString &versionTable);

/// Where the reviews of a target are: the workspace's folder, or without one that of the ini.
[[nodiscard]] QString reviewDirectory(const Target &target, const QString &workspaceDirectory);

} // namespace stepwell
