// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"
#include "migrations/review/signoff.h"

namespace stepwell {

/// Reviews as small files made to be committed: <directory>/.stepwell/reviews/<component>/<revision>/ holds a
/// JSON file for each verdict and, by hash, the texts it covers. Two people never write the same file, so
/// branches merge. Any thread; several programs at once.
class ReviewStore
{
public:
    /// `directory`: of the workspace, or of the ini without one.
    explicit ReviewStore(QString directory);

    /// Oldest first. A file that is no review is left out and named in `warnings`. Errors: FileError.
    [[nodiscard]] Result<QList<Review>> read(const QString &component, const RevisionId &revision,
                                             QStringList *warnings = nullptr) const;
    /// Writes the verdict and the texts it covers, texts first. Returns the file's path.
    /// Errors: FileError; Usage if a reason or the reviewer is missing, or a name is no file name.
    [[nodiscard]] Result<QString> add(const Review &review, const ReviewedTexts &texts) const;
    /// The texts an earlier review covered; those that are no longer there stay empty.
    [[nodiscard]] ReviewedTexts texts(const Review &review) const;

private:
    QString m_directory;
};

} // namespace stepwell
