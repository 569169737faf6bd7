// SPDX-License-Identifier: MIT
#include "migrations/run/rendering.h"
#include "tests/run/runfixture.h"
#include "tests/support/testfiles.h"

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A project whose interpreter counts how often it is started, with a cache of its own.
struct Site : RunFixture {
    Site()
    {
        project.addRevision(u"a"_s, {}, u"op.execute('CREATE TABLE a ()')"_s,
                            u"op.execute('DROP TABLE a')"_s);
        project.addRevision(
            u"b"_s, u"a"_s,
            u"import os, names\n"
            "op.execute(open(os.path.join(os.path.dirname(__file__), 'b.sql')).read())\n"
            "op.execute('CREATE TABLE ' + names.NAME + ' ()')\n"
            "for name in sorted(os.listdir(os.path.join(os.path.dirname(__file__), 'parts'))):\n"
            "    op.execute('SELECT \\'' + name + '\\'')"_s,
            u"raise RuntimeError('no way back')"_s);
        writeFile(file(u"migrations/versions/b.sql"_s), u"CREATE TABLE b ()"_s);
        writeFile(file(u"migrations/versions/parts/one"_s), u"1"_s);
        writeFile(file(u"names.py"_s), u"NAME = 'n'\n"_s);
        writeFile(python(), u"#!/bin/sh\necho x >> %1\nexec python3 \"$@\"\n"_s.arg(counter()));
        QFile::setPermissions(python(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    [[nodiscard]] QString file(const QString &name) const
    {
        return QString(project.directory() + u'/' + name);
    }
    [[nodiscard]] QString counter() const { return folder.filePath(u"starts"_s); }
    [[nodiscard]] QString python() const { return folder.filePath(u"python"_s); }
    [[nodiscard]] qsizetype starts() const
    {
        return QFile::exists(counter()) ? readFile(counter()).count('x') : 0;
    }
    [[nodiscard]] TargetAccess access() const
    {
        auto opened = TargetAccess::open(target(), {});
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        opened->bridge.python = {python()};
        return *opened;
    }
    static QList<RenderStep> steps()
    {
        const RevisionId a(u"a"_s);
        const RevisionId b(u"b"_s);
        return {{.step = {.revision = a, .from = {}, .to = {a}}},
                {.step = {.revision = b, .from = {a}, .to = {b}}},
                {.step = {.revision = b, .from = {b}, .to = {a}}, .direction = Direction::Downgrade},
                {.step = {.revision = a, .from = {a}, .to = {}}, .direction = Direction::Downgrade}};
    }
    QList<RenderedSql> render(RenderOptions options = {}) { return render(access(), std::move(options)); }
    QList<RenderedSql> render(const TargetAccess &opened, RenderOptions options = {})
    {
        options.cache = &cache;
        const auto rendered = renderSteps(opened, steps(), options);
        if (!rendered)
            qFatal("%s\n%s", qPrintable(rendered.error().message), qPrintable(rendered.error().detail));
        return *rendered;
    }
    [[nodiscard]] QFileInfoList entries() const
    {
        return QDir(cache.folder()).entryInfoList(QDir::Files | QDir::Hidden);
    }

    RenderCache cache{folder.filePath(u"cache/rendered"_s)};
};

QString fromCache(const QList<RenderedSql> &all)
{
    QString text;
    for (const RenderedSql &one : all)
        text += one.fromCache ? u'+' : u'-';
    return text;
}

QList<RenderedSql> asRendered(QList<RenderedSql> all)
{
    for (RenderedSql &one : all)
        one.fromCache = false;
    return all;
}

} // namespace

class TestRenderCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void asksPythonOnce()
    {
        Site site;
        QList<int> progress;
        const auto first = site.render({.progress = [&](int done, int total, const RenderedSql &sql) {
            QCOMPARE(total, 4);
            QVERIFY(!sql.fromCache);
            progress += done;
        }});
        QCOMPARE(site.starts(), 1);
        QCOMPARE(progress, (QList<int>{1, 2, 3, 4}));
        QCOMPARE(fromCache(first), u"----"_s);
        QVERIFY(first.at(1).sql.contains(u"SELECT 'one';"));
        QCOMPARE(first.at(2).problem, u"RuntimeError: no way back"_s);
        QVERIFY(first.at(2).problemLine > 0);
        QCOMPARE(first.at(3).direction, Direction::Downgrade);

        progress.clear();
        const auto second =
            site.render({.progress = [&](int done, int, const RenderedSql &) { progress += done; }});
        QCOMPARE(site.starts(), 1);
        QCOMPARE(fromCache(second), u"++++"_s);
        QCOMPARE(asRendered(second), first);
        QCOMPARE(progress, (QList<int>{1, 2, 3, 4}));

        QCOMPARE(asRendered(site.render({.refresh = true})), first);
        QCOMPARE(site.starts(), 2);
        QCOMPARE(fromCache(site.render()), u"++++"_s);
    }

    void asksOnlyForWhatIsMissing()
    {
        Site site;
        const auto some = renderSteps(site.access(), Site::steps().sliced(1, 2), {.cache = &site.cache});
        QVERIFY(some);
        QStringList order;
        const auto all = site.render({.progress = [&](int done, int, const RenderedSql &sql) {
            order += u"%1 %2 %3"_s.arg(done).arg(sql.revision.text(), directionName(sql.direction));
        }});
        QCOMPARE(fromCache(all), u"-++-"_s);
        QCOMPARE(order,
                 (QStringList{u"1 b upgrade"_s, u"2 b downgrade"_s, u"3 a upgrade"_s, u"4 a downgrade"_s}));
        QCOMPARE(site.starts(), 2);
    }

    void rendersAnewWhatChanged_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("expected");
        QTest::newRow("revision") << u"migrations/versions/b_.py"_s << u"SELECT"_s << u"SELECT ALL"_s
                                  << u"+--+"_s;
        QTest::newRow("env.py") << u"migrations/env.py"_s << u"import"_s << u"import "_s << u"----"_s;
        QTest::newRow("ini") << u"alembic.ini"_s << u"WARNING"_s << u"ERROR"_s << u"----"_s;
        // Read while the second was rendered: those before it do not depend on it.
        QTest::newRow("module") << u"names.py"_s << u"'n'"_s << u"'m'"_s << u"+---"_s;
        QTest::newRow("SQL file") << u"migrations/versions/b.sql"_s << u"b"_s << u"bb"_s << u"+---"_s;
        QTest::newRow("new file of a folder")
            << u"migrations/versions/parts/two"_s << QString() << u"2"_s << u"+---"_s;
        QTest::newRow("header below") << u"migrations/versions/a_.py"_s << u"branch_labels = None"_s
                                      << u"branch_labels = 'x'"_s << u"----"_s;
        QTest::newRow("foreign file") << u"other.txt"_s << QString() << u"x"_s << u"++++"_s;
        QTest::newRow("other revision")
            << u"migrations/versions/c_.py"_s << QString()
            << u"revision = 'c'\ndown_revision = 'b'\ndef upgrade(): pass\n"_s << u"++++"_s;
        QTest::newRow("interpreter chosen by pyenv")
            << u".python-version"_s << QString() << u"3"_s << u"----"_s;
    }

