// SPDX-License-Identifier: MIT
#include "migrations/review/git.h"

#include "migrations/process/process.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QProcessEnvironment quietEnvironment()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : {u"GIT_DIR"_s, u"GIT_WORK_TREE"_s, u"GIT_INDEX_FILE"_s, u"GIT_PREFIX"_s,
                                u"GIT_COMMON_DIR"_s, u"GIT_NAMESPACE"_s})
        environment.remove(name);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    environment.insert(u"GIT_OPTIONAL_LOCKS"_s, u"0"_s);
    environment.insert(u"GIT_NO_LAZY_FETCH"_s, u"1"_s);
    environment.insert(u"GIT_TERMINAL_PROMPT"_s, u"0"_s);
    return environment;
}

/// Settings of the user that change what git prints.
QStringList plainOutput()
{
    return {u"-c"_s, u"color.ui=false"_s,          u"-c"_s, u"color.grep=false"_s,
            u"-c"_s, u"log.showSignature=false"_s, u"-c"_s, u"i18n.logOutputEncoding=UTF-8"_s,
            u"-c"_s, u"core.quotePath=false"_s};
}

} // namespace

Git::Git(QString folder, std::stop_token stop)
    : m_folder(std::move(folder)), m_stop(std::move(stop)), m_environment(quietEnvironment())
{
}

Result<QByteArray> Git::bytes(const QStringList &arguments, std::chrono::milliseconds deadline,
                              const QByteArray &input) const
{
    auto output = processOutput({.program = u"git"_s,
                                 .arguments = plainOutput() + arguments,
                                 .workingDirectory = m_folder,
                                 .environment = m_environment,
                                 .deadline = deadline},
                                input, m_stop);
    if (!output && output.error().kind == ErrorKind::ProcessFailed) {
        output.error().message = u"git refused: %1"_s.arg(output.error().detail.section(u'\n', 0, 0));
        output.error().hint = u"Run git status in %1 to see why."_s.arg(m_folder);
    }
    return output;
}

QString Git::line(const QStringList &arguments) const
{
    return QString::fromUtf8(bytes(arguments).value_or(QByteArray())).trimmed();
}

Result<QString> Git::top() const
{
    const auto output = bytes({u"rev-parse"_s, u"--show-toplevel"_s});
    if (output)
        return QString::fromUtf8(*output).trimmed();
    const QString &said = output.error().detail;
    if (said.contains(u"not a git repository"_s) || said.contains(u"must be run in a work tree"_s))
        return QString();
    return std::unexpected(output.error());
}

QString revisionLinePattern(const RevisionId &revision)
{
    QString id;
    for (const QChar c : revision.text())
        id += c.isLetterOrNumber() && c.unicode() < 128 ? c : u'.';
    return u"^revision *(:[^=]*)?= *.%1."_s.arg(id);
}

} // namespace stepwell
