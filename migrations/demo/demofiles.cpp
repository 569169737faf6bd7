// SPDX-License-Identifier: MIT
#include "migrations/demo/demofiles.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>

#include <algorithm>

/// Outside the namespace, as the macro asks. A resource in a static library does not load by itself.
static void loadDemoResource()
{
    Q_INIT_RESOURCE(stepwell_demo);
}

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Another state of a component's files, kept beside the main one as a release branch would be.
struct Checkout {
    QString name;
    QString component;   ///< folder of the component
    QString config;      ///< its ini
    QStringList without; ///< revisions that this checkout does not have; it may add files of its own
};

QList<Checkout> checkouts()
{
    return {
        {u"accountmgr-main"_s, u"accountmgr"_s, u"alembic-accountmgr.ini"_s, {}},
        {u"appproxy-release-26.3"_s, u"appproxy"_s, u"alembic-appproxy.ini"_s, {u"91aa02cc7d3e"_s}},
    };
}

std::unexpected<Error> cannotWrite(const QString &path, const QString &why)
{
    return failure(ErrorKind::FileError, u"%1 cannot be written."_s.arg(path),
                   u"Look at the folder's permissions and at the free space."_s, why);
}

Result<void> copyFile(const QString &from, const QString &to)
{
    if (!QDir().mkpath(QFileInfo(to).path()))
        return cannotWrite(to, u"The folder cannot be made."_s);
    QFile::remove(to);
    QFile source(from);
    if (!source.copy(to))
        return cannotWrite(to, source.errorString());
    // Resources are read-only; these files are there to be played with.
    QFile::Permissions permissions =
        QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther;
    if (QFileInfo(to).dir().dirName() == u"bin"_s)
        permissions |= QFile::ExeOwner | QFile::ExeGroup | QFile::ExeOther;
    if (!QFile::setPermissions(to, permissions))
        return cannotWrite(to, u"The permissions cannot be set."_s);
    return {};
}

/// Copies a folder; files whose names start with one of `without` stay behind.
Result<void> copyFolder(const QString &from, const QString &to, const QStringList &without = {})
{
    QDirIterator files(from, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString file = files.next();
        const QString name = files.fileName();
        if (std::ranges::any_of(without, [&](const QString &start) { return name.startsWith(start); }))
            continue;
        if (const auto copied = copyFile(file, QString(to + file.mid(from.size()))); !copied)
            return copied;
    }
    return {};
}

} // namespace

Result<void> replaceFile(const QString &path, const QByteArray &content)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

QString tomlString(const QString &text)
{
    QString quoted = text;
    quoted.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return QString(u'"' + quoted + u'"');
}

Result<void> writeDemoFiles(const QString &directory)
{
    loadDemoResource();
    const QString source = u":/stepwell/demo"_s;
    if (const auto copied = copyFolder(source, directory, {u"stepwell.toml.in"_s}); !copied)
        return copied;
    for (const Checkout &checkout : checkouts()) {
        const QString folder = directory + u"/checkouts/"_s + checkout.name + u'/';
        const QString component = source + u'/' + checkout.component;
        const QString config = source + u'/' + checkout.config;
        if (const auto copied = copyFolder(component, QString(folder + checkout.component), checkout.without);
            !copied)
            return copied;
        if (const auto copied = copyFile(config, QString(folder + checkout.config)); !copied)
            return copied;
    }
    return {};
}

Result<void> writeDemoWorkspaceFile(const QString &directory, const PrivateCluster &cluster,
                                    const QStringList &python)
{
    loadDemoResource();
    QFile source(u":/stepwell/demo/stepwell.toml.in"_s);
    if (!source.open(QIODevice::ReadOnly)) {
        return failure(ErrorKind::Internal, u"The demo workspace is missing in this program."_s,
                       u"Install Stepwell anew."_s, source.errorString());
    }
    const QString pattern = QString::fromUtf8(source.readAll());
    QStringList argv;
    for (const QString &argument : python)
        argv += tomlString(argument);

    static const QRegularExpression token(u"\"@URL:([a-z_]+)@\"|@PYTHON@"_s);
    QString text;
    qsizetype end = 0;
    for (const QRegularExpressionMatch &match : token.globalMatch(pattern)) {
        text += pattern.mid(end, match.capturedStart() - end);
        text += match.captured(1).isEmpty() ? argv.join(u", "_s) : tomlString(cluster.url(match.captured(1)));
        end = match.capturedEnd();
    }
    text += pattern.mid(end);
    return replaceFile(QString(directory + u"/stepwell.toml"_s), text.toUtf8());
}

} // namespace stepwell
