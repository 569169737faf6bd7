// SPDX-License-Identifier: MIT
#include "app/cli/options.h"

#include "app/cli/optionparser.h"

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

/// CLI11 takes "-1" for an option; a relative revision passes behind this shield.
constexpr char16_t shield = u'\x1f';

bool isRelative(const QString &argument)
{
    return argument.size() >= 2 && argument.at(0) == u'-' && argument.at(1).isDigit();
}

QString text(const std::string &value)
{
    const QString result = QString::fromStdString(value);
    return result.startsWith(shield) ? result.mid(1) : result;
}

/// `--watch` alone takes no word behind it for its seconds, which may be a target.
QStringList withWatchSeconds(const QStringList &arguments)
{
    QStringList result;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        if (arguments.at(i) != "--watch"_L1) {
            result += arguments.at(i);
            continue;
        }
        bool isNumber = false;
        std::ignore = arguments.value(i + 1).toInt(&isNumber);
        result += u"--watch="_s + (isNumber ? arguments.at(++i) : u"5"_s);
    }
    return result;
}

} // namespace

void Parser::collect()
{
    const auto commands = m_app.get_subcommands();
    m_options.command = commands.empty() ? QString() : QString::fromStdString(commands.front()->get_name());
    for (const std::string &argument : m_raw.arguments)
        m_options.arguments += text(argument);
    if (m_options.command == "review"_L1 && !m_options.arguments.isEmpty())
        m_options.action = m_options.arguments.takeFirst();
    m_options.workspace = text(m_raw.workspace);
    m_options.config = text(m_raw.config);
    m_options.section = text(m_raw.section);
    m_options.database = text(m_raw.database);
    m_options.versionTable = text(m_raw.versionTable);
    m_options.format = text(m_raw.format);
    m_options.json = m_raw.format == "json";
    m_options.sql = text(m_raw.sql);
    m_options.failOn = text(m_raw.failOn);
    for (const std::string &accepted : m_raw.accepted)
        m_options.accepted += text(accepted);
    collectRepair();
    m_options.comment = text(m_raw.comment);
    m_options.reviewer = text(m_raw.reviewer);
    m_options.html = text(m_raw.html);
    m_options.outcome = text(m_raw.outcome);
    m_options.kind = text(m_raw.kind);
    m_options.since = text(m_raw.since);
    m_options.until = text(m_raw.until);
    m_options.search = text(m_raw.search);
    m_options.range = text(m_raw.range);
    m_options.from = text(m_raw.from);
    m_options.hasFrom = !commands.empty() && commands.front()->get_option_no_throw("--from") != nullptr &&
                        commands.front()->count("--from") > 0;
    m_options.confirm = text(m_raw.confirm);
    m_options.backupNote = text(m_raw.backupNote);
    m_options.backupDirectory = text(m_raw.backupDirectory);
    m_options.lockTimeout = text(m_raw.lockTimeout);
    m_options.statementTimeout = text(m_raw.statementTimeout);
    m_options.concurrentTimeout = text(m_raw.concurrentTimeout);
    m_options.transactions = text(m_raw.transactions);
    m_options.progress = text(m_raw.progress);
    m_options.fix = text(m_raw.fix);
    m_options.create = text(m_raw.create);
    m_options.stop = text(m_raw.stop);
    m_options.pictures = text(m_raw.pictures);
}

void Parser::collectRepair()
{
    const auto texts = [](const std::vector<std::string> &values) {
        QStringList result;
        for (const std::string &value : values)
            result += text(value);
        return result;
    };
    m_options.filesOf = text(m_raw.filesOf);
    m_options.rebase = text(m_raw.rebase);
    m_options.onto = text(m_raw.onto);
    m_options.restore = text(m_raw.restore);
    m_options.rename = text(m_raw.rename);
    m_options.relink = text(m_raw.relink);
    m_options.message = text(m_raw.message);
    m_options.newId = text(m_raw.newId);
    m_options.labels = texts(m_raw.labels);
    m_options.parents = texts(m_raw.parents);
    m_options.droppedDependencies = texts(m_raw.droppedDependencies);
    m_options.notApplied = texts(m_raw.notApplied);
}

Result<Options> Parser::parse(const QStringList &arguments)
{
    // CLI11 wants them last first.
    std::vector<std::string> reversed;
    for (const QString &argument : withWatchSeconds(arguments))
        reversed.insert(reversed.begin(),
                        (isRelative(argument) ? QString(QChar(shield) + argument) : argument).toStdString());
    try {
        m_app.parse(reversed);
    } catch (const CLI::Success &success) {
        collect();
        m_options.help = true;
        m_options.helpText = dynamic_cast<const CLI::CallForVersion *>(&success)
                                 ? u"stepwell %1\n"_s.arg(QLatin1StringView(STEPWELL_VERSION))
                                 : QString::fromStdString(m_app.help());
        return m_options;
    } catch (const CLI::ParseError &error) {
        collect();
        return failure(ErrorKind::Usage, QString::fromStdString(error.what()).remove(shield),
                       m_options.command.isEmpty()
                           ? u"`stepwell --help` lists the commands."_s
                           : u"`stepwell %1 --help` tells how to use it."_s.arg(m_options.command));
    }
    collect();
    // An unset variable in a script must not turn into a default.
    if (arguments.contains(QString()))
        return failure(ErrorKind::Usage, u"An argument is empty."_s, u"Leave it out to get the default."_s);
    const QString onlyOf = m_options.format == "csv"_L1 ? u"journal"_s : u"lint"_s;
    if (m_options.command != onlyOf && m_options.format != "text"_L1 && !m_options.json)
        return failure(ErrorKind::Usage, u"Only `%1` writes %2."_s.arg(onlyOf, m_options.format),
                       u"Use --format text or --format json."_s);
    const bool lintsSql = m_options.command == "lint"_L1 && !m_options.sql.isEmpty();
    if (m_options.config.isEmpty() && !lintsSql &&
        !QString(m_options.database + m_options.versionTable + m_options.section).isEmpty())
        return failure(ErrorKind::Usage, u"--database, --section and --version-table go with -c."_s,
                       u"Name the ini with -c, or leave them out: a workspace says them itself."_s);
    return m_options;
}

QStringList argumentsOf(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    return arguments;
}

bool asksForJson(const QStringList &arguments)
{
    const qsizetype at = arguments.indexOf(u"--format"_s);
    return arguments.contains(u"--format=json"_s) || (at >= 0 && arguments.value(at + 1) == "json"_L1);
}

Result<Options> parseOptions(const QStringList &arguments)
{
    return Parser().parse(arguments);
}

} // namespace stepwell::cli
