// SPDX-License-Identifier: MIT
#include "migrations/workspace/workspace.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int deepest = 3;

bool isForeign(const QFileInfo &folder)
{
    static const QSet<QString> names{u"node_modules"_s, u"site-packages"_s, u"__pycache__"_s};
    return names.contains(folder.fileName()) ||
           QFileInfo::exists(QString(folder.absoluteFilePath() + u"/pyvenv.cfg"_s));
}

/// The alembic*.ini of a folder and below, nearer ones first, by name.
QStringList findConfigs(const QString &directory)
{
    QStringList found;
    QStringList level{directory};
    for (int depth = 0; depth <= deepest && !level.isEmpty(); ++depth) {
        QStringList next;
        for (const QString &folder : std::as_const(level)) {
            const QDir dir(folder);
            const QStringList files = dir.entryList({u"alembic*.ini"_s}, QDir::Files, QDir::Name);
            for (const QString &file : files)
                found += dir.filePath(file);
            // Neither hidden ones nor links, which may lead in circles.
            const QFileInfoList folders =
                dir.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDir::Name);
            for (const QFileInfo &below : folders) {
                if (!isForeign(below))
                    next += below.absoluteFilePath();
            }
        }
        level = next;
    }
    return found;
}

/// A key that TOML takes without quotes.
QString bareKey(const QString &text)
{
    static const QRegularExpression other(u"[^A-Za-z0-9_-]+"_s);
    static const QRegularExpression edges(u"^[-_]+|[-_]+$"_s);
    QString key = text;
    return key.replace(other, u"-"_s).remove(edges);
}

/// alembic-accountmgr.ini is accountmgr; alembic.ini is called after its folder.
QString componentName(const QString &config, const QSet<QString> &taken)
{
    const QFileInfo file(config);
    QString name = bareKey(file.completeBaseName().mid(u"alembic"_s.size()));
    const QString folder = bareKey(file.dir().dirName());
    if (name.isEmpty())
        name = folder;
    else if (taken.contains(name) && !folder.isEmpty())
        name = QString(folder + u'-' + name);
    if (name.isEmpty())
        name = u"main"_s;
    QString unique = name;
    for (int number = 2; taken.contains(unique); ++number)
        unique = u"%1-%2"_s.arg(name).arg(number);
    return unique;
}

/// A TOML string.
QString quoted(const QString &text)
{
    QString escaped;
    for (const QChar character : text) {
        if (character == u'"' || character == u'\\')
            escaped += u'\\';
        if (character.unicode() < 0x20 || character.unicode() == 0x7f)
            escaped += u"\\u%1"_s.arg(int(character.unicode()), 4, 16, QLatin1Char('0'));
        else
            escaped += character;
    }
    return QString(u'"' + escaped + u'"');
}

} // namespace

Result<QString> proposeWorkspace(const QString &directory)
{
    const QDir dir(QFileInfo(directory).absoluteFilePath());
    const QStringList configs = findConfigs(dir.absolutePath());
    if (configs.isEmpty()) {
        return failure(ErrorKind::InvalidWorkspace,
                       u"There is no alembic*.ini in %1 or below it."_s.arg(dir.absolutePath()),
                       u"Choose the folder of an Alembic project."_s);
    }
    QString components;
    QString databases;
    QSet<QString> taken;
    for (const QString &config : configs) {
        const QString name = componentName(config, taken);
        taken.insert(name);
        components += u"\n[component.%1]\nconfig = "_s.arg(name);
        components += quoted(dir.relativeFilePath(config)) + u'\n';
        databases += u"[environment.development.database.%1]\n"_s.arg(name);
    }
    QString text =
        u"# The workspace of Stepwell: which Alembic projects there are, and which databases they change.\n"
        "# It holds no secret, as passwords are in the keychain or in ~/.pgpass: commit it.\n"
        "version = 1\n\n[workspace]\nname = "_s;
    text += quoted(dir.dirName().isEmpty() ? u"main"_s : dir.dirName()) + u'\n' + components;
    text += u"\n[environment.development]\ncolour = \"green\"\nprotection = \"open\"\nbackup = \"offer\"\n"
            "# Where no url is given, the ini's own sqlalchemy.url counts.\n"_s +
            databases;
    return text;
}

} // namespace stepwell
