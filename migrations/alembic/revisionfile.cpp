// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionfile.h"

#include "migrations/alembic/revisionfacts.h"
#include "migrations/alembic/revisionheader.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using State = HeaderValue::State;

std::unexpected<Error> broken(const QString &message, const QString &hint)
{
    return failure(ErrorKind::InvalidRevisionFile, message, hint);
}

/// Alembic's legacy: a file whose whole name is hex digits is its own id.
QString idFromFileName(const QString &file)
{
    const QString stem = QFileInfo(file).fileName().chopped(3);
    const bool hex = !stem.isEmpty() && std::ranges::all_of(stem, [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
    });
    return hex ? stem : QString();
}

/// "Create Date: 2024-03-01 12:30:00.123456[+02:00]"; without a zone it is local time.
QDateTime createDate(const QString &docstring)
{
    for (const auto line : QStringView(docstring).tokenize(u'\n')) {
        const QStringView text = line.trimmed();
        if (!text.startsWith(u"Create Date:"))
            continue;
        QString date = text.sliced(12).trimmed().toString();
        if (date.size() > 10 && date.at(10) == u' ')
            date[10] = u'T';
        return QDateTime::fromString(date, Qt::ISODateWithMs);
    }
    return {};
}

class RevisionReader
{
public:
    RevisionReader(const PythonTokens &tokens, const QString &file, ReadDepth depth,
                   const HeaderAnswer *python)
        : m_tokens(tokens), m_file(file), m_depth(depth), m_python(python)
    {
    }

    Result<Revision> run()
    {
        m_header = readRevisionHeader(m_tokens);
        m_revision.file = m_file;
        if (m_python)
            takeAnswer();
        else if (auto done = readId().and_then([this] { return readLinks(); }); !done)
            return std::unexpected(done.error());
        readText();
        if (m_depth == ReadDepth::Facts)
            readRevisionFacts(m_tokens, m_header, m_revision);
        return m_revision;
    }

private:
    void takeAnswer()
    {
        m_revision.id = RevisionId(m_python->revision);
        m_revision.downRevisions = toRevisionIds(m_python->downRevisions);
        m_revision.branchLabels = m_python->branchLabels;
        m_revision.dependsOn = m_python->dependsOn;
        m_revision.askedPython = true;
        m_header.docstring.reset();
        if (!m_python->docstring.isNull())
            m_header.docstring = m_python->docstring;
    }

    /// Null if the variable is not assigned.
    Result<const HeaderValue *> value(const QByteArray &name) const
    {
        const auto found = m_header.values.constFind(name);
        if (found == m_header.values.cend())
            return nullptr;
        const QString field = QString::fromLatin1(name);
        if (found->state == State::Computed)
            return failure(
                ErrorKind::ComputedHeader,
                u"%1, line %2: '%3' is computed, so it cannot be read without running the file."_s.arg(m_file)
                    .arg(found->line)
                    .arg(field),
                u"Write the value as plain text, for instance %1 = \"…\"."_s.arg(field));
        if (found->state == State::Wrong)
            return broken(u"%1, line %2: '%3' is neither text nor a list of texts."_s.arg(m_file)
                              .arg(found->line)
                              .arg(field),
                          u"Alembic cannot read this file either: put the identifiers in quotes."_s);
        return &*found;
    }

    Result<void> readId()
    {
        const auto id = value("revision");
        if (!id)
            return std::unexpected(id.error());
        if (!*id) {
            const QString legacy = idFromFileName(m_file);
            if (legacy.isEmpty())
                return broken(u"%1 is not a revision: it sets no 'revision'."_s.arg(m_file),
                              u"Add the line revision = \"…\", or move the file out of the versions folder; "
                              "Alembic stops at it too."_s);
            m_revision.id = RevisionId(legacy);
            return {};
        }
        if ((*id)->state != State::Literal || (*id)->isList)
            return broken(u"%1, line %2: 'revision' is not a text."_s.arg(m_file).arg((*id)->line),
                          u"Write revision = \"…\" with the identifier of this revision."_s);
        m_revision.id = RevisionId((*id)->items.constFirst());
        return {};
    }

    Result<void> readLinks()
    {
        const auto down = value("down_revision");
        const auto labels = value("branch_labels");
        const auto depends = value("depends_on");
        for (const auto &field : {down, labels, depends}) {
            if (!field)
                return std::unexpected(field.error());
        }
        if (!*down)
            return broken(
                u"%1 sets no 'down_revision'."_s.arg(m_file),
                u"Add down_revision = \"…\" with the revision before this one, or None for the first."_s);
        m_revision.downRevisions = toRevisionIds((*down)->items);
        if (*labels)
            m_revision.branchLabels = (*labels)->items;
        if (*depends)
            m_revision.dependsOn = (*depends)->items;
        return {};
    }

    void readText()
    {
        if (!m_header.docstring)
            return;
        m_revision.longMessage = m_header.docstring->trimmed();
        const auto paragraph = m_revision.longMessage.indexOf("\n\n"_L1);
        m_revision.message =
            m_revision.longMessage.first(paragraph < 0 ? m_revision.longMessage.size() : paragraph)
                .simplified();
        m_revision.created = createDate(m_revision.longMessage);
    }

    const PythonTokens &m_tokens;
    QString m_file;
    ReadDepth m_depth;
    const HeaderAnswer *m_python;
    RevisionHeader m_header;
    Revision m_revision;
};

} // namespace

Result<Revision> parseRevision(const QByteArray &source, const QString &file, ReadDepth depth,
                               const HeaderAnswer *python)
{
    return RevisionReader(PythonTokens::read(source), file, depth, python).run();
}

Result<Revision> readRevisionFile(const QString &file, ReadDepth depth, const HeaderAnswer *python)
{
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        return failure(ErrorKind::FileError, u"%1 cannot be read: %2."_s.arg(file, source.errorString()),
                       u"Check the path and the permissions of the file."_s);
    return parseRevision(source.readAll(), file, depth, python);
}

} // namespace stepwell
