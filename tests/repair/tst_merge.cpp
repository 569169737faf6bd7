// SPDX-License-Identifier: MIT
// A merge revision as Stepwell previews it, beside the one that the same project's `alembic merge` writes.

#include "migrations/process/process.h"
#include "migrations/repair/repairplan.h"
#include "tests/support/testfiles.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// An Alembic project as `alembic init` makes it, with the heads b2, c3 and d4 on a1.
class Project
{
public:
    explicit Project(const QString &templateName = u"generic"_s, const QString &settings = {})
    {
        alembic({u"init"_s, u"-t"_s, templateName, u"migrations"_s});
        writeFile(path(u"migrations/env.py"_s), u"raise Exception('env.py is not asked')\n"_s);
        QString ini = QString::fromUtf8(readFile(path(u"alembic.ini"_s)));
        ini.replace(u"script_location = migrations\n"_s,
                    QString(u"script_location = migrations\n"_s + settings));
        // Alembic 1.13 does not read its own comment behind the value, once there are several locations.
        ini.replace(u"version_path_separator = os "_s, u"version_path_separator = os\n"_s);
        writeFile(path(u"alembic.ini"_s), ini);
        revision(u"a1"_s, u"None"_s);
        for (const QString &id : {u"b2"_s, u"c3"_s, u"d4"_s})
            revision(id, u"'a1'"_s);
    }
    [[nodiscard]] QString path(const QString &name) const { return QString(m_folder.path() + u'/' + name); }
    void revision(const QString &id, const QString &down,
                  const QString &folder = u"migrations/versions"_s) const
    {
        writeFile(path(u"%1/%2_.py"_s.arg(folder, id)),
                  u"revision = '%1'\ndown_revision = %2\nbranch_labels = None\ndepends_on = None\n"
                  "def upgrade():\n    pass\ndef downgrade():\n    pass\n"_s.arg(id, down));
    }
    void addHooks(const QString &text) const
    {
        QString ini = QString::fromUtf8(readFile(path(u"alembic.ini"_s)));
        writeFile(path(u"alembic.ini"_s),
                  ini.replace(u"[post_write_hooks]\n"_s, QString(u"[post_write_hooks]\n"_s + text)));
    }
    void alembic(const QStringList &arguments) const
    {
        ProcessSpec spec{.program = u"python3"_s,
                         .arguments = QStringList{u"-B"_s, u"-m"_s, u"alembic"_s} + arguments,
                         .workingDirectory = m_folder.path()};
        spec.environment.insert(u"PYTHONDONTWRITEBYTECODE"_s, u"1"_s);
        const auto done = processOutput(spec);
        if (!done)
            qFatal("alembic %s: %s", qPrintable(arguments.join(u' ')), qPrintable(done.error().detail));
    }
    [[nodiscard]] History history() const
    {
        const ScriptSource source{.config = path(u"alembic.ini"_s), .python = {u"python3"_s}};
        const auto scripts = ScriptDirectory::survey(source);
        if (!scripts)
            qFatal("%s", qPrintable(toText(scripts.error())));
        return makeHistory({}, source, *scripts, {}, {});
    }
    [[nodiscard]] Result<RepairPlan> merge(RepairRequest request) const
    {
        request.kind = RepairKind::Merge;
        return planRepair(history(), request);
    }
    /// All files and folders, from the project's.
    [[nodiscard]] QStringList files() const
    {
        QStringList names;
        QDirIterator all(m_folder.path(), QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
        while (all.hasNext())
            names += QDir(m_folder.path()).relativeFilePath(all.next());
        names.sort();
        return names;
    }

private:
    QTemporaryDir m_folder;
};

QString withoutDate(const QByteArray &file)
{
    static const QRegularExpression date(u"\\d{4}-\\d\\d-\\d\\d[ T][0-9:.]+(\\+\\d\\d:\\d\\d)?"_s);
    return QString::fromUtf8(file).replace(date, u"DATE"_s);
}

void writeScript(const QString &file, const QString &text)
{
    writeFile(file, text);
    if (!QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
        qFatal("no permissions");
}

const auto ownTemplate =
    u"<%! import re %>'''${message}\n\n${owner if owner is not UNDEFINED else 'nobody'}\n"
    "Create Date: ${create_date}\n'''\nrevision: str = ${repr(up_revision).replace(\"'\", '\"')}\n"
    "down_revision = ${repr(down_revision)}\nbranch_labels = ${repr(branch_labels)}\n"
    "depends_on = ${repr(depends_on)}\n\n\ndef upgrade() -> None:\n    ...  # ä\n\n\n"
    "def downgrade() -> None:\n    ...\n"_s;

} // namespace

class tst_Merge : public QObject
{
    Q_OBJECT

private:
    /// Both ways for two projects that are the same; `prepare` makes them so.
    template<typename Prepare>
    static void compare(const QString &templateName, const QString &settings, const Prepare &prepare,
                        const QStringList &heads = {}, const QStringList &labels = {})
    {
        const Project theirs(templateName, settings);
        const Project ours(templateName, settings);
        prepare(theirs);
        prepare(ours);
        const QString message = u"Join: the \"two\" ä lines, which is a long message to cut off"_s;
        QStringList arguments{u"merge"_s, u"-m"_s, message, u"--rev-id"_s, u"f00d"_s};
        for (const QString &label : labels)
            arguments += {u"--branch-label"_s, label};
        const QStringList before = theirs.files();
        theirs.alembic(arguments + (heads.isEmpty() ? QStringList{u"heads"_s} : heads));
        QStringList added = theirs.files();
        added.removeIf([&](const QString &name) { return before.contains(name); });
        QCOMPARE(added.size(), 1);

        const QStringList untouched = ours.files();
        const auto plan =
            ours.merge({.heads = heads, .message = message, .labels = labels, .newId = u"f00d"_s});
        QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
        QCOMPARE(ours.files(), untouched);
        QCOMPARE(plan->changes.size(), 1);
        const FileChange &change = plan->changes.first();
        QCOMPARE(QDir(ours.path({})).relativeFilePath(change.file), added.first());
        QVERIFY(!change.before);
        QCOMPARE(withoutDate(*change.after), withoutDate(readFile(theirs.path(added.first()))));
        QCOMPARE(plan->revisions, RevisionIds{RevisionId(u"f00d"_s)});
        QVERIFY(plan->after.isMergePoint(RevisionId(u"f00d"_s)));
        QVERIFY(plan->problemsAfter.isEmpty());
        const auto written = writeRepair(ours.history(), *plan);
        QVERIFY2(written, written ? "" : qPrintable(toText(written.error())));
        ours.alembic({u"heads"_s}); // Alembic reads it
        QCOMPARE(ours.history().scripts.map.heads(), plan->after.heads());
    }
    static void nothing(const Project &) {}

private Q_SLOTS:
    void asAlembicWritesIt()
    {
        for (const QString &name : {u"generic"_s, u"async"_s})
            compare(name, {}, nothing);
    }
    void someHeadsWithALabel() { compare(u"generic"_s, {}, nothing, {u"d4"_s, u"b2"_s}, {u"joined"_s}); }
    void aProjectsOwnTemplate()
    {
        compare(u"generic"_s, {}, [](const Project &project) {
            writeFile(project.path(u"migrations/script.py.mako"_s), ownTemplate);
        });
    }
    void fileNameTimeZoneAndEncoding()
    {
        compare(
            u"generic"_s,
            u"file_template = %%(year)d_%%(month).2d_%%(day).2d-%%(rev)s_%%(slug)s\ntimezone = Asia/Tokyo\n"
            "truncate_slug_length = 12\noutput_encoding = utf-8-sig\n"_s,
            nothing);
    }
    void severalVersionLocations()
    {
        compare(u"generic"_s, u"version_locations = migrations/versions:migrations/more\n"_s,
                [](const Project &project) { project.revision(u"k9"_s, u"'a1'"_s, u"migrations/more"_s); },
                {u"k9"_s, u"b2"_s});
    }
    void recursiveFolders()
    {
        compare(u"generic"_s, u"recursive_version_locations = true\n"_s, [](const Project &project) {
            project.revision(u"k9"_s, u"'a1'"_s, u"migrations/versions/2026"_s);
        });
    }
    void anEnvironmentThatAddsToTheTemplate()
    {
        compare(u"generic"_s, u"revision_environment = true\n"_s, [](const Project &project) {
            writeFile(project.path(u"migrations/script.py.mako"_s), ownTemplate);
            writeFile(project.path(u"helper.py"_s), u"owner = 'team b'\n"_s);
            writeFile(project.path(u"migrations/env.py"_s),
                      u"from alembic import context\nimport helper\n"
                      "context.configure(dialect_name='postgresql', template_args={'owner': helper.owner})\n"
                      "print('env.py for', context.config.cmd_opts.message)\n"_s);
        });
    }
    void hooksRunOnACopy()
    {
        compare(u"generic"_s, {}, [](const Project &project) {
            writeScript(project.path(u"tidy.sh"_s),
                        u"#!/bin/sh\ncase \"$1\" in */migrations/*) ;; *) exit 9;; esac\n"
                        "echo \"# tidy $2\" >> \"$1\"\necho tidied\n"_s);
            project.addHooks(
                u"hooks = tidy, again\ntidy.type = exec\n"
                "tidy.executable = %(here)s/tidy.sh\ntidy.options = REVISION_SCRIPT_FILENAME one\n"
                "again.type = exec\nagain.executable = %(here)s/tidy.sh\n"
                "again.options = REVISION_SCRIPT_FILENAME two\n"_s);
        });
    }

