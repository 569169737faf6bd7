// SPDX-License-Identifier: MIT
#include "migrations/workspace/tomlreader.h"

#include "migrations/workspace/duration.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QString quoted(const QString &text)
{
    return QString(u'"' + text + u'"');
}

/// What a value is, for people.
QString describe(const toml::node &node)
{
    switch (node.type()) {
    case toml::node_type::string:
        return quoted(fromView(node.as_string()->get()));
    case toml::node_type::integer:
        return u"the number %1"_s.arg(node.as_integer()->get());
    case toml::node_type::floating_point:
        return u"the number %1"_s.arg(node.as_floating_point()->get());
    case toml::node_type::boolean:
        return node.as_boolean()->get() ? u"true"_s : u"false"_s;
    case toml::node_type::array:
        return u"a list"_s;
    case toml::node_type::table:
        return u"a table"_s;
    default:
        return u"a date or time"_s;
    }
}

qsizetype distance(const QString &left, const QString &right)
{
    QList<qsizetype> row(right.size() + 1);
    for (qsizetype j = 0; j <= right.size(); ++j)
        row[j] = j;
    for (qsizetype i = 1; i <= left.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i;
        for (qsizetype j = 1; j <= right.size(); ++j) {
            const qsizetype above = row[j];
            const qsizetype changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
            row[j] = std::min({changed, above + 1, row[j - 1] + 1});
            diagonal = above;
        }
    }
    return row.last();
}

} // namespace

QString nearestWord(const QString &text, const QStringList &words)
{
    QString best;
    qsizetype least = std::max<qsizetype>(2, text.size() / 3) + 1;
    for (const QString &word : words) {
        if (const qsizetype changes = distance(text.toLower(), word); changes < least) {
            least = changes;
            best = word;
        }
    }
    return best;
}

void TomlReader::fail(const toml::node &node, const QString &expected, const QString &found,
                      const QString &hint)
{
    fail(qint64(node.source().begin.line), expected, found, hint);
}

void TomlReader::fail(qint64 line, const QString &expected, const QString &found, const QString &hint)
{
    if (m_error)
        return;
    m_error = Error{.kind = ErrorKind::InvalidWorkspace,
                    .message = u"%1:%2: expected %3, found %4"_s.arg(m_file).arg(line).arg(expected, found),
                    .hint = hint.isEmpty() ? u"Correct that line and try again."_s : hint};
}

const toml::table *TomlReader::table(const toml::table &parent, std::string_view key)
{
    const toml::node *node = parent.get(key);
    if (node && !node->is_table())
        fail(*node, u"a table [%1]"_s.arg(fromView(key)), describe(*node));
    return node ? node->as_table() : nullptr;
}

std::vector<std::pair<QString, const toml::table *>> TomlReader::tables(const toml::table &parent,
                                                                        std::string_view key)
{
    std::vector<std::pair<QString, const toml::table *>> entries;
    const toml::table *group = table(parent, key);
    if (!group)
        return entries;
    for (const auto &[name, node] : *group) {
        if (!node.is_table())
            fail(node, u"a table [%1.%2]"_s.arg(fromView(key), fromView(name.str())), describe(node));
        else
            entries.emplace_back(fromView(name.str()), node.as_table());
    }
    std::ranges::stable_sort(entries, [](const auto &left, const auto &right) {
        const auto a = left.second->source().begin;
        const auto b = right.second->source().begin;
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    return entries;
}

std::vector<const toml::table *> TomlReader::listOfTables(const toml::table &table, std::string_view key)
{
    const toml::node *node = table.get(key);
    if (!node)
        return {};
    const QString expected = u"a list of tables such as [{…}, {…}] for \"%1\""_s.arg(fromView(key));
    if (!node->is_array()) {
        fail(*node, expected, describe(*node));
        return {};
    }
    std::vector<const toml::table *> tables;
    for (const toml::node &element : *node->as_array()) {
        if (element.is_table())
            tables.push_back(element.as_table());
        else
            fail(element, expected, describe(element));
    }
    return tables;
}

QString TomlReader::text(const toml::table &table, std::string_view key, const QString &fallback)
{
    const toml::node *node = table.get(key);
    if (!node)
        return fallback;
    if (!node->is_string()) {
        fail(*node, u"a text in quotes for \"%1\""_s.arg(fromView(key)), describe(*node));
        return fallback;
    }
    return fromView(node->as_string()->get());
}

QStringList TomlReader::list(const toml::table &table, std::string_view key)
{
    const toml::node *node = table.get(key);
    if (!node)
        return {};
    const QString expected = u"a list of texts such as [\"a\", \"b\"] for \"%1\""_s.arg(fromView(key));
    if (!node->is_array()) {
        fail(*node, expected, describe(*node));
        return {};
    }
    QStringList texts;
    for (const toml::node &element : *node->as_array()) {
        if (!element.is_string()) {
            fail(element, expected, describe(element));
            return {};
        }
        texts += fromView(element.as_string()->get());
    }
    return texts;
}

qint64 TomlReader::number(const toml::table &table, std::string_view key, qint64 fallback, qint64 least,
                          qint64 most)
{
    const toml::node *node = table.get(key);
    if (!node)
        return fallback;
    const auto value = node->is_integer() ? std::optional<qint64>(node->as_integer()->get()) : std::nullopt;
    if (!value || *value < least || *value > most) {
        fail(*node, u"a whole number from %1 to %2 for \"%3\""_s.arg(least).arg(most).arg(fromView(key)),
             describe(*node));
        return fallback;
    }
    return *value;
}

std::chrono::milliseconds TomlReader::duration(const toml::table &table, std::string_view key,
                                               std::chrono::milliseconds fallback)
{
    const toml::node *node = table.get(key);
    if (!node)
        return fallback;
    const QString text = node->is_string() ? fromView(node->as_string()->get())
                         : node->is_integer() && node->as_integer()->get() == 0 ? u"0"_s
                                                                                : QString();
    const std::optional<std::chrono::milliseconds> value = parseDuration(text);
    if (!value)
        fail(*node,
             u"a duration such as \"500ms\", \"5s\", \"2min\" or \"0\", at most 596h, for \"%1\""_s.arg(
                 fromView(key)),
             describe(*node));
    return value.value_or(fallback);
}

qsizetype TomlReader::word(const toml::table &table, std::string_view key, const QStringList &words,
                           qsizetype fallback)
{
    const toml::node *node = table.get(key);
    if (!node)
        return fallback;
    const qsizetype index = node->is_string() ? words.indexOf(fromView(node->as_string()->get())) : -1;
    if (index >= 0)
        return index;
    QStringList choices;
    for (const QString &choice : words)
        choices += quoted(choice);
    const QString last = choices.takeLast();
    fail(*node, u"%1 or %2 for \"%3\""_s.arg(choices.join(u", "_s), last, fromView(key)), describe(*node));
    return fallback;
}

void TomlReader::checkKeys(const toml::table &table, const QString &where, const QStringList &known)
{
    for (const auto &[key, node] : table) {
        const QString name = fromView(key.str());
        if (known.contains(name))
            continue;
        const auto line = key.source().begin.line != 0 ? key.source().begin.line : node.source().begin.line;
        QString warning = u"%1:%2: unknown key \"%3\" in %4"_s.arg(m_file).arg(line).arg(name, where);
        if (const QString nearest = nearestWord(name, known); !nearest.isEmpty())
            warning += u"; did you mean \"%1\"?"_s.arg(nearest);
        m_warnings += warning;
    }
}

} // namespace stepwell
