// SPDX-License-Identifier: MIT
#include "migrations/repair/identifiers.h"
#include "migrations/repair/repairs.h"
#include "migrations/repair/revisionfiles.h"

#include <QFileInfo>
#include <QRandomGenerator>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

Result<QString> identifierFor(const QString &wanted, const QList<Revision> &revisions)
{
    if (!wanted.isEmpty())
        return checkedIdentifier(wanted, revisions);
    for (;;) {
        constexpr quint64 twelveDigits = 0xffff'ffff'ffff;
        const QString id =
            u"%1"_s.arg(QRandomGenerator::system()->generate64() & twelveDigits, 12, 16, QLatin1Char('0'));
        if (checkedIdentifier(id, revisions))
            return id;
    }
}

QStringList warningsOf(const History &history, const RevisionId &id)
{
    QStringList warnings;
    for (const HistoryTarget &target : history.targets) {
        if (!target.appliedOf({id}).isEmpty())
            warnings +=
                u"%1 has %2 applied. Which of the files ran there cannot be told: look whether its tables "
                "are those of the file that keeps the identifier."_s.arg(target.target.id.text(), id.text());
    }
    return warnings;
}

} // namespace

Result<RepairPlan> planRename(const History &history, const RepairRequest &request)
{
    QList<ScriptProblem> broken;
    const auto revisions = revisionsAfter(history, {}, broken);
    if (!revisions)
        return std::unexpected(revisions.error());
    const QString file = QFileInfo(request.file).canonicalFilePath();
    const auto renamed = std::ranges::find_if(*revisions, [&](const Revision &revision) {
        return revision.file == request.file || revision.file == file;
    });
    if (renamed == revisions->cend())
        return failure(ErrorKind::UnknownRevision, u"%1 is no revision file here."_s.arg(request.file),
                       u"Name one of the files that share an identifier."_s);
    QStringList others;
    for (const Revision &revision : *revisions) {
        if (revision.id == renamed->id && revision.file != renamed->file)
            others += revision.file;
    }
    if (others.isEmpty())
        return failure(
            ErrorKind::Refused, u"No other file has the identifier %1."_s.arg(renamed->id.text()),
            u"An identifier that one file has stands in version tables and in other files: it stays."_s);
    const auto id = identifierFor(request.newId, *revisions);
    if (!id)
        return std::unexpected(id.error());

    RepairPlan plan{.kind = RepairKind::Rename, .revisions = {RevisionId(*id)}};
    plan.title = u"Give %1 the identifier %2"_s.arg(QFileInfo(renamed->file).fileName(), *id);
    const auto change = changedFile(*renamed, HeaderEdit{.revision = RevisionId(*id)});
    if (!change)
        return std::unexpected(change.error());
    if (*change)
        plan.changes += **change;
    plan.text += u"The revision of %1 is called %2 from then on."_s.arg(renamed->file, *id);
    plan.text += u"%1 stays with %2, and so does every file that names it."_s.arg(renamed->id.text(),
                                                                                  others.join(u", "_s));
    plan.text += u"The file keeps its name."_s;
    plan.warnings = warningsOf(history, renamed->id);
    if (!renamed->branchLabels.isEmpty())
        plan.warnings += u"Both files have the branch label %1: remove it from one of them by hand."_s.arg(
            renamed->branchLabels.join(u", "_s));
    if (const auto proved = proveAfter(history, plan); !proved)
        return std::unexpected(proved.error());
    return plan;
}

} // namespace stepwell
