// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/diagnosis.h"
#include "migrations/repair/impliedschema.h"
#include "migrations/repair/repairrecord.h"
#include "models/historygraphmodel.h"

#include <QCoreApplication>

namespace stepwell {

/// The words in which troubles and repairs of revision histories are told to people. Any thread.
class RepairText
{
    Q_DECLARE_TR_FUNCTIONS(stepwell::RepairText)

public:
    /// How grave a trouble is.
    [[nodiscard]] static Tone tone(TroubleKind kind);
    /// The same in a word or two: "blocks Alembic", "look at it".
    [[nodiscard]] static Chip gravity(TroubleKind kind);

    /// "3 revisions since they parted".
    [[nodiscard]] static QString sideSize(const HeadSide &side);
    /// "Ada Lovelace, 18 Nov 2026", "not committed yet", or nothing if git does not know.
    [[nodiscard]] static QString origin(const RevisionId &id, const RevisionOrigins &origins);
    /// "feature/x, origin/main and 3 more"; empty if there are none.
    [[nodiscard]] static QString branches(const QStringList &branches, int named = 3);
    /// "Put 1a2b on top of 3c4d".
    [[nodiscard]] static QString putOnTop(const RevisionId &moved, const RevisionId &onto, int letters = 24);
    /// An identifier of at most so many letters, with its end if it is longer.
    [[nodiscard]] static QString brief(const QString &id, int letters = 24);

    /// What the button does that writes a plan: "Rewrite 2 files", "Begin with 2 databases…".
    [[nodiscard]] static QString applyButton(const RepairPlan &plan);
    /// "Write the merge revision", for the window's title before there is a plan.
    [[nodiscard]] static QString title(const RepairRequest &request);
    /// "changed", "new", "removed".
    [[nodiscard]] static Chip changeChip(const FileChange &change);
    /// All stages of a plan with detours, none of them done.
    [[nodiscard]] static QList<RepairStage> stages(const RepairPlan &plan);
    /// The button of a stage: "Show the rollback…".
    [[nodiscard]] static QString stageButton(RepairStage::Kind kind);

    /// The rows that stand out in the graph before and after.
    [[nodiscard]] static RevisionMarks marksBefore(const RevisionMap &before, const RepairPlan &plan);
    [[nodiscard]] static RevisionMarks marksAfter(const RevisionMap &before, const RepairPlan &plan);

    /// "a is replaced by b", "row b is added", "row a is deleted".
    [[nodiscard]] static QString rowChange(const RowChange &change);
    /// "missing", "extra", "different".
    [[nodiscard]] static Chip differenceChip(SchemaDifference::Kind kind);
};

} // namespace stepwell
