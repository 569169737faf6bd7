// SPDX-License-Identifier: MIT
// Any bytes as a revision file, at both depths, and as a graph of their own.
#include "migrations/alembic/revisionfile.h"
#include "migrations/alembic/revisionmap.h"
#include "tests/fuzz/fuzzing.h"

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

/// The part that both depths read.
Revision headerOf(const Revision &revision)
{
    return {.id = revision.id,
            .downRevisions = revision.downRevisions,
            .dependsOn = revision.dependsOn,
            .branchLabels = revision.branchLabels,
            .message = revision.message,
            .longMessage = revision.longMessage,
            .created = revision.created,
            .file = revision.file,
            .askedPython = revision.askedPython};
}

void checkLines(const LineSpan &lines, const QByteArray &source)
{
    fuzzing::require(0 <= lines.first && lines.first <= lines.last &&
                         lines.last <= source.count('\n') + source.count('\r') + 1,
                     "the lines of a function are lines of the file",
                     u"%1 to %2"_s.arg(lines.first).arg(lines.last));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray source = fuzzing::bytes(data, size);
    const QString file = u"/project/versions/a1b2_text.py"_s;
    const auto header = parseRevision(source, file, ReadDepth::Header);
    const auto facts = parseRevision(source, file, ReadDepth::Facts);
    if (header && facts)
        fuzzing::require(headerOf(*facts) == headerOf(*header), "both depths read the same header");
    if (!header) {
        fuzzing::require(!facts, "a header that cannot be read has no facts");
        fuzzing::require(!header.error().message.isEmpty(), "an error says what is wrong");
    }
    if (!facts)
        return 0;
    checkLines(facts->upgradeLines, source);
    checkLines(facts->downgradeLines, source);
    QList<ScriptProblem> problems;
    const RevisionMap map = RevisionMap::buildSound({*facts}, problems);
    fuzzing::require(map.history().size() == map.count(), "a history tells every revision");
    return 0;
}