    void rendersAnewWhatChanged()
    {
        QFETCH(QString, name);
        QFETCH(QString, before);
        QFETCH(QString, after);
        Site site;
        const auto first = site.render();
        QCOMPARE(fromCache(first), u"----"_s);
        QCOMPARE(fromCache(site.render()), u"++++"_s);
        const QString path = site.file(name);
        const QString text = before.isEmpty() ? QString() : QString::fromUtf8(readFile(path));
        QVERIFY(before.isEmpty() || text.contains(before));
        writeFile(path, before.isEmpty() ? after : QString(text).replace(before, after));
        QTEST(fromCache(site.render()), "expected");
        QCOMPARE(fromCache(site.render()), u"++++"_s);
        // As it was before.
        if (!before.isEmpty()) {
            writeFile(path, text);
            const auto again = site.render();
            QCOMPARE(asRendered(again), asRendered(first));
            QCOMPARE(fromCache(site.render()), u"++++"_s);
        }
    }

    void rendersAnewForAnotherTarget()
    {
        Site site;
        const TargetAccess access = site.access();
        QCOMPARE(fromCache(site.render(access)), u"----"_s);
        TargetAccess other = access;
        other.bridge.url.replace(u"//stepwell"_s, u"//stepwell:secret"_s);
        QVERIFY(other.bridge.url != access.bridge.url);
        QCOMPARE(fromCache(site.render(other)), u"++++"_s);
        for (const QFileInfo &entry : site.entries())
            QVERIFY(!readFile(entry.filePath()).contains("secret"));
        other.bridge.url.replace(u"psycopg2"_s, u"psycopg"_s);
        QCOMPARE(fromCache(site.render(other)), u"----"_s);
        other = access;
        other.bridge.section = u"other"_s;
        const QString ini = QString::fromUtf8(readFile(site.project.config()));
        writeFile(site.project.config(),
                  QString(ini).replace(
                      u"[loggers]"_s, u"[other]\nscript_location = %(here)s/migrations\n"
                                      "prepend_sys_path = .\nsqlalchemy.url = postgresql://\n\n[loggers]"_s));
        QCOMPARE(fromCache(site.render(other)), u"----"_s);
        // The rows that a step starts from are part of its SQL.
        QList<RenderStep> steps = Site::steps();
        steps[1].step.from += RevisionId(u"x"_s);
        QVERIFY(!renderSteps(access, steps.first(1), {.cache = &site.cache})->first().fromCache);
    }

