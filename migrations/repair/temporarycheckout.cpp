// SPDX-License-Identifier: MIT
#include "migrations/repair/temporarycheckout.h"

#include "migrations/alembic/replacefile.h"
#include "migrations/review/git.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSysInfo>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto checkoutTime = 60s; ///< of a large repository on a slow disk

/// Names of this machine's folders: what is not to be seen here may be there on another one.
QString folderPrefix()
{
    QString host = QSysInfo::machineHostName();
    for (QChar &c : host) {
        if (!c.isLetterOrNumber())
            c = u'_';
    }
    return u"stepwell-checkout-%1-"_s.arg(host);
}

/// A lock that goes away with its process, however that ends.
class Lock
{
public:
    explicit Lock(const QString &file)
        : m_descriptor(::open(QFile::encodeName(file).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
    {
        if (m_descriptor >= 0)
            m_state = lockNow(m_descriptor, LOCK_EX);
    }
    ~Lock()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Lock(const Lock &) = delete;
    Lock &operator=(const Lock &) = delete;
    /// On a file system without locks it is enough to have the file.
    [[nodiscard]] bool isUsable() const { return m_descriptor >= 0 && m_state != LockState::Taken; }
    /// Nobody else has it, that is certain.
    [[nodiscard]] bool isHeld() const { return m_descriptor >= 0 && m_state == LockState::Held; }

private:
    int m_descriptor = -1;
    LockState m_state = LockState::Unknown;
};

QString lockFile(const QString &folder)
{
    return QString(folder + u"/lock"_s);
}

Result<QByteArray> withoutHooks(const Git &git, const QStringList &arguments,
                                std::chrono::milliseconds deadline = 10s)
{
    return git.bytes(QStringList{u"-c"_s, u"core.hooksPath=/dev/null"_s} + arguments, deadline);
}

void removeWorktree(const Git &git, const QString &path)
{
    // Twice: also if it is locked, which nobody does but git itself while it makes one.
    (void)withoutHooks(git, {u"worktree"_s, u"remove"_s, u"--force"_s, u"--force"_s, path});
}

/// Takes away what an earlier process left: its folder is gone, or nobody holds its lock. Worktrees of others
/// stay, also those whose disk is not there now.
void removeLeftovers(const Git &git)
{
    const QByteArray list = git.bytes({u"worktree"_s, u"list"_s, u"--porcelain"_s}).value_or(QByteArray());
    const QString prefix = folderPrefix();
    for (const QByteArray &line : list.split('\n')) {
        if (!line.startsWith("worktree "))
            continue;
        const QString path = QFile::decodeName(line.sliced(9));
        const QString folder = QFileInfo(path).path();
        if (!QFileInfo(folder).fileName().startsWith(prefix))
            continue;
        const bool isThere = QFileInfo::exists(folder);
        if (isThere) {
            const Lock lock(lockFile(folder));
            if (!lock.isHeld())
                continue;
        }
        removeWorktree(git, path);
        if (isThere)
            QDir(folder).removeRecursively();
    }
}

std::unexpected<Error> noRepository(const QString &folder)
{
    return failure(ErrorKind::ProcessFailed, u"%1 is in no git repository with files."_s.arg(folder),
                   u"Files of another branch can be had only where git has them."_s);
}

Result<QString> commitOf(const Git &git, const QString &ref)
{
    const QStringList verify{u"rev-parse"_s, u"--verify"_s, u"--quiet"_s, u"--end-of-options"_s};
    const auto commit = git.bytes(verify + QStringList{QString(ref + u"^{commit}"_s)});
    if (commit)
        return QString::fromUtf8(*commit).trimmed();
    if (commit.error().kind != ErrorKind::ProcessFailed)
        return std::unexpected(commit.error());
    if (git.line({u"rev-list"_s, u"--max-count=1"_s, u"--all"_s}).isEmpty())
        return failure(ErrorKind::ProcessFailed, u"The git repository has no commit yet."_s,
                       u"There is nothing to look at but the files that are here."_s);
    return failure(ErrorKind::ProcessFailed, u"git knows no branch, tag or commit '%1' here."_s.arg(ref),
                   u"git branch --all lists what there is; git fetch --all brings what others have pushed."_s,
                   commit.error().detail);
}

} // namespace

/// The folder, with the entry in git's list.
class TemporaryCheckout::Files
{
public:
    // QTemporaryDir puts letters of its own in place of the six at the end.
    Files(QString top, QString commit)
        : m_top(std::move(top))
        , m_commit(std::move(commit))
        , m_directory(QString(QDir::tempPath() + u'/' + folderPrefix() + u"XXXXXX"_s))
    {
        if (m_directory.isValid())
            m_lock = std::make_unique<Lock>(lockFile(m_directory.path()));
    }
    ~Files()
    {
        if (m_isAdded)
            removeWorktree(Git(m_top), folder());
    }
    Files(const Files &) = delete;
    Files &operator=(const Files &) = delete;

