// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QFrame>

namespace stepwell {

class RunButton;
class RunLabel;
class RunProse;

/// The statement that runs waits for a lock: for which, who holds it up, and what can be done about them.
class RunLockCard : public QFrame
{
    Q_OBJECT

public:
    explicit RunLockCard(QWidget *parent = nullptr);

    /// Told again and again while it waits; buttons stay as long as the blockers are the same.
    void setWait(const LockWait &wait);
    /// False once the run is being cancelled: there is nothing to retry then.
    void setGiveUpOffered(bool offered);
    /// The lock is had, or the wait is given up.
    void clear();

Q_SIGNALS:
    void giveUpRequested();
    /// Asked and confirmed.
    void signalRequested(int pid, stepwell::BlockerSignal signal);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void showButtons();
    void ask(const Blocker &blocker, BlockerSignal signal);
    void applyColours();

    LockWait m_wait;
    QString m_shown; ///< blockers that the buttons are for
    RunLabel *m_title;
    RunProse *m_text;
    QWidget *m_buttons;
    RunButton *m_giveUp;
};

} // namespace stepwell
