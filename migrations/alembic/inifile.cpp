// SPDX-License-Identifier: MIT
#include "migrations/alembic/inifile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStringDecoder>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int maxInterpolationDepth = 10;

std::unexpected<Error> invalid(const QString &file, int line, const QString &what, const QString &hint)
{
    return failure(ErrorKind::InvalidConfig, u"%1, line %2: %3"_s.arg(file).arg(line).arg(what), hint);
}

/// Python's universal newlines.
QStringList splitLines(QString text)
{
    text.replace(u"\r\n"_s, u"\n"_s).replace(u'\r', u'\n');
    return text.split(u'\n');
}

qsizetype indentOf(const QString &line)
{
    qsizetype at = 0;
    while (at < line.size() && line.at(at).isSpace())
        ++at;
    return at;
}

QString trimmedRight(const QString &text)
{
    qsizetype end = text.size();
    while (end > 0 && text.at(end - 1).isSpace())
        --end;
    return text.first(end);
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
        const QString text = line.trimmed();
        if (text.startsWith(u'#') || text.startsWith(u';'))
            return {};
        if (text.isEmpty()) {
            if (!m_option.isEmpty() && m_number < m_lines.size())
                m_value += QString();
            return {};
        }
        const qsizetype indent = indentOf(line);
        if (m_options && !m_option.isEmpty() && indent > m_indent) {
            m_value += text;
            return {};
        }
        m_indent = indent;
        if (text.startsWith(u'[') && text.lastIndexOf(u']') > 1)
            return readSection(text.mid(1, text.lastIndexOf(u']') - 1));
        if (!m_options)
            return invalid(m_ini.m_file, m_number, u"an option stands before the first [section]"_s,
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

    Result<void> readOption(const QString &text)
    {
        qsizetype at = 0;
        while (at < text.size() && text.at(at) != u'=' && text.at(at) != u':')
            ++at;
        const QString name = text.first(at).trimmed().toLower();
        if (at == text.size() || name.isEmpty())
            return invalid(m_ini.m_file, m_number,
                           u"'%1' is neither a section nor 'name = value'"_s.arg(text),
                           u"Indent the line if it continues the value above; start it with # if it is a "
                           "comment."_s);
        closeOption();
        if (m_seen.contains({m_section, name}))
            return invalid(m_ini.m_file, m_number,
                           u"the option '%1' is set twice in [%2]"_s.arg(name, m_section),
                           u"Python refuses such a file: remove one of the two lines."_s);
        m_seen.insert({m_section, name}, true);
        m_option = name;
        m_optionLine = m_number;
        m_value = {text.sliced(at + 1).trimmed()};
        return {};
    }

    void closeOption()
    {
        if (!m_option.isEmpty())
            m_options->insert(m_option, {trimmedRight(m_value.join(u'\n')), m_optionLine});
        m_option.clear();
    }

    IniFile &m_ini;
    QStringList m_lines;
    QString m_section;
    QString m_option;
    QStringList m_value;
    IniFile::Options *m_options = nullptr;
    QHash<std::pair<QString, QString>, bool> m_seen;
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
        return failure(ErrorKind::InvalidConfig, u"%1 is not UTF-8 text."_s.arg(file),
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
    QStringList names = m_sections.value(section).keys();
    for (const QString &name : m_defaults.keys()) {
        if (!names.contains(name))
            names += name;
    }
    return names;
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
    return found ? found->text : QString();
}

int IniFile::line(const QString &section, const QString &option) const
{
    const Option *found = find(section, option.toLower());
    return found ? found->line : 0;
}

Result<QString> IniFile::value(const QString &section, const QString &option) const
{
    const Option *found = find(section, option.toLower());
    if (!found)
        return QString();
    return expand(section, option.toLower(), found->text, 1);
}

Result<QString> IniFile::expand(const QString &section, const QString &option, const QString &text,
                                int depth) const
{
    const auto bad = [&](const QString &what) {
        return invalid(m_file, line(section, option), u"'%1' in [%2] %3"_s.arg(option, section, what),
                       u"Write %% for a percent sign, %(name)s for another option."_s);
    };
    if (depth > maxInterpolationDepth)
        return bad(u"refers to options more than 10 levels deep"_s);
    QString result = u""_s;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype percent = text.indexOf(u'%', at);
        if (percent < 0) {
            result += QStringView(text).sliced(at);
            break;
        }
        result += QStringView(text).sliced(at, percent - at);
        const QChar next = percent + 1 < text.size() ? text.at(percent + 1) : QChar();
        if (next == u'%') {
            result += u'%';
            at = percent + 2;
            continue;
        }
        const qsizetype close = next == u'(' ? text.indexOf(u')', percent) : -1;
        if (close < percent + 3 || close + 1 >= text.size() || text.at(close + 1) != u's')
            return bad(u"has a lone '%' in it"_s);
        const QString name = text.sliced(percent + 2, close - percent - 2).toLower();
        const Option *other = find(section, name);
        if (!other)
            return bad(u"refers to '%1', which is not set"_s.arg(name));
        auto inner = expand(section, option, other->text, depth + 1);
        if (!inner)
            return inner;
        result += *inner;
        at = close + 2;
    }
    return result;
}

} // namespace stepwell
