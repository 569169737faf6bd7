// SPDX-License-Identifier: MIT
#include "tests/run/faultpage.h"

#include <QDir>
#include <QFile>
#include <QLockFile>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString pagePath()
{
    return QString(qEnvironmentVariable("STEPWELL_SOURCE") + u"/docs/faults.md"_s);
}

QString page()
{
    QFile file(pagePath());
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

const auto head =
    u"| fault | stage | commits | outcome | what Stepwell says |\n| --- | --- | --- | --- | --- |\n"_s;

} // namespace

FaultPage::FaultPage(QString section) : m_section(std::move(section)) {}

bool FaultPage::isToBeWritten()
{
    return qEnvironmentVariableIsSet("STEPWELL_WRITE_DOCS");
}

QStringList FaultPage::lines() const
{
    const QString text = page()
                             .section(u"<!-- %1 -->\n"_s.arg(m_section), 1, 1)
                             .section(u"<!-- end of %1 -->"_s.arg(m_section), 0, 0);
    return text.startsWith(head) ? text.sliced(head.size()).split(u'\n', Qt::SkipEmptyParts) : QStringList();
}

bool FaultPage::write(const QStringList &lines) const
{
    // Other programs write their sections at the same time.
    QLockFile lock(QDir::temp().filePath(u"stepwell-faults-page.lock"_s));
    if (!lock.tryLock(10000))
        return false;
    const QString start = u"<!-- %1 -->\n"_s.arg(m_section);
    const QString end = u"<!-- end of %1 -->"_s.arg(m_section);
    QString text = page();
    const qsizetype from = text.indexOf(start);
    const qsizetype to = text.indexOf(end, from);
    if (from < 0 || to < 0)
        return false;
    text = text.first(from + start.size()) + head + lines.join(u'\n') + u'\n' + text.sliced(to);
    QFile file(pagePath());
    return file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0;
}

} // namespace stepwell
