// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/config/alembicconfig.h"

namespace stepwell {

/// Finds the folders of Python packages on disk as an import would, without running anything: packages
/// before modules before namespace packages, the first root that has one.
class PackageLocator
{
public:
    /// known: what Python told; it wins over what is found here.
    PackageLocator(const QStringList &roots, const PackageFolders &known) : m_roots(roots), m_known(known) {}

    /// Where `parts` below a package are: Alembic's `package.module:folder:more`, parts joined one by one.
    /// Empty if the package is not found.
    [[nodiscard]] QString locate(const QString &package, const QStringList &parts) const;

private:
    [[nodiscard]] QStringList folders(const QString &package) const;

    QStringList m_roots;
    PackageFolders m_known;
};

/// path itself if it is absolute, else below base; without "." and "..", as os.path.abspath() does it.
[[nodiscard]] QString absolutePath(const QString &base, const QString &path);

} // namespace stepwell
