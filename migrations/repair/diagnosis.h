// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/gitorigins.h"
#include "migrations/repair/repairplan.h"

namespace stepwell {

enum class TroubleKind {
    UnfinishedChange,  ///< files of a repair that something cut off
    BrokenFile,        ///< cannot be read as a revision
    DuplicateRevision, ///< several files, one identifier
    MissingParent,
    MissingDependency,
    RevisionCycle,
    BadLabel,        ///< labels used twice, identifiers that Alembic forbids
    UnreachableHead, ///< Alembic fails on the way there from an empty database
    SeveralHeads,
    UnknownRow,      ///< a version row that no file has
    RowsAhead,       ///< a version row that another checkout or branch has: the code is older
    OverlappingRows, ///< rows that are ancestors of each other, or there twice
};
[[nodiscard]] QString troubleName(TroubleKind kind); ///< "several-heads" …, as in JSON

/// The revisions that only one head has, since it parted from the others.
struct HeadSide {
    RevisionId head;
    RevisionIds revisions; ///< the oldest first; ends with the head
    QStringList labels;    ///< branch labels that only this side has
    QStringList appliedIn; ///< targets where one of them is applied: "production/manager"
    QStringList unknownIn; ///< targets that are not read
    RevisionIds mergedBy;  ///< revisions of other sides that follow one of these or depend on it

    bool operator==(const HeadSide &) const = default;
};

/// Heads with the place where they parted.
struct Divergence {
    RevisionId partedAt; ///< the newest that all have in common; null if there is none
    QList<HeadSide> sides;

    bool operator==(const Divergence &) const = default;
};
/// Nothing if there is one head or none.
[[nodiscard]] std::optional<Divergence> divergenceOf(const History &history);

/// A way out that can be chosen.
struct RepairOffer {
    enum Action {
        Repair,       ///< `request`, by planRepair()
        Stamp,        ///< `stampTo` in `target`, with `purge`
        OtherFiles,   ///< look at `target` with the files of `ref` (a branch or commit), or of another
                      ///< checkout's ini `config`, and roll back with them
        FinishChange, ///< of UnfinishedChange
        UndoChange,
        OpenFile, ///< `request.file`: only a person can mend it
    };
    Action action = Repair;
    QString label;          ///< of a button: "Put 1a2b on top of 3c4d"
    QString why;            ///< one sentence: what speaks for it
    QString whyNot;         ///< why it cannot be done; empty: it can
    bool isAdvised = false; ///< the one that fits best; one of a trouble's offers at most
    RepairRequest request;
    TargetId target;
    QStringList stampTo;
    bool purge = false;
    QString ref;
    QString config;
};

/// One thing that is wrong, in plain words.
struct Trouble {
    TroubleKind kind = TroubleKind::BrokenFile;
    QString title;         ///< "Two heads"
    QString text;          ///< what that means, who and where
    QString detail;        ///< raw text; may be empty
    RevisionIds revisions; ///< to be marked in the graph
    QStringList files;
    QList<TargetId> targets; ///< databases that it is about; empty: the files alone
    std::optional<Divergence> divergence;
    QList<RepairOffer> offers; ///< the advised one first
};

/// Everything that is wrong with files and rows, the gravest first; empty: all is well. Milliseconds, no git,
/// no Python, no database. `origins`: what git knows, for names and dates in the texts and for the choice
/// between equals; may be empty.
[[nodiscard]] QList<Trouble> diagnoseHistory(const History &history, const RevisionOrigins &origins = {});

/// Adds what git knows of identifiers that no file has (missing parents, unknown rows): texts and offers.
/// Seconds.
void lookInGit(QList<Trouble> &troubles, const History &history, const std::stop_token &stop = {});

} // namespace stepwell
