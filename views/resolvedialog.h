// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/diagnosis.h"
#include "views/stagelist.h"

#include <QDialog>

class QBoxLayout;
class QTimer;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class Banner;
class MessageCard;
class RepairPreview;
class ResolveChoice;
class RunButton;
class RunLabel;

/// Several heads: shows who brought which and where they are applied, offers the ways out, and shows what
/// each would do before anything is written. Or, for a repair that is chosen already, the preview alone.
/// Passive: asks for plans and gets them handed in. Cancel is the default button. GUI thread.
class ResolveDialog : public QDialog
{
    Q_OBJECT

public:
    /// `trouble`: one with a divergence. `repository` is the program's one; it must outlive the dialog.
    ResolveDialog(KSyntaxHighlighting::Repository &repository, const History &history, const Trouble &trouble,
                  const RevisionOrigins &origins, QWidget *parent = nullptr);
    /// Nothing is chosen here: what `request` would do, to be applied or not.
    ResolveDialog(KSyntaxHighlighting::Repository &repository, const History &history,
                  const RepairRequest &request, QWidget *parent = nullptr);
    ~ResolveDialog() override;

    /// Git takes its seconds: what it knows may come late.
    void setOrigins(const RevisionOrigins &origins);
    /// Chooses one of the ways, if it is possible.
    void choose(const RepairRequest &request);
    [[nodiscard]] RepairRequest request() const;

    void setPlanning();
    /// The answer to the last planNeeded(); while another is about to come it is not shown. `folder`: what
    /// paths of files are told from.
    void setPlan(const RepairPlan &plan, const QString &folder);
    void setRefusal(const Error &error);
    /// It is being written: nothing else can be done meanwhile.
    void setApplying();
    /// `text`: what is to be done now; may be empty.
    void setDone(const QString &text = {});
    void setFailed(const Error &error);

public Q_SLOTS:
    void reject() override;

Q_SIGNALS:
    /// First when the dialog shows, then whenever another way is chosen. A plan that is still being thought
    /// through for an earlier one is not wanted any more.
    void planNeeded(const stepwell::RepairRequest &request);
    void applyRequested(const stepwell::RepairPlan &plan);

protected:
    void showEvent(QShowEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    enum class State { Asking, Planned, Refused, Applying, Done };

    ResolveDialog(KSyntaxHighlighting::Repository &repository, const History &history, QWidget *parent);
    [[nodiscard]] QWidget *makeLeft();
    [[nodiscard]] QWidget *makeRight();
    [[nodiscard]] QWidget *makeBottom();
    void build();
    void tellSides();
    void ask();
    void askSoon(bool typed);
    void refresh();

    History m_history;
    Trouble m_trouble;
    RevisionOrigins m_origins;
    RepairRequest m_request;
    std::optional<RepairPlan> m_plan;
    State m_state = State::Asking;
    bool m_hasAsked = false;
    EnvironmentColours m_colours;
    QTimer *m_typing;
    Banner *m_banner;
    QWidget *m_left = nullptr;
    QBoxLayout *m_sides = nullptr;
    ResolveChoice *m_choice = nullptr; ///< null: nothing to choose
    MessageCard *m_outcome;
    RepairPreview *m_preview;
    RunLabel *m_reason = nullptr;
    RunButton *m_cancel = nullptr;
    RunButton *m_apply = nullptr;
};

} // namespace stepwell