    void whatIsTold()
    {
        const Project project;
        const auto plan = project.merge({});
        QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
        QCOMPARE(plan->title, u"Merge b2, c3 and d4"_s);
        QVERIFY(
            QString::fromUtf8(*plan->changes.first().after).startsWith(u"\"\"\"Merge heads b2, c3, d4\n"_s));
        QCOMPARE(plan->revisions.first().text().size(), 12);
        QVERIFY(plan->text.join(u'\n').contains(u"follows b2, c3 and d4"_s));
        QVERIFY2(plan->warnings.isEmpty(), qPrintable(plan->warnings.join(u'\n')));
        const auto labelled = project.merge({.heads = {u"b2"_s, u"c3"_s}, .labels = {u"x"_s, u"y"_s}});
        QVERIFY2(labelled, labelled ? "" : qPrintable(toText(labelled.error())));
        QCOMPARE(labelled->after.find(labelled->revisions.first())->branchLabels,
                 (QStringList{u"x"_s, u"y"_s}));
    }

    void warningsOfEnvironmentAndHooks()
    {
        const Project project(u"generic"_s, u"revision_environment = true\n"_s);
        writeFile(project.path(u"migrations/env.py"_s), u"print('a word of env.py')\n"_s);
        writeScript(project.path(u"bad.sh"_s), u"#!/bin/sh\necho 'cannot tidy' >&2\nexit 3\n"_s);
        project.addHooks(u"hooks = bad\nbad.type = exec\nbad.executable = %(here)s/bad.sh\n"_s);
        const auto plan = project.merge({});
        QVERIFY2(plan, plan ? "" : qPrintable(toText(plan.error())));
        const QString warnings = plan->warnings.join(u'\n');
        QVERIFY2(warnings.contains(u"env.py was run"_s) && warnings.contains(u"a word of env.py"_s) &&
                     warnings.contains(u"bad ended with exit code 3"_s) &&
                     warnings.contains(u"cannot tidy"_s),
                 qPrintable(warnings));
        QVERIFY2(!warnings.contains(u".stepwell-merge"_s) && !warnings.contains(u"Generating"_s),
                 qPrintable(warnings));
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("heads");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("label");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const QStringList &heads, const QString &id,
                            const QString &label, ErrorKind kind, const QString &words) {
            QTest::newRow(name) << heads << id << label << kind << words;
        };
        row("no head", {u"a1"_s, u"b2"_s}, {}, {}, ErrorKind::InvalidTarget,
            u"a1 is not a head: b2, c3 and d4"_s);
        row("one", {u"b2"_s}, {}, {}, ErrorKind::Usage, u"two heads or more; b2 is one"_s);
        row("one twice", {u"b2"_s, u"b2"_s}, {}, {}, ErrorKind::Usage, u"b2 is one"_s);
        row("unknown", {u"b2"_s, u"zz"_s}, {}, {}, ErrorKind::UnknownRevision, u"zz"_s);
        row("taken", {}, u"c3"_s, {}, ErrorKind::DuplicateRevision, u"'c3' is taken"_s);
        row("forbidden", {}, u"a-b"_s, {}, ErrorKind::InvalidIdentifier, u"may not hold '-'"_s);
        row("a range", {}, u"a:b"_s, {}, ErrorKind::InvalidIdentifier, u"may not hold ':'"_s);
        row("a blank", {}, u"a b"_s, {}, ErrorKind::InvalidIdentifier, u"may not hold ' '"_s);
        row("a quote", {}, u"a'b"_s, {}, ErrorKind::InvalidIdentifier, u"may not hold"_s);
        row("a target", {}, u"heads"_s, {}, ErrorKind::InvalidIdentifier, u"reads it as a target"_s);
        row("too long", {}, QString(33, u'f'), {}, ErrorKind::InvalidIdentifier, u"too long"_s);
        row("label", {}, {}, u"a1"_s, ErrorKind::DuplicateLabel, u"'a1' is taken"_s);
    }
    void refusals()
    {
        QFETCH(const QStringList, heads);
        QFETCH(const QString, id);
        QFETCH(const QString, label);
        QFETCH(const ErrorKind, kind);
        QFETCH(const QString, words);
        const Project project;
        const auto plan = project.merge(
            {.heads = heads, .labels = label.isEmpty() ? QStringList() : QStringList{label}, .newId = id});
        QVERIFY(!plan);
        QCOMPARE(plan.error().kind, kind);
        QVERIFY2(plan.error().message.contains(words), qPrintable(toText(plan.error())));
        QVERIFY(!plan.error().hint.isEmpty() || kind == ErrorKind::UnknownRevision);
    }

