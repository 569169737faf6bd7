// SPDX-License-Identifier: MIT
#include "app/cli/filecontext.h"

#include "app/cli/rowplans.h"
#include "migrations/status/targetscripts.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

FileContext::FileContext(Options options_, Streams streams_)
    : options(std::move(options_)), streams(std::move(streams_))
{
}

Result<Workspace> FileContext::workspace() const
{
    if (m_workspace)
        return *m_workspace;
    m_workspace = openWorkspace();
    if (*m_workspace) {
        for (const QString &warning : (*m_workspace)->warnings)
            note(u"warning: "_s + warning);
    }
    return *m_workspace;
}

Result<Workspace> FileContext::openWorkspace() const
{
    if (isDirect())
        return failure(ErrorKind::Usage, u"-c names one ini; this needs a workspace."_s,
                       u"Leave -c out, or use --workspace."_s);
    if (!options.workspace.isEmpty())
        return readWorkspace(options.workspace);
    return findWorkspace(QDir::currentPath()).and_then([](const QString &found) {
        return readWorkspace(found);
    });
}

Result<Target> FileContext::directTarget() const
{
    const QFileInfo ini(options.config);
    if (!ini.exists())
        return failure(ErrorKind::InvalidConfig, u"%1 does not exist."_s.arg(options.config),
                       u"Name the component's ini with -c."_s);
    Target target;
    target.id = {.environment = u"direct"_s, .component = ini.completeBaseName()};
    target.component = {.name = target.id.component,
                        .config = ini.absoluteFilePath(),
                        .section = options.section,
                        .versionTable = options.versionTable};
    target.environment.name = target.id.environment;
    target.environment.findings = FindingsPolicy::Off; // no workspace, no policy: `lint` tells
    target.config = ini.absoluteFilePath();
    target.url = options.database;
    return target;
}

Result<Target> FileContext::namedTarget(QStringList &arguments) const
{
    if (isDirect())
        return directTarget();
    if (arguments.isEmpty())
        return failure(ErrorKind::Usage, u"No target is named."_s,
                       u"Write ENVIRONMENT/COMPONENT; `stepwell status` lists them."_s);
    return workspace().and_then([&](const Workspace &space) { return space.target(arguments.takeFirst()); });
}

Result<Target> FileContext::target(QStringList *rest) const
{
    QStringList arguments = options.arguments;
    Result<Target> found = namedTarget(arguments);
    if (rest)
        *rest = arguments;
    if (!found)
        return found;
    const Result<QString> config = chosenConfig(found->config);
    if (!config)
        return std::unexpected(config.error());
    found->config = *config;
    return found;
}

Result<ScriptSource> FileContext::namedSource(QStringList &arguments) const
{
    if (isDirect() || arguments.value(0).contains(u'/'))
        return namedTarget(arguments).transform([](const Target &found) { return scriptSource(found); });
    const Result<Workspace> space = workspace();
    if (!space)
        return std::unexpected(space.error());
    const QString name = arguments.isEmpty() ? QString() : arguments.takeFirst();
    QStringList names;
    for (const Component &component : space->components) {
        if (component.name == name || (name.isEmpty() && space->components.size() == 1))
            return scriptSource(component);
        names += component.name;
    }
    return failure(ErrorKind::Usage,
                   name.isEmpty() ? u"The workspace has several components."_s
                                  : u"There is no component named %1."_s.arg(name),
                   u"Name one of %1, or a target such as ENVIRONMENT/COMPONENT."_s.arg(names.join(u", "_s)));
}

Result<ScriptDirectory> FileContext::scripts(QStringList *rest, ReadDepth depth) const
{
    QStringList arguments = options.arguments;
    Result<ScriptSource> source = namedSource(arguments);
    if (rest)
        *rest = arguments;
    if (!source)
        return std::unexpected(source.error());
    const Result<QString> config = chosenConfig(source->config);
    if (!config)
        return std::unexpected(config.error());
    if (*config != source->config)
        source->elsewhere = std::exchange(source->config, *config);
    return ScriptDirectory::load(*source, depth);
}

Result<QString> FileContext::chosenConfig(const QString &config) const
{
    return config;
}

