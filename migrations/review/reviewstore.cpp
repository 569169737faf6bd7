// SPDX-License-Identifier: MIT
#include "migrations/review/reviewstore.h"

#include "migrations/review/newfile.h"
#include "migrations/review/reviewjson.h"
#include "migrations/review/reviewnames.h"
#include "migrations/sql/passwordliteral.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <array>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 longestReview = 1024 * 1024;
constexpr qint64 longestText = 1024 * 1024; ///< a bulk insert would weigh on the repository for ever

/// Git may not turn line ends around: the texts are known by their hashes.
const QByteArray attributes = "# The texts that reviews cover, byte for byte.\n*.py -text\n*.sql -text\n";

struct CoveredText {
    LineComment::Text kind;
    QString ReviewedTexts::*text;
    QString ReviewHashes::*hash;
};

constexpr std::array coveredTexts{
    CoveredText{LineComment::File, &ReviewedTexts::file, &ReviewHashes::file},
    CoveredText{LineComment::Upgrade, &ReviewedTexts::upgrade, &ReviewHashes::upgrade},
    CoveredText{LineComment::Downgrade, &ReviewedTexts::downgrade, &ReviewHashes::downgrade}};

QString hashOf(const QString &text)
{
    return hashesOf({.file = text}).file;
}

QString rootFolder(const QString &directory)
{
    return QString(directory + u"/.stepwell/reviews"_s);
}

QString folderOf(const QString &directory, const QString &component, const RevisionId &revision)
{
    return u"%1/%2/%3"_s.arg(rootFolder(directory), fileNameFor(component), fileNameFor(revision.text()));
}

Result<Review> readReview(const QString &path)
{
    if (!QFileInfo(path).isFile()) // a pipe would be waited for
        return failure(ErrorKind::FileError, u"is no file"_s);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorKind::FileError, u"cannot be read (%1)"_s.arg(file.errorString()));
    if (file.size() > longestReview)
        return failure(ErrorKind::FileError, u"is too long for a review"_s);
    return reviewFromJson(file.readAll());
}

/// Empty if it is not there or is not what the hash says.
QString readText(const QString &path, const QString &hash)
{
    QFile file(path);
    if (hash.isEmpty() || !QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly) ||
        file.size() > 2 * longestText)
        return {};
    const QString text = QString::fromUtf8(file.readAll());
    return hashOf(text) == hash ? text : QString();
}

Result<void> checkReview(const Review &review, const ReviewedTexts &texts)
{
    const auto usage = [](const QString &message, const QString &hint) {
        return failure(ErrorKind::Usage, message, hint);
    };
    if (review.component.isEmpty() || review.revision.isEmpty())
        return usage(u"A review needs a component and a revision."_s, u"Name both."_s);
    if (review.reviewer.trimmed().isEmpty())
        return usage(u"A review needs the name of its reviewer."_s,
                     u"Set user.name and user.email of git."_s);
    for (const AcceptedFinding &accepted : review.accepted) {
        if (accepted.key.isEmpty() || accepted.reason.trimmed().isEmpty())
            return usage(u"The finding %1 is accepted without a reason."_s.arg(accepted.key),
                         u"Say why it may stay."_s);
    }
    if (!review.when.isValid())
        return usage(u"A review needs a time."_s, u"Look at the clock of this machine."_s);
    if (review.hashes.file.isEmpty() || review.hashes != hashesOf(texts))
        return usage(u"The texts of %1 are not those that the review covers."_s.arg(review.revision.text()),
                     u"Look at the revision again; it may have changed meanwhile."_s);
    return {};
}

Result<void> makeFolder(const QString &folder)
{
    if (QDir().mkpath(folder))
        return {};
    return failure(ErrorKind::FileError, u"The folder %1 cannot be made."_s.arg(folder),
                   u"Look at the permissions of the folder above it, and at the free space."_s);
}

Result<void> writeTexts(const QString &folder, const ReviewHashes &hashes, const ReviewedTexts &texts)
{
    for (const CoveredText &covered : coveredTexts) {
        const QByteArray bytes = (texts.*covered.text).toUtf8();
        const QString hash = hashes.*covered.hash;
        const QString path = QString(folder + u'/' + textName(hash, covered.kind));
        if (bytes.isEmpty() || bytes.size() > longestText || holdsPassword(texts.*covered.text) ||
            !readText(path, hash).isEmpty())
            continue;
        // One that was tampered with is put right again.
        if (const auto written = writeNewFile(path, bytes, IfThere::Replace); !written)
            return std::unexpected(written.error());
    }
    return {};
}

/// Two verdicts of one person in one millisecond are two files.
Result<QString> writeVerdict(const QString &folder, const Review &review)
{
    const QString name = QString(folder + u'/' + verdictName(review));
    const QByteArray json = toJson(review);
    for (int number = 1;; ++number) {
        const QString path = number == 1 ? QString(name + u".json"_s) : u"%1-%2.json"_s.arg(name).arg(number);
        const Result<bool> written = writeNewFile(path, json, IfThere::Keep);
        if (!written)
            return std::unexpected(written.error());
        if (*written)
            return path;
    }
}

} // namespace

ReviewStore::ReviewStore(QString directory) : m_directory(std::move(directory)) {}

Result<QList<Review>> ReviewStore::read(const QString &component, const RevisionId &revision,
                                        QStringList *warnings) const
{
    QList<Review> reviews;
    if (component.isEmpty() || revision.isEmpty())
        return reviews;
    const QFileInfo folder(folderOf(m_directory, component, revision));
    if (!folder.exists())
        return reviews;
    if (!folder.isDir() || !folder.isReadable() || !folder.isExecutable())
        return failure(ErrorKind::FileError, u"The reviews in %1 cannot be read."_s.arg(folder.filePath()),
                       u"Look at the permissions of that folder."_s);
    const QDir dir(folder.filePath());
    const QStringList names = dir.entryList({u"*.json"_s}, QDir::AllEntries | QDir::System, QDir::Name);
    for (const QString &name : names) {
        Result<Review> review = readReview(dir.filePath(name));
        if (review && (review->component != component || review->revision != revision))
            review = failure(ErrorKind::FileError,
                             u"is about %1 of %2"_s.arg(review->revision.text(), review->component));
        if (review)
            reviews += *std::move(review);
        else if (warnings)
            *warnings += u"%1 %2: it does not count."_s.arg(dir.filePath(name), review.error().message);
    }
    std::ranges::stable_sort(reviews, {}, &Review::when);
    return reviews;
}

Result<QString> ReviewStore::add(const Review &review, const ReviewedTexts &texts) const
{
    const QString folder = folderOf(m_directory, review.component, review.revision);
    return checkReview(review, texts)
        .and_then([&] { return makeFolder(folder); })
        .and_then([&] {
            return writeNewFile(QString(rootFolder(m_directory) + u"/.gitattributes"_s), attributes,
                                IfThere::Keep);
        })
        .and_then([&](bool) { return writeTexts(folder, review.hashes, texts); })
        .and_then([&] { return writeVerdict(folder, review); });
}

ReviewedTexts ReviewStore::texts(const Review &review) const
{
    const QString folder = folderOf(m_directory, review.component, review.revision);
    ReviewedTexts texts;
    for (const CoveredText &covered : coveredTexts) {
        const QString hash = review.hashes.*covered.hash;
        texts.*covered.text = readText(QString(folder + u'/' + textName(hash, covered.kind)), hash);
    }
    return texts;
}

} // namespace stepwell