    [[nodiscard]] Result<void> add(const std::stop_token &stop)
    {
        if (!m_directory.isValid() || !m_lock->isUsable())
            return failure(ErrorKind::FileError,
                           u"No temporary folder can be made: %1"_s.arg(m_directory.errorString()),
                           u"Make room in %1, or set TMPDIR."_s.arg(QDir::tempPath()));
        m_isAdded = true; // also if git is stopped on the way
        const auto added =
            withoutHooks(Git(m_top, stop),
                         {u"-c"_s, u"advice.detachedHead=false"_s, u"-c"_s, u"filter.lfs.smudge="_s, u"-c"_s,
                          u"filter.lfs.process="_s, u"-c"_s, u"filter.lfs.required=false"_s, u"worktree"_s,
                          u"add"_s, u"--quiet"_s, u"--detach"_s, folder(), m_commit},
                         checkoutTime);
        if (!added)
            return std::unexpected(added.error());
        return {};
    }
    [[nodiscard]] QString folder() const { return QString(m_directory.path() + u"/files"_s); }
    [[nodiscard]] const QString &top() const { return m_top; }
    [[nodiscard]] const QString &commit() const { return m_commit; }

private:
    QString m_top;
    QString m_commit;
    QTemporaryDir m_directory;
    std::unique_ptr<Lock> m_lock;
    bool m_isAdded = false;
};

TemporaryCheckout::TemporaryCheckout(std::unique_ptr<Files> files) : m_files(std::move(files)) {}
TemporaryCheckout::TemporaryCheckout(TemporaryCheckout &&) noexcept = default;
TemporaryCheckout &TemporaryCheckout::operator=(TemporaryCheckout &&) noexcept = default;
TemporaryCheckout::~TemporaryCheckout() = default;

Result<TemporaryCheckout> TemporaryCheckout::make(const QString &folder, const QString &ref,
                                                  const std::stop_token &stop)
{
    const QString real = QFileInfo(folder).canonicalFilePath();
    if (real.isEmpty())
        return failure(ErrorKind::FileError, u"There is no folder %1."_s.arg(folder),
                       u"Name a folder of the repository."_s);
    const Git git(real, stop);
    const Result<QString> top = git.top();
    if (!top)
        return std::unexpected(top.error());
    if (top->isEmpty())
        return noRepository(real);
    const auto commit = commitOf(git, ref);
    if (!commit)
        return std::unexpected(commit.error());
    removeLeftovers(git);
    auto files = std::make_unique<Files>(*top, *commit);
    if (const auto added = files->add(stop); !added)
        return std::unexpected(added.error());
    return TemporaryCheckout(std::move(files));
}

QString TemporaryCheckout::folder() const
{
    return m_files->folder();
}

QString TemporaryCheckout::commit() const
{
    return m_files->commit();
}

QString TemporaryCheckout::pathOf(const QString &file) const
{
    // The file may be on the other branch only: its folder's nearest one that is here says where it is.
    QString missing;
    QFileInfo here(QDir::cleanPath(QFileInfo(file).absoluteFilePath()));
    while (!here.exists() && !here.isRoot()) {
        missing = missing.isEmpty() ? here.fileName() : QString(here.fileName() + u'/' + missing);
        here = QFileInfo(here.path());
    }
    const QString path = QDir(m_files->top()).relativeFilePath(here.canonicalFilePath());
    if (path == u".."_s || path.startsWith(u"../"_s))
        return {};
    return QDir::cleanPath(u"%1/%2/%3"_s.arg(folder(), path, missing));
}

} // namespace stepwell
