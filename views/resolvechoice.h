// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/diagnosis.h"

#include <QWidget>

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QLineEdit;
class QRadioButton;

namespace stepwell {

class RunLabel;

/// The ways out of several heads: one on top of another, or a merge; with what each of them wants to know.
/// What is advised is chosen at first, what is impossible says why. GUI thread.
class ResolveChoice : public QWidget
{
    Q_OBJECT

public:
    ResolveChoice(const History &history, const Trouble &trouble, QWidget *parent = nullptr);

    /// Chooses that way, if it is possible.
    void choose(const RepairRequest &request);
    [[nodiscard]] RepairRequest request() const;
    /// Why what is chosen cannot be done; empty: it can be asked for.
    [[nodiscard]] QString whyNot() const;

Q_SIGNALS:
    /// `typed`: more of it may follow.
    void changed(bool typed);

private:
    /// A radio button with what is said about it.
    struct Way {
        QRadioButton *button = nullptr;
        RunLabel *reason = nullptr;
        int moved = -1; ///< sides; both are -1 for a merge and for the way with the boxes
        int onto = -1;
    };

    Way addWay(QBoxLayout *column, const QString &name, const QString &text, const QString &whole,
               const RepairOffer *offer);
    void addRebases(QBoxLayout *column);
    void addHeadBoxes(QBoxLayout *column);
    void addMerge(QBoxLayout *column);
    void addUnread(QBoxLayout *column, const History &history);
    void chooseFirst();
    void refresh(bool typed);
    [[nodiscard]] const RepairOffer *offerFor(RepairKind kind, int moved = -1, int onto = -1) const;
    [[nodiscard]] QString reasonAgainst(const RepairOffer *offer, int moved) const;
    [[nodiscard]] int moved() const;
    [[nodiscard]] int onto() const;
    [[nodiscard]] bool isMerge() const;
    void tell(const Way &way, const RepairOffer *offer, int moved);

    Trouble m_trouble;
    QList<HeadSide> m_sides;
    QList<Way> m_rebases; ///< one with boxes if there are more than two heads
    Way m_merge;
    QComboBox *m_moved = nullptr;
    QComboBox *m_onto = nullptr;
    QLineEdit *m_message = nullptr;
    QLineEdit *m_labels = nullptr;
    QList<QCheckBox *> m_vouched;
    QCheckBox *m_redate = nullptr;
    bool m_isReady = false;
};

} // namespace stepwell
