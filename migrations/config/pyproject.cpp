// SPDX-License-Identifier: MIT
#include "migrations/config/pyproject.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <toml++/toml.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using Value = PyProject::Value;

// toml++ frees nested tables by recursion, and a dotted key nests without any bracket.
constexpr qsizetype maxNesting = 512;
constexpr qsizetype maxFileSize = 4 * 1024 * 1024;

std::unexpected<Error> invalidAt(const QString &file, int line, const QString &what, const QString &hint)
{
    return failure(ErrorKind::InvalidConfig, u"%1, line %2: %3"_s.arg(file).arg(line).arg(what), hint);
}

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// The end of the string that starts at `at`, as TOML sees it: its closing quotes or the end of the line.
qsizetype endOfString(QByteArrayView text, qsizetype at)
{
    const char quote = text[at];
    const bool multiline = at + 2 < text.size() && text[at + 1] == quote && text[at + 2] == quote;
    at += multiline ? 3 : 1;
    for (; at < text.size(); ++at) {
        if (quote == '"' && text[at] == '\\')
            ++at;
        else if (!multiline && (text[at] == quote || text[at] == '\n'))
            return at;
        else if (multiline && text.sliced(at).startsWith(QByteArray(3, quote)))
            return at + 2;
    }
    return at;
}

/// The line where keys, tables and lists nest deeper than any file of people does, or 0.
int lineNestedTooDeep(QByteArrayView text)
{
    QList<qsizetype> open;
    qsizetype depth = 0;
    int line = 1;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"' || c == '\'') {
            const qsizetype end = std::min(endOfString(text, at), text.size() - 1);
            line += int(text.sliced(at, end - at + 1).count('\n'));
            at = end;
        } else if (c == '#') {
            const qsizetype end = text.indexOf('\n', at);
            at = (end < 0 ? text.size() : end) - 1;
        } else if (c == '[' || c == '{') {
            open += depth++;
        } else if ((c == ']' || c == '}') && !open.isEmpty()) {
            depth = open.takeLast();
        } else if (c == '.') {
            ++depth;
        } else if (c == ',' || c == '\n') {
            depth = open.isEmpty() ? 0 : open.last() + 1;
            line += c == '\n' ? 1 : 0;
        }
        if (depth > maxNesting)
            return line;
    }
    return 0;
}

/// Alembic looks at texts, lists of texts and lists of tables of texts: what is deeper is Other.
Value toValue(const toml::node &node, const QString &name, int depth = 0)
{
    Value value{.name = name, .line = int(node.source().begin.line)};
    if (const auto *text = node.as_string()) {
        value.kind = Value::Kind::Text;
        value.text = fromView(text->get());
    } else if (const auto *number = node.as_integer()) {
        value.kind = Value::Kind::Number;
        value.text = QString::number(number->get());
    } else if (const auto *boolean = node.as_boolean()) {
        value.kind = Value::Kind::Boolean;
        value.text = boolean->get() ? u"true"_s : u"false"_s;
    } else if (const auto *array = node.as_array(); array && depth < 3) {
        value.kind = Value::Kind::List;
        for (const toml::node &item : *array)
            value.items += toValue(item, {}, depth + 1);
    } else if (const auto *table = node.as_table(); table && depth < 3) {
        value.kind = Value::Kind::Table;
        for (const auto &[key, item] : *table)
            value.items += toValue(item, fromView(key.str()), depth + 1);
    }
    return value;
}

} // namespace

Result<PyProject> PyProject::read(const QString &file)
{
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        return failure(ErrorKind::FileError, u"%1 cannot be read: %2."_s.arg(file, source.errorString()),
                       u"Check the path and the permissions of the file."_s);
    return parse(source.read(maxFileSize + 1), QFileInfo(file).absoluteFilePath());
}

Result<PyProject> PyProject::parse(const QByteArray &text, const QString &file)
{
    if (text.size() > maxFileSize)
        return invalidAt(file, 1, u"the file is larger than 4 MiB"_s, u"Is it a pyproject.toml?"_s);
    // toml++ passes over it, Python's tomllib does not.
    if (text.startsWith("\xef\xbb\xbf"))
        return invalidAt(file, 1, u"the file starts with a byte order mark"_s,
                         u"Alembic cannot read it: save the file as UTF-8 without BOM."_s);
    if (const int line = lineNestedTooDeep(text); line > 0)
        return invalidAt(file, line, u"keys and tables are nested more than %1 deep"_s.arg(maxNesting),
                         u"Is it a pyproject.toml?"_s);
    PyProject project;
    project.m_file = file;
    project.m_here = QDir::cleanPath(QFileInfo(file).absolutePath());
    try {
        const toml::table root = toml::parse(std::string_view(text.constData(), size_t(text.size())));
        const toml::node *tool = root.get("tool");
        if (tool && !tool->is_table())
            return invalidAt(file, int(tool->source().begin.line), u"'tool' is no table"_s,
                             u"Write a table [tool.alembic] with the settings."_s);
        const toml::node *alembic = tool ? tool->as_table()->get("alembic") : nullptr;
        if (alembic && !alembic->is_table())
            return invalidAt(file, int(alembic->source().begin.line), u"'tool.alembic' is no table"_s,
                             u"Write a table [tool.alembic] with the settings."_s);
        if (!alembic)
            return project;
        project.m_hasTable = true;
        for (const auto &[key, node] : *alembic->as_table())
            project.m_values.insert(fromView(key.str()), toValue(node, fromView(key.str())));
    } catch (const toml::parse_error &error) {
        return invalidAt(file, int(error.source().begin.line),
                         u"this is no TOML: %1"_s.arg(fromView(error.description())),
                         u"Correct that line: Alembic cannot read the file either."_s);
    }
    return project;
}

