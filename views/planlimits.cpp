// SPDX-License-Identifier: MIT
#include "views/planlimits.h"

#include "views/elidedlabel.h"
#include "views/planpolicy.h"
#include "views/runcard.h"
#include "views/runlabel.h"
#include "views/theme.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QGridLayout>
#include <QSpinBox>
#include <QVBoxLayout>

#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

using std::chrono::milliseconds;

constexpr int boxWidth = 90;
constexpr int gap = 18;
constexpr int cardMargins = 2 * 14;

/// A limit shorter than a second is shown as one second and kept as it is unless it is changed.
int wholeSeconds(milliseconds limit)
{
    return int((limit.count() + 999) / 1000);
}

milliseconds limitOf(const QSpinBox *box, milliseconds given)
{
    return box->value() == wholeSeconds(given) ? given : milliseconds(qint64(box->value()) * 1000);
}

void setUpSeconds(QSpinBox *box, milliseconds limit)
{
    box->setRange(0, 7 * 24 * 3600);
    box->setSuffix(PlanLimits::tr(" s"));
    box->setSpecialValueText(PlanLimits::tr("no limit"));
    box->setValue(wholeSeconds(limit));
}

} // namespace

PlanLimits::PlanLimits(const Target &target, const RevisionIds &autocommitting, QWidget *parent)
    : QWidget(parent)
    , m_environment(target.environment)
    , m_lock(new QSpinBox(this))
    , m_statement(new QSpinBox(this))
    , m_concurrent(new QSpinBox(this))
    , m_retries(new QSpinBox(this))
    , m_boxes(new QWidget(this))
    , m_grid(new QGridLayout(m_boxes))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(makeLimits(autocommitting));
    layout->addWidget(makeAfterwards(target.component));
}

void PlanLimits::fillBoxes()
{
    m_lock->setObjectName(u"lockTimeout"_s);
    m_lock->setRange(1, 3600);
    m_lock->setSuffix(tr(" s"));
    m_lock->setValue(qMax(1, wholeSeconds(m_environment.lockTimeout)));
    m_lock->setToolTip(
        tr("lock_timeout: a statement that waits longer for a lock is given up, so that it does "
           "not hold up others."));
    m_statement->setObjectName(u"statementTimeout"_s);
    setUpSeconds(m_statement, m_environment.statementTimeout);
    m_statement->setToolTip(tr("statement_timeout: a statement that runs longer is cancelled."));
    m_concurrent->setObjectName(u"concurrentTimeout"_s);
    setUpSeconds(m_concurrent, m_environment.concurrentTimeout);
    m_concurrent->setToolTip(tr(
        "Instead of both for indexes that are built or dropped concurrently: they wait for old "
        "transactions and keep nobody waiting meanwhile. A build that is cut off leaves an invalid index."));
    m_retries->setObjectName(u"lockRetries"_s);
    m_retries->setRange(0, 100);
    m_retries->setSuffix(tr(" ×"));
    m_retries->setSpecialValueText(tr("never"));
    m_retries->setValue(m_environment.lockRetries);
    m_retries->setToolTip(
        tr("How often a revision that got no lock and left nothing behind is tried again."));
}

QWidget *PlanLimits::makeLimits(const RevisionIds &autocommitting)
{
    auto *card = new RunCard(tr("Limits while it runs"));
    fillBoxes();
    int widest = boxWidth;
    const std::pair<QString, QSpinBox *> rows[] = {
        {tr("&Wait for a lock at most"), m_lock},
        {tr("A s&tatement at most"), m_statement},
        {tr("A concurrent &index at most"), m_concurrent},
        {tr("Try a loc&k again"), m_retries},
    };
    for (const auto &[text, box] : rows) {
        auto *label = new RunLabel(text, RunLabel::Muted, card);
        label->setBuddy(box);
        box->setMinimumWidth(boxWidth);
        m_limits += Limit{label, box};
        widest = qMax(widest, label->sizeHint().width());
    }
    // The layout itself would not let them become narrower than they stand now.
    m_boxes->setMinimumWidth(2 * widest + gap);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(gap);
    m_grid->setVerticalSpacing(3);
    card->body()->addWidget(m_boxes);
    placeBoxes(int(m_limits.size()));
    m_policy = new PlanPolicy(m_environment.transactions, autocommitting, card);
    card->body()->addSpacing(4);
    card->body()->addWidget(m_policy);
    return card;
}

/// Each label above its box; in a narrow window in two rows.
void PlanLimits::placeBoxes(int columns)
{
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (qsizetype i = 0; i < m_limits.size(); ++i) {
        const int row = 2 * int(i / columns);
        const int column = int(i % columns);
        m_grid->removeWidget(m_limits.at(i).label);
        m_grid->removeWidget(m_limits.at(i).box);
        m_grid->addWidget(m_limits.at(i).label, row, column);
        m_grid->addWidget(m_limits.at(i).box, row + 1, column, Qt::AlignLeft);
    }
    for (int column = 0; column <= m_limits.size(); ++column)
        m_grid->setColumnStretch(column, column == columns ? 1 : 0);
}

void PlanLimits::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    int needed = cardMargins;
    for (const Limit &limit : std::as_const(m_limits))
        needed += gap + qMax(limit.label->sizeHint().width(), limit.box->sizeHint().width());
    placeBoxes(width() >= needed ? int(m_limits.size()) : 2);
}

QWidget *PlanLimits::makeAfterwards(const Component &component)
{
    auto *card = new RunCard(tr("Afterwards"));
    auto *readBack = new QCheckBox(tr("Read the revision back and compare (always)"), card);
    readBack->setObjectName(u"readBackBox"_s);
    readBack->setChecked(true);
    readBack->setEnabled(false);
    card->body()->addWidget(readBack);
    const auto add = [card](const QString &name, const QString &text, const QString &what, const QString &tip,
                            const QString &after) {
        auto *box = new QCheckBox(text, card);
        box->setObjectName(name);
        box->setChecked(true);
        box->setAccessibleDescription(QString(tip + after));
        auto *row = new QHBoxLayout;
        row->setSpacing(5);
        row->addWidget(box);
        auto *words = new ElidedLabel(card);
        words->setFont(theme::monospace());
        words->setText(what);
        words->setTip(tip);
        row->addWidget(words, after.isEmpty() ? 1 : 0);
        if (!after.isEmpty())
            row->addWidget(new RunLabel(after, RunLabel::Plain, card), 1);
        card->body()->addLayout(row);
        return box;
    };
    if (const QString command = component.restart.join(u' '); !command.isEmpty())
        m_restart = add(u"restartBox"_s, tr("&Restart:"), command, command, {});
    QStringList names;
    for (const QString &log : component.logs)
        names += QFileInfo(log).fileName();
    if (!names.isEmpty())
        m_watch = add(u"watchLogsBox"_s, tr("Watch lo&gs:"), names.join(u", "_s), component.logs.join(u'\n'),
                      tr("for errors, %1 s").arg(component.logWatch.count()));
    return card;
}

void PlanLimits::fill(RunRequest &request) const
{
    request.lockTimeout = limitOf(m_lock, m_environment.lockTimeout);
    request.statementTimeout = limitOf(m_statement, m_environment.statementTimeout);
    request.concurrentTimeout = limitOf(m_concurrent, m_environment.concurrentTimeout);
    request.lockRetries = m_retries->value();
    request.transactions = m_policy->policy();
    request.restartAfterwards = m_restart && m_restart->isChecked();
    request.watchLogsAfterwards = m_watch && m_watch->isChecked();
}

} // namespace stepwell
