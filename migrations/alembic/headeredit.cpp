// SPDX-License-Identifier: MIT
#include "migrations/alembic/headeredit.h"

#include "migrations/alembic/docstringedit.h"
#include "migrations/alembic/revisionfile.h"
#include "migrations/alembic/revisionheader.h"
#include "migrations/alembic/valueedit.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using State = HeaderBinding::State;

QString nameOf(PythonWord word)
{
    const std::string_view text = pythonWordTexts[static_cast<size_t>(word)];
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

QStringList itemsOf(const HeaderValue &value)
{
    return {value.items.begin(), value.items.end()};
}

/// As it is written: escapes may stand for anything.
bool isAscii(const PythonTokens &tokens, const HeaderBinding &binding)
{
    for (size_t at = binding.begin; at < binding.end; ++at) {
        if (!std::ranges::all_of(tokens.text(tokens.all()[at]),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
            return false;
    }
    return true;
}

/// In some encodings the byte behind a high one is no character of its own, though it looks like one.
bool hasDoubtfulBytes(const QByteArray &source)
{
    for (qsizetype at = 1; at < source.size(); ++at) {
        const bool isHigh = static_cast<unsigned char>(source.at(at - 1)) >= 0x80;
        if (isHigh && QByteArrayView("\\[]{}").contains(source.at(at)))
            return true;
    }
    return false;
}

/// A file in an encoding that the reader does not know, whose header is ASCII: all that is asked here.
Result<Revision> readForeign(const QByteArray &source, const QString &file, const Error &error)
{
    const PythonTokens tokens = PythonTokens::read(source);
    if (tokens.foreignEncoding().isEmpty() || tokens.all().empty() || tokens.fault() != PythonFault::None ||
        hasDoubtfulBytes(source))
        return std::unexpected(error);
    const RevisionHeader header = readRevisionHeader(tokens, false);
    HeaderAnswer answer;
    for (const PythonWord word :
         {PythonWord::Revision, PythonWord::DownRevision, PythonWord::BranchLabels, PythonWord::DependsOn}) {
        const HeaderBinding &binding =
            header.bindings[static_cast<size_t>(word) - static_cast<size_t>(PythonWord::Revision)];
        const HeaderValue value = readHeaderValue(tokens, binding, word);
        const QStringList items = itemsOf(value);
        const bool isRead = value.state == HeaderValue::State::Literal ||
                            value.state == HeaderValue::State::None ||
                            (value.state == HeaderValue::State::Absent && word > PythonWord::DownRevision);
        if (!isRead || !isAscii(tokens, binding))
            return std::unexpected(error);
        if (word == PythonWord::Revision && (value.isList || items.size() != 1))
            return std::unexpected(error);
        if (word == PythonWord::Revision)
            answer.revision = items.front();
        else if (word == PythonWord::DownRevision)
            answer.downRevisions = items;
        else
            (word == PythonWord::DependsOn ? answer.dependsOn : answer.branchLabels) = items;
    }
    const auto docstring = readDocstring(tokens, header);
    if (!docstring)
        return std::unexpected(error);
    answer.docstring = *docstring;
    auto revision = parseRevision(source, file, ReadDepth::Facts, &answer);
    if (revision)
        revision->askedPython = false;
    return revision;
}

Result<Revision> readAll(const QByteArray &source, const QString &file)
{
    auto revision = parseRevision(source, file);
    if (revision || revision.error().kind != ErrorKind::ComputedHeader)
        return revision;
    return readForeign(source, file, revision.error());
}

class HeaderEditor
{
public:
    HeaderEditor(const QByteArray &source, const QString &file, const HeaderEdit &edit,
                 const Revision &before)
        : m_file(file)
        , m_edit(edit)
        , m_before(before)
        , m_tokens(PythonTokens::read(source))
        , m_header(readRevisionHeader(m_tokens, false))
        , m_source(source)
        , m_style(fileStyle())
    {
    }

    Result<QByteArray> run()
    {
        if (auto set = setVariables(); !set)
            return std::unexpected(set.error());
        if (auto set = setDocstring(); !set)
            return std::unexpected(set.error());
        const auto result = m_source.edited(m_edits);
        if (!result)
            return failure(ErrorKind::Unsupported,
                           u"%1: the header cannot be changed without touching something else."_s.arg(m_file),
                           u"Change revision, down_revision and depends_on there by hand."_s);
        return check(*result);
    }

private:
    const HeaderBinding &binding(PythonWord word) const
    {
        return m_header.bindings[static_cast<size_t>(word) - static_cast<size_t>(PythonWord::Revision)];
    }

    /// The quotes that the file uses for `revision`, else for any of the header's texts.
    QuoteStyle fileStyle() const
    {
        for (const PythonWord word : {PythonWord::Revision, PythonWord::DownRevision,
                                      PythonWord::BranchLabels, PythonWord::DependsOn}) {
            for (size_t at = binding(word).begin; at < binding(word).end; ++at) {
                if (m_tokens.all()[at].kind == PythonTokenKind::String)
                    return quoteStyleOf(m_tokens.text(m_tokens.all()[at])).plain();
            }
        }
        return {};
    }

    Result<void> setVariables()
    {
        if (m_edit.revision)
            if (auto set = setVariable(PythonWord::Revision, {m_before.id.text()}, {m_edit.revision->text()});
                !set)
                return set;
        if (m_edit.downRevisions) {
            const QStringList wanted = toTexts(*m_edit.downRevisions);
            if (auto set = setVariable(PythonWord::DownRevision, toTexts(m_before.downRevisions), wanted);
                !set)
                return set;
        }
        if (m_edit.dependsOn)
            return setVariable(PythonWord::DependsOn, m_before.dependsOn, *m_edit.dependsOn);
        return {};
    }

    Result<void> setVariable(PythonWord word, const QStringList &before, const QStringList &wanted)
    {
        if (before == wanted)
            return {};
        const HeaderBinding &place = binding(word);
        if (place.state == State::Absent || place.isShared) {
            addLine(word, place.state == State::Absent ? lastAssignment() : place, wanted);
            return {};
        }
        const auto places = findPlaces(m_tokens, place.begin, place.end);
        if (!places)
            return failure(ErrorKind::ComputedHeader,
                           u"%1, line %2: '%3' is written in a way that cannot be changed here."_s.arg(m_file)
                               .arg(place.line)
                               .arg(nameOf(word)),
                           u"Change that line by hand."_s);
        m_edits += editValue(m_tokens, *places, wanted, m_style, m_source);
        return {};
    }

    /// Where a line for a variable that the file does not set belongs: behind the labels or the parents.
    const HeaderBinding &lastAssignment() const
    {
        const HeaderBinding &labels = binding(PythonWord::BranchLabels);
        return labels.state == State::Assigned ? labels : binding(PythonWord::DownRevision);
    }

    void addLine(PythonWord word, const HeaderBinding &behind, const QStringList &wanted)
    {
        size_t end = behind.end;
        while (m_tokens.all()[end].kind != PythonTokenKind::Newline)
            ++end;
        const int at = m_source.lineEnd(m_tokens.all()[end].begin);
        m_edits += SourceEdit{at, at,
                              m_source.lineBreak(at) + nameOf(word).toLatin1() + " = " +
                                  writeValue(wanted, m_style, m_source)};
    }

    Result<void> setDocstring()
    {
        // A docstring that another variable has too stays.
        if (m_header.docstring.state != State::Assigned || m_header.docstring.isShared)
            return {};
        const auto places = findPlaces(m_tokens, m_header.docstring.begin, m_header.docstring.end);
        if (!places || places->isList || places->items.front().isNone)
            return {};
        DocstringChange change{.created = m_edit.created};
        if (m_edit.revision && *m_edit.revision != m_before.id)
            change.revision = {m_before.id.text(), m_edit.revision->text()};
        if (m_edit.downRevisions && *m_edit.downRevisions != m_before.downRevisions)
            change.down = {toTexts(m_before.downRevisions), toTexts(*m_edit.downRevisions)};
        const ItemPlace &item = places->items.front();
        auto edited = editDocstring(m_tokens, item.textBegin, item.textEnd, change, m_source);
        if (!edited)
            return failure(edited.error().kind, u"%1: %2"_s.arg(m_file, edited.error().message),
                           edited.error().hint);
        if (edited->edits.isEmpty())
            return {};
        m_edits += edited->edits;
        m_docstring = m_header.docstringIsAssigned ? edited->text : cleanDocstring(edited->text);
        return {};
    }

    /// Reads the result: it has to say what was asked for, and all else as before.
    Result<QByteArray> check(const QByteArray &result) const
    {
        const auto after = readAll(result, m_file);
        if (after && *after == expected())
            return result;
        return failure(
            ErrorKind::Unsupported,
            u"%1, line %2: the header cannot be changed without changing something else."_s.arg(m_file).arg(
                binding(PythonWord::Revision).line),
            u"Change revision, down_revision and depends_on there by hand."_s,
            after ? QString() : after.error().message);
    }

    Revision expected() const
    {
        Revision revision = m_before;
        revision.id = m_edit.revision.value_or(revision.id);
        revision.downRevisions = m_edit.downRevisions.value_or(revision.downRevisions);
        revision.dependsOn = m_edit.dependsOn.value_or(revision.dependsOn);
        if (m_docstring) {
            const HeaderAnswer answer{.docstring = *m_docstring};
            const auto read = parseRevision({}, m_file, ReadDepth::Header, &answer).value_or(Revision{});
            revision.message = read.message;
            revision.longMessage = read.longMessage;
            revision.created = read.created;
        }
        for (int *line :
             {&revision.upgradeLines.first, &revision.upgradeLines.last, &revision.downgradeLines.first,
              &revision.downgradeLines.last, &revision.autocommitLine, &revision.connectionLine})
            *line = *line == 0 ? 0 : *line + linesAddedAbove(*line);
        return revision;
    }

    int linesAddedAbove(int line) const
    {
        int added = 0;
        for (const SourceEdit &edit : m_edits) {
            if (countLineBreaks(m_source.text(0, edit.begin)) + 1 < line)
                added += countLineBreaks(edit.text) - countLineBreaks(m_source.text(edit.begin, edit.end));
        }
        return added;
    }

    const QString &m_file;
    const HeaderEdit &m_edit;
    const Revision &m_before;
    PythonTokens m_tokens;
    RevisionHeader m_header;
    SourceText m_source;
    QuoteStyle m_style;
    QList<SourceEdit> m_edits;
    std::optional<QString> m_docstring; ///< after, if it changed
};

} // namespace

Result<QByteArray> editHeader(const QByteArray &source, const QString &file, const HeaderEdit &edit)
{
    const auto before = readAll(source, file);
    if (!before)
        return std::unexpected(before.error());
    return HeaderEditor(source, file, edit, *before).run();
}

} // namespace stepwell
