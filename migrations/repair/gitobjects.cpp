// SPDX-License-Identifier: MIT
#include "migrations/repair/gitobjects.h"

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype lookedAtBranches = 50;
constexpr auto objectTime = 8s;

/// What a name that cannot be sent is replaced by: no object has it.
const QByteArray nothing = "0000000000000000000000000000000000000000:nothing";

QByteArray lines(const QList<QByteArray> &names)
{
    QByteArray all;
    for (const QByteArray &name : names)
        all += (name.isEmpty() || name.contains('\n') ? nothing : name) + '\n';
    return all;
}

} // namespace

Result<QList<GitBranch>> newestBranches(const Git &git)
{
    const auto listed =
        git.bytes({u"for-each-ref"_s, u"--sort=-committerdate"_s,
                   u"--format=%(refname)%00%(objectname)%00%(symref)"_s, u"refs/heads"_s, u"refs/remotes"_s});
    if (!listed)
        return std::unexpected(listed.error());
    QList<GitBranch> branches;
    for (const QByteArray &line : listed->split('\n')) {
        const QList<QByteArray> fields = line.split('\0');
        if (fields.size() != 3 || !fields.at(2).isEmpty())
            continue;
        QString name = QString::fromUtf8(fields.at(0));
        for (const QString &prefix : {u"refs/heads/"_s, u"refs/remotes/"_s}) {
            if (name.startsWith(prefix)) {
                name.remove(0, prefix.size());
                break;
            }
        }
        branches += {.name = name, .commit = QString::fromLatin1(fields.at(1))};
        if (branches.size() == lookedAtBranches)
            break;
    }
    return branches;
}

Result<QList<std::optional<QByteArray>>> gitObjects(const Git &git, const QList<QByteArray> &names)
{
    if (names.isEmpty())
        return QList<std::optional<QByteArray>>();
    const auto told = git.bytes({u"cat-file"_s, u"--batch"_s}, objectTime, lines(names));
    if (!told)
        return std::unexpected(told.error());
    QList<std::optional<QByteArray>> objects;
    qsizetype at = 0;
    while (objects.size() < names.size()) {
        const qsizetype end = told->indexOf('\n', at);
        if (end < 0)
            return failure(ErrorKind::ProcessFailed, u"git ended in the middle of its answer."_s,
                           u"Try again; git fsck tells whether the repository is whole."_s);
        // "HASH TYPE SIZE", or "NAME missing"
        const QList<QByteArray> head = told->sliced(at, end - at).split(' ');
        at = end + 1;
        bool isSize = false;
        const qsizetype size = head.size() == 3 ? head.at(2).toLongLong(&isSize) : 0;
        if (!isSize) {
            objects += std::nullopt;
            continue;
        }
        objects += told->mid(at, size);
        at += size + 1;
    }
    return objects;
}

Result<QList<QByteArray>> gitHashes(const Git &git, const QList<QByteArray> &names)
{
    if (names.isEmpty())
        return QList<QByteArray>();
    const auto told =
        git.bytes({u"cat-file"_s, u"--batch-check=%(objectname) %(objecttype)"_s}, objectTime, lines(names));
    if (!told)
        return std::unexpected(told.error());
    QList<QByteArray> hashes;
    for (const QByteArray &line : told->split('\n')) {
        const QList<QByteArray> fields = line.split(' ');
        const bool isThere = fields.size() == 2 &&
                             (fields.at(1) == "blob" || fields.at(1) == "tree" || fields.at(1) == "commit");
        hashes += isThere ? fields.at(0) : QByteArray();
    }
    hashes.resize(names.size());
    return hashes;
}

QList<GitEntry> gitEntries(const QByteArray &folder, qsizetype hashBytes)
{
    QList<GitEntry> entries;
    qsizetype at = 0;
    while (at < folder.size()) {
        const qsizetype blank = folder.indexOf(' ', at);
        const qsizetype zero = folder.indexOf('\0', at);
        if (blank < 0 || zero < blank || zero + 1 + hashBytes > folder.size())
            break;
        entries += {.name = folder.sliced(blank + 1, zero - blank - 1),
                    .hash = folder.sliced(zero + 1, hashBytes).toHex(),
                    .isFolder = folder.sliced(at, blank - at) == "40000"};
        at = zero + 1 + hashBytes;
    }
    return entries;
}

} // namespace stepwell
