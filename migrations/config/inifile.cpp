// SPDX-License-Identifier: MIT
#include "migrations/config/inifile.h"

#include "migrations/python/pythontext.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <QStringDecoder>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int maxInterpolationDepth = 10;
// Ten levels of references can stand for more text than any memory holds. No path or URL comes near these.
constexpr int maxReferences = 10'000;
constexpr qsizetype maxExpandedSize = 65'536;

std::unexpected<Error> invalid(const QString &file, int line, const QString &what, const QString &hint)
{
    return failure(ErrorKind::InvalidConfig, u"%1, line %2: %3"_s.arg(file).arg(line).arg(what), hint);
}

/// Python's universal newlines; all other separators are part of a line.
QStringList splitLines(QString text)
{
    text.replace(u"\r\n"_s, u"\n"_s).replace(u'\r', u'\n');
    return text.split(u'\n');
}

/// The first line that is no UTF-8, from 1.
int lineOfBadText(const QByteArray &bytes)
{
    int number = 1;
    for (const QByteArray &line : bytes.split('\n')) {
        if (!QUtf8StringView(line.constData(), line.size()).isValidUtf8())
            return number;
        ++number;
    }
    return number - 1;
}

} // namespace

/// One pass over the lines, as ConfigParser does it.
class IniReader
{
public:
    IniReader(IniFile &ini, const QString &text) : m_ini(ini), m_lines(splitLines(text)) {}

    Result<void> run()
    {
        for (m_number = 1; m_number <= m_lines.size(); ++m_number) {
            if (auto done = readLine(m_lines.at(m_number - 1)); !done)
                return done;
        }
        closeOption();
        return {};
    }

private:
    Result<void> readLine(const QString &line)
    {
        const QStringView text = stripped(line);
        if (text.startsWith(u'#') || text.startsWith(u';'))
            return {};
        if (text.isEmpty()) {
            if (!m_option.isEmpty())
                m_value += QString();
            return {};
        }
        const qsizetype indent = indentOf(line);
        if (m_options && !m_option.isEmpty() && indent > m_indent) {
            m_value += text.toString();
            return {};
        }
        m_indent = indent;
        // What follows the last bracket is ignored, also if it is no blank.
        if (const qsizetype close = text.lastIndexOf(u']'); text.startsWith(u'[') && close > 1)
            return readSection(text.sliced(1, close - 1).toString());
        if (!m_options)
            return invalid(m_ini.m_file, m_number, u"'%1' stands before the first [section]"_s.arg(text),
                           u"Put it below a section header such as [alembic]."_s);
        return readOption(text);
    }

    Result<void> readSection(const QString &name)
    {
        closeOption();
        m_section = name;
        if (name == "DEFAULT"_L1) {
            m_options = &m_ini.m_defaults;
            return {};
        }
        if (m_ini.m_sections.contains(name))
            return invalid(m_ini.m_file, m_number, u"the section [%1] is there twice"_s.arg(name),
                           u"Python refuses such a file: join the two sections."_s);
        m_ini.m_order += name;
        m_ini.m_sections.insert(name, {});
        m_options = &m_ini.m_sections[name];
        return {};
    }

    Result<void> readOption(QStringView text)
    {
        const qsizetype at =
            std::ranges::find_if(text, [](QChar c) { return c == u'=' || c == u':'; }) - text.begin();
        const QString name = strippedRight(text.first(at)).toString().toLower();
        if (at == text.size() || name.isEmpty())
            return invalid(m_ini.m_file, m_number,
                           u"'%1' is neither a section nor 'name = value'"_s.arg(text),
                           u"Indent the line if it continues the value above; start it with # if it is a "
                           "comment."_s);
        closeOption();
        const qsizetype before = m_seen.size();
        m_seen.insert({m_section, name});
        if (m_seen.size() == before)
            return invalid(m_ini.m_file, m_number,
                           u"the option '%1' is set twice in [%2]"_s.arg(name, m_section),
                           u"Python refuses such a file: remove one of the two lines."_s);
        m_option = name;
        m_optionLine = m_number;
        m_value = {stripped(text.sliced(at + 1)).toString()};
        return {};
    }

    void closeOption()
    {
        if (!m_option.isEmpty())
            m_options->insert(m_option, {strippedRight(m_value.join(u'\n')).toString(), m_optionLine});
        m_option.clear();
    }

    IniFile &m_ini;
    QStringList m_lines;
    QString m_section;
    QString m_option;
    QStringList m_value;
    IniFile::Options *m_options = nullptr;
    QSet<std::pair<QString, QString>> m_seen;
    qsizetype m_indent = 0;
    int m_number = 0;
    int m_optionLine = 0;
};

