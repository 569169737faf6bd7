// SPDX-License-Identifier: MIT
#include "tests/repair/gitscene.h"

#include "migrations/process/process.h"
#include "tests/support/testfiles.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;

QString runGit(const QString &folder, const QStringList &arguments, int minute)
{
    ProcessSpec spec{.program = u"git"_s,
                     .arguments =
                         QStringList{u"-c"_s, u"user.name=Ada"_s, u"-c"_s, u"user.email=ada@example.org"_s,
                                     u"-c"_s, u"commit.gpgsign=false"_s, u"-c"_s,
                                     u"protocol.file.allow=always"_s} +
                         arguments,
                     .workingDirectory = folder};
    const QString date = u"2026-03-01T%1:%2:00+00:00"_s.arg(minute / 60, 2, 10, QLatin1Char('0'))
                             .arg(minute % 60, 2, 10, QLatin1Char('0'));
    spec.environment.insert(u"GIT_AUTHOR_DATE"_s, date);
    spec.environment.insert(u"GIT_COMMITTER_DATE"_s, date);
    const auto done = processOutput(spec);
    if (!done)
        qFatal("git %s: %s", qPrintable(arguments.join(u' ')), qPrintable(done.error().detail));
    return QString::fromUtf8(*done).trimmed();
}

GitScene::GitScene()
{
    git({u"init"_s, u"-q"_s, u"-b"_s, u"main"_s});
}

QString GitScene::top() const
{
    return QFileInfo(m_folder.path()).canonicalFilePath();
}

QString GitScene::path(const QString &name) const
{
    return QString(top() + u'/' + name);
}

QString GitScene::git(const QStringList &arguments)
{
    return runGit(m_folder.path(), arguments, ++m_minute);
}

QString GitScene::commit(const QString &subject, const QString &author)
{
    git({u"add"_s, u"-A"_s});
    git({u"commit"_s, u"-q"_s, u"--allow-empty"_s, u"-m"_s, subject,
         u"--author=%1 <someone@example.org>"_s.arg(author)});
    return git({u"rev-parse"_s, u"HEAD"_s});
}

void GitScene::revision(const QString &name, const QString &id, const QString &down, const QString &more)
{
    const QString parent = down.isEmpty() ? u"None"_s : QString(u'"' + down + u'"');
    writeFile(path(name), QString(u"\"\"\"Change %1\n\nRevision ID: %1\n\"\"\"\nrevision = \"%1\"\n"
                                  "down_revision = %2\nbranch_labels = None\ndepends_on = None\n\n\n"
                                  "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n%3"_s.arg(
                                      id, parent, more)));
}

QByteArray GitScene::fingerprint() const
{
    QStringList files;
    QDirIterator iterator(path(u".git"_s), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (iterator.hasNext())
        files += iterator.next();
    files.sort();
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QString &file : std::as_const(files)) {
        hash.addData(file.toUtf8());
        hash.addData(readFile(file));
        hash.addData(QByteArray::number(QFileInfo(file).lastModified().toMSecsSinceEpoch()));
    }
    return hash.result().toHex();
}

} // namespace stepwell
