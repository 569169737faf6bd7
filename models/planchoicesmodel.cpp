// SPDX-License-Identifier: MIT
#include "models/planchoicesmodel.h"

#include "migrations/alembic/onestepback.h"
#include "models/runtext.h"

#include <QSet>

namespace stepwell {

using namespace Qt::StringLiterals;

PlanChoicesModel::PlanChoicesModel(QObject *parent) : QAbstractTableModel(parent) {}

void PlanChoicesModel::setHistory(const RevisionMap &map, const RevisionIds &rows)
{
    beginResetModel();
    m_map = map;
    m_rows = rows;
    m_entries.clear();
    if (!rows.isEmpty()) {
        addOneStep();
        const QSet<RevisionId> applied = map.ancestors(rows);
        const QSet<RevisionId> here(rows.cbegin(), rows.cend());
        for (const RevisionId &id : map.history()) {
            if (applied.contains(id) && !here.contains(id))
                m_entries += Entry{.kind = ToRevision, .revision = id, .target = id.text()};
        }
        m_entries += Entry{.kind = ToBase, .target = u"base"_s};
    }
    endResetModel();
}

void PlanChoicesModel::addOneStep()
{
    for (const RevisionId &row : std::as_const(m_rows)) {
        if (m_map.find(row))
            m_entries += oneStep(row);
    }
}

PlanChoicesModel::Entry PlanChoicesModel::oneStep(const RevisionId &row) const
{
    Result<Plan> plan = planOneStepBack(m_map, m_rows, row);
    return {
        .kind = OneStep, .revision = row, .target = plan ? plan->target : QString(), .plan = std::move(plan)};
}

const Result<Plan> &PlanChoicesModel::plan(int row) const
{
    const Entry &entry = m_entries.at(row);
    if (!entry.plan)
        entry.plan = planDowngrade(m_map, m_rows, entry.target);
    return *entry.plan;
}

template<typename Predicate>
RevisionIds PlanChoicesModel::stepsWhere(int row, Predicate predicate) const
{
    RevisionIds ids;
    if (const Result<Plan> &found = plan(row)) {
        for (const PlanStep &step : found->steps) {
            if (const Revision *facts = m_map.find(step.revision); facts && predicate(*facts))
                ids += step.revision;
        }
    }
    return ids;
}

RevisionIds PlanChoicesModel::losingData(int row) const
{
    return stepsWhere(
        row, [](const Revision &facts) { return facts.losesData && facts.wayBack != WayBack::Irreversible; });
}

RevisionIds PlanChoicesModel::irreversible(int row) const
{
    return stepsWhere(row, [](const Revision &facts) { return facts.wayBack == WayBack::Irreversible; });
}

int PlanChoicesModel::rowOf(const QString &target) const
{
    for (int row = 0; row < m_entries.size(); ++row) {
        if (!target.isEmpty() && m_entries.at(row).target == target)
            return row;
    }
    return -1;
}

int PlanChoicesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int PlanChoicesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PlanChoicesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Entry &entry = m_entries.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(entry, index.row(), index.column());
    case Qt::ToolTipRole:
        return toolTip(index.row(), index.column());
    case KindRole:
        return entry.kind;
    case TargetRole:
        return entry.target;
    case RevisionRole:
        return entry.revision.text();
    case DangerRole:
        return !irreversible(index.row()).isEmpty() || !losingData(index.row()).isEmpty();
    case LossSeverityRole:
        return irreversible(index.row()).isEmpty() && losingData(index.row()).isEmpty() ? 0 : 2;
    case PossibleRole:
        return plan(index.row()).has_value() && !plan(index.row())->steps.isEmpty() &&
               irreversible(index.row()).isEmpty();
    default:
        return {};
    }
}

QVariant PlanChoicesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Choice:
        return tr("Back to");
    case Message:
        return tr("Message");
    case TakesBack:
        return tr("Takes back");
    case Loss:
        return tr("Data");
    default:
        return {};
    }
}

QString PlanChoicesModel::text(const Entry &entry, int row, int column) const
{
    switch (column) {
    case Choice:
        switch (entry.kind) {
        case OneStep:
            return m_rows.size() == 1 ? tr("One step back") : tr("Take back %1").arg(entry.revision.text());
        case ToRevision:
            return entry.revision.text();
        case ToBase:
            return tr("base");
        }
        return {};
    case Message: {
        if (entry.kind == ToBase)
            return tr("Before the first revision: everything is taken back");
        const Revision *facts = m_map.find(entry.revision);
        const QString message = facts ? facts->message : QString();
        return entry.kind == OneStep ? tr("Takes back: %1").arg(message) : message;
    }
    case TakesBack:
        return plan(row) ? RunText::revisions(plan(row)->steps.size()) : tr("not possible");
    case Loss:
        return loss(row);
    default:
        return {};
    }
}

QString PlanChoicesModel::loss(int row) const
{
    if (!plan(row))
        return u"—"_s;
    const qsizetype blocked = irreversible(row).size();
    if (blocked > 0)
        return blocked == 1 ? tr("1 irreversible") : tr("%1 irreversible").arg(blocked);
    const qsizetype losing = losingData(row).size();
    if (losing > 0)
        return losing == 1 ? tr("1 loses data") : tr("%1 lose data").arg(losing);
    return tr("kept");
}

QString PlanChoicesModel::toolTip(int row, int column) const
{
    if (const Result<Plan> &found = plan(row); !found)
        return QString(found.error().message + u"\n"_s + found.error().hint);
    if (column == Loss) {
        if (const RevisionIds blocked = irreversible(row); !blocked.isEmpty())
            return tr("These have no way down: %1").arg(toText(blocked));
        if (const RevisionIds losing = losingData(row); !losing.isEmpty())
            return tr("Taking these back loses data: %1").arg(toText(losing));
    }
    return text(m_entries.at(row), row, column);
}

} // namespace stepwell
