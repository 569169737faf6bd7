// SPDX-License-Identifier: MIT
#include "views/signoffbar.h"

#include "models/reviewtext.h"
#include "views/chiplabel.h"
#include "views/elidedlabel.h"
#include "views/runbutton.h"

using namespace Qt::StringLiterals;

namespace stepwell {

SignOffBar::SignOffBar(QWidget *parent)
    : RunPane(Bar, parent)
    , m_chip(new ChipLabel(this))
    , m_text(new ElidedLabel(this))
    , m_changes(new RunButton(tr("Show What Changed"), this))
    , m_reject(new RunButton(tr("Reject…"), this))
    , m_approve(new RunButton(tr("Approve…"), this))
{
    setObjectName(u"signOffBar"_s);
    m_text->setObjectName(u"signOffText"_s);
    m_changes->setObjectName(u"changesButton"_s);
    m_reject->setObjectName(u"rejectButton"_s);
    m_approve->setObjectName(u"approveButton"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 5, 12, 5);
    row->setSpacing(8);
    row->addWidget(m_chip);
    row->addWidget(m_text, 1);
    row->addWidget(m_changes);
    row->addWidget(m_reject);
    row->addWidget(m_approve);
    connect(m_changes, &QPushButton::clicked, this, &SignOffBar::changesRequested);
    connect(m_reject, &QPushButton::clicked, this, &SignOffBar::rejectRequested);
    connect(m_approve, &QPushButton::clicked, this, &SignOffBar::approveRequested);
    refresh();
}

void SignOffBar::setSignOff(const SignOff &signOff)
{
    m_signOff = signOff;
    refresh();
}

void SignOffBar::setPendingComments(int count)
{
    m_pending = count;
    refresh();
}

void SignOffBar::refresh()
{
    static constexpr auto word = [](const SignOff &signOff) {
        switch (signOff.state) {
        case SignOff::Approved:
            return Chip{tr("approved"), Tone::Good};
        case SignOff::Rejected:
            return Chip{tr("rejected"), Tone::Bad};
        default:
            return ReviewText::signOff(signOff);
        }
    };
    m_chip->setChip(word(m_signOff));
    QString text = ReviewText::signOffSentence(m_signOff);
    if (m_pending > 0)
        text += m_pending == 1 ? tr(" One comment of yours is not given yet.")
                               : tr(" %1 comments of yours are not given yet.").arg(m_pending);
    m_text->setText(text);
    m_changes->setVisible(m_signOff.state == SignOff::Stale);
}

} // namespace stepwell
