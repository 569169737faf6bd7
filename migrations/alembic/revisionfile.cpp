// SPDX-License-Identifier: MIT
#include "migrations/alembic/revisionfile.h"

#include "migrations/alembic/createdate.h"
#include "migrations/alembic/revisionfacts.h"
#include "migrations/alembic/revisionheader.h"
#include "migrations/python/pythontext.h"

#include <QFile>

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using State = HeaderValue::State;

constexpr qsizetype maxFileSize = 16 << 20; // of tokens it is 20 times as much, at worst
constexpr size_t keptMemory = 1 << 20;      // what a thread keeps between two files

std::unexpected<Error> broken(const QString &message, const QString &hint)
{
    return failure(ErrorKind::InvalidRevisionFile, message, hint);
}

std::unexpected<Error> computed(const QString &file, int line, const QString &field)
{
    return failure(
        ErrorKind::ComputedHeader,
        u"%1, line %2: '%3' is computed, so it cannot be read without running the file."_s.arg(file)
            .arg(line)
            .arg(field),
        u"Write the value as plain text, for instance %1 = \"…\"."_s.arg(field));
}

std::unexpected<Error> tooLarge(const QString &file)
{
    return failure(ErrorKind::UnreadableRevision, u"%1 is larger than 16 MiB."_s.arg(file),
                   u"No revision file is that large: move it out of the versions folder."_s);
}

/// Alembic's legacy: a file whose whole name is hex digits is its own id.
QString idFromFileName(const QString &file)
{
    const QStringView name = QStringView(file).sliced(file.lastIndexOf(u'/') + 1);
    if (!name.endsWith(".py"_L1))
        return {};
    const QStringView stem = name.chopped(3);
    const bool hex = !stem.isEmpty() && std::ranges::all_of(stem, [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
    });
    return hex ? stem.toString() : QString();
}

/// The first paragraph, on one line.
QString messageOf(const QString &docstring)
{
    const auto paragraph = docstring.indexOf("\n\n"_L1);
    const QStringView text = QStringView(docstring).first(paragraph < 0 ? docstring.size() : paragraph);
    QString message;
    message.reserve(text.size());
    for (const QChar c : text) {
        if (!isPythonBlank(c))
            message += c;
        else if (!message.endsWith(u' '))
            message += u' ';
    }
    if (message.endsWith(u' '))
        message.chop(1);
    if (message == docstring)
        return docstring;
    message.squeeze();
    return message;
}

QStringList toList(const HeaderValue &value)
{
    QStringList list;
    list.reserve(value.items.size());
    for (const QString &item : value.items)
        list += item;
    return list;
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
        if (!m_python) {
            if (auto read = checkSource(); !read)
                return std::unexpected(std::move(read.error()));
        }
        m_header = readRevisionHeader(m_tokens, m_depth == ReadDepth::Facts);
        m_revision.file = m_file;
        if (m_python) {
            takeAnswer();
        } else if (auto read = readHeader(); !read) {
            return std::unexpected(std::move(read.error()));
        }
        if (m_depth == ReadDepth::Facts && !isUnread())
            readRevisionFacts(m_tokens, m_header, m_revision);
        return std::move(m_revision);
    }

private:
    Result<void> checkSource() const
    {
        if (!m_tokens.foreignEncoding().isEmpty())
            return failure(ErrorKind::ComputedHeader,
                           u"%1, line %2: the encoding '%3' cannot be read without Python."_s.arg(m_file)
                               .arg(m_tokens.faultLine())
                               .arg(QString::fromLatin1(m_tokens.foreignEncoding())),
                           u"Save the file as UTF-8 and remove the encoding comment."_s);
        if (m_tokens.fault() == PythonFault::None)
            return {};
        return failure(
            ErrorKind::InvalidPython,
            u"%1, line %2: %3."_s.arg(m_file).arg(m_tokens.faultLine()).arg(toText(m_tokens.fault())),
            u"Python cannot run this file, nor can Alembic: correct the line."_s);
    }

    /// The file has tokens that only Python could tell.
    bool isUnread() const { return m_tokens.all().empty() && !m_tokens.foreignEncoding().isEmpty(); }

    void takeAnswer()
    {
        m_revision.id = RevisionId(m_python->revision);
        m_revision.downRevisions = toRevisionIds(m_python->downRevisions);
        m_revision.branchLabels = m_python->branchLabels;
        m_revision.dependsOn = m_python->dependsOn;
        m_revision.askedPython = true;
        readDocstringText(m_python->docstring);
    }

    Result<void> readHeader()
    {
        const auto docstring = readDocstring(m_tokens, m_header);
        return readId().and_then([this] { return readLinks(); }).and_then([&]() -> Result<void> {
            if (!docstring)
                return computed(m_file, m_header.docstring.line, u"__doc__"_s);
            readDocstringText(*docstring);
            return {};
        });
    }

    Result<HeaderValue> value(PythonWord name)
    {
        HeaderValue value = readHeaderValue(m_tokens, m_header.binding(name), name);
        if (value.state == State::Computed)
            return computed(m_file, value.line, fieldName(name));
        if (value.state == State::Wrong)
            return broken(u"%1, line %2: '%3' is neither text nor a list of texts."_s.arg(m_file)
                              .arg(value.line)
                              .arg(fieldName(name)),
                          u"Alembic cannot read this file either: put the identifiers in quotes."_s);
        return value;
    }

    static QString fieldName(PythonWord name)
    {
        const std::string_view text = pythonWordTexts[static_cast<size_t>(name)];
        return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
    }

    Result<void> readId()
    {
        const auto id = value(PythonWord::Revision);
        if (!id)
            return std::unexpected(id.error());
        if (id->state == State::Absent) {
            const QString legacy = idFromFileName(m_file);
            if (legacy.isEmpty())
                return broken(u"%1 is not a revision: it sets no 'revision'."_s.arg(m_file),
                              u"Add the line revision = \"…\", or move the file out of the versions folder; "
                              "Alembic stops at it too."_s);
            m_revision.id = RevisionId(legacy);
            return {};
        }
        if (id->state != State::Literal || id->isList)
            return broken(u"%1, line %2: 'revision' is not a text."_s.arg(m_file).arg(id->line),
                          u"Write revision = \"…\" with the identifier of this revision."_s);
        m_revision.id = RevisionId(id->items.front());
        return {};
    }

    Result<void> readLinks()
    {
        const auto down = value(PythonWord::DownRevision);
        if (!down)
            return std::unexpected(down.error());
        const auto labels = value(PythonWord::BranchLabels);
        if (!labels)
            return std::unexpected(labels.error());
        const auto depends = value(PythonWord::DependsOn);
        if (!depends)
            return std::unexpected(depends.error());
        if (down->state == State::Absent)
            return broken(
                u"%1 sets no 'down_revision'."_s.arg(m_file),
                u"Add down_revision = \"…\" with the revision before this one, or None for the first."_s);
        m_revision.downRevisions.reserve(down->items.size());
        for (const QString &item : down->items)
            m_revision.downRevisions += RevisionId(item);
        m_revision.branchLabels = toList(*labels);
        m_revision.dependsOn = toList(*depends);
        return {};
    }

    void readDocstringText(const QString &docstring)
    {
        const QStringView text = stripped(docstring);
        m_revision.longMessage = text.size() == docstring.size() ? docstring : text.toString();
        m_revision.longMessage.squeeze();
        m_revision.message = messageOf(m_revision.longMessage);
        m_revision.created = createDate(m_revision.longMessage);
    }

    const PythonTokens &m_tokens;
    const QString &m_file;
    ReadDepth m_depth;
    const HeaderAnswer *m_python;
    RevisionHeader m_header;
    Revision m_revision;
};

