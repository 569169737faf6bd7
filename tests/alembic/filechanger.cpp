// SPDX-License-Identifier: MIT
// Changes files like Stepwell and comes to grief at a step that is asked for. Steps are the calls that change
// something on the disk, and the moments before and after them: they are this program's own functions, which
// call those of the C library.
//
//     filechanger write|finish|undo FOLDER RECORD none|kill|stop|fail STEP [SIZE]
//
// RECORD holds the changes to be made. `fail`: the call fails as with a full disk. SIZE: no file may be
// larger. Prints the kind of the error, or "ok", and the number of steps.
#include "migrations/alembic/changerecord.h"

#include <QFile>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <dlfcn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

enum class Grief { None, Kill, Stop, Fail };
Grief grief = Grief::None;
int griefStep = 0;
int steps = 0;
bool isArmed = false;

/// True if the call has to fail.
bool step()
{
    if (!isArmed || ++steps != griefStep)
        return false;
    if (grief == Grief::Kill)
        ::kill(::getpid(), SIGKILL);
    if (grief == Grief::Stop)
        ::kill(::getpid(), SIGSTOP);
    errno = ENOSPC;
    return grief == Grief::Fail;
}

template<typename Function, typename... Arguments>
int call(const char *name, Function *, Arguments... arguments)
{
    auto *const real = reinterpret_cast<Function *>(::dlsym(RTLD_NEXT, name));
    if (step())
        return -1;
    const int result = real(arguments...);
    const int error = errno;
    if (grief != Grief::Fail) // what was done cannot have failed
        step();
    errno = error;
    return result;
}

} // namespace

// The C library declares some of them with attributes that need not be repeated.
extern "C" {
int fsync(int file)
{
    return call("fsync", &fsync, file);
}
int rename(const char *from, const char *to) noexcept
{
    return call("rename", static_cast<int (*)(const char *, const char *)>(nullptr), from, to);
}
int renameat2(int fromFolder, const char *from, int toFolder, const char *to, unsigned flags) noexcept
{
    return call("renameat2", static_cast<int (*)(int, const char *, int, const char *, unsigned)>(nullptr),
                fromFolder, from, toFolder, to, flags);
}
int link(const char *from, const char *to) noexcept
{
    return call("link", static_cast<int (*)(const char *, const char *)>(nullptr), from, to);
}
int unlink(const char *path) noexcept
{
    return call("unlink", static_cast<int (*)(const char *)>(nullptr), path);
}
int fchmod(int file, mode_t mode) noexcept
{
    return call("fchmod", static_cast<int (*)(int, mode_t)>(nullptr), file, mode);
}
ssize_t write(int file, const void *data, size_t size)
{
    // Half of it, so that a file is cut off in the middle.
    const size_t part = isArmed && size > 1 ? size / 2 : size;
    return call("write", static_cast<int (*)(int, const void *, size_t)>(nullptr), file, data, part);
}
}

int main(int count, char **values)
{
    if (count < 6)
        return 2;
    const QString mode = QString::fromLocal8Bit(values[1]);
    const QString folder = QString::fromLocal8Bit(values[2]);
    const QByteArray how = values[4];
    grief = how == "kill"   ? Grief::Kill
            : how == "stop" ? Grief::Stop
            : how == "fail" ? Grief::Fail
                            : Grief::None;
    griefStep = QByteArray(values[5]).toInt();
    QFile file(QString::fromLocal8Bit(values[3]));
    if (!file.open(QIODevice::ReadOnly))
        return 2;
    auto change = readChangeRecord(file.readAll(), changeRecordFile(folder));
    if (!change)
        return 2;
    if (count > 6) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{QByteArray(values[6]).toULong(), QByteArray(values[6]).toULong()};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    isArmed = true;
    const auto result = mode == "write"_L1    ? writeTogether(folder, change->what, change->changes)
                        : mode == "finish"_L1 ? finishChange(*change)
                                              : undoChange(*change);
    isArmed = false;
    std::printf("%s %d\n", result ? "ok" : qPrintable(kindName(result.error().kind)), steps);
    return 0;
}
