// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"
#include "views/runpane.h"

namespace stepwell {

class ChipLabel;
class ElidedLabel;
class RunButton;

/// Who has approved the shown revision, and the buttons to say so.
class SignOffBar : public RunPane
{
    Q_OBJECT

public:
    explicit SignOffBar(QWidget *parent = nullptr);

    void setSignOff(const SignOff &signOff);
    /// Comments of the review that is being written.
    void setPendingComments(int count);

Q_SIGNALS:
    void approveRequested();
    void rejectRequested();
    void changesRequested();

private:
    void refresh();

    SignOff m_signOff;
    int m_pending = 0;
    ChipLabel *m_chip;
    ElidedLabel *m_text;
    RunButton *m_changes;
    RunButton *m_reject;
    RunButton *m_approve;
};

} // namespace stepwell