    void oneHeadAlone()
    {
        const Project project;
        project.revision(u"e5"_s, u"('b2', 'c3', 'd4')"_s);
        const auto plan = project.merge({});
        QVERIFY(!plan);
        QCOMPARE(plan.error().kind, ErrorKind::Refused);
        QVERIFY(plan.error().message.contains(u"one head, e5"_s));
    }

    void failuresLeaveNothing_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("ini");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("words");
        const QString mako = u"migrations/script.py.mako"_s;
        QTest::newRow("template fails") << mako << u"${nothing_there + 1}\n"_s << u""_s
                                        << ErrorKind::BrokenScripts << u"script.py.mako cannot be rendered"_s;
        QTest::newRow("template is broken")
            << mako << u"% if x:\nnever ended\n"_s << u""_s << ErrorKind::BrokenScripts
            << u"script.py.mako cannot be rendered"_s;
        QTest::newRow("template makes no Python")
            << mako << u"def (:\n"_s << u""_s << ErrorKind::InvalidRevisionFile << u"no revision file"_s;
        QTest::newRow("revision is broken")
            << u"migrations/versions/b2_.py"_s
            << u"import nothing_there\nrevision = 'b2'\ndown_revision = 'a1'\n"_s << u""_s
            << ErrorKind::BrokenScripts << u"nothing_there"_s;
        QTest::newRow("hook cannot start")
            << u"x"_s << u""_s << u"hooks = tidy\ntidy.type = exec\ntidy.executable = /nowhere/tidy\n"_s
            << ErrorKind::ProcessFailed << u"The post-write hook tidy failed"_s;
        QTest::newRow("hook is unknown") << u"x"_s << u""_s << u"hooks = tidy\ntidy.type = nonsense\n"_s
                                         << ErrorKind::ProcessFailed << u"nonsense"_s;
        QTest::newRow("hook removes the file")
            << u"x"_s << u""_s << u"hooks = rm\nrm.type = exec\nrm.executable = rm\n"_s
            << ErrorKind::InvalidRevisionFile << u"no revision file"_s;
    }
    void failuresLeaveNothing()
    {
        QFETCH(const QString, file);
        QFETCH(const QString, text);
        QFETCH(const QString, ini);
        QFETCH(const ErrorKind, kind);
        QFETCH(const QString, words);
        const Project project;
        writeFile(project.path(file), text);
        project.addHooks(ini);
        const QStringList before = project.files();
        const QStringList temporary =
            QDir::temp().entryList({u".stepwell-merge*"_s, u"tmp*.txt"_s}, QDir::AllEntries | QDir::Hidden);
        const auto plan = project.merge({});
        QVERIFY(!plan);
        QVERIFY2(plan.error().kind == kind,
                 qPrintable(kindName(plan.error().kind) + u' ' + toText(plan.error())));
        QVERIFY2(plan.error().message.contains(words), qPrintable(toText(plan.error())));
        QVERIFY(!plan.error().hint.isEmpty());
        QCOMPARE(project.files(), before);
        QCOMPARE(
            QDir::temp().entryList({u".stepwell-merge*"_s, u"tmp*.txt"_s}, QDir::AllEntries | QDir::Hidden),
            temporary);
    }

    void environmentThatFails()
    {
        const Project project(u"generic"_s, u"revision_environment = true\n"_s);
        const QStringList before = project.files();
        const auto plan = project.merge({});
        QVERIFY(!plan);
        QCOMPARE(plan.error().kind, ErrorKind::MigrationFailed);
        QVERIFY2(plan.error().message.contains(u"env.py is not asked"_s), qPrintable(toText(plan.error())));
        QCOMPARE(project.files(), before);
    }

    void brokenFilesFirst()
    {
        const Project project;
        project.revision(u"e5"_s, u"'lost'"_s);
        const auto plan = project.merge({});
        QVERIFY(!plan);
        QCOMPARE(plan.error().kind, ErrorKind::MissingParent);
        QVERIFY(plan.error().hint.contains(u"mend this first"_s));
    }
};

QTEST_GUILESS_MAIN(tst_Merge)
#include "tst_merge.moc"
