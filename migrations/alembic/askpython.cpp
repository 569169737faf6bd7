// SPDX-License-Identifier: MIT
#include "migrations/alembic/askpython.h"

#include "migrations/process/process.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMutex>

static void initResource()
{
    Q_INIT_RESOURCE(stepwell_answers);
}

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr auto deadline = std::chrono::seconds(60);

QByteArray line(const QJsonValue &value)
{
    // QJsonDocument takes arrays and objects only.
    const QByteArray array = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return array.sliced(1, array.size() - 2) + '\n';
}

QString answersScript()
{
    initResource();
    QFile file(u":/stepwell/stepwell_answers.py"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the script that asks Python is not part of this program");
    return QString::fromUtf8(file.readAll());
}

Result<QJsonObject> ask(const QStringList &python, const AlembicConfig &config, QJsonObject question)
{
    question.insert(u"prepend"_s, QJsonArray::fromStringList(config.prependSysPath));
    const ProcessSpec spec{
        .program = python.value(0),
        .arguments = python.mid(1) +
                     QStringList{u"-c"_s, u"import json, sys; exec(json.loads(sys.stdin.readline()))"_s},
        .workingDirectory = config.directory,
        .deadline = deadline};
    return processOutput(spec, line(answersScript()) + line(question))
        .and_then([](const QByteArray &output) -> Result<QJsonObject> {
            const QJsonDocument answer = QJsonDocument::fromJson(output);
            if (!answer.isObject())
                return failure(ErrorKind::ComputedHeader, u"Python gave no answer."_s,
                               u"Name the project's interpreter with 'python' in stepwell.toml."_s);
            return answer.object();
        });
}

Error noAnswer(const QString &message, const QString &reason)
{
    return {.kind = ErrorKind::ComputedHeader,
            .message = message,
            .hint =
                u"Name the interpreter that has the project's packages with 'python' in stepwell.toml, or "
                "write the value as plain text."_s,
            .detail = reason};
}

QStringList texts(const QJsonValue &value)
{
    QStringList result;
    for (const QJsonValue &item : value.toArray())
        result += item.toString();
    return result;
}

Result<HeaderAnswer> headerOf(const QJsonObject &answer, const QString &file)
{
    if (answer.contains("error"_L1))
        return std::unexpected(noAnswer(
            u"%1 computes its header, and running it failed: %2."_s.arg(file, answer["error"_L1].toString()),
            {}));
    const QJsonObject header = answer["header"_L1].toObject();
    HeaderAnswer result{.revision = header["revision"_L1].toString(),
                        .downRevisions = texts(header["down_revision"_L1]),
                        .branchLabels = texts(header["branch_labels"_L1]),
                        .dependsOn = texts(header["depends_on"_L1]),
                        .docstring = header["doc"_L1].toString()};
    if (header.contains("revision"_L1))
        return result;
    return failure(ErrorKind::InvalidRevisionFile,
                   u"%1 is not a revision: it sets no 'revision'."_s.arg(file),
                   u"Add the line revision = \"…\", or move the file out of the versions folder."_s);
}

/// Answers by what they depend on, for the life of this process only: a computed value may come from another
/// file, so nothing is kept on disk.
class HeaderCache
{
public:
    std::optional<HeaderAnswer> find(const QByteArray &key)
    {
        const QMutexLocker lock(&m_mutex);
        const auto found = m_answers.constFind(key);
        return found == m_answers.cend() ? std::optional<HeaderAnswer>() : *found;
    }
    void insert(const QByteArray &key, const HeaderAnswer &answer)
    {
        const QMutexLocker lock(&m_mutex);
        m_answers.insert(key, answer);
    }

private:
    QMutex m_mutex;
    QHash<QByteArray, HeaderAnswer> m_answers;
};

Q_GLOBAL_STATIC(HeaderCache, headerCache)

struct Question {
    qsizetype index;
    QByteArray key;
    QJsonObject entry;
};

/// A compiled file is named, a source is sent: the interpreter may run elsewhere (a container).
Question questionFor(qsizetype index, const QString &file, const QStringList &python)
{
    QFile source(file);
    const QByteArray bytes = source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray();
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(bytes);
    hash.addData(QString(file + u'\0' + python.join(u'\0')).toUtf8());
    QJsonObject entry{{u"path"_s, file}};
    if (file.endsWith(".py"_L1))
        entry.insert(u"source"_s, QString::fromLatin1(bytes.toBase64())); // in the file's own encoding
    return {index, hash.result(), entry};
}

} // namespace

Result<PackageFolders> askForPackages(const QStringList &python, const AlembicConfig &config,
                                      const QStringList &packages)
{
    const auto answer = ask(
        python, config, {{u"packages"_s, QJsonArray::fromStringList(packages)}, {u"files"_s, QJsonArray()}});
    PackageFolders folders;
    for (const QString &package : packages) {
        const QJsonObject found = answer ? (*answer)["packages"_L1][package].toObject() : QJsonObject();
        if (!found.contains("folder"_L1))
            return std::unexpected(noAnswer(
                u"%1 points into the Python package '%2', which is not on disk near it and could not be imported."_s
                    .arg(config.file, package),
                answer ? found["error"_L1].toString() : toText(answer.error())));
        folders.insert(package, found["folder"_L1].toString());
    }
    return folders;
}

QList<Result<HeaderAnswer>> askForHeaders(const QStringList &python, const AlembicConfig &config,
                                          const QStringList &files)
{
    QList<Result<HeaderAnswer>> answers(files.size());
    QList<Question> open;
    QJsonArray entries;
    for (qsizetype at = 0; at < files.size(); ++at) {
        Question question = questionFor(at, files.at(at), python);
        if (const auto known = headerCache->find(question.key)) {
            answers[at] = *known;
            continue;
        }
        entries += question.entry;
        open += std::move(question);
    }
    if (open.isEmpty())
        return answers;
    const auto answer = ask(python, config, {{u"packages"_s, QJsonArray()}, {u"files"_s, entries}});
    for (qsizetype at = 0; at < open.size(); ++at) {
        const QString &file = files.at(open.at(at).index);
        auto &result = answers[open.at(at).index];
        result = answer ? headerOf((*answer)["files"_L1][at].toObject(), file)
                        : std::unexpected(
                              noAnswer(u"%1 computes its header, and Python could not be asked."_s.arg(file),
                                       toText(answer.error())));
        if (result)
            headerCache->insert(open.at(at).key, *result);
    }
    return answers;
}

} // namespace stepwell
