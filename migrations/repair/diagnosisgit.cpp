// SPDX-License-Identifier: MIT
// What git adds to a diagnosis.
#include "migrations/alembic/revisionfile.h"
#include "migrations/repair/advice.h"
#include "migrations/repair/diagnosisparts.h"
#include "migrations/repair/rebasescope.h"
#include "migrations/repair/repairwords.h"

#include <QDir>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

bool isRestore(const RepairOffer &offer)
{
    return offer.action == RepairOffer::Repair && offer.request.kind == RepairKind::Restore;
}

QString foundText(const FileInGit &found)
{
    const FileVersion &version = found.version;
    constexpr qsizetype shownHash = 7;
    QString text = u"git has it: %1 wrote it on %2 (%3, \"%4\")"_s.arg(
        version.author, dayText(version.when),
        version.commit.first(std::min(shownHash, version.commit.size())), version.subject);
    if (found.branches.isEmpty())
        text += u", and no branch has it any more."_s;
    else
        text += u", and it is on %1."_s.arg(
            joinedWords(found.branches.first(std::min<qsizetype>(3, found.branches.size()))));
    return text;
}

class GitLook
{
public:
    GitLook(const History &history, const std::stop_token &stop)
        : m_history(history), m_folder(history.scripts.config.scriptLocation), m_stop(stop)
    {
    }

    void look(Trouble &trouble) const
    {
        switch (trouble.kind) {
        case TroubleKind::MissingParent:
            lookForFile(trouble);
            lookForFormerParents(trouble);
            break;
        case TroubleKind::MissingDependency:
        case TroubleKind::UnknownRow:
        case TroubleKind::RowsAhead:
            lookForFile(trouble);
            break;
        case TroubleKind::RevisionCycle:
            lookForFormerParents(trouble);
            break;
        case TroubleKind::DuplicateRevision:
            lookForUncommitted(trouble);
            break;
        case TroubleKind::SeveralHeads:
            lookForMerges(trouble);
            break;
        default:
            break;
        }
    }

private:
    void lookForFile(Trouble &trouble) const
    {
        const auto restore = std::ranges::find_if(trouble.offers, isRestore);
        if (restore == trouble.offers.end())
            return;
        const RevisionId id(restore->request.revision);
        const auto found = revisionFileInGit(m_folder, id, m_stop);
        if (!found || !*found) {
            restore->whyNot = found ? u"git has no file with it."_s : found.error().message;
            if (found)
                trouble.text += u" git has no file with it either."_s;
            // Of a lost row nothing is left but a stamp, and that nobody should be advised to.
            if (trouble.kind == TroubleKind::MissingParent || trouble.kind == TroubleKind::MissingDependency)
                adviseAnother(trouble.offers);
            else if (restore->isAdvised)
                restore->isAdvised = false;
            return;
        }
        const FileInGit &file = **found;
        const QString text = foundText(file);
        restore->why = text;
        trouble.text += QString(u' ' + text);
        const auto here = gitFacts(m_folder, {}, m_stop);
        if (here && *here && file.branches.contains((*here)->branch)) {
            trouble.text +=
                u" That is the branch that is checked out: its file was deleted or changed in this "
                "work tree."_s;
            adviseOnly(trouble.offers, isRestore);
        } else if (trouble.kind == TroubleKind::UnknownRow) {
            offerOtherFiles(trouble, file);
        }
        if (trouble.kind == TroubleKind::UnknownRow || trouble.kind == TroubleKind::RowsAhead)
            stampBelow(trouble, file);
    }

    static void adviseOnly(QList<RepairOffer> &offers, bool (*wanted)(const RepairOffer &))
    {
        for (RepairOffer &offer : offers)
            offer.isAdvised = wanted(offer);
        putAdvisedFirst(offers);
    }

    /// A row that a branch has: the code here is older.
    void offerOtherFiles(Trouble &trouble, const FileInGit &file) const
    {
        RepairOffer offer{.action = RepairOffer::OtherFiles, .target = trouble.targets.constFirst()};
        offer.ref = file.branches.isEmpty() ? file.version.commit : file.branches.constFirst();
        if (const RevisionIds heads = m_history.scripts.map.heads(); heads.size() == 1)
            offer.stampTo = toTexts(heads);
        offer.label = u"Look at %1 with the files of %2"_s.arg(offer.target.text(), offer.ref);
        offer.why = u"Those files have the revision, and can take it back."_s;
        if (!file.branches.isEmpty()) {
            trouble.kind = TroubleKind::RowsAhead;
            trouble.title = u"A database ahead of the code"_s;
            for (RepairOffer &other : trouble.offers)
                other.isAdvised = false;
            offer.isAdvised = true;
            trouble.offers.prepend(offer);
        } else {
            trouble.offers.insert(1, offer);
        }
    }

