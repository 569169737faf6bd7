// SPDX-License-Identifier: MIT
#include "migrations/process/process.h"
#include "migrations/review/signoff.h"

#include <QHash>
#include <QSysInfo>

#include <pwd.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString loginAndHost()
{
    const passwd *account = ::getpwuid(::geteuid());
    const QString login = account ? QString::fromLocal8Bit(account->pw_name) : QString::number(::geteuid());
    return QString(login + u'@' + QSysInfo::machineHostName());
}

} // namespace

QString reviewerIdentity(const QString &directory)
{
    const Result<QByteArray> answer =
        processOutput({.program = u"git"_s,
                       .arguments = {u"config"_s, u"-z"_s, u"--get-regexp"_s, u"^user\\.(name|email)$"_s},
                       .workingDirectory = directory,
                       .deadline = 5s});
    QHash<QString, QString> values; // the nearest file's comes last and counts
    for (const QByteArray &line : answer.value_or(QByteArray()).split('\0')) {
        const QString text = QString::fromUtf8(line);
        values.insert(text.section(u'\n', 0, 0), text.section(u'\n', 1).simplified());
    }
    const QString name = values.value(u"user.name"_s);
    const QString address = values.value(u"user.email"_s);
    if (name.isEmpty() || address.isEmpty())
        return loginAndHost();
    return u"%1 <%2>"_s.arg(name, address);
}

} // namespace stepwell
