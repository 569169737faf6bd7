// SPDX-License-Identifier: MIT
// A program with bad manners, one a word: what real children of Stepwell do on bad days.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

namespace {

void say(const char *text)
{
    if (::write(1, text, std::strlen(text)) < 0)
        std::_Exit(99);
}

void halfCharacter()
{
    say("gr\xc3");
    ::usleep(120'000);
    say("\xbc\xc3\x9f\n");
}

void flood()
{
    const std::string line(1000, 'x');
    for (int i = 0; i < 20'000; ++i)
        std::fprintf(i % 2 ? stderr : stdout, "%s\n", line.c_str());
}

/// A child that ignores SIGTERM, in the same group, holding the pipes open.
void stubbornFamily()
{
    if (::fork() == 0)
        std::signal(SIGTERM, SIG_IGN);
    std::printf("%d\n", static_cast<int>(::getpid()));
    std::fflush(stdout);
    for (;;)
        ::pause();
}

} // namespace

int main(int argc, char **argv)
{
    const std::string manner = argc > 1 ? argv[1] : "";
    if (manner == "exit")
        return std::atoi(argv[2]);
    if (manner == "crash")
        std::raise(SIGSEGV);
    if (manner == "no-newline")
        say("first\r\nlast line without end");
    if (manner == "half-character")
        halfCharacter();
    if (manner == "invalid-utf8")
        say("a\xff\xfe z\n");
    if (manner == "flood")
        flood();
    if (manner == "close-output") {
        ::close(1);
        ::close(2);
        ::usleep(400'000);
    }
    if (manner == "ignore-term") {
        std::signal(SIGTERM, SIG_IGN);
        say("ready\n");
        for (;;)
            ::pause();
    }
    if (manner == "stubborn-family")
        stubbornFamily();
    if (manner == "sleep")
        ::sleep(60);
    if (manner == "cat") {
        char buffer[4096];
        for (ssize_t n = ::read(0, buffer, sizeof buffer); n > 0; n = ::read(0, buffer, sizeof buffer))
            if (::write(1, buffer, static_cast<size_t>(n)) < 0)
                return 1;
    }
    if (manner == "deaf") // never reads its input
        ::usleep(300'000);
    if (manner == "session")
        std::printf("%d %d\n", static_cast<int>(::getsid(0) == ::getpid()),
                    static_cast<int>(::getpgrp() == ::getpid()));
    if (manner == "orphan") { // leaves a child that keeps the pipes open
        if (::fork() == 0) {
            ::sleep(20);
            std::_Exit(0);
        }
        say("parent done\n");
    }
    return 0;
}
