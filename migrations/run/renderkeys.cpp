// SPDX-License-Identifier: MIT
#include "migrations/run/renderkeys.h"

#include "migrations/run/bridge_protocol.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QStandardPaths>

#include <sys/stat.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// Takes texts one after the other, each with its length, so that no two lists make the same hash.
class ListHash
{
public:
    ListHash &operator<<(const QByteArray &bytes)
    {
        m_hash.addData(QByteArray::number(bytes.size()));
        m_hash.addData(":");
        m_hash.addData(bytes);
        return *this;
    }
    ListHash &operator<<(const QString &text) { return *this << text.toUtf8(); }
    ListHash &operator<<(const QStringList &texts)
    {
        *this << QByteArray::number(texts.size());
        for (const QString &text : texts)
            *this << text;
        return *this;
    }
    [[nodiscard]] QByteArray hex() const { return m_hash.result().toHex(); }

private:
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
};

/// "size time inode", as Python tells it; empty if there is nothing.
QString stampOf(const QString &path)
{
    struct stat info = {};
    if (path.isEmpty() || ::stat(QFile::encodeName(path).constData(), &info) != 0)
        return {};
    constexpr qint64 second = 1'000'000'000;
    return u"%1 %2 %3"_s.arg(info.st_size)
        .arg(info.st_mtim.tv_sec * second + info.st_mtim.tv_nsec)
        .arg(info.st_ino);
}

/// Only what tells databases apart: the SQL may name them.
QString withoutPassword(const QString &url)
{
    static const QRegularExpression password(u"^([^:]+://[^:/@?]*):[^@]*@"_s);
    static const QRegularExpression option(u"[^?&=]*pass[^?&=]*=[^&]*"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    return QString(url).replace(password, u"\\1@"_s).remove(option);
}

QStringList variablesThatChoose()
{
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    QStringList chosen;
    for (const QString &name : environment.keys()) {
        if (name.startsWith("PYTHON"_L1) || name.startsWith("PYENV"_L1) || name.startsWith("UV_"_L1) ||
            name == "VIRTUAL_ENV"_L1 || name == "CONDA_PREFIX"_L1 || name == "PATH"_L1)
            chosen += QString(name + u'=' + environment.value(name));
    }
    chosen.sort();
    return chosen;
}

/// Files by which wrappers such as pyenv choose an interpreter for a folder.
QStringList filesThatChoose(const QString &directory)
{
    QStringList files;
    QDir folder(directory);
    do {
        files += {folder.filePath(u".python-version"_s), folder.filePath(u".tool-versions"_s)};
    } while (folder.cdUp());
    return files;
}

QJsonObject toJson(const BridgeRuntime &runtime)
{
    QJsonObject stamps;
    for (auto stamp = runtime.stamps.begin(); stamp != runtime.stamps.end(); ++stamp)
        stamps[stamp.key()] = stamp.value();
    return {{u"by"_s, runtime.renderedBy}, {u"python"_s, runtime.python}, {u"stamps"_s, stamps}};
}

BridgeRuntime runtimeOf(const QJsonObject &object)
{
    BridgeRuntime runtime{.renderedBy = object[u"by"].toString(), .python = object[u"python"].toString()};
    const QJsonObject stamps = object[u"stamps"].toObject();
    for (auto stamp = stamps.begin(); stamp != stamps.end(); ++stamp)
        runtime.stamps[stamp.key()] = stamp.value().toString();
    return runtime;
}

} // namespace

QByteArray FileStates::of(const QString &path)
{
    if (const auto known = m_states.constFind(path); known != m_states.cend())
        return *known;
    ListHash hash;
    if (path.endsWith(u'/')) {
        hash << u"folder"_s
             << QDir(path).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    } else {
        QFile file(path);
        QCryptographicHash content(QCryptographicHash::Sha256);
        // A pipe or a device would be waited for without end.
        if (QFileInfo(path).isFile() && file.open(QIODevice::ReadOnly) && content.addData(&file))
            hash << u"file"_s << content.result();
        else
            hash << u"nothing"_s;
    }
    return *m_states.insert(path, hash.hex());
}

QByteArray FileStates::of(const QStringList &paths)
{
    ListHash hash;
    for (const QString &path : paths)
        hash << path << of(path);
    return hash.hex();
}

RenderKeys::RenderKeys(const TargetAccess &access, const RenderCache &cache)
    : m_access(access), m_cache(cache), m_interpreterKey(interpreterKey())
{
    if (const auto known = m_cache.find(m_interpreterKey))
        adopt(runtimeOf(QJsonDocument::fromJson(*known).object()));
}

QByteArray RenderKeys::interpreterKey() const
{
    const QStringList &python = m_access.bridge.python;
    const QString program = python.value(0);
    const QString path = program.contains(u'/') ? QFileInfo(program).absoluteFilePath()
                                                : QStandardPaths::findExecutable(program);
    FileStates states;
    ListHash hash;
    hash << u"interpreter"_s << bridgeScript() << python << path << stampOf(path)
         << QFileInfo(path).canonicalFilePath() << m_access.bridge.workingDirectory << variablesThatChoose()
         << states.of(filesThatChoose(m_access.bridge.workingDirectory));
    return hash.hex();
}

