// SPDX-License-Identifier: MIT
#include "views/planchecksview.h"

#include "models/checksmodel.h"
#include "views/plancheckrow.h"
#include "views/planlink.h"
#include "views/runlabel.h"

#include <QVBoxLayout>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int foldedFrom = 5; // that passed: fewer are no trouble to read
constexpr int markWidth = 25;

/// The titles stand in one column.
int titleWidth(int width)
{
    return qBound(90, (width - markWidth) * 36 / 100, 190);
}

} // namespace

PlanChecksView::PlanChecksView(KSyntaxHighlighting::Repository &repository, const ChecksModel *model,
                               QWidget *parent)
    : QWidget(parent)
    , m_repository(repository)
    , m_model(model)
    , m_column(new QVBoxLayout(this))
    , m_folded(new PlanCheckRow(repository, CheckState::Passed, {}, this))
    , m_running(new PlanCheckRow(repository, std::nullopt, tr("Checking…"), this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addWidget(makeHead());
    m_column->addSpacing(4);
    m_column->addWidget(m_running);
    m_column->addWidget(m_folded);
    m_running->setObjectName(u"checksRunning"_s);
    m_folded->setObjectName(u"checksPassed"_s);
    m_unfold = m_folded->addLink(u"showPassed"_s, tr("show"));
    connect(m_unfold, &PlanLink::clicked, this, [this] {
        m_isUnfolded = !m_isUnfolded;
        refresh();
    });
    connect(model, &QAbstractItemModel::modelReset, this, &PlanChecksView::refresh);
    connect(&m_tick, &QTimer::timeout, this, &PlanChecksView::refreshHead);
    m_tick.start(1000);
    refresh();
}

QWidget *PlanChecksView::makeHead()
{
    auto *head = new QWidget(this);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(5);
    m_when = new RunLabel({}, RunLabel::Muted, head);
    m_when->setObjectName(u"checksWhen"_s);
    m_again = new PlanLink(tr("run again"), head);
    m_again->setObjectName(u"checksAgainButton"_s);
    m_again->setAccessibleName(tr("Run the checks again"));
    connect(m_again, &PlanLink::clicked, this, &PlanChecksView::againRequested);
    row->addWidget(new RunLabel(tr("Checks"), RunLabel::Bold, head));
    row->addWidget(m_when);
    row->addWidget(m_again);
    row->addStretch();
    return head;
}

void PlanChecksView::setFixing(const QString &label)
{
    m_fixing = label;
    for (PlanCheckRow *row : std::as_const(m_rows))
        row->setFixesEnabled(label.isEmpty());
    refreshHead();
}

QString PlanChecksView::age() const
{
    const qint64 seconds = m_ended.elapsed() / 1000;
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    return seconds < 3600 ? tr("%1 min").arg(seconds / 60) : tr("%1 h").arg(seconds / 3600);
}

void PlanChecksView::refreshHead()
{
    const bool running = m_model->isRunning();
    QString text = tr("— run %1 ago ·").arg(m_ended.isValid() ? age() : QString());
    if (!m_fixing.isEmpty())
        text = tr("— applying a fix…");
    else if (running)
        text = tr("— running…");
    else if (!m_ended.isValid())
        text = tr("— not run yet ·");
    m_when->setText(text);
    m_when->setToolTip(m_fixing);
    // Two at once would find each other in the way: both try the lock of a run.
    m_again->setVisible(!running && m_fixing.isEmpty());
}

void PlanChecksView::refresh()
{
    const bool running = m_model->isRunning();
    if (!running && !m_model->checks().isEmpty() && (m_wasRunning || !m_ended.isValid()))
        m_ended.start();
    m_wasRunning = running;
    refreshRows();
    refreshHead();
}

PlanCheckRow *PlanChecksView::makeRow(const CheckResult &check)
{
    auto *row = new PlanCheckRow(m_repository, check, this);
    row->setTitleWidth(titleWidth(width()));
    row->setFixesEnabled(m_fixing.isEmpty());
    row->setDetailsShown(m_opened.contains(check.name));
    connect(row, &PlanCheckRow::fixChosen, this,
            [this, check](const CheckFix &fix) { Q_EMIT fixChosen(check, fix); });
    connect(row, &PlanCheckRow::detailsToggled, this, [this, name = check.name](bool shown) {
        if (shown)
            m_opened.insert(name);
        else
            m_opened.remove(name);
    });
    return row;
}

void PlanChecksView::refreshRows()
{
    const int passed = m_model->count(CheckState::Passed);
    const bool folds = passed >= foldedFrom;
    // A row that says the same stays: so do its focus and its open details.
    QList<PlanCheckRow *> before = m_rows;
    m_rows.clear();
    for (const CheckResult &check : m_model->checks()) {
        if (folds && !m_isUnfolded && check.state == CheckState::Passed)
            continue;
        const auto same = std::ranges::find(before, check, &PlanCheckRow::check);
        m_rows += same == before.end() ? makeRow(check) : *same;
        if (same != before.end())
            before.erase(same);
    }
    qDeleteAll(before);

    m_folded->setText(m_model->isRunning() ? tr("%1 checks passed so far").arg(passed)
                                           : tr("%1 checks passed").arg(passed));
    m_folded->setVisible(folds);
    m_unfold->setText(m_isUnfolded ? tr("hide") : tr("show"));
    m_unfold->setAccessibleName(m_isUnfolded ? tr("Hide the checks that passed")
                                             : tr("Show the checks that passed"));
    m_running->setVisible(m_model->isRunning());

    QList<PlanCheckRow *> order = m_rows;
    const auto firstPassed = std::ranges::find_if(
        order, [](const PlanCheckRow *row) { return row->check().state == CheckState::Passed; });
    order.insert(firstPassed - order.begin(), m_folded);
    order += m_running;
    QWidget *last = m_again;
    for (PlanCheckRow *row : std::as_const(order)) {
        m_column->removeWidget(row);
        m_column->addWidget(row);
        if (m_rows.contains(row))
            row->show(); // a layout would do so later, and Tab would pass it by until then
        for (QWidget *stop : row->stops()) {
            QWidget::setTabOrder(last, stop);
            last = stop;
        }
    }
}

void PlanChecksView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    for (PlanCheckRow *row : std::as_const(m_rows))
        row->setTitleWidth(titleWidth(width()));
}

} // namespace stepwell
