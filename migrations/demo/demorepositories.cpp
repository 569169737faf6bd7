// SPDX-License-Identifier: MIT
#include "migrations/demo/demorepositories.h"

#include "migrations/alembic/revisionfile.h"
#include "migrations/demo/demofiles.h"
#include "migrations/process/process.h"

#include <QDirIterator>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

struct Author {
    QString name;
    QString address;
};

/// Who wrote what: the same revision has the same author in every demo.
Author authorOf(const RevisionId &id)
{
    static const QList<Author> authors{{u"Ada Lovelace"_s, u"ada@example.com"_s},
                                       {u"Grace Hopper"_s, u"grace@example.com"_s},
                                       {u"Alan Turing"_s, u"alan@example.com"_s}};
    return authors.at(id.text().front().unicode() % authors.size());
}

/// git in one repository, untouched by this user's settings.
class DemoGit
{
public:
    explicit DemoGit(QString folder) : m_folder(std::move(folder))
    {
        m_environment.insert(u"GIT_CONFIG_GLOBAL"_s, u"/dev/null"_s);
        m_environment.insert(u"GIT_CONFIG_NOSYSTEM"_s, u"1"_s);
    }

    [[nodiscard]] Result<void> run(const QStringList &arguments) const
    {
        return processOutput({.program = u"git"_s,
                              .arguments = arguments,
                              .workingDirectory = m_folder,
                              .environment = m_environment,
                              .deadline = std::chrono::seconds(20)})
            .transform([](const QByteArray &) {});
    }

    [[nodiscard]] Result<void> commit(const QStringList &files, const QString &message, const Author &author,
                                      const QDateTime &when)
    {
        const QString date = when.toString(Qt::ISODate);
        for (const QString &role : {u"AUTHOR"_s, u"COMMITTER"_s}) {
            m_environment.insert(u"GIT_%1_NAME"_s.arg(role), author.name);
            m_environment.insert(u"GIT_%1_EMAIL"_s.arg(role), author.address);
            m_environment.insert(u"GIT_%1_DATE"_s.arg(role), date);
        }
        return run(QStringList{u"add"_s, u"--"_s} + files).and_then([&] {
            return run({u"commit"_s, u"--quiet"_s, u"--no-gpg-sign"_s, u"-m"_s, message});
        });
    }

private:
    QString m_folder;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
};

/// The oldest first.
QList<Revision> revisionsIn(const QString &folder)
{
    QList<Revision> revisions;
    QDirIterator files(folder, {u"*.py"_s}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        if (const auto revision = readRevisionFile(files.next(), ReadDepth::Header))
            revisions += *revision;
    }
    std::ranges::sort(revisions, {}, &Revision::created);
    return revisions;
}

Result<void> commitRevision(DemoGit &git, const Revision &revision)
{
    return git.commit({revision.file}, revision.message, authorOf(revision.id), revision.created);
}

/// Everything that is no revision first, then one commit a revision.
Result<void> makeRepository(DemoGit &git, const QString &folder, const QString &branch)
{
    const QList<Revision> revisions = revisionsIn(folder);
    QStringList others;
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString file = files.next();
        if (!std::ranges::contains(revisions, file, &Revision::file))
            others += file;
    }
    const QString ignored = folder + u"/.gitignore"_s;
    Result<void> made = replaceFile(ignored, "__pycache__/\n").and_then([&] {
        return git.run({u"init"_s, u"--quiet"_s, u"--initial-branch"_s, branch});
    });
    if (made)
        made = git.commit(others + QStringList{ignored}, u"Begin"_s, authorOf(revisions.first().id),
                          revisions.first().created.addDays(-1));
    for (const Revision &revision : revisions) {
        if (made)
            made = commitRevision(git, revision);
    }
    return made;
}

/// A branch that has a revision more than the one that is checked out.
Result<void> goOnElsewhere(DemoGit &git, const QString &branch, const QString &file, const QString &back)
{
    return git.run({u"checkout"_s, u"--quiet"_s, u"-b"_s, branch})
        .and_then([&] { return readRevisionFile(file, ReadDepth::Header); })
        .and_then([&](const Revision &revision) { return commitRevision(git, revision); })
        .and_then([&] { return git.run({u"checkout"_s, u"--quiet"_s, back}); });
}

} // namespace

Result<void> makeDemoRepositories(const QString &directory)
{
    if (QStandardPaths::findExecutable(u"git"_s).isEmpty())
        return {};
    const QString checkouts = directory + u"/checkouts/"_s;
    const QString accounts = checkouts + u"accountmgr-main"_s;
    const QString proxy = checkouts + u"appproxy-release-26.3"_s;
    const QString versions = u"/appproxy/alembic/versions/"_s;
    DemoGit accountsGit(accounts);
    if (const auto made = makeRepository(accountsGit, accounts, u"main"_s); !made)
        return made;
    DemoGit proxyGit(proxy);
    if (const auto made = makeRepository(proxyGit, proxy, u"release-26.3"_s); !made)
        return made;
    const QStringList later = QDir(QString(directory + versions)).entryList({u"91aa02cc7d3e*"_s});
    const QString file = proxy + versions + later.value(0);
    if (!QFile::copy(QString(directory + versions + later.value(0)), file))
        return failure(ErrorKind::FileError, u"%1 cannot be written."_s.arg(file));
    return goOnElsewhere(proxyGit, u"main"_s, file, u"release-26.3"_s);
}

} // namespace stepwell
