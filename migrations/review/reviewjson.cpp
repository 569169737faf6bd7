// SPDX-License-Identifier: MIT
#include "migrations/review/reviewjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int formatVersion = 1;

const QStringList textNames{u"file"_s, u"upgrade"_s, u"downgrade"_s};
const QStringList verdictNames{u"approved"_s, u"rejected"_s};

QJsonValue hashValue(const QString &hash)
{
    return hash.isEmpty() ? QJsonValue() : QJsonValue(hash);
}

QJsonArray toJson(const QList<LineComment> &comments)
{
    QJsonArray array;
    for (const LineComment &comment : comments)
        array += QJsonObject{{u"text"_s, textNames.at(comment.text)},
                             {u"line"_s, comment.line},
                             {u"comment"_s, comment.comment}};
    return array;
}

QJsonArray toJson(const QList<AcceptedFinding> &accepted)
{
    QJsonArray array;
    for (const AcceptedFinding &finding : accepted)
        array += QJsonObject{{u"finding"_s, finding.key}, {u"reason"_s, finding.reason}};
    return array;
}

std::unexpected<Error> wrong(const QString &why)
{
    return failure(ErrorKind::FileError, why, u"Mend or remove the file; a review can be given again."_s);
}

/// Null and missing are both "no text"; anything else is 64 hexadecimal digits.
bool readHash(const QJsonValue &value, QString &hash)
{
    static const QRegularExpression digits(u"^[0-9a-f]{64}$"_s);
    hash = value.toString();
    return hash.isEmpty() ? value.isNull() || value.isUndefined() : digits.match(hash).hasMatch();
}

QList<LineComment> readComments(const QJsonArray &array)
{
    QList<LineComment> comments;
    for (const QJsonValue &value : array) {
        const qsizetype text = textNames.indexOf(value["text"_L1].toString());
        comments += LineComment{.text = LineComment::Text(std::max<qsizetype>(text, 0)),
                                .line = value["line"_L1].toInt(),
                                .comment = value["comment"_L1].toString()};
    }
    return comments;
}

Result<QList<AcceptedFinding>> readAccepted(const QJsonArray &array)
{
    QList<AcceptedFinding> accepted;
    for (const QJsonValue &value : array) {
        const AcceptedFinding finding{.key = value["finding"_L1].toString(),
                                      .reason = value["reason"_L1].toString().trimmed()};
        if (finding.key.isEmpty() || finding.reason.isEmpty())
            return wrong(u"accepts a finding without saying which or why"_s);
        accepted += finding;
    }
    return accepted;
}

} // namespace

QByteArray toJson(const Review &review)
{
    return QJsonDocument(
               QJsonObject{{u"version"_s, formatVersion},
                           {u"component"_s, review.component},
                           {u"revision"_s, review.revision.text()},
                           {u"verdict"_s, verdictNames.at(int(review.verdict))},
                           {u"reviewer"_s, review.reviewer},
                           {u"when"_s, review.when.toUTC().toString(Qt::ISODateWithMs)},
                           {u"covers"_s, QJsonObject{{u"file"_s, hashValue(review.hashes.file)},
                                                     {u"upgrade"_s, hashValue(review.hashes.upgrade)},
                                                     {u"downgrade"_s, hashValue(review.hashes.downgrade)}}},
                           {u"comment"_s, review.comment},
                           {u"comments"_s, toJson(review.lineComments)},
                           {u"accepted"_s, toJson(review.accepted)}})
        .toJson(QJsonDocument::Indented);
}

Result<Review> reviewFromJson(const QByteArray &json)
{
    if (json.startsWith("<<<<<<< ") || json.contains("\n<<<<<<< "))
        return wrong(u"holds the conflict markers of a merge"_s);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject())
        return wrong(u"is no whole JSON object (%1)"_s.arg(error.errorString()));
    const QJsonObject object = document.object();
    const int version = object["version"_L1].toInt();
    if (version > formatVersion)
        return wrong(u"was written by a newer Stepwell"_s);
    Review review{.component = object["component"_L1].toString(),
                  .revision = RevisionId(object["revision"_L1].toString()),
                  .reviewer = object["reviewer"_L1].toString().trimmed(),
                  .when = QDateTime::fromString(object["when"_L1].toString(), Qt::ISODateWithMs).toUTC(),
                  .comment = object["comment"_L1].toString(),
                  .lineComments = readComments(object["comments"_L1].toArray())};
    const qsizetype verdict = verdictNames.indexOf(object["verdict"_L1].toString());
    const QJsonValue covers = object["covers"_L1];
    if (version < 1 || verdict < 0 || review.reviewer.isEmpty() || !review.when.isValid() ||
        review.component.isEmpty() || review.revision.isEmpty())
        return wrong(u"lacks a version, a verdict, a reviewer, a time, a component or a revision"_s);
    review.verdict = Verdict(verdict);
    if (!readHash(covers["file"_L1], review.hashes.file) ||
        !readHash(covers["upgrade"_L1], review.hashes.upgrade) ||
        !readHash(covers["downgrade"_L1], review.hashes.downgrade) || review.hashes.file.isEmpty())
        return wrong(u"does not say which texts it covers"_s);
    return readAccepted(object["accepted"_L1].toArray())
        .transform([&](const QList<AcceptedFinding> &accepted) {
            review.accepted = accepted;
            return review;
        });
}

} // namespace stepwell
