// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"
#include "migrations/alembic/revisionmap.h"
#include "migrations/repair/impliedschema.h"
#include "models/chip.h"

#include <QWidget>

class QBoxLayout;

namespace stepwell {

class MessageCard;
class RunCard;
class RunLabel;
class RunProse;

/// What a stamp does and what it does not, and how the schema compares with it. GUI thread.
class StampEffect : public QWidget
{
    Q_OBJECT

public:
    StampEffect(const RevisionMap &map, const RevisionIds &rows, QWidget *parent = nullptr);

    void setNote(const QString &note);
    void setRefusal(const Error &error);
    void setChanges(const QList<RowChange> &changes);

    void setComparing();
    void setComparison(const SchemaComparison &comparison);
    void setComparisonError(const Error &error);
    void clearComparison();

    /// The version rows after these changes, sorted.
    [[nodiscard]] static RevisionIds rowsAfter(const RevisionIds &rows, const QList<RowChange> &changes);

private:
    [[nodiscard]] QString listed(const QSet<RevisionId> &ids) const;
    void addDifference(const SchemaDifference &difference);
    void tellComparison(const Chip &chip, const QString &text);
    void clearDifferences();

    RevisionMap m_map;
    RevisionIds m_rows;
    RunLabel *m_note;
    MessageCard *m_refusal;
    RunCard *m_does;
    RunProse *m_changes;
    RunCard *m_doesNot;
    RunLabel *m_gainedTitle;
    RunProse *m_gained;
    RunLabel *m_lostTitle;
    RunProse *m_lost;
    RunLabel *m_unknown;
    RunCard *m_schema;
    RunLabel *m_schemaText;
    QBoxLayout *m_differences;
};

} // namespace stepwell
