// SPDX-License-Identifier: MIT
#include "migrations/repair/advice.h"
#include "migrations/repair/diagnosisparts.h"
#include "migrations/repair/repairwords.h"
#include "migrations/repair/revisionfiles.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString atWork(const UnfinishedChange &change)
{
    return change.isAtWork ? u"Another process is doing it right now."_s : QString();
}

/// A change is finished if something of it is there, and undone if nothing is.
Trouble unfinishedTrouble(const UnfinishedChange &change)
{
    const FilesState state = stateOf(change.changes);
    Trouble trouble{.kind = TroubleKind::UnfinishedChange,
                    .title = u"A change of files was cut off"_s,
                    .text = u"\"%1\" was begun on %2 and not finished. Other repairs have to wait."_s.arg(
                        change.what, dayText(change.begun))};
    QString whyNot = atWork(change);
    if (state == FilesState::Changed && whyNot.isEmpty()) {
        whyNot = u"Somebody wrote one of the files since."_s;
        trouble.text +=
            u" One of the files was written by somebody else since: compare them by hand, then remove "
            "the record %1."_s.arg(change.record);
    }
    for (const FileChange &file : change.changes)
        trouble.files += file.file;
    RepairOffer finish{.action = RepairOffer::FinishChange,
                       .label = u"Finish it"_s,
                       .why = u"All files become as they were meant to be."_s,
                       .whyNot = whyNot,
                       .isAdvised = state != FilesState::Before};
    RepairOffer undo{.action = RepairOffer::UndoChange,
                     .label = u"Undo it"_s,
                     .why = u"All files become as they were before."_s,
                     .whyNot = whyNot,
                     .isAdvised = state == FilesState::Before};
    trouble.offers = {finish, undo};
    if (!whyNot.isEmpty())
        trouble.offers[0].isAdvised = trouble.offers[1].isAdvised = false;
    putAdvisedFirst(trouble.offers);
    return trouble;
}

/// Where a merge of git left its marks; 0: nowhere.
int conflictLine(const QString &file)
{
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        return 0;
    for (int line = 1; !source.atEnd(); ++line) {
        if (source.readLine().startsWith("<<<<<<< "))
            return line;
    }
    return 0;
}

Trouble brokenTrouble(const ScriptProblem &problem)
{
    Trouble trouble{.kind = TroubleKind::BrokenFile,
                    .title = u"A file that is no revision"_s,
                    .text = QString(problem.error.message + u' ' + problem.error.hint).trimmed(),
                    .detail = problem.error.detail,
                    .files = problem.files};
    for (const QString &file : problem.files) {
        trouble.offers += openFileOffer(file);
        if (const int line = conflictLine(file); line > 0) {
            trouble.title = u"A file with the marks of a git conflict"_s;
            trouble.text =
                u"Line %1 of %2 begins with <<<<<<<: a merge of git is not settled there. Settle it, then "
                "look again."_s.arg(line)
                    .arg(QFileInfo(file).fileName());
        }
    }
    if (!trouble.offers.isEmpty())
        trouble.offers.first().isAdvised = true;
    return trouble;
}

Trouble labelTrouble(const ScriptProblem &problem)
{
    Trouble trouble = brokenTrouble(problem);
    trouble.kind = TroubleKind::BadLabel;
    trouble.title = problem.error.kind == ErrorKind::DuplicateLabel ? u"A branch label in two places"_s
                                                                    : u"An identifier that Alembic forbids"_s;
    trouble.revisions = problem.revisions;
    return trouble;
}

/// The one that is likelier a copy of the other: written later, named unlike its identifier.
bool isLikelierCopy(const Revision &left, const Revision &right)
{
    if (left.created.isValid() && right.created.isValid() && left.created != right.created)
        return left.created > right.created;
    const QFileInfo leftFile(left.file);
    const QFileInfo rightFile(right.file);
    const bool leftNamed = leftFile.fileName().startsWith(left.id.text());
    const bool rightNamed = rightFile.fileName().startsWith(right.id.text());
    if (leftNamed != rightNamed)
        return rightNamed;
    return leftFile.lastModified() > rightFile.lastModified();
}

Trouble duplicateTrouble(const History &history, const ScriptProblem &problem, const QList<Revision> &all)
{
    Trouble trouble{.kind = TroubleKind::DuplicateRevision,
                    .title = u"One identifier in %1 files"_s.arg(numberWord(problem.files.size())),
                    .text = u"%1 Alembic takes the last file it reads and mixes up what follows."_s.arg(
                        problem.error.message),
                    .revisions = problem.revisions,
                    .files = problem.files,
                    .targets = targetsWith(history, problem.revisions)};
    QList<Revision> copies = all;
    copies.removeIf([&](const Revision &revision) { return !problem.files.contains(revision.file); });
    std::ranges::reverse(copies);
    std::ranges::stable_sort(copies, isLikelierCopy);
    for (const Revision &copy : std::as_const(copies)) {
        RepairOffer offer;
        offer.label = u"Give %1 an identifier of its own"_s.arg(QFileInfo(copy.file).fileName());
        offer.why =
            u"Links to %1 stay with the other file, which keeps the identifier."_s.arg(copy.id.text());
        if (trouble.offers.isEmpty())
            offer.why += u" This one looks like the copy."_s;
        offer.isAdvised = trouble.offers.isEmpty();
        offer.request = {.kind = RepairKind::Rename, .file = copy.file};
        trouble.offers += offer;
    }
    return trouble;
}

} // namespace

QList<Trouble> unfinishedTroubles(const History &history)
{
    const auto change = findUnfinishedChange(history.scripts.config.scriptLocation);
    if (change && *change)
        return {unfinishedTrouble(**change)};
    if (change)
        return {};
    return {Trouble{.kind = TroubleKind::UnfinishedChange,
                    .title = u"A change of files was cut off"_s,
                    .text = QString(change.error().message + u' ' + change.error().hint).trimmed(),
                    .detail = change.error().detail}};
}

QList<Trouble> fileTroubles(const DiagnosisInput &input)
{
    QList<Trouble> troubles;
    QList<Revision> all;
    for (const ScriptProblem &problem : input.history.scripts.problems) {
        switch (problem.error.kind) {
        case ErrorKind::DuplicateRevision:
            if (all.isEmpty()) {
                QList<ScriptProblem> broken;
                all = revisionsAfter(input.history, {}, broken).value_or(QList<Revision>());
            }
            troubles += duplicateTrouble(input.history, problem, all);
            break;
        case ErrorKind::DuplicateLabel:
        case ErrorKind::InvalidIdentifier:
            troubles += labelTrouble(problem);
            break;
        case ErrorKind::MissingParent:
        case ErrorKind::MissingDependency:
        case ErrorKind::RevisionCycle:
            break; // told by their links
        default:
            troubles += brokenTrouble(problem);
        }
    }
    return troubles;
}

} // namespace stepwell