Result<IniFile> IniFile::read(const QString &file)
{
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        return failure(ErrorKind::FileError, u"%1 cannot be read: %2."_s.arg(file, source.errorString()),
                       u"Check the path and the permissions of the file."_s);
    const QByteArray bytes = source.readAll();
    if (bytes.startsWith("\xef\xbb\xbf"))
        return invalid(file, 1, u"the file starts with a byte order mark"_s,
                       u"Alembic cannot read it: save the file as UTF-8 without BOM."_s);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(bytes);
    if (decoder.hasError())
        return invalid(file, lineOfBadText(bytes), u"the file is not UTF-8 text"_s,
                       u"Save the file as UTF-8; Alembic cannot read it either."_s);
    return parse(text, QFileInfo(file).absoluteFilePath());
}

Result<IniFile> IniFile::parse(const QString &text, const QString &file)
{
    IniFile ini;
    ini.m_file = file;
    ini.m_defaults.insert(u"here"_s, {QDir::cleanPath(QFileInfo(file).absolutePath()), 0});
    if (auto done = IniReader(ini, text).run(); !done)
        return std::unexpected(done.error());
    return ini;
}

QStringList IniFile::sections() const
{
    return m_order;
}

QStringList IniFile::options(const QString &section) const
{
    Options all = m_defaults;
    all.insert(m_sections.value(section));
    return all.keys();
}

const IniFile::Option *IniFile::find(const QString &section, const QString &option) const
{
    if (const auto options = m_sections.constFind(section); options != m_sections.cend()) {
        if (const auto found = options->constFind(option); found != options->cend())
            return &*found;
    }
    const auto found = m_defaults.constFind(option);
    return found == m_defaults.cend() ? nullptr : &*found;
}

bool IniFile::has(const QString &section, const QString &option) const
{
    return find(section, option.toLower()) != nullptr;
}

QString IniFile::raw(const QString &section, const QString &option) const
{
    const Option *found = find(section, option.toLower());
    if (!found)
        return {};
    return found->text.isNull() ? u""_s : found->text; // an option without text is there all the same
}

int IniFile::line(const QString &section, const QString &option) const
{
    const Option *found = find(section, option.toLower());
    return found ? found->line : 0;
}

Result<QString> IniFile::value(const QString &section, const QString &option) const
{
    const QString name = option.toLower();
    const Option *found = find(section, name);
    if (!found)
        return QString();
    Expansion expansion{section, name, u""_s};
    if (auto done = expand(expansion, found->text, 1); !done)
        return std::unexpected(done.error());
    return expansion.result;
}

Result<void> IniFile::expand(Expansion &to, const QString &text, int depth) const
{
    const auto bad = [&](const QString &what) {
        return invalid(m_file, line(to.section, to.option),
                       u"'%1' in [%2] %3"_s.arg(to.option, to.section, what),
                       u"Write %% for a percent sign, %(name)s for another option."_s);
    };
    if (depth > maxInterpolationDepth)
        return bad(u"refers to options more than 10 levels deep"_s);
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype percent = text.indexOf(u'%', at);
        const qsizetype plain = percent < 0 ? text.size() : percent;
        to.result += QStringView(text).sliced(at, plain - at);
        if (to.references > 0 && to.result.size() > maxExpandedSize)
            return bad(u"refers to more text than a value can hold"_s);
        if (percent < 0)
            break;
        const QChar next = percent + 1 < text.size() ? text.at(percent + 1) : QChar();
        if (next == u'%') {
            to.result += u'%';
            at = percent + 2;
            continue;
        }
        const qsizetype close = next == u'(' ? text.indexOf(u')', percent) : -1;
        if (close < percent + 3 || close + 1 >= text.size() || text.at(close + 1) != u's')
            return bad(u"has a lone '%' in it"_s);
        const QString name = text.sliced(percent + 2, close - percent - 2).toLower();
        const Option *other = find(to.section, name);
        if (!other)
            return bad(u"refers to '%1', which is not set"_s.arg(name));
        if (++to.references > maxReferences)
            return bad(u"refers to other options too often"_s);
        // As in Python, a text without a percent sign is no level of its own.
        if (!other->text.contains(u'%'))
            to.result += other->text;
        else if (auto done = expand(to, other->text, depth + 1); !done)
            return done;
        at = close + 2;
    }
    return {};
}

} // namespace stepwell