Result<RevisionIds> FileContext::rows()
{
    return options.hasFrom ? parseRows(options.from) : readRows();
}

Result<RevisionIds> FileContext::readRows()
{
    return failure(ErrorKind::Internal, u"This program reads no database."_s);
}

QString isoTime(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

namespace {

void printObject(const QJsonObject &object, QTextStream &out)
{
    QJsonObject whole{{u"version"_s, 1}};
    for (auto it = object.begin(); it != object.end(); ++it)
        whole.insert(it.key(), it.value());
    out << QJsonDocument(whole).toJson(QJsonDocument::Compact) << Qt::endl;
}

} // namespace

int report(const Error &error, bool json, QTextStream &out, QTextStream &err)
{
    if (json) {
        printObject({{u"error"_s, toJson(error)}}, out);
        return exitCode(error.kind);
    }
    err << u"stepwell: "_s << error.message << u'\n';
    if (!error.hint.isEmpty())
        err << u"  "_s << error.hint << u'\n';
    if (!error.detail.isEmpty() && error.detail != error.message)
        err << u'\n' << error.detail << u'\n';
    err.flush();
    return exitCode(error.kind);
}

JsonList::JsonList(QTextStream &out, const QString &name) : m_out(out)
{
    m_out << u"{\"version\":1,\""_s << name << u"\":["_s;
}

JsonList::~JsonList()
{
    m_out << u"]}"_s << Qt::endl;
}

void JsonList::add(const QJsonObject &object)
{
    if (!std::exchange(m_isFirst, false))
        m_out << u',';
    m_out << QJsonDocument(object).toJson(QJsonDocument::Compact);
}

int FileContext::print(const QJsonObject &object)
{
    printObject(object, *streams.out);
    return 0;
}

int FileContext::fail(const Error &error)
{
    if (progressMode() == ProgressMode::Json && !options.json) {
        event(u"error"_s, {{u"error"_s, toJson(error)}});
        return exitCode(error.kind);
    }
    return report(error, options.json, *streams.out, *streams.err);
}

void FileContext::progress(const QString &text)
{
    if (progressMode() == ProgressMode::Text)
        note(text);
}

void FileContext::note(const QString &text) const
{
    if (progressMode() == ProgressMode::Json)
        event(u"note"_s, {{u"text"_s, text}});
    else
        *streams.err << text << Qt::endl;
}

ProgressMode FileContext::progressMode() const
{
    if (options.progress == "json"_L1)
        return ProgressMode::Json;
    if (options.progress.isEmpty() ? streams.errIsTerminal : options.progress == "text"_L1)
        return ProgressMode::Text;
    return ProgressMode::None;
}

void FileContext::event(const QString &name, QJsonObject content) const
{
    content.insert(u"event"_s, name);
    if (!content.contains(u"time"_s))
        content.insert(u"time"_s, isoTime(QDateTime::currentDateTimeUtc()));
    printObject(content, *streams.err);
}

QString FileContext::coloured(const QString &text, const char *code) const
{
    return streams.outIsTerminal ? u"\x1b[%1m%2\x1b[0m"_s.arg(QLatin1StringView(code), text) : text;
}

QJsonObject toJson(const Error &error)
{
    QJsonObject object{
        {u"kind"_s, kindName(error.kind)}, {u"message"_s, error.message}, {u"hint"_s, error.hint}};
    if (!error.detail.isEmpty())
        object.insert(u"detail"_s, error.detail);
    if (!error.sqlState.isEmpty())
        object.insert(u"sqlstate"_s, error.sqlState);
    if (!error.statement.isEmpty())
        object.insert(u"statement"_s, error.statement);
    return object;
}

QJsonArray toJson(const RevisionIds &ids)
{
    return QJsonArray::fromStringList(toTexts(ids));
}

QString table(const QList<QStringList> &rows)
{
    QList<qsizetype> widths;
    for (const QStringList &row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row.at(i).size());
    }
    QString text;
    for (const QStringList &row : rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i)
            line += row.at(i).leftJustified(widths.at(i) + 2);
        text += line.trimmed().isEmpty() ? QString() : line.mid(0, line.size());
        while (text.endsWith(u' '))
            text.chop(1);
        text += u'\n';
    }
    return text;
}

} // namespace stepwell::cli
