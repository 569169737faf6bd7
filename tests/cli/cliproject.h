// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/scratchproject.h"
#include "tests/support/testfiles.h"

namespace stepwell {

/// Three revisions: aaaa1 creates one, bbbb1 creates two, cccc1 creates three.
inline void addThree(ScratchProject &project)
{
    QString below;
    const QList<std::pair<QString, QString>> all{{QStringLiteral("aaaa1"), QStringLiteral("one")},
                                                 {QStringLiteral("bbbb1"), QStringLiteral("two")},
                                                 {QStringLiteral("cccc1"), QStringLiteral("three")}};
    for (const auto &[id, table] : all) {
        project.addRevision(id, below, QStringLiteral("op.execute('CREATE TABLE %1 (id int)')").arg(table),
                            QStringLiteral("op.execute('DROP TABLE %1')").arg(table));
        below = id;
    }
}

/// A workspace with the component `main` and the environment `production`; `policy`: lines of the
/// environment, `component`: lines of the component.
inline void addWorkspace(const ScratchProject &project, const QString &url, const QString &policy,
                         const QString &component = {})
{
    writeFile(project.directory() + QStringLiteral("/stepwell.toml"),
              QStringLiteral("version = 1\n[workspace]\nname = \"Test\"\n[component.main]\n"
                             "config = \"alembic.ini\"\n%3\n[environment.production]\n%1\n"
                             "[environment.production.database.main]\nurl = \"%2\"\n")
                  .arg(policy, url, component));
}

} // namespace stepwell
