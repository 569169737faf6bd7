// SPDX-License-Identifier: MIT
#include "views/rollbackdialog.h"

#include "models/planchoicesmodel.h"
#include "models/runtext.h"
#include "views/banner.h"
#include "views/messagecard.h"
#include "views/runbutton.h"
#include "views/runcelldelegate.h"
#include "views/runlabel.h"
#include "views/runpane.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int namedRevisions = 8;

/// Column widths are measured on few rows: a long history is not walked through for them.
constexpr int measuredRows = 30;

/// The model's truth as the delegate's severity.
class ChoiceDelegate : public RunCellDelegate
{
public:
    explicit ChoiceDelegate(QObject *parent) : RunCellDelegate(parent) {}

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        const int kind = index.data(PlanChoicesModel::KindRole).toInt();
        RunCellDelegate::initStyleOption(option, index);
        if (kind != PlanChoicesModel::ToRevision && index.column() == PlanChoicesModel::Choice) {
            option->font = option->widget ? option->widget->font() : option->font;
            option->font.setBold(true);
        }
    }
};

} // namespace

RollbackDialog::RollbackDialog(const Target &target, const RevisionMap &map, const RevisionIds &rows,
                               QWidget *parent)
    : QDialog(parent)
    , m_choices(new PlanChoicesModel(this))
    , m_table(new QTableView(this))
    , m_card(new MessageCard(this))
    , m_plan(new RunButton(tr("Show the plan…"), this))
    , m_emergencyButton(new RunButton(tr("Emergency rollback…"), this))
{
    setObjectName(u"rollbackDialog"_s);
    const QString name = QString(target.id.environment + u" / "_s + target.id.component);
    setWindowTitle(tr("Roll back %1").arg(name));
    auto *banner = new Banner(this);
    banner->setColour(target.environment.colour);
    banner->setTitle(tr("How far back shall %1 go?").arg(name));
    banner->setLine(tr("now at %1").arg(toText(rows)));
    if (target.environment.protection == Protection::Protected)
        banner->setChips({{tr("protected environment"), Tone::Bad}});
    m_choices->setHistory(map, rows);

    auto *pane = new RunPane(RunPane::Window, this);
    auto *body = new QVBoxLayout(pane);
    body->setContentsMargins(18, 14, 18, 14);
    body->setSpacing(10);
    body->addWidget(makeTable(), 1);
    m_card->setObjectName(u"choiceCard"_s);
    body->addWidget(m_card);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(banner);
    layout->addWidget(pane, 1);
    layout->addWidget(makeBottom());
    resize(820, 560);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RollbackDialog::showChoice);
    m_table->selectRow(0);
    m_table->setFocus();
    showChoice();
}

RollbackDialog::~RollbackDialog() = default;

QWidget *RollbackDialog::makeTable()
{
    m_table->setObjectName(u"choicesTable"_s);
    m_table->setAccessibleName(tr("How far to roll back"));
    m_table->setModel(m_choices);
    RunCellDelegate::dress(m_table);
    auto *delegate = new ChoiceDelegate(m_table);
    delegate->setMonoColumns({PlanChoicesModel::Choice});
    delegate->setMutedColumns({PlanChoicesModel::TakesBack});
    m_table->setItemDelegate(delegate);
    auto *loss = new RunCellDelegate(m_table);
    loss->setSeverityRole(PlanChoicesModel::LossSeverityRole);
    m_table->setItemDelegateForColumn(PlanChoicesModel::Loss, loss);
    QHeaderView *header = m_table->horizontalHeader();
    header->setResizeContentsPrecision(measuredRows);
    for (int column = 0; column < PlanChoicesModel::ColumnCount; ++column) {
        header->setSectionResizeMode(column, column == PlanChoicesModel::Message
                                                 ? QHeaderView::Stretch
                                                 : QHeaderView::ResizeToContents);
    }
    connect(m_table, &QTableView::doubleClicked, this, [this] {
        if (m_plan->isEnabled())
            accept();
    });
    return m_table;
}

QWidget *RollbackDialog::makeBottom()
{
    auto *bar = new RunPane(RunPane::Bar, this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(22, 12, 16, 12);
    row->setSpacing(10);
    m_emergencyButton->setObjectName(u"emergencyButton"_s);
    m_emergencyButton->setTone(Tone::Bad);
    m_emergencyButton->setToolTip(tr("For when every minute counts: the plan does not wait for its SQL to be "
                                     "rendered. The checks and the backup are still there."));
    auto *cancel = new RunButton(tr("Cancel"), bar);
    cancel->setObjectName(u"cancelButton"_s);
    m_plan->setObjectName(u"planButton"_s);
    m_plan->setTone(Tone::Accent);
    m_plan->setToolTip(tr("Shows what would run. Nothing is changed yet."));
    m_plan->setDefault(true);
    row->addWidget(m_emergencyButton);
    row->addStretch();
    row->addWidget(cancel);
    row->addWidget(m_plan);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_plan, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_emergencyButton, &QPushButton::clicked, this, [this] {
        m_emergency = true;
        accept();
    });
    return bar;
}

bool RollbackDialog::selectTarget(const QString &text)
{
    const int row = m_choices->rowOf(text);
    if (row < 0)
        return false;
    m_table->selectRow(row);
    m_table->scrollTo(m_choices->index(row, 0), QAbstractItemView::PositionAtCenter);
    return true;
}

QString RollbackDialog::target() const
{
    return m_table->currentIndex().data(PlanChoicesModel::TargetRole).toString();
}

void RollbackDialog::showChoice()
{
    const QModelIndex index = m_table->currentIndex();
    const bool possible = index.isValid() && index.data(PlanChoicesModel::PossibleRole).toBool();
    m_plan->setEnabled(possible);
    m_emergencyButton->setEnabled(possible);
    if (!index.isValid()) {
        m_card->setMessage(Tone::Neutral, tr("There is nothing to roll back"),
                           tr("The database has no revision, or one that no file here has."));
        return;
    }
    const Result<Plan> &plan = m_choices->plan(index.row());
    if (!plan) {
        m_card->setMessage(Tone::Attention, plan.error().message, plan.error().hint, plan.error().detail);
        return;
    }
    RevisionIds steps;
    for (const PlanStep &step : plan->steps)
        steps += step.revision;
    const QString takesBack = tr("Takes back %1; the database is then at %2.")
                                  .arg(RunText::revisions(steps.size()), toText(plan->to));
    if (const RevisionIds blocked = m_choices->irreversible(index.row()); !blocked.isEmpty())
        m_card->setMessage(Tone::Bad,
                           tr("Not possible: there is no way down past %1").arg(blocked.constFirst().text()),
                           tr("The downgrade() of these raises or is missing:\n%1\nRestore a backup instead.")
                               .arg(describe(blocked)));
    else if (const RevisionIds losing = m_choices->losingData(index.row()); !losing.isEmpty())
        m_card->setMessage(Tone::Bad, tr("Loses data"),
                           QString(takesBack + u'\n' + tr("These drop tables or columns, or delete rows:") +
                                   u'\n' + describe(losing)));
    else
        m_card->setMessage(Tone::Good, takesBack, describe(steps));
}

QString RollbackDialog::describe(const RevisionIds &ids) const
{
    QStringList lines;
    for (const RevisionId &id : ids.mid(0, namedRevisions)) {
        const Revision *facts = m_choices->map().find(id);
        lines += facts ? QString(id.text() + u"  "_s + facts->message) : id.text();
    }
    if (ids.size() > namedRevisions)
        lines += tr("and %1 more").arg(ids.size() - namedRevisions);
    return lines.join(u'\n');
}

} // namespace stepwell
