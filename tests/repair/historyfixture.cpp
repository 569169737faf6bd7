// SPDX-License-Identifier: MIT
#include "tests/repair/historyfixture.h"

#include "tests/support/testfiles.h"

#include <QFile>

namespace stepwell {

using namespace Qt::StringLiterals;

std::unique_ptr<ScratchProject> projectOf(const QString &graph, const QString &url)
{
    auto project = std::make_unique<ScratchProject>(url);
    for (QString word : graph.split(u' ', Qt::SkipEmptyParts)) {
        const bool twice = word.startsWith(u'*');
        if (twice)
            word.removeFirst();
        const QString name = word.section(u'<', 0, 0);
        const QString links = word.section(u'<', 1);
        ScratchRevision revision{.id = name.section(u'(', 0, 0),
                                 .down = links.section(u'!', 0, 0).split(u',', Qt::SkipEmptyParts),
                                 .dependsOn = links.section(u'!', 1).split(u',', Qt::SkipEmptyParts)};
        revision.upgrade = u"op.execute('CREATE TABLE t_%1 (n int)')"_s.arg(revision.id);
        revision.downgrade = u"op.execute('DROP TABLE t_%1')"_s.arg(revision.id);
        if (name.contains(u'('))
            revision.labels = {name.section(u'(', 1).chopped(1)};
        const QString file = project->addRevision(revision);
        if (twice)
            writeFile(QString(project->versionsDirectory() + u"/zz_copy_of_"_s + revision.id + u".py"_s),
                      readFile(file));
    }
    return project;
}

History historyOf(const ScratchProject &project, const QList<RowsOf> &databases)
{
    Component component{.name = u"app"_s, .config = project.config()};
    const ScriptSource source{.config = project.config()};
    const auto scripts = ScriptDirectory::survey(source);
    if (!scripts)
        qFatal("no scripts: %s", qPrintable(toText(scripts.error())));
    QList<Target> targets;
    QList<TargetStatus> statuses;
    for (const RowsOf &database : databases) {
        Target target{.id = {.environment = database.environment, .component = u"app"_s},
                      .component = component,
                      .config = database.config.isEmpty() ? project.config() : database.config};
        target.environment.name = database.environment;
        target.environment.protection = database.isProtected ? Protection::Protected : Protection::Open;
        targets += target;
        DatabaseState state;
        state.rows = toRevisionIds(database.rows);
        Result<DatabaseState> read = state;
        if (!database.isRead)
            read = failure(ErrorKind::ConnectionRefused, u"Nobody listens there."_s);
        statuses += assessTarget(target, ScriptDirectory::survey({.config = target.config}), read);
    }
    return makeHistory(component, source, *scripts, targets, statuses);
}

} // namespace stepwell
