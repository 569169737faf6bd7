// SPDX-License-Identifier: MIT
#include "migrations/backup/folderlock.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;

Result<FolderLock> FolderLock::take(const QString &folder, std::chrono::milliseconds patience)
{
    const QString path = folder + u"/.lock"_s;
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return failure(ErrorKind::FileError, u"%1 cannot be opened."_s.arg(path),
                       u"Look at the folder's permissions and at the free space."_s,
                       QString::fromLocal8Bit(std::strerror(errno)));
    }
    FolderLock lock(descriptor);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return failure(ErrorKind::FileError, u"%1 cannot be locked."_s.arg(path),
                           u"Choose a folder on a local disk."_s,
                           QString::fromLocal8Bit(std::strerror(errno)));
        }
        if (std::chrono::steady_clock::now() > deadline) {
            return failure(ErrorKind::Timeout, u"Another Stepwell is busy with %1."_s.arg(folder),
                           u"Wait until it is done, then try again."_s);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return lock;
}

FolderLock::FolderLock(FolderLock &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FolderLock &FolderLock::operator=(FolderLock &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

FolderLock::~FolderLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace stepwell
