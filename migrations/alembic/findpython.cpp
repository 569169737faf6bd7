// SPDX-License-Identifier: MIT
#include "migrations/alembic/findpython.h"

#include <QDir>
#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// The folder of a file and those above it, up to the root of its checkout.
QStringList foldersFrom(const QString &file)
{
    QStringList folders;
    QDir folder(QFileInfo(file).absolutePath());
    do {
        folders += folder.absolutePath();
    } while (!QFileInfo::exists(folder.filePath(u".git"_s)) && folder.cdUp());
    return folders;
}

QString interpreterOf(const QString &environment)
{
    const QString python = environment + u"/bin/python"_s;
    const bool usable =
        QFileInfo::exists(QString(environment + u"/pyvenv.cfg"_s)) && QFileInfo(python).isExecutable();
    return usable ? python : QString();
}

} // namespace

QStringList findPython(const QStringList &configured, const QString &config, const QString &elsewhere)
{
    QStringList folders = foldersFrom(config);
    if (!elsewhere.isEmpty())
        folders += foldersFrom(elsewhere);
    QStringList argv = configured;
    if (!argv.isEmpty()) {
        // "./py" means the file near the ini; another checkout's own comes first.
        if (argv.first().contains(u'/') && QDir::isRelativePath(argv.first())) {
            for (const QString &folder : folders) {
                const QString path = QDir::cleanPath(QString(folder + u'/' + argv.first()));
                if (QFileInfo(path).isExecutable()) {
                    argv.first() = path;
                    break;
                }
            }
        }
        return argv;
    }
    for (const QString &folder : folders) {
        for (const QString &name : {u".venv"_s, u"venv"_s, u"env"_s}) {
            if (const QString python = interpreterOf(QString(folder + u'/' + name)); !python.isEmpty())
                return {python};
        }
    }
    const QString active = qEnvironmentVariable("VIRTUAL_ENV");
    if (!active.isEmpty()) {
        if (const QString python = interpreterOf(active); !python.isEmpty())
            return {python};
    }
    return {u"python3"_s};
}

} // namespace stepwell
