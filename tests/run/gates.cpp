// SPDX-License-Identifier: MIT
#include "tests/run/gates.h"

#include "tests/support/testfiles.h"

#include <QFile>

#include <chrono>
#include <thread>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto longest = 60s;

const char *const module = R"(import os
import time

calls = 0


def _file(name):
    return os.path.join("FOLDER", name)


def at(name):
    if not os.path.exists(_file(name + ".armed")):
        return
    open(_file(name + ".reached"), "w").close()
    for _ in range(6000):
        if os.path.exists(_file(name + ".open")):
            return
        time.sleep(0.01)
    os._exit(99)


def hang():
    """Until the process is ended."""
    open(_file("hang.reached"), "w").close()
    time.sleep(60)
    os._exit(99)


def faulty():
    return os.path.exists(_file("faulty"))
)";

} // namespace

Gates::Gates(QString folder) : m_folder(std::move(folder)) {}

QString Gates::file(const QString &name, const QString &kind) const
{
    return QString(m_folder + u'/' + name + u'.' + kind);
}

// The files stay empty: a process may have no more room to write.

void Gates::arm(const QString &name) const
{
    writeFile(file(name, u"armed"_s), QByteArray());
}

void Gates::open(const QString &name) const
{
    writeFile(file(name, u"open"_s), QByteArray());
}

bool Gates::isReached(const QString &name) const
{
    return QFile::exists(file(name, u"reached"_s));
}

void Gates::pass(const QString &name) const
{
    if (!QFile::exists(file(name, u"armed"_s)))
        return;
    writeFile(file(name, u"reached"_s), QByteArray());
    const auto until = std::chrono::steady_clock::now() + longest;
    while (!QFile::exists(file(name, u"open"_s))) {
        if (std::chrono::steady_clock::now() > until)
            ::_exit(99);
        std::this_thread::sleep_for(10ms);
    }
}

void Gates::setFaulty(bool faulty) const
{
    const QString path = QString(m_folder + u"/faulty"_s);
    if (faulty)
        writeFile(path, QByteArray());
    else
        QFile::remove(path);
}

QString Gates::pythonModule() const
{
    return QString::fromLatin1(module).replace(u"FOLDER"_s, m_folder);
}

QStringList Gates::serverSql()
{
    return {u"CREATE SCHEMA gates"_s, u"CREATE TABLE gates.armed (name text)"_s,
            u"CREATE FUNCTION gates.server_gate(gate text) RETURNS void LANGUAGE plpgsql AS $$ "
            "DECLARE turns int := 0; BEGIN "
            "WHILE turns < 6000 AND EXISTS (SELECT FROM gates.armed WHERE name = gate) LOOP "
            "PERFORM pg_sleep(0.01); turns := turns + 1; END LOOP; END $$"_s,
            u"CREATE FUNCTION gates.commit_gate() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN PERFORM gates.server_gate(NEW.revision || '.commit'); RETURN NULL; END $$"_s};
}

} // namespace stepwell