void RenderKeys::adopt(const BridgeRuntime &runtime)
{
    m_runtimeHash.clear();
    m_projectHash.clear();
    ListHash hash;
    hash << runtime.renderedBy << runtime.python;
    bool exists = false;
    for (auto stamp = runtime.stamps.begin(); stamp != runtime.stamps.end(); ++stamp) {
        if (stampOf(stamp.key()) != stamp.value())
            return;
        exists = exists || !stamp.value().isEmpty();
        hash << stamp.key() << stamp.value();
    }
    if (!exists)
        return;
    m_runtime = runtime;
    m_runtimeHash = hash.hex();
}

void RenderKeys::setRuntime(const BridgeRuntime &runtime)
{
    adopt(runtime);
    if (knowsRuntime())
        m_cache.insert(m_interpreterKey, QJsonDocument(toJson(runtime)).toJson(QJsonDocument::Compact));
}

QStringList RenderKeys::filesOf(const RenderStep &step) const
{
    const Revision *revision = m_access.scripts.map.find(step.step.revision);
    QStringList files{revision ? revision->file : QString(),
                      QString(m_access.scripts.config.scriptLocation + u"/env.py"_s), m_access.bridge.config,
                      m_access.bridge.toml};
    files.removeAll(QString());
    return files;
}

/// The SQL of the version rows follows from the revision and those below it and below the other rows.
QByteArray RenderKeys::graphHash(const RevisionId &id)
{
    QList<RevisionId> open{id};
    while (!open.isEmpty()) {
        const RevisionId next = open.last();
        const Revision *revision = m_access.scripts.map.find(next);
        if (m_graphHashes.value(next).size() > 1) {
            open.removeLast();
            continue;
        }
        const bool entered = m_graphHashes.contains(next);
        m_graphHashes.insert(next, "?"_ba); // also what a circle meets
        RevisionIds below;
        for (const RevisionId &parent : revision ? revision->downRevisions : RevisionIds())
            below += parent;
        for (const QString &name : revision ? revision->dependsOn : QStringList())
            below += m_access.scripts.map.resolve(name).value_or(RevisionId(name));
        if (!entered) {
            const qsizetype before = open.size();
            for (const RevisionId &parent : std::as_const(below)) {
                if (!m_graphHashes.contains(parent))
                    open += parent;
            }
            if (open.size() > before)
                continue;
        }
        ListHash hash;
        hash << next.text() << (revision ? revision->branchLabels : QStringList());
        for (const RevisionId &parent : std::as_const(below))
            hash << parent.text() << m_graphHashes.value(parent);
        m_graphHashes.insert(next, hash.hex());
        open.removeLast();
    }
    return m_graphHashes.value(id);
}

namespace {

/// env.py may read any variable; these differ from terminal to terminal and say nothing to a project.
QStringList environmentTexts()
{
    static const QStringList passing{u"_"_s,
                                     u"SHLVL"_s,
                                     u"PWD"_s,
                                     u"OLDPWD"_s,
                                     u"COLUMNS"_s,
                                     u"LINES"_s,
                                     u"DISPLAY"_s,
                                     u"WINDOWID"_s,
                                     u"XAUTHORITY"_s,
                                     u"INVOCATION_ID"_s,
                                     u"JOURNAL_STREAM"_s,
                                     u"MANAGERPID"_s,
                                     u"SYSTEMD_EXEC_PID"_s,
                                     u"DESKTOP_STARTUP_ID"_s};
    static const QStringList passingFamilies{u"SSH_"_s,     u"TERM"_s, u"XDG_"_s, u"DBUS_"_s,
                                             u"WAYLAND_"_s, u"QT_"_s,  u"GPG_"_s, u"VTE_"_s};
    QStringList texts = QProcessEnvironment::systemEnvironment().toStringList();
    texts.removeIf([](const QString &text) {
        const QString name = text.section(u'=', 0, 0);
        return passing.contains(name) || std::ranges::any_of(passingFamilies, [&](const QString &family) {
                   return name.startsWith(family);
               });
    });
    texts.sort();
    return texts;
}

} // namespace

QByteArray RenderKeys::projectHash()
{
    const BridgeSettings &bridge = m_access.bridge;
    ListHash hash;
    hash << u"rendering"_s << bridgeScript() << m_runtimeHash << bridge.section << bridge.workingDirectory
         << bridge.config << bridge.toml << withoutPassword(bridge.url) << environmentTexts();
    return hash.hex();
}

QByteArray RenderKeys::keyOf(const RenderStep &step)
{
    const Revision *revision = m_access.scripts.map.find(step.step.revision);
    if (!knowsRuntime() || !revision)
        return {};
    if (m_projectHash.isEmpty())
        m_projectHash = projectHash();
    ListHash hash;
    hash << m_projectHash << m_files.of(filesOf(step)) << directionName(step.direction)
         << step.step.revision.text() << toTexts(step.step.from) << toTexts(step.step.to)
         << graphHash(step.step.revision);
    for (const RevisionId &row : step.step.from)
        hash << graphHash(row);
    return hash.hex();
}

} // namespace stepwell
