// SPDX-License-Identifier: MIT
#include "migrations/run/logtail.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype pieceBytes = 1 << 20;    // at once; between pieces a stop is seen
constexpr qsizetype longestLine = 256 << 10; // bytes; what is longer is cut

QString why(int error)
{
    return QString::fromLocal8Bit(std::strerror(error));
}

} // namespace

LogTail::LogTail(const LogPlace &place) : m_file(place.file), m_start(place.size), m_startInode(place.inode)
{
    struct stat now{};
    const bool there = ::stat(QFile::encodeName(m_file).constData(), &now) == 0;
    if (m_startInode != 0 && (!there || now.st_ino != m_startInode))
        openRotated(place);
}

LogTail::~LogTail()
{
    close();
}

void LogTail::close()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    m_descriptor = -1;
}

/// The log was renamed since its place was noted: what was still written to it stands beside the new one.
void LogTail::openRotated(const LogPlace &place)
{
    const QFileInfo log(place.file);
    const QString pattern = log.completeBaseName() + u'*';
    const QDir folder = log.dir();
    for (const QString &name : folder.entryList({pattern}, QDir::Files)) {
        const QByteArray path = QFile::encodeName(folder.filePath(name));
        struct stat old{};
        if (::stat(path.constData(), &old) != 0 || old.st_ino != place.inode || !S_ISREG(old.st_mode))
            continue;
        m_descriptor = ::open(path.constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        m_inode = place.inode;
        m_offset = place.size;
        m_isOld = true;
        m_found = m_descriptor >= 0;
        return;
    }
}

bool LogTail::openCurrent()
{
    const QByteArray path = QFile::encodeName(m_file);
    struct stat now{};
    if (::stat(path.constData(), &now) != 0) {
        m_fault = errno == ENOENT ? QString() : why(errno);
        return false;
    }
    if (!S_ISREG(now.st_mode)) { // to open a pipe would wait for its writer, or take what is meant for others
        m_found = true;
        m_fault = u"it is no regular file"_s;
        return false;
    }
    m_found = true;
    m_descriptor = ::open(path.constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (m_descriptor < 0 || ::fstat(m_descriptor, &now) != 0) {
        m_fault = why(errno);
        close();
        return false;
    }
    m_fault.clear();
    m_inode = now.st_ino;
    m_isOld = false;
    m_offset = m_inode == m_startInode ? m_start : 0;
    m_startInode = 0; // once: a file made later may get the same number
    return true;
}

bool LogTail::read(const LineHandler &onLine)
{
    if (m_descriptor < 0 && !openCurrent())
        return false;
    struct stat opened{};
    if (::fstat(m_descriptor, &opened) == 0 && opened.st_size < m_offset) { // truncated in place
        m_offset = 0;
        m_line.clear();
        m_lineCut = false;
    }
    QByteArray piece(pieceBytes, Qt::Uninitialized);
    const ssize_t got = ::pread(m_descriptor, piece.data(), size_t(piece.size()), m_offset);
    if (got < 0) {
        m_fault = why(errno);
        return false;
    }
    if (got > 0) {
        m_offset += got;
        feed(piece.first(got), onLine);
        return true;
    }
    struct stat now{};
    const bool there = ::stat(QFile::encodeName(m_file).constData(), &now) == 0;
    if (!there || (now.st_ino == m_inode && !m_isOld))
        return false; // while there is no new one, the old one may still be written to
    finish(onLine);
    close();
    return openCurrent();
}

void LogTail::feed(const QByteArray &bytes, const LineHandler &onLine)
{
    qsizetype start = 0;
    while (start < bytes.size()) {
        const qsizetype end = bytes.indexOf('\n', start);
        const qsizetype length = (end < 0 ? bytes.size() : end) - start;
        const qsizetype room = longestLine - m_line.size();
        m_line += QByteArrayView(bytes).sliced(start, std::min(length, std::max<qsizetype>(room, 0)));
        m_lineCut = m_lineCut || length > room;
        if (end < 0)
            return;
        tell(onLine);
        start = end + 1;
    }
}

void LogTail::tell(const LineHandler &onLine)
{
    // A file truncated in place while its writer keeps its position begins with zeros.
    m_line.replace('\0', QByteArrayView());
    if (m_line.endsWith('\r'))
        m_line.chop(1);
    QString line = QString::fromUtf8(m_line);
    if (m_lineCut)
        line += u'…';
    m_line.clear();
    m_lineCut = false;
    static const QRegularExpression colours(u"\x1b\\[[0-9;?]*[A-Za-z]"_s);
    if (line.contains(u'\x1b'))
        line.remove(colours);
    onLine(line);
}

void LogTail::finish(const LineHandler &onLine)
{
    if (!m_line.isEmpty())
        tell(onLine);
}

} // namespace stepwell
