// SPDX-License-Identifier: MIT
#include "migrations/backup/passfile.h"

#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;

Result<PassFile> PassFile::make(const QString &password)
{
    if (password.contains(u'\n') || password.contains(u'\r')) {
        return failure(ErrorKind::Usage, u"The password has a line break, which pg_dump cannot be given."_s,
                       u"Enter the password again, or change it on the server."_s);
    }
    QByteArray line = "*:*:*:*:";
    for (const char byte : password.toUtf8()) {
        if (byte == ':' || byte == '\\')
            line += '\\';
        line += byte;
    }
    line += '\n';
    PassFile file(::memfd_create("stepwell", MFD_CLOEXEC));
    // libpq ignores a password file that others may read.
    if (file.m_descriptor < 0 || ::fchmod(file.m_descriptor, 0600) != 0 ||
        ::write(file.m_descriptor, line.constData(), size_t(line.size())) != line.size()) {
        return failure(ErrorKind::FileError, u"The password cannot be handed to pg_dump."_s,
                       u"Free some memory, then try again."_s, QString::fromLocal8Bit(std::strerror(errno)));
    }
    return file;
}

PassFile::PassFile(PassFile &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

PassFile &PassFile::operator=(PassFile &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

PassFile::~PassFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

QString PassFile::path() const
{
    return u"/proc/%1/fd/%2"_s.arg(::getpid()).arg(m_descriptor);
}

} // namespace stepwell
