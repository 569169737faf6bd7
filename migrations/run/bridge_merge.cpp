// SPDX-License-Identifier: MIT
// A merge revision, rendered by the project's Alembic.
#include "migrations/run/bridge_private.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// For env.py and the hooks: formatters are quick.
constexpr std::chrono::seconds mergeDeadline{120};

QStringList textsOf(const QJsonValue &array)
{
    QStringList texts;
    for (const QJsonValue &value : array.toArray())
        texts += value.toString();
    return texts;
}

QString sentence(const QString &text)
{
    return text.endsWith(u'.') || text.endsWith(u'!') || text.endsWith(u'?') ? text : QString(text + u'.');
}

/// What the bridge tells of a merge that failed; nothing if it is no error of the merge itself.
std::optional<Error> mergeError(const QJsonObject &told, const QString &output)
{
    const QString kind = told[u"kind"].toString();
    const QJsonObject facts = told[u"facts"].toObject();
    const QString message = sentence(told[u"message"].toString());
    QStringList detail{facts[u"traceback"].toString().trimmed(), output.trimmed()};
    detail.removeAll(QString());
    Error error{.detail = detail.join(u"\n\n"_s)};
    if (kind == u"merge-template"_s) {
        error.kind = ErrorKind::BrokenScripts;
        error.message = u"The template script.py.mako cannot be rendered: %1"_s.arg(message);
        error.hint = u"Mend %1; `alembic merge` stops there too. Nothing was written."_s.arg(
            facts[u"template"].toString());
    } else if (kind == u"merge-hook"_s) {
        error.kind = ErrorKind::ProcessFailed;
        error.message = u"The post-write hook %1 failed: %2"_s.arg(facts[u"hook"].toString(), message);
        error.hint =
            u"Mend the hook: its settings, or what it needs in the project's Python. Nothing was written."_s;
    } else if (kind == u"merge-file"_s) {
        error.kind = ErrorKind::InvalidRevisionFile;
        error.message = u"What the template and the hooks make is no revision file: %1"_s.arg(message);
        error.hint = u"Look at %1. Nothing was written."_s.arg(facts[u"template"].toString());
    } else if (kind == u"merge-alembic"_s) {
        error.kind = ErrorKind::Refused;
        error.message = u"Alembic does not write the merge: %1"_s.arg(message);
        error.hint = u"The settings of the ini may be the reason. Nothing was written."_s;
    } else {
        return {};
    }
    return error;
}

} // namespace

void Bridge::Private::receiveMerging(const QJsonObject &event)
{
    if (event[u"event"].toString() == u"folder"_s)
        mergeFolder = event[u"path"].toString();
    else
        mergeOutput = redact(event[u"text"].toString());
}

Result<BridgeMerge> Bridge::merge(const RevisionIds &heads, const QString &message, const QStringList &labels,
                                  const QString &revision, const std::stop_token &stop)
{
    if (!d->alive)
        return failure(ErrorKind::ProcessFailed, u"The project's Python does not run."_s,
                       u"Start it again."_s);
    d->mergeFolder.clear();
    d->mergeOutput.clear();
    const auto given = d->exchange({{u"request"_s, u"merge"_s},
                                    {u"heads"_s, QJsonArray::fromStringList(toTexts(heads))},
                                    {u"message"_s, message},
                                    {u"labels"_s, QJsonArray::fromStringList(labels)},
                                    {u"revision"_s, revision}},
                                   stop, {}, mergeDeadline);
    // Python that was ended, or ended itself, left it behind.
    if (QFileInfo(d->mergeFolder).fileName().startsWith(u".stepwell-merge-"_s))
        QDir(d->mergeFolder).removeRecursively();
    if (!given)
        return std::unexpected(given.error());
    const QJsonObject &told = *given;
    if (!told[u"ok"].toBool()) {
        if (auto error = mergeError(told[u"error"].toObject(), d->mergeOutput)) {
            error->message = d->redact(error->message);
            error->detail = d->redact(error->detail);
            return std::unexpected(*error);
        }
        return std::unexpected(d->told(told, u"env.py failed"_s));
    }
    BridgeMerge merge{.revision = RevisionId(told[u"revision"].toString()),
                      .file = told[u"path"].toString(),
                      .content = QByteArray::fromBase64(told[u"content"].toString().toLatin1()),
                      .ranEnvironment = told[u"ran_env"].toBool(),
                      .hooks = textsOf(told[u"hooks"]),
                      .output = d->mergeOutput.trimmed()};
    for (const QJsonValue &hook : told[u"failed_hooks"].toArray())
        merge.failedHooks += {.name = hook[u"name"].toString(), .exitCode = hook[u"exit_code"].toInt()};
    return merge;
}

} // namespace stepwell