    /// The last resort stamps what the lost revision followed, not a guess.
    void stampBelow(Trouble &trouble, const FileInGit &file) const
    {
        const auto revision = parseRevision(file.content, file.path, ReadDepth::Header);
        const auto stamp = std::ranges::find(trouble.offers, RepairOffer::Stamp, &RepairOffer::action);
        if (!revision || stamp == trouble.offers.end() || revision->downRevisions.isEmpty())
            return;
        const RevisionMap &map = m_history.scripts.map;
        if (std::ranges::any_of(revision->downRevisions,
                                [&](const RevisionId &parent) { return map.indexOf(parent) < 0; }))
            return;
        stamp->stampTo = toTexts(revision->downRevisions);
        stamp->label = u"Write that %1 is at %2"_s.arg(stamp->target.text(), toText(revision->downRevisions));
        stamp->why =
            u"The last resort: it changes the version table and nothing else. What %1 made stays, and "
            "nothing takes it back."_s.arg(revision->id.text());
    }

    /// What the header said before somebody wrote another link into it.
    void lookForFormerParents(Trouble &trouble) const
    {
        constexpr qsizetype looked = 10;
        const RevisionMap &map = m_history.scripts.map;
        const bool isCircle = trouble.kind == TroubleKind::RevisionCycle;
        for (const RevisionId &id : trouble.revisions.first(std::min(looked, trouble.revisions.size()))) {
            const Revision *revision = map.find(id);
            if (!revision)
                continue;
            const auto former = formerParents(revision->file, m_stop);
            if (!former)
                return;
            for (const RevisionIds &parents : *former) {
                if (parents == revision->downRevisions ||
                    !fits(parents, isCircle ? trouble.revisions : RevisionIds()))
                    continue;
                RepairOffer offer = relinkOffer(m_history, *revision, parents);
                if (!offer.whyNot.isEmpty())
                    continue;
                offer.why = u"git knows that its parents were %1 before."_s.arg(toText(parents));
                advise(trouble, offer, isCircle);
                return;
            }
        }
    }

    [[nodiscard]] bool fits(const RevisionIds &parents, const RevisionIds &circle) const
    {
        return std::ranges::all_of(parents, [&](const RevisionId &parent) {
            return m_history.scripts.map.indexOf(parent) >= 0 && !circle.contains(parent);
        });
    }

    /// In place of the guess for the same revision. A file that git can bring back stays the better way.
    static void advise(Trouble &trouble, RepairOffer offer, bool first)
    {
        trouble.offers.removeIf([&](const RepairOffer &other) {
            return other.request.kind == RepairKind::Relink &&
                   other.request.revision == offer.request.revision;
        });
        const bool hasRestore = std::ranges::any_of(trouble.offers, [](const RepairOffer &other) {
            return isRestore(other) && other.whyNot.isEmpty();
        });
        offer.isAdvised = first || !hasRestore;
        if (offer.isAdvised) {
            for (RepairOffer &other : trouble.offers)
                other.isAdvised = false;
        }
        trouble.offers.append(offer);
        putAdvisedFirst(trouble.offers);
    }

    /// Of several files the one that is not committed is the copy.
    void lookForUncommitted(Trouble &trouble) const
    {
        const auto facts = gitFacts(m_folder, trouble.files, m_stop);
        if (!facts || !*facts)
            return;
        QStringList fresh;
        for (const QString &file : std::as_const(trouble.files)) {
            const QString name = QDir((*facts)->top).relativeFilePath(file);
            if ((*facts)->changed.contains(QString(u"not in git "_s + name)) ||
                (*facts)->changed.contains(QString(u"added "_s + name)))
                fresh += file;
        }
        if (fresh.isEmpty() || fresh.size() == trouble.files.size())
            return;
        for (RepairOffer &offer : trouble.offers)
            offer.isAdvised = false;
        const auto copy = std::ranges::find_if(
            trouble.offers, [&](const RepairOffer &offer) { return fresh.contains(offer.request.file); });
        if (copy == trouble.offers.end())
            return;
        copy->isAdvised = true;
        copy->why = u"It is not committed yet, so it is the copy. Links stay with the file that keeps the "
                    "identifier."_s;
        putAdvisedFirst(trouble.offers);
    }

    /// A side that another branch merges already keeps its place.
    void lookForMerges(Trouble &trouble) const
    {
        for (RepairOffer &offer : trouble.offers) {
            if (offer.request.kind != RepairKind::Rebase || !offer.whyNot.isEmpty())
                continue;
            const RevisionIds moved = movedRevisions(m_history.scripts.map, RevisionId(offer.request.moved),
                                                     RevisionId(offer.request.onto));
            const auto children = childrenElsewhere(foldersToAsk(m_history), moved, m_stop);
            if (!children)
                return;
            const auto merge = std::ranges::find_if(*children, [&](const RevisionElsewhere &child) {
                return std::ranges::any_of(child.downRevisions,
                                           [&](const RevisionId &parent) { return !moved.contains(parent); });
            });
            if (merge != children->cend())
                offer.whyNot = u"The branch %1 has a revision %2 that merges it already."_s.arg(
                    merge->branch, merge->id.text());
        }
        if (std::ranges::any_of(trouble.offers, &RepairOffer::isAdvised))
            adviseAnother(trouble.offers);
    }

    const History &m_history;
    QString m_folder;
    std::stop_token m_stop;
};

} // namespace

void lookInGit(QList<Trouble> &troubles, const History &history, const std::stop_token &stop)
{
    const GitLook look(history, stop);
    for (Trouble &trouble : troubles) {
        if (stop.stop_requested())
            return;
        look.look(trouble);
    }
}

} // namespace stepwell
