// SPDX-License-Identifier: MIT
#include "views/planpolicy.h"

#include "views/planwarning.h"
#include "views/runlabel.h"

#include <QButtonGroup>
#include <QRadioButton>
#include <QVBoxLayout>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int namedRevisions = 3; // of more the tooltip tells

} // namespace

PlanPolicy::PlanPolicy(TransactionPolicy policy, const RevisionIds &autocommitting, QWidget *parent)
    : QWidget(parent)
    , m_autocommitting(autocommitting)
    , m_choices(new QButtonGroup(this))
    , m_autocommit(new PlanWarning(u"autocommitNote"_s, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto *title = new RunLabel(tr("What is committed at once"), RunLabel::Muted, this);
    column->addWidget(title);
    const std::pair<TransactionPolicy, QString> choices[] = {
        {TransactionPolicy::Revision, tr("&Each revision by itself. If one fails, those before it stay.")},
        {TransactionPolicy::Project, tr("As env.py sa&ys: by Alembic's default all of this run at once.")},
        {TransactionPolicy::All,
         tr("A&ll or nothing: one failure takes everything back; locks are held to the end.")},
    };
    for (const auto &[choice, text] : choices) {
        auto *button = new QRadioButton(text, this);
        button->setObjectName(QString(u"transactions-"_s + transactionPolicyName(choice)));
        button->setChecked(choice == policy);
        m_choices->addButton(button, int(choice));
        column->addWidget(button);
    }
    m_autocommit->setVisible(!autocommitting.isEmpty());
    column->addWidget(m_autocommit);
    connect(m_choices, &QButtonGroup::idToggled, this, &PlanPolicy::refresh);
    refresh();
}

TransactionPolicy PlanPolicy::policy() const
{
    return TransactionPolicy(m_choices->checkedId());
}

void PlanPolicy::refresh()
{
    if (m_autocommitting.isEmpty())
        return;
    const qsizetype more = m_autocommitting.size() - namedRevisions;
    QString names = toText(m_autocommitting.first(qMin<qsizetype>(namedRevisions, m_autocommitting.size())));
    if (more > 0)
        names = tr("%1 and %2 more").arg(names).arg(more);
    QString text;
    switch (policy()) {
    case TransactionPolicy::Revision:
        text = tr("An autocommit block in %1 commits what that revision did before it: if the revision fails "
                  "later, this stays.");
        break;
    case TransactionPolicy::Project:
        text = tr("An autocommit block in %1 commits what this run did before it: that stays, whatever "
                  "fails later.");
        break;
    case TransactionPolicy::All:
        text = tr("Not quite: an autocommit block in %1 commits what this run did before it. Only what comes "
                  "after it is taken back.");
        break;
    }
    m_autocommit->setText(text.arg(names));
    m_autocommit->setToolTip(toText(m_autocommitting));
}

} // namespace stepwell
