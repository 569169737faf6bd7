// SPDX-License-Identifier: MIT
#include "views/planlimits.h"

#include "views/elidedlabel.h"
#include "views/runcard.h"
#include "views/runlabel.h"
#include "views/theme.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QSpinBox>
#include <QVBoxLayout>

#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using std::chrono::milliseconds;

/// A limit shorter than a second is shown as one second and kept as it is unless it is changed.
int wholeSeconds(milliseconds limit)
{
    return int((limit.count() + 999) / 1000);
}

milliseconds limitOf(const QSpinBox *box, milliseconds given)
{
    return box->value() == wholeSeconds(given) ? given : milliseconds(qint64(box->value()) * 1000);
}

} // namespace

PlanLimits::PlanLimits(const Environment &environment, const Component &component, QWidget *parent)
    : QWidget(parent)
    , m_environment(environment)
    , m_lock(new QSpinBox(this))
    , m_statement(new QSpinBox(this))
    , m_retries(new QSpinBox(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(makeLimits());
    layout->addWidget(makeAfterwards(component));
}

QWidget *PlanLimits::makeLimits()
{
    auto *card = new RunCard(tr("Limits while it runs"));
    m_lock->setObjectName(u"lockTimeout"_s);
    m_lock->setRange(1, 3600);
    m_lock->setSuffix(tr(" s"));
    m_lock->setValue(qMax(1, wholeSeconds(m_environment.lockTimeout)));
    m_lock->setToolTip(
        tr("lock_timeout: a statement that waits longer for a lock is given up, so that it does "
           "not hold up others."));
    m_statement->setObjectName(u"statementTimeout"_s);
    m_statement->setRange(0, 7 * 24 * 3600);
    m_statement->setSuffix(tr(" s"));
    m_statement->setSpecialValueText(tr("no limit"));
    m_statement->setValue(wholeSeconds(m_environment.statementTimeout));
    m_statement->setToolTip(tr("statement_timeout: a statement that runs longer is cancelled."));
    m_retries->setObjectName(u"lockRetries"_s);
    m_retries->setRange(0, 100);
    m_retries->setSuffix(tr(" ×"));
    m_retries->setSpecialValueText(tr("never"));
    m_retries->setValue(3);
    m_retries->setToolTip(
        tr("How often a revision that got no lock and left nothing behind is tried again."));

    const std::pair<QString, QSpinBox *> rows[] = {
        {tr("&Wait for a lock at most"), m_lock},
        {tr("A s&tatement at most"), m_statement},
        {tr("Try a loc&k again"), m_retries},
    };
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(3);
    int column = 0;
    for (const auto &[text, box] : rows) {
        auto *label = new RunLabel(text, RunLabel::Muted, card);
        label->setBuddy(box);
        box->setMinimumWidth(90);
        grid->addWidget(label, 0, column);
        grid->addWidget(box, 1, column, Qt::AlignLeft);
        ++column;
    }
    grid->setColumnStretch(column, 1);
    card->body()->addLayout(grid);
    return card;
}

QWidget *PlanLimits::makeAfterwards(const Component &component)
{
    auto *card = new RunCard(tr("Afterwards"));
    auto *readBack = new QCheckBox(tr("Read the revision back and compare (always)"), card);
    readBack->setChecked(true);
    readBack->setEnabled(false);
    card->body()->addWidget(readBack);
    if (component.restart.isEmpty())
        return card;
    m_restart = new QCheckBox(tr("&Restart:"), card);
    m_restart->setObjectName(u"restartBox"_s);
    m_restart->setChecked(true);
    auto *command = new ElidedLabel(card);
    command->setText(component.restart.join(u' '));
    command->setFont(theme::monospace());
    m_restart->setAccessibleDescription(component.restart.join(u' '));
    auto *row = new QHBoxLayout;
    row->addWidget(m_restart);
    row->addWidget(command, 1);
    card->body()->addLayout(row);
    return card;
}

void PlanLimits::fill(RunRequest &request) const
{
    request.lockTimeout = limitOf(m_lock, m_environment.lockTimeout);
    request.statementTimeout = limitOf(m_statement, m_environment.statementTimeout);
    request.lockRetries = m_retries->value();
    request.restartAfterwards = m_restart && m_restart->isChecked();
}

} // namespace stepwell
