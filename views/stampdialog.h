// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/plan.h"
#include "migrations/alembic/revisionmap.h"
#include "migrations/repair/impliedschema.h"
#include "migrations/workspace/workspace.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;
class QRadioButton;

namespace stepwell {

class ConfirmNameEdit;
class RepairGraph;
class RunButton;
class RunLabel;
class StampEffect;

/// Sets the version rows of a database without running anything: shows what that does and what it does not
/// before it is done. Passive: what the choice means is asked for and handed in. Cancel is the default
/// button; a protected environment asks for its name. GUI thread.
class StampDialog : public QDialog
{
    Q_OBJECT

public:
    /// `map`: of the files that count for the target. `rows`: its version rows now.
    StampDialog(const Target &target, const RevisionMap &map, const RevisionIds &rows,
                QWidget *parent = nullptr);

    /// `revisions`: identifiers, or "base"; what the files have not is left out.
    void choose(const QStringList &revisions, bool purge);
    /// Identifiers, or "base" alone; empty: nothing is chosen.
    [[nodiscard]] QStringList revisions() const;
    [[nodiscard]] bool purge() const;

    /// The answer to changesNeeded(): what planStamp() says.
    void setChanges(const QList<RowChange> &changes);
    void setRefusal(const Error &error);
    /// How the database compares with what is chosen; may come late or not at all.
    void setComparing();
    void setComparison(const SchemaComparison &comparison);
    void setComparisonError(const Error &error);

Q_SIGNALS:
    /// First when the dialog shows, then whenever the choice changes; answers to an earlier one are not
    /// wanted any more.
    void changesNeeded(const QStringList &revisions, bool purge);
    /// The dialog closes with it, accepted.
    void confirmed(const QStringList &revisions, bool purge);

protected:
    void showEvent(QShowEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QWidget *makeLeft(const RevisionMap &map, const RevisionIds &rows);
    [[nodiscard]] QWidget *makeBottom();
    void changeChoice();
    void refresh();

    Target m_target;
    bool m_hasAsked = false;
    bool m_isAnswered = false;
    bool m_isRefused = false;
    QList<RowChange> m_changes;
    QRadioButton *m_some = nullptr;
    QRadioButton *m_base = nullptr;
    QLineEdit *m_filter = nullptr;
    RepairGraph *m_list = nullptr;
    QCheckBox *m_purge = nullptr;
    StampEffect *m_effect;
    ConfirmNameEdit *m_confirm = nullptr;
    RunLabel *m_reason = nullptr;
    RunButton *m_cancel = nullptr;
    RunButton *m_action = nullptr;
};

} // namespace stepwell
