// SPDX-License-Identifier: MIT
#include "migrations/run/bridge_protocol.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QUrl>

// Outside the namespace, as the macro asks. A static library's resource is linked only if it is named.
static void initResource()
{
    Q_INIT_RESOURCE(stepwell_bridge);
}

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr char recordStart = '\x1e';
constexpr qsizetype strayLimit = 4096;
/// Shorter passwords are not replaced in text: half of it would turn into asterisks.
constexpr qsizetype shortestSecret = 4;

/// Reads the script from its own copy of the input, so that nothing is lost in a second buffer. Has no
/// single quotes, so that it can be quoted for a shell.
const auto loader =
    u"import json,os;f=open(os.dup(0),\"rb\");"
    "exec(compile(json.loads(f.readline()),\"stepwell_bridge.py\",\"exec\"),"
    "{\"__name__\":\"stepwell_bridge\",\"__file__\":\"stepwell_bridge.py\",\"requests\":f})"_s;

QJsonArray toArray(const RevisionIds &ids)
{
    return QJsonArray::fromStringList(toTexts(ids));
}

QString rendererOf(const QJsonObject &opened)
{
    return u"alembic %1, SQLAlchemy %2"_s.arg(opened[u"alembic"].toString(),
                                              opened[u"sqlalchemy"].toString());
}

} // namespace

void JsonSequence::takeOutside(QByteArrayView bytes)
{
    const qsizetype room = strayLimit - m_stray.size();
    m_stray += bytes.first(qMin(room, bytes.size()));
}

void JsonSequence::takeInside(QByteArrayView bytes)
{
    if (m_state == Skipping)
        return;
    if (m_record.size() + bytes.size() > m_limit) {
        m_record.clear();
        m_state = Skipping;
        ++m_dropped;
        return;
    }
    m_record += bytes;
}

QList<QJsonObject> JsonSequence::feed(const QByteArray &data)
{
    QList<QJsonObject> records;
    QByteArrayView rest(data);
    while (!rest.isEmpty()) {
        qsizetype end = 0;
        if (m_state == Outside) {
            end = rest.indexOf(recordStart);
            takeOutside(end < 0 ? rest : rest.first(end));
            if (end >= 0)
                m_state = Inside;
        } else {
            while (end < rest.size() && rest[end] != '\n' && rest[end] != recordStart)
                ++end;
            takeInside(rest.first(end));
            if (end == rest.size()) {
                end = -1;
            } else if (rest[end] == recordStart) { // cut off by the next one
                m_dropped += m_state == Inside;
                m_state = Inside;
                m_record.clear();
            } else {
                if (m_state == Inside) {
                    const QJsonDocument document = QJsonDocument::fromJson(m_record);
                    if (document.isObject())
                        records += document.object();
                    else
                        ++m_dropped;
                }
                m_record.clear();
                m_state = Outside;
            }
        }
        if (end < 0)
            break;
        rest = rest.sliced(end + 1);
    }
    return records;
}

Redactor::Redactor(const QString &url)
{
    if (url.isEmpty())
        return;
    static const QRegularExpression userInfo(u"^[^:]+://[^:/@?]*:([^@]*)@"_s);
    static const QRegularExpression option(u"[?&]password=([^&]*)"_s);
    for (const QRegularExpression &pattern : {userInfo, option}) {
        const QString encoded = pattern.match(url).captured(1);
        if (encoded.size() < shortestSecret)
            continue;
        m_secrets += encoded;
        const QString plain = QUrl::fromPercentEncoding(encoded.toUtf8());
        if (plain != encoded)
            m_secrets += plain;
    }
}

QString Redactor::operator()(const QString &text) const
{
    QString clean = text;
    for (const QString &secret : m_secrets)
        clean.replace(secret, u"***"_s);
    return clean;
}

QStringList bridgeCommand(const QStringList &python)
{
    if (python.isEmpty())
        return {};
    QString program = loader;
    if (QFileInfo(python.first()).fileName() == u"ssh"_s)
        program = u'\'' + loader + u'\'';
    return python + QStringList{u"-c"_s, program};
}

QByteArray bridgeScript()
{
    // Names are looked up when they are used, so only what a class statement needs has to come first.
    static const QByteArray line = [] {
        initResource();
        QString script;
        for (const QString &part : {u"bridge_channel"_s, u"bridge_errors"_s, u"bridge_statements"_s,
                                    u"bridge_rendering"_s, u"bridge_merging"_s, u"stepwell_bridge"_s}) {
            QFile file(u":/stepwell/%1.py"_s.arg(part));
            if (!file.open(QIODevice::ReadOnly))
                qFatal("the bridge script is not part of this program");
            script += QString::fromUtf8(file.readAll()) + u'\n';
        }
        // QJsonDocument takes arrays and objects only.
        const QByteArray array = QJsonDocument(QJsonArray{script}).toJson(QJsonDocument::Compact);
        return QByteArray(array.sliced(1, array.size() - 2) + '\n');
    }();
    return line;
}

QByteArray requestLine(const QJsonObject &request)
{
    return QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n';
}

QJsonObject stepObject(const RunStep &step)
{
    return {
        {u"revision"_s, step.revision.text()}, {u"from"_s, toArray(step.from)}, {u"to"_s, toArray(step.to)}};
}

BridgeRuntime runtimeFrom(const QJsonObject &event, const QJsonObject &opened)
{
    BridgeRuntime runtime{.renderedBy = rendererOf(opened), .python = opened[u"python"].toString()};
    const QJsonObject stamps = event[u"stamps"].toObject();
    for (auto stamp = stamps.begin(); stamp != stamps.end(); ++stamp)
        runtime.stamps[stamp.key()] = stamp.value().toString();
    return runtime;
}

BridgeRendering renderingFrom(const QJsonObject &event, const QJsonObject &opened)
{
    BridgeRendering rendering{.index = event[u"index"].toInteger(-1),
                              .sql = {.revision = RevisionId(event[u"revision"].toString()),
                                      .sql = event[u"sql"].toString(),
                                      .problem = event[u"problem"].toString(),
                                      .problemLine = event[u"line"].toInt(),
                                      .statements = event[u"statements"].toInt(),
                                      .renderedBy = rendererOf(opened)},
                              .repeatable = event[u"repeatable"].toBool()};
    for (const QJsonValue &read : event[u"reads"].toArray())
        rendering.reads += read.toString();
    return rendering;
}

} // namespace stepwell