    void rendersAnewForAnotherInterpreter()
    {
        Site site;
        QCOMPARE(fromCache(site.render()), u"----"_s);
        QCOMPARE(fromCache(site.render()), u"++++"_s);
        writeFile(site.python(), QByteArray(readFile(site.python()) + "\n"));
        QFile::setPermissions(site.python(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        QCOMPARE(fromCache(site.render()), u"----"_s);
        QCOMPARE(fromCache(site.render()), u"++++"_s);
        qputenv("PYTHONHASHSEED", "7");
        QCOMPARE(fromCache(site.render()), u"----"_s);
        qunsetenv("PYTHONHASHSEED");
    }

    void noticesPackages()
    {
        Site site;
        const QString environment = site.folder.filePath(u"venv"_s);
        QVERIFY(processOutput({.program = u"python3"_s,
                               .arguments = {u"-m"_s, u"venv"_s, u"--without-pip"_s,
                                             u"--system-site-packages"_s, environment}}));
        TargetAccess access = site.access();
        access.bridge.python = {QString(environment + u"/bin/python"_s)};
        QCOMPARE(fromCache(site.render(access)), u"----"_s);
        QCOMPARE(fromCache(site.render(access)), u"++++"_s);
        const QStringList packages = QDir(QString(environment + u"/lib"_s)).entryList({u"python3*"_s});
        writeFile(
            u"%1/lib/%2/site-packages/thing-1.0.dist-info/METADATA"_s.arg(environment, packages.first()),
            u"Name: thing\n"_s);
        QCOMPARE(fromCache(site.render(access)), u"----"_s);
        QCOMPARE(fromCache(site.render(access)), u"++++"_s);
    }

    void doesNotRememberWhatCannotBeKnown()
    {
        Site site;
        site.project.addRevision(
            u"a"_s, {},
            u"import subprocess\n"
            "op.execute(\"SELECT '\" + subprocess.check_output(['date']).decode() + \"'\")"_s,
            u"import os\nop.execute(os.environ['NOT_SET'])"_s);
        QCOMPARE(fromCache(site.render()), u"----"_s);
        QCOMPARE(fromCache(site.render()), u"----"_s);
        // A file that changes while Python is at work.
        Site changing;
        changing.project.addRevision(u"a"_s, {}, u"open(__file__, 'a').write('# x\\n')"_s, {});
        QCOMPARE(fromCache(changing.render()).first(1), u"-"_s);
        QCOMPARE(fromCache(changing.render()).first(1), u"-"_s);
        // A failure of env.py may be gone the next time.
        Site broken;
        const QByteArray env = readFile(broken.project.envFile());
        writeFile(broken.project.envFile(), QByteArray("import os\nos.environ['NOT_SET']\n" + env));
        QVERIFY(broken.render().first().problem.contains(u"NOT_SET"));
        QCOMPARE(fromCache(broken.render()), u"----"_s);
    }

    void bearsDamage()
    {
        Site site;
        const auto first = site.render();
        const QFileInfoList entries = site.entries();
        QCOMPARE(entries.size(), 5);
        const auto damage = [&](const std::function<void(QByteArray &)> &change) {
            for (const QFileInfo &entry : entries) {
                QByteArray bytes = readFile(entry.filePath());
                change(bytes);
                writeFile(entry.filePath(), bytes);
            }
            const auto again = site.render();
            return fromCache(again) + (asRendered(again) == first ? u""_s : u" other"_s);
        };
        QCOMPARE(damage([](QByteArray &bytes) { bytes.clear(); }), u"----"_s);
        QCOMPARE(damage([](QByteArray &bytes) { bytes.truncate(bytes.size() / 2); }), u"----"_s);
        QCOMPARE(damage([](QByteArray &bytes) { bytes[bytes.size() - 3] ^= 1; }), u"----"_s);
        QCOMPARE(damage([](QByteArray &bytes) { bytes[30] ^= 1; }), u"----"_s);
        QCOMPARE(damage([](QByteArray &bytes) { bytes = "nonsense"; }), u"----"_s);
        QCOMPARE(damage([](QByteArray &) {}), u"++++"_s);
        // A folder that cannot be made costs time only.
        writeFile(site.folder.filePath(u"file"_s), u"x"_s);
        const RenderCache none(site.folder.filePath(u"file/rendered"_s));
        const auto rendered = renderSteps(site.access(), Site::steps(), {.cache = &none});
        QVERIFY(rendered);
        QCOMPARE(*rendered, first);
    }

    void keepsOthersOut()
    {
        Site site;
        (void)site.render();
        QCOMPARE(QFile::permissions(site.cache.folder()) & QFile::Permissions(0x77), QFile::Permissions());
        for (const QFileInfo &entry : site.entries())
            QCOMPARE(entry.permissions() & QFile::Permissions(0x177), QFile::Permissions());
        QFile::setPermissions(site.cache.folder(), QFile::Permissions(0x7755));
        site.cache.insert("x"_ba, "y"_ba);
        QCOMPARE(QFile::permissions(site.cache.folder()) & QFile::Permissions(0x77), QFile::Permissions());
        QCOMPARE(site.cache.find("x"_ba).value_or(QByteArray()), "y"_ba);
    }

    void forgetsTheOldest()
    {
        const QTemporaryDir folder;
        constexpr int size = 1000;
        const RenderCache cache(folder.path(), 5 * (size + 100));
        const auto put = [&](const QByteArray &key, qint64 secondsAgo) {
            QByteArray data;
            for (int at = 0; data.size() < size - 11; ++at) // does not compress well
                data += QCryptographicHash::hash(QByteArray(key + QByteArray::number(at)),
                                                 QCryptographicHash::Sha256);
            cache.insert(key, data.first(size - 11));
            QFile file(folder.filePath(QString::fromLatin1(key)));
            QVERIFY(file.open(QIODevice::ReadWrite));
            QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-secondsAgo),
                                     QFileDevice::FileModificationTime));
        };
        for (int at = 0; at < 8; ++at)
            put("key" + QByteArray::number(at), 100 + at);
        QVERIFY(cache.find("key7"_ba)); // used: no longer the oldest
        writeFile(folder.filePath(u"partial-young"_s), u"x"_s);
        writeFile(folder.filePath(u"partial-old"_s), u"x"_s);
        QFile old(folder.filePath(u"partial-old"_s));
        QVERIFY(old.open(QIODevice::ReadWrite));
        QVERIFY(old.setFileTime(QDateTime::currentDateTime().addDays(-1), QFileDevice::FileModificationTime));
        old.close();
        cache.trim();
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files),
                 (QStringList{u"key0"_s, u"key1"_s, u"key2"_s, u"key3"_s, u"key7"_s, u"partial-young"_s}));
    }

    void rendersHundredsInOneProcess()
    {
        constexpr int count = 500;
        Site site;
        QList<RenderStep> steps;
        RevisionId before(u"b"_s);
        for (int at = 0; at < count; ++at) {
            const RevisionId id(u"r%1"_s.arg(at, 4, 10, QChar(u'0')));
            site.project.addRevision(id.text(), before.text(),
                                     u"op.create_table('t%1', sa.Column('id', sa.Integer))"_s.arg(at), {});
            steps += {.step = {.revision = id, .from = {before}, .to = {id}}};
            before = id;
        }
        const TargetAccess access = site.access();
        // Stopped in the middle: what is whole stays.
        std::stop_source stop;
        int told = 0;
        const auto stopped = renderSteps(access, steps,
                                         {.cache = &site.cache,
                                          .stop = stop.get_token(),
                                          .progress = [&](int done, int, const RenderedSql &) {
                                              told = done;
                                              if (done == count / 5)
                                                  stop.request_stop();
                                          }});
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
        QCOMPARE(site.starts(), 1);
        QVERIFY(told >= count / 5 && told < count);

        QElapsedTimer timer;
        timer.start();
        const auto all = renderSteps(access, steps, {.cache = &site.cache});
        QVERIFY(all);
        qInfo("rendered the rest of %d in %lld ms", count, static_cast<long long>(timer.elapsed()));
        QCOMPARE(site.starts(), 2);
        QCOMPARE(std::ranges::count(*all, true, &RenderedSql::fromCache), told);
        for (int at = 0; at < count; ++at) {
            QCOMPARE(all->at(at).revision, steps.at(at).step.revision);
            QVERIFY(all->at(at).sql.contains(u"CREATE TABLE t%1 ("_s.arg(at)));
        }
        timer.start();
        const auto again = renderSteps(access, steps, {.cache = &site.cache});
        qInfo("looked up in %lld ms", static_cast<long long>(timer.elapsed()));
        QCOMPARE(site.starts(), 2);
        QCOMPARE(asRendered(*again), asRendered(*all));
    }
};

QTEST_GUILESS_MAIN(TestRenderCache)
#include "tst_rendercache.moc"
