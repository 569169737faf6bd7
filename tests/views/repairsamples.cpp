// SPDX-License-Identifier: MIT
#include "tests/views/repairsamples.h"

#include "tests/models/sampletargets.h"

using namespace Qt::StringLiterals;

namespace stepwell::sample::repair {

namespace {

const QString folder = QStringLiteral("/project/migrations");

Revision revision(const QString &id, const QStringList &parents, const QString &message, const QDate &day)
{
    Revision result;
    result.id = RevisionId(id);
    result.downRevisions = toRevisionIds(parents);
    result.message = message;
    result.created = QDateTime(day, QTime(9, 30));
    result.file = u"/project/migrations/versions/%1_%2.py"_s.arg(
        id, message.toLower().replace(u' ', u'_').replace(u'.', u'_').left(40));
    return result;
}

QList<Revision> line(int length)
{
    QList<Revision> list;
    for (int i = 0; i < length; ++i)
        list += revision(u"c%1"_s.arg(i, 11, 10, QChar(u'0')),
                         i == 0 ? QStringList() : QStringList{list.constLast().id.text()},
                         u"Change number %1 of the common line"_s.arg(i), QDate(2026, 10, 1).addDays(i % 30));
    return list;
}

QList<Revision> diverged(int length)
{
    QList<Revision> list = line(length);
    const QString parted = list.constLast().id.text();
    list += revision(u"aaaa11110001"_s, {parted}, u"Add sessions.priority"_s, QDate(2026, 11, 3));
    list += revision(u"bbbb22220001"_s, {parted}, u"Rename users.mail to users.email_address"_s,
                     QDate(2026, 11, 5));
    list += revision(u"aaaa11110002"_s, {u"aaaa11110001"_s}, u"Index sessions by owner and priority"_s,
                     QDate(2026, 11, 12));
    return list;
}

HistoryTarget target(const QString &environment, const QString &colour, Protection protection,
                     const QStringList &rows, const RevisionMap &map)
{
    HistoryTarget result;
    result.target.id = {environment, u"manager"_s};
    result.target.environment.name = environment;
    result.target.environment.colour = colour;
    result.target.environment.protection = protection;
    result.target.component.name = u"manager"_s;
    result.target.config = u"/project/alembic.ini"_s;
    result.isRead = true;
    result.rows = toRevisionIds(rows);
    result.applied = map.ancestors(result.rows);
    return result;
}

History historyOf(const QList<Revision> &revisions)
{
    History history;
    history.component = u"manager"_s;
    history.source.config = u"/project/alembic.ini"_s;
    history.scripts.config.file = history.source.config;
    history.scripts.config.scriptLocation = folder;
    history.scripts.map = RevisionMap::build(revisions).value_or(RevisionMap());
    const RevisionMap &map = history.scripts.map;
    history.targets = {target(u"production"_s, u"red"_s, Protection::Protected, {u"bbbb22220001"_s}, map),
                       target(u"staging"_s, u"orange"_s, Protection::Open, {}, map),
                       target(u"development"_s, u"green"_s, Protection::Open, {u"aaaa11110002"_s}, map),
                       target(u"empty"_s, u"blue"_s, Protection::Open, {}, map)};
    history.targets[1].isRead = false;
    history.targets[1].error = Error{.kind = ErrorKind::ConnectionRefused,
                                     .message = u"Nobody listens at migrator@db2.internal:5432/backend."_s};
    return history;
}

QByteArray fileText(const Revision &revision, const QString &parent)
{
    return u"\"\"\"%1\n\nRevision ID: %2\nRevises: %3\nCreate Date: 2026-11-03 09:30:00\n\n\"\"\"\n"
           "from alembic import op\nimport sqlalchemy as sa\n\n\n"
           "revision = \"%2\"\ndown_revision = \"%3\"\nbranch_labels = None\ndepends_on = None\n\n\n"
           "def upgrade() -> None:\n    op.add_column(\"sessions\", sa.Column(\"priority\", "
           "sa.Integer()))\n\n\n"
           "def downgrade() -> None:\n    op.drop_column(\"sessions\", \"priority\")\n"_s
               .arg(revision.message, revision.id.text(), parent)
               .toUtf8();
}

HeadSide sideA()
{
    return {.head = RevisionId(u"aaaa11110002"_s),
            .revisions = toRevisionIds({u"aaaa11110001"_s, u"aaaa11110002"_s}),
            .appliedIn = {u"development/manager"_s},
            .unknownIn = {u"staging/manager"_s}};
}

HeadSide sideB()
{
    return {.head = RevisionId(u"bbbb22220001"_s),
            .revisions = toRevisionIds({u"bbbb22220001"_s}),
            .appliedIn = {u"production/manager"_s},
            .unknownIn = {u"staging/manager"_s}};
}

RepairOffer rebase(const QString &moved, const QString &onto)
{
    RepairOffer offer;
    offer.label = u"Put %1 on top of %2"_s.arg(moved, onto);
    offer.request.kind = RepairKind::Rebase;
    offer.request.moved = moved;
    offer.request.onto = onto;
    return offer;
}

RepairOffer merge()
{
    RepairOffer offer;
    offer.label = u"Merge the heads"_s;
    offer.why = u"Nothing that is applied anywhere changes its place."_s;
    offer.request.kind = RepairKind::Merge;
    return offer;
}

} // namespace

History history()
{
    return historyOf(diverged(8));
}

History longHistory(int length)
{
    return historyOf(diverged(length));
}

History threeHeaded()
{
    QList<Revision> revisions = diverged(8);
    revisions +=
        revision(u"a_revision_id_that_somebody_wrote_by_hand_and_that_is_very_long_indeed"_s,
                 {revisions.at(7).id.text()},
                 u"A message that goes on and on, because somebody wrote down everything that it does and "
                 "everything that it does not do, and why"_s,
                 QDate(2026, 11, 14));
    return historyOf(revisions);
}

RevisionOrigins origins()
{
    RevisionOrigins known;
    known.insert(RevisionId(u"aaaa11110002"_s),
                 {u"Ada Lovelace"_s,
                  QDateTime(QDate(2026, 11, 12), QTime(9, 0)),
                  u"9f2c41a0"_s,
                  u"Index sessions"_s,
                  {u"feature/session-priority"_s, u"origin/feature/session-priority"_s}});
    known.insert(RevisionId(u"bbbb22220001"_s),
                 {u"Benjamin Featherstonehaugh-Cholmondeley"_s,
                  QDateTime(QDate(2026, 11, 5), QTime(9, 0)),
                  u"41abc000"_s,
                  u"Rename mail"_s,
                  {u"main"_s, u"origin/main"_s, u"origin/release-26.4"_s, u"release-26.4"_s, u"hotfix"_s}});
    return known;
}

Trouble twoHeads()
{
    Trouble trouble;
    trouble.kind = TroubleKind::SeveralHeads;
    trouble.title = u"Two heads"_s;
    trouble.text =
        u"The files have 2 heads: aaaa11110002 (Ada Lovelace, 12 Nov 2026) and bbbb22220001 (Benjamin "
        "Featherstonehaugh-Cholmondeley, 5 Nov 2026). They part after c00000000007."_s;
    trouble.revisions = toRevisionIds({u"aaaa11110002"_s, u"bbbb22220001"_s});
    trouble.divergence = Divergence{.partedAt = RevisionId(u"c00000000007"_s), .sides = {sideA(), sideB()}};
    RepairOffer first = rebase(u"aaaa11110002"_s, u"bbbb22220001"_s);
    first.why = u"bbbb22220001 is applied in production, aaaa11110002 only in development."_s;
    first.isAdvised = true;
    RepairOffer second = rebase(u"bbbb22220001"_s, u"aaaa11110002"_s);
    second.whyNot = u"bbbb22220001 is applied in production/manager, which is protected."_s;
    trouble.offers = {first, merge(), second};
    return trouble;
}

Trouble threeHeads()
{
    Trouble trouble = twoHeads();
    trouble.title = u"Three heads"_s;
    const RevisionId third(u"a_revision_id_that_somebody_wrote_by_hand_and_that_is_very_long_indeed"_s);
    trouble.divergence->sides += HeadSide{.head = third,
                                          .revisions = {third},
                                          .labels = {u"billing"_s},
                                          .mergedBy = {RevisionId(u"bbbb22220001"_s)}};
    trouble.offers.last().whyNot = u"bbbb22220001 is applied in production/manager, which is protected."_s;
    trouble.offers[0].isAdvised = false;
    trouble.offers[1].isAdvised = true;
    return trouble;
}

RepairPlan rebasePlan(const History &history, bool detour)
{
    const RevisionMap &map = history.scripts.map;
    QList<Revision> after = map.revisions();
    const Revision first = *map.find(RevisionId(u"aaaa11110001"_s));
    for (Revision &one : after) {
        if (one.id == first.id)
            one.downRevisions = toRevisionIds({u"bbbb22220001"_s});
    }
    RepairPlan plan;
    plan.kind = RepairKind::Rebase;
    plan.title = u"Put 2 revisions of aaaa11110002 on top of bbbb22220001"_s;
    plan.text = {u"aaaa11110001 follows bbbb22220001 instead of c00000000007."_s,
                 u"aaaa11110002 stays as it is, on top of aaaa11110001."_s};
    plan.changes = {{.file = first.file,
                     .before = fileText(first, first.downRevisions.constFirst().text()),
                     .after = fileText(first, u"bbbb22220001"_s)}};
    plan.revisions = {first.id};
    plan.moved = toRevisionIds({u"aaaa11110001"_s, u"aaaa11110002"_s});
    plan.after = RevisionMap::build(after).value_or(RevisionMap());
    if (detour) {
        plan.warnings = {u"The rollback of aaaa11110001 in development/manager loses data: it drops "
                         "sessions.priority."_s};
        plan.detours = {{.target = {u"development"_s, u"manager"_s},
                         .rows = toRevisionIds({u"aaaa11110002"_s}),
                         .down = u"c00000000007"_s,
                         .steps = toRevisionIds({u"aaaa11110002"_s, u"aaaa11110001"_s}),
                         .up = u"aaaa11110002"_s}};
    }
    return plan;
}

RepairPlan mergePlan(const History &history)
{
    QList<Revision> after = history.scripts.map.revisions();
    const Revision fresh = revision(u"d4e5f6a7b8c9"_s, {u"aaaa11110002"_s, u"bbbb22220001"_s},
                                    u"Merge priorities and e-mail addresses"_s, QDate(2026, 11, 22));
    after += fresh;
    RepairPlan plan;
    plan.kind = RepairKind::Merge;
    plan.title = u"Merge aaaa11110002 and bbbb22220001 in a new revision"_s;
    plan.text = {u"The new revision d4e5f6a7b8c9 follows both and changes nothing itself."_s};
    plan.changes = {{.file = fresh.file, .before = {}, .after = fileText(fresh, u"aaaa11110002"_s)}};
    plan.revisions = {fresh.id};
    plan.after = RevisionMap::build(after).value_or(RevisionMap());
    return plan;
}

RepairPlan restorePlan(const History &history)
{
    RepairPlan plan = mergePlan(history);
    plan.kind = RepairKind::Restore;
    plan.title = u"Restore d4e5f6a7b8c9 from commit 9f2c41a of origin/main"_s;
    plan.text = {u"The file comes back as Ada Lovelace committed it on 12 November 2026."_s};
    plan.problemsAfter = {
        {.error = {.kind = ErrorKind::DuplicateLabel, .message = u"The label billing is used twice."_s}}};
    return plan;
}

QList<DoctorRow> healthyRows()
{
    DoctorRow row;
    row.component = u"manager"_s;
    row.config = u"/project/alembic.ini"_s;
    row.revisions = 51;
    for (const HistoryTarget &target : history().targets)
        row.targets += target.target;
    row.unread = {u"staging/manager"_s};
    DoctorRow other = row;
    other.component = u"accountmgr"_s;
    other.config =
        u"/home/somebody/a/folder/that/lies/very/deep/in/the/tree/of/folders/and/has/a/long/name/alembic-accountmgr.ini"_s;
    for (Target &target : other.targets)
        target.id.component = other.component;
    other.unread.clear();
    return {row, other};
}

QList<DoctorRow> troubledRows()
{
    QList<DoctorRow> rows = healthyRows();
    Trouble unknown;
    unknown.kind = TroubleKind::UnknownRow;
    unknown.title = u"production/manager is at an unknown revision"_s;
    unknown.text = u"The version table of production/manager says f4e19c07ab52, which no file has. Branch "
                   "origin/release-26.4 has it: Ada Lovelace committed it on 12 Nov 2026."_s;
    unknown.detail = u"alembic.util.exc.CommandError: Can't locate revision identified by 'f4e19c07ab52'"_s;
    unknown.revisions = toRevisionIds({u"f4e19c07ab52"_s});
    unknown.targets = {{u"production"_s, u"manager"_s}, {u"development"_s, u"manager"_s}};
    RepairOffer restore;
    restore.label = u"Restore its file from origin/release-26.4"_s;
    restore.why = u"The revision is applied, and git has its file."_s;
    restore.isAdvised = true;
    restore.request.kind = RepairKind::Restore;
    restore.request.revision = u"f4e19c07ab52"_s;
    RepairOffer stamp;
    stamp.action = RepairOffer::Stamp;
    stamp.label = u"Stamp another revision…"_s;
    stamp.target = unknown.targets.constFirst();
    stamp.whyNot = u"The file of the revision is still to be had: restoring it loses nothing."_s;
    unknown.offers = {restore, stamp};

    Trouble unfinished;
    unfinished.kind = TroubleKind::UnfinishedChange;
    unfinished.title = u"A change of files was cut off"_s;
    unfinished.text =
        u"\"Put 2 revisions of aaaa11110002 on top of bbbb22220001\" was begun on 22 Nov 2026, 14:06, "
        "and 1 of 2 files is written."_s;
    unfinished.files = {u"/project/migrations/versions/aaaa11110001_add_sessions_priority.py"_s,
                        u"/project/migrations/versions/aaaa11110002_index_sessions.py"_s};
    RepairOffer finish;
    finish.action = RepairOffer::FinishChange;
    finish.label = u"Finish it"_s;
    finish.isAdvised = true;
    finish.why = u"All that is missing is in the record."_s;
    RepairOffer undo;
    undo.action = RepairOffer::UndoChange;
    undo.label = u"Undo it"_s;
    unfinished.offers = {finish, undo};

    rows[0].troubles = {twoHeads(), unknown};
    rows[1].troubles = {unfinished};
    rows[1].record = RepairRecord{.component = u"accountmgr"_s,
                                  .config = rows[1].config,
                                  .title = u"Put 2 revisions of aaaa11110002 on top of bbbb22220001"_s,
                                  .begun = QDateTime(QDate(2026, 11, 22), QTime(14, 6)),
                                  .who = u"ada"_s};
    rows[1].stages = {{.kind = RepairStage::RollBack,
                       .target = {u"development"_s, u"accountmgr"_s},
                       .revision = u"c00000000007"_s,
                       .text = u"Roll back development/accountmgr to c00000000007."_s,
                       .isDone = true},
                      {.kind = RepairStage::RollBack,
                       .target = {u"staging"_s, u"accountmgr"_s},
                       .revision = u"c00000000007"_s,
                       .text = u"Roll back staging/accountmgr to c00000000007."_s},
                      {.kind = RepairStage::WriteFiles, .text = u"Write 2 files."_s},
                      {.kind = RepairStage::Upgrade,
                       .target = {u"development"_s, u"accountmgr"_s},
                       .revision = u"aaaa11110002"_s,
                       .text = u"Upgrade development/accountmgr to aaaa11110002."_s},
                      {.kind = RepairStage::Upgrade,
                       .target = {u"staging"_s, u"accountmgr"_s},
                       .revision = u"aaaa11110002"_s,
                       .text = u"Upgrade staging/accountmgr to aaaa11110002."_s,
                       .isKnown = false}};
    return rows;
}

} // namespace stepwell::sample::repair