std::unexpected<Error> PyProject::invalid(const QString &option, const QString &what,
                                          const QString &hint) const
{
    return invalidAt(m_file, value(option).line, u"'%1' %2"_s.arg(option, what), hint);
}

Result<QString> PyProject::formatted(const QString &option, const Value &value) const
{
    const auto bad = [&](const QString &what) {
        return invalidAt(m_file, value.line, u"'%1' %2"_s.arg(option, what),
                         u"Write %% for a percent sign, as in %%(rev)s; only %(here)s, the folder of the "
                         "file, is replaced."_s);
    };
    if (value.kind != Value::Kind::Text)
        return bad(u"holds something that is no text"_s);
    QString result = u""_s;
    for (qsizetype at = 0; at < value.text.size();) {
        const qsizetype percent = value.text.indexOf(u'%', at);
        const qsizetype plain = percent < 0 ? value.text.size() : percent;
        result += QStringView(value.text).sliced(at, plain - at);
        if (percent < 0)
            break;
        const QStringView rest = QStringView(value.text).sliced(percent);
        if (rest.startsWith("%%"_L1)) {
            result += u'%';
            at = percent + 2;
        } else if (rest.startsWith("%(here)s"_L1)) {
            result += m_here;
            at = percent + qsizetype(sizeof("%(here)s")) - 1;
        } else if (const qsizetype close = rest.indexOf(u')'); rest.startsWith("%("_L1) && close > 0) {
            return bad(u"refers to '%1', which is not set"_s.arg(rest.sliced(2, close - 2)));
        } else {
            return bad(u"has a lone '%' in it"_s);
        }
    }
    return result;
}

Result<QString> PyProject::text(const QString &option) const
{
    const auto found = m_values.constFind(option);
    if (found == m_values.cend())
        return QString();
    if (found->kind != Value::Kind::Text)
        return invalid(option, u"must be a text in quotes"_s, u"Write %1 = \"…\"."_s.arg(option));
    return formatted(option, *found);
}

Result<bool> PyProject::boolean(const QString &option) const
{
    const auto found = m_values.constFind(option);
    if (found == m_values.cend())
        return false;
    if (found->kind != Value::Kind::Boolean)
        return invalid(option, u"must be true or false"_s,
                       u"Write %1 = true, without quotes: Alembic takes nothing else here."_s.arg(option));
    return found->text == "true"_L1;
}

Result<QStringList> PyProject::list(const QString &option) const
{
    const auto found = m_values.constFind(option);
    if (found == m_values.cend())
        return QStringList();
    if (found->kind != Value::Kind::List)
        return invalid(
            option, u"must be a list of texts"_s,
            u"Write %1 = [\"…\"]: Alembic would take a text apart into its characters."_s.arg(option));
    QStringList texts;
    for (const Value &item : found->items) {
        const auto text = formatted(option, item);
        if (!text)
            return std::unexpected(text.error());
        texts += *text;
    }
    return texts;
}

Result<QList<QMap<QString, QString>>> PyProject::tables(const QString &option) const
{
    QList<QMap<QString, QString>> tables;
    const auto found = m_values.constFind(option);
    if (found == m_values.cend())
        return tables;
    bool sound = found->kind == Value::Kind::List;
    for (const Value &item : found->items) {
        sound = sound && item.kind == Value::Kind::Table;
        QMap<QString, QString> entries;
        for (const Value &entry : sound ? item.items : QList<Value>()) {
            const auto text = formatted(QString(option + u'.' + entry.name), entry);
            if (!text)
                return std::unexpected(text.error());
            entries.insert(entry.name, *text);
        }
        tables += entries;
    }
    if (!sound)
        return invalid(option, u"must be a list of tables"_s,
                       u"Write [[tool.alembic.%1]] above each of them."_s.arg(option));
    return tables;
}

} // namespace stepwell