/// Reads the tokens into memory that the thread keeps for the next file.
Result<Revision> parse(QByteArrayView source, const QString &file, ReadDepth depth,
                       const HeaderAnswer *python)
{
    thread_local PythonTokens tokens;
    tokens.assign(source);
    auto revision = RevisionReader(tokens, file, depth, python).run();
    if (tokens.capacity() > keptMemory)
        tokens = {};
    return revision;
}

class FileDescriptor
{
public:
    // Opening a pipe must not wait for its writer.
    explicit FileDescriptor(const QString &file)
        : m_descriptor(::open(QFile::encodeName(file).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK))
    {
    }
    ~FileDescriptor()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Q_DISABLE_COPY_MOVE(FileDescriptor)

    /// Bytes read; less than the room at the end of the file, negative for an error.
    [[nodiscard]] ssize_t read(char *data, size_t room) const
    {
        ssize_t count = -1;
        do {
            count = m_descriptor < 0 ? -1 : ::read(m_descriptor, data, room);
        } while (count < 0 && m_descriptor >= 0 && errno == EINTR);
        return count;
    }

private:
    int m_descriptor;
};

/// All bytes of a file, in memory that the thread keeps for the next one. Nearly every revision is read by
/// one call: a regular file gives as much as there is room for.
Result<QByteArrayView> readAll(const QString &file, std::vector<char> &buffer)
{
    constexpr size_t usualSize = 64 << 10;
    const FileDescriptor source(file);
    if (buffer.size() < usualSize || buffer.size() > keptMemory)
        buffer = std::vector<char>(usualSize);
    size_t size = 0;
    for (;;) {
        const ssize_t count = source.read(buffer.data() + size, buffer.size() - size);
        if (count < 0)
            return failure(ErrorKind::UnreadableRevision,
                           u"%1 cannot be read: %2."_s.arg(file, qt_error_string(errno)),
                           u"Check the path and the permissions of the file."_s);
        size += static_cast<size_t>(count);
        if (size < buffer.size())
            return QByteArrayView(buffer.data(), static_cast<qsizetype>(size));
        if (size > static_cast<size_t>(maxFileSize))
            return tooLarge(file);
        buffer.resize(buffer.size() * 4);
    }
}

bool isCompiled(const QString &file)
{
    return file.endsWith(".pyc"_L1) || file.endsWith(".pyo"_L1);
}

/// What the project's Python said is all that the graph takes.
Revision answerOnly(const QString &file, const HeaderAnswer &python)
{
    PythonTokens none;
    return RevisionReader(none, file, ReadDepth::Header, &python).run().value_or(Revision{});
}

} // namespace

Result<Revision> parseRevision(const QByteArray &source, const QString &file, ReadDepth depth,
                               const HeaderAnswer *python)
{
    if (source.size() > maxFileSize)
        return tooLarge(file);
    return parse(source, file, depth, python);
}

Result<Revision> readRevisionFile(const QString &file, ReadDepth depth, const HeaderAnswer *python)
{
    if (python && (depth == ReadDepth::Header || isCompiled(file)))
        return answerOnly(file, *python);
    if (isCompiled(file))
        return failure(ErrorKind::ComputedHeader, u"%1 is compiled: only Python can read it."_s.arg(file),
                       u"Keep the revision's .py file beside it."_s);
    thread_local std::vector<char> buffer;
    const auto source = readAll(file, buffer);
    if (!source)
        return std::unexpected(source.error());
    return parse(*source, file, depth, python);
}

} // namespace stepwell
