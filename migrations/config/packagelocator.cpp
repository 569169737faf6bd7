// SPDX-License-Identifier: MIT
#include "migrations/config/packagelocator.h"

#include <QDir>
#include <QFileInfo>

namespace stepwell {

using namespace Qt::StringLiterals;

// QDir takes a leading ':' for a path too: that of a resource.
QString absolutePath(const QString &base, const QString &path)
{
    QString clean = QDir::cleanPath(path.startsWith(u'/') ? path : QString(base + u'/' + path));
    while (clean.startsWith("/../"_L1)) // nothing is above the root
        clean.remove(0, 3);
    return clean == "/.."_L1 ? u"/"_s : clean;
}

QStringList PackageLocator::folders(const QString &package) const
{
    if (const auto known = m_known.constFind(package); known != m_known.cend())
        return {*known};
    QStringList parts = package.split(u'.');
    // A folder of that name beside the ini is never it: Alembic itself is loaded long before.
    if (parts.first() == "alembic"_L1)
        return {};
    QStringList paths = m_roots;
    while (!parts.isEmpty()) {
        const QString name = parts.takeFirst();
        if (name.isEmpty() || name.contains(u'/'))
            return {};
        QStringList portions;
        bool regular = false;
        for (const QString &path : std::as_const(paths)) {
            const QString folder = path + u'/' + name;
            regular = QFileInfo(QString(folder + u"/__init__.py"_s)).isFile();
            if (!regular && QFileInfo(QString(folder + u".py"_s)).isFile())
                return parts.isEmpty() ? QStringList{path} : QStringList();
            if (regular)
                portions = {folder};
            else if (QFileInfo(folder).isDir())
                portions += folder;
            if (regular)
                break;
        }
        paths = portions;
    }
    return paths;
}

QString PackageLocator::locate(const QString &package, const QStringList &parts) const
{
    QString first;
    for (const QString &folder : folders(package)) {
        QString path = QDir::cleanPath(folder);
        for (const QString &part : parts)
            path = absolutePath(path, part);
        if (QFileInfo::exists(path))
            return path;
        if (first.isEmpty())
            first = path;
    }
    return first;
}

} // namespace stepwell
