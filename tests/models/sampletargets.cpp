// SPDX-License-Identifier: MIT
#include "tests/models/sampletargets.h"

using namespace Qt::StringLiterals;

namespace stepwell::sample {

namespace {

Revision revision(const QString &id, const QStringList &parents, const QString &message, const QString &day)
{
    Revision result;
    result.id = RevisionId(id);
    result.downRevisions = toRevisionIds(parents);
    result.message = message;
    result.longMessage = message;
    result.created = QDateTime(QDate::fromString(day, Qt::ISODate), QTime(9, 30));
    result.file =
        u"/project/versions/"_s % id % u"_"_s % message.toLower().replace(u' ', u'_').left(24) % u".py"_s;
    return result;
}

ConnectionSettings connection(const TargetId &id)
{
    ConnectionSettings settings;
    settings.user = u"migrator"_s;
    settings.host = u"db1.internal"_s;
    settings.port = u"5432"_s;
    settings.database =
        id.component == "manager"_L1 ? u"backend"_s : QString(id.component).replace(u' ', u'_');
    return settings;
}

ScriptDirectory scriptsOf(const QList<Revision> &revisions)
{
    ScriptDirectory scripts;
    scripts.config.file = u"/project/alembic.ini"_s;
    const auto map = RevisionMap::build(revisions);
    Q_ASSERT(map);
    scripts.map = *map;
    return scripts;
}

Target targetOf(const TargetId &id)
{
    Target target;
    target.id = id;
    return target;
}

} // namespace

Workspace workspace()
{
    Workspace workspace;
    workspace.directory = u"/project"_s;
    workspace.name = u"Backend"_s;
    workspace.components = {
        Component{
            .name = u"manager"_s, .config = u"/project/alembic.ini"_s, .note = u"Core domain models."_s},
        Component{.name = u"account manager"_s, .config = u"/project/alembic-accountmgr.ini"_s},
        Component{.name = u"app proxy"_s, .config = u"/project/alembic-appproxy.ini"_s}};
    const auto environment = [&](const QString &name, const QString &colour, Protection protection) {
        Environment result{.name = name, .colour = colour, .protection = protection};
        for (const Component &component : std::as_const(workspace.components))
            result.databases.append({component.name, u"postgresql://migrator@db1.internal/x"_s, {}});
        return result;
    };
    workspace.environments = {environment(u"production"_s, u"red"_s, Protection::Protected),
                              environment(u"staging"_s, u"orange"_s, Protection::Open),
                              environment(u"development"_s, u"green"_s, Protection::Open)};
    return workspace;
}

QList<Revision> managerRevisions()
{
    QList<Revision> list{
        revision(u"c8827e5db6f3"_s, {}, u"Add endpoints.replica_count check constraint"_s, u"2026-10-20"_s),
        revision(u"3e9d7701fa42"_s, {u"c8827e5db6f3"_s}, u"Create audit_log partitions"_s, u"2026-10-21"_s),
        revision(u"a5518e2b90cd"_s, {u"3e9d7701fa42"_s}, u"Drop legacy keypair columns"_s, u"2026-10-29"_s),
        revision(u"d03f7a66c1e9"_s, {u"a5518e2b90cd"_s}, u"Rename resource_policy.max_vfolder_size"_s,
                 u"2026-11-04"_s),
        revision(u"7b6a1e0c4f21"_s, {u"d03f7a66c1e9"_s}, u"Add scheduler fairness weights"_s,
                 u"2026-11-06"_s),
        revision(u"52ab7c9e8d10"_s, {u"d03f7a66c1e9"_s}, u"Backfill invoices.currency from domains"_s,
                 u"2026-11-15"_s),
        revision(u"90c2fd61b5ae"_s, {u"7b6a1e0c4f21"_s, u"52ab7c9e8d10"_s},
                 u"Merge billing and scheduler heads"_s, u"2026-11-17"_s),
        revision(u"e41d09b7a3c8"_s, {u"90c2fd61b5ae"_s},
                 u"Index sessions by owner and make priority mandatory"_s, u"2026-11-18"_s)};
    list[2].branchLabels = {u"26.3"_s};
    list[2].wayBack = WayBack::Irreversible;
    list[5].losesData = true;
    list[5].usesConnection = true;
    list[6].wayBack = WayBack::Empty;
    list[7].hasAutocommit = true;
    return list;
}

QList<Revision> linearRevisions(int count)
{
    QList<Revision> list;
    list.reserve(count);
    for (int i = 0; i < count; ++i) {
        const QString id = u"r%1"_s.arg(i, 5, 10, QChar(u'0'));
        const QStringList parents = i == 0 ? QStringList() : QStringList{list.last().id.text()};
        list.append(revision(id, parents, u"Change number %1"_s.arg(i), u"2026-01-01"_s));
    }
    return list;
}

TargetStatus status(const TargetId &id, const QList<Revision> &revisions, const QStringList &rows)
{
    DatabaseState database;
    database.rows = toRevisionIds(rows);
    database.versionTableExists = true;
    database.serverVersion = 170011;
    database.serverVersionText = u"17.11"_s;
    database.tls = u"TLSv1.3"_s;
    TargetStatus result = assessTarget(targetOf(id), scriptsOf(revisions), database);
    result.connection = connection(id);
    return result;
}

TargetStatus unreachable(const TargetId &id, const QList<Revision> &revisions, const Error &error)
{
    TargetStatus result = assessTarget(targetOf(id), scriptsOf(revisions), std::unexpected(error));
    result.connection = connection(id);
    return result;
}

TargetStatus broken(const TargetId &id)
{
    const Error error{.kind = ErrorKind::BrokenScripts,
                      .message = u"52ab7c9e8d10 follows ffe100000000, which no file has."_s,
                      .hint = u"Restore the missing file or correct down_revision."_s};
    TargetStatus result = assessTarget(targetOf(id), std::unexpected(error),
                                       failure(ErrorKind::ConnectionRefused, u"Nobody listens."_s));
    result.connection = connection(id);
    return result;
}

} // namespace stepwell::sample
