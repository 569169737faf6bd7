// SPDX-License-Identifier: MIT
#include "tests/run/runfixture.h"

#include "migrations/run/runpolicy.h"
#include "migrations/status/targetstatus.h"

namespace stepwell {

using namespace Qt::StringLiterals;

RunFixture::RunFixture(ScratchProject::Environment environment)
    : database(TestCluster::instance().newDatabase()), project(database.url, environment)
{
    auto opened = Journal::open(folder.filePath(u"journal.sqlite"_s));
    if (!opened)
        qFatal("%s", qPrintable(opened.error().message));
    journal = *std::move(opened);
}

void RunFixture::addThree()
{
    project.addRevision(u"aaaa1"_s, {}, u"op.execute('CREATE TABLE one (id int)')"_s,
                        u"op.execute('DROP TABLE one')"_s);
    project.addRevision(u"bbbb1"_s, u"aaaa1"_s, u"op.execute('CREATE TABLE two (id int)')"_s,
                        u"op.execute('DROP TABLE two')"_s);
    project.addRevision(u"cccc1"_s, u"bbbb1"_s, u"op.execute('CREATE TABLE three (id int)')"_s,
                        u"op.execute('DROP TABLE three')"_s);
}

void RunFixture::addFile(const QString &id, const QString &down, const QString &upgradeBody,
                         const QString &downgradeBody)
{
    project.addRevision(id, down, upgradeBody, downgradeBody);
}

Target RunFixture::target() const
{
    Target target;
    target.id = {.environment = u"test"_s, .component = u"scratch"_s};
    target.component.name = u"scratch"_s;
    target.component.config = project.config();
    target.environment.name = u"test"_s;
    target.config = project.config();
    target.url = database.url;
    return target;
}

RevisionIds RunFixture::rows() const
{
    return readTargetStatus(target(), {}).current;
}

bool RunFixture::hasTable(const QString &name) const
{
    return TestCluster::instance().rows(database.name, u"SELECT to_regclass('%1') IS NOT NULL"_s.arg(name)) ==
           QStringList{u"t"_s};
}

RunRequest RunFixture::request(const QString &to, Direction direction) const
{
    const TargetStatus status = readTargetStatus(target(), {});
    const auto make = direction == Direction::Upgrade ? planUpgrade : planDowngrade;
    const Result<Plan> plan = make(status.scripts.value().map, status.current, to);
    if (!plan)
        qFatal("%s", qPrintable(plan.error().message));
    RunRequest request = proposeRequest(target(), *plan, folder.path());
    request.backup = BackupChoice::None;
    return request;
}

RunRequest RunFixture::upgrade(const QString &to) const
{
    return request(to, Direction::Upgrade);
}

RunRequest RunFixture::downgrade(const QString &to) const
{
    return request(to, Direction::Downgrade);
}

RunReport RunFixture::run(const RunRequest &request, const MigrationRun::EventHandler &onEvent)
{
    MigrationRun run(request, *journal, onEvent);
    return run.execute();
}

JournalEntry RunFixture::entry(qint64 id) const
{
    const Result<JournalEntry> found = journal->entry(id);
    if (!found)
        qFatal("%s", qPrintable(found.error().message));
    return *found;
}

} // namespace stepwell
