// SPDX-License-Identifier: MIT
#include "migrations/repair/repairwork.h"

#include "migrations/alembic/replacefile.h"
#include "migrations/repair/repairrecord.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;

Result<RepairWork> RepairWork::take(const QString &config)
{
    const QString path = repairRecordFile(config) + u".lock"_s;
    if (!QDir().mkpath(QFileInfo(path).absolutePath()))
        return fileFailure(path, errno);
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fileFailure(path, errno);
    if (lockNow(descriptor, LOCK_EX) == LockState::Taken) {
        ::close(descriptor);
        return failure(ErrorKind::Locked, u"Another process is working on this repair right now."_s,
                       u"Wait for its end, or stop it, then look again."_s);
    }
    return RepairWork(descriptor);
}

RepairWork::RepairWork(RepairWork &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

RepairWork &RepairWork::operator=(RepairWork &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

RepairWork::~RepairWork()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace stepwell
