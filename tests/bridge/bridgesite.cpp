// SPDX-License-Identifier: MIT
#include "tests/bridge/bridgesite.h"

#include "tests/support/testfiles.h"

namespace stepwell {

using namespace Qt::StringLiterals;

BridgeSite::BridgeSite(ScratchProject::Environment environment)
    : database(TestCluster::instance().newDatabase()), project(database.url, environment)
{
    auto opened = DatabaseSession::open(database.settings, {});
    if (!opened)
        qFatal("no control session: %s", qPrintable(toText(opened.error())));
    control = std::move(*opened);
    if (!control->tryAdvisoryLock(proofKey).value_or(false))
        qFatal("the proof lock is taken");
    project.addRevision(u"a1"_s, {},
                        u"op.create_table('a', sa.Column('id', sa.Integer), sa.Column('t', sa.Text))\n"
                        "op.execute(\"INSERT INTO a VALUES (1, '100%')\")\n"
                        "print('made a')"_s,
                        u"op.drop_table('a')"_s);
}

Bridge &BridgeSite::start()
{
    bridge = std::make_unique<Bridge>(settings(), [this](const RunEvent &event) { events += event; });
    const Result<void> started = bridge->start();
    if (!started)
        qFatal("the bridge did not start: %s", qPrintable(toText(started.error())));
    return *bridge;
}

BridgeSettings BridgeSite::settings(const QStringList &python) const
{
    return {.python = python,
            .config = project.config(),
            .workingDirectory = project.directory(),
            .url = project.url()};
}

void BridgeSite::changeEnv(const QString &before, const QString &after) const
{
    QString text = QString::fromUtf8(readFile(project.envFile()));
    if (!text.contains(before))
        qFatal("env.py does not contain %s", qPrintable(before));
    writeFile(project.envFile(), text.replace(before, after));
}

QStringList BridgeSite::rows(const QString &sql) const
{
    return TestCluster::instance().rows(database.name, sql);
}

QStringList BridgeSite::versionRows() const
{
    return rows(u"SELECT version_num FROM alembic_version ORDER BY 1"_s);
}

QStringList BridgeSite::tables() const
{
    return rows(u"SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"_s);
}

bool BridgeSite::hasTable(const QString &name) const
{
    return tables().contains(name);
}

QStringList BridgeSite::statements() const
{
    QStringList texts;
    for (const RunEvent &event : events) {
        if (event.type == RunEvent::StatementStarted)
            texts += event.text.simplified();
    }
    return texts;
}

QString BridgeSite::output() const
{
    QStringList lines;
    for (const RunEvent &event : events) {
        if (event.type == RunEvent::Output)
            lines += event.text;
    }
    return lines.join(u'\n');
}

RunStep upgradeStep(const QString &id, const QString &from)
{
    return {.revision = RevisionId(id),
            .from = from.isEmpty() ? RevisionIds() : RevisionIds{RevisionId(from)},
            .to = {RevisionId(id)}};
}

RunStep downgradeStep(const QString &id, const QString &to)
{
    return {.revision = RevisionId(id),
            .from = {RevisionId(id)},
            .to = to.isEmpty() ? RevisionIds() : RevisionIds{RevisionId(to)}};
}

Bridge::StepOptions proved(Direction direction)
{
    return {.direction = direction, .proofKey = proofKey, .runKey = runKey};
}

QString textOf(const BridgeStepResult &result)
{
    return result.error ? toText(*result.error) : QString();
}

} // namespace stepwell
