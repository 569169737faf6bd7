// SPDX-License-Identifier: MIT
#include "migrations/run/reviewedsteps.h"

#include <QFile>
#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;

QList<RenderStep> bothWays(const QList<RunStep> &steps, Direction direction)
{
    const Direction other = direction == Direction::Upgrade ? Direction::Downgrade : Direction::Upgrade;
    QList<RenderStep> all;
    for (const RunStep &step : steps)
        all += RenderStep{.step = step, .direction = direction};
    for (const RunStep &step : steps)
        all += RenderStep{.step = {.revision = step.revision, .from = step.to, .to = step.from},
                          .direction = other};
    return all;
}

Renderings::Renderings(const QList<RenderedSql> &rendered)
{
    for (const RenderedSql &one : rendered)
        m_renderings.insert({one.revision, one.direction}, one);
}

RenderedSql Renderings::of(const RevisionId &revision, Direction direction) const
{
    return m_renderings.value(
        {revision, direction},
        {.revision = revision, .direction = direction, .problem = u"it was not rendered"_s});
}

ReviewedTexts reviewedTexts(const RevisionId &revision, const RevisionMap &map, const Renderings &renderings,
                            const QString &versionTable)
{
    const Revision *known = map.find(revision);
    QFile file(known ? known->file : QString());
    return {.file = known && file.open(QIODevice::ReadOnly) ? reviewedFile(file.readAll()) : QString(),
            .upgrade = reviewedSql(renderings.of(revision, Direction::Upgrade), versionTable),
            .downgrade = reviewedSql(renderings.of(revision, Direction::Downgrade), versionTable)};
}

QString reviewDirectory(const Target &target, const QString &workspaceDirectory)
{
    return workspaceDirectory.isEmpty() ? QFileInfo(target.config).absolutePath() : workspaceDirectory;
}

} // namespace stepwell
