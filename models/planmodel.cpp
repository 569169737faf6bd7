// SPDX-License-Identifier: MIT
#include "models/planmodel.h"

#include "models/reviewtext.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

PlanModel::PlanModel(QObject *parent) : QAbstractTableModel(parent) {}

void PlanModel::setPlan(const Plan &plan, const QList<Revision> &facts)
{
    QHash<RevisionId, qsizetype> byId;
    for (qsizetype i = 0; i < facts.size(); ++i)
        byId.insert(facts.at(i).id, i);
    beginResetModel();
    m_plan = plan;
    m_facts.clear();
    m_reviews.clear();
    for (const PlanStep &step : plan.steps) {
        const qsizetype at = byId.value(step.revision, -1);
        m_facts += at >= 0 ? facts.at(at) : Revision{.id = step.revision};
    }
    endResetModel();
}

void PlanModel::setReviews(const QList<StepReview> &reviews)
{
    for (const StepReview &review : reviews) {
        if (review.direction == m_plan.direction)
            m_reviews.insert(review.revision, review);
    }
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, StrongestLock), index(rowCount() - 1, Findings));
}

void PlanModel::setRenderingAwaited(bool awaited)
{
    m_awaited = awaited;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, StrongestLock), index(rowCount() - 1, StrongestLock));
}

const RenderedSql *PlanModel::rendered(int row) const
{
    const StepReview *found = review(row);
    return found ? &found->sql : nullptr;
}

const StepReview *PlanModel::review(int row) const
{
    if (row < 0 || row >= m_plan.steps.size())
        return nullptr;
    const auto found = m_reviews.constFind(m_plan.steps.at(row).revision);
    return found == m_reviews.constEnd() ? nullptr : &*found;
}

bool PlanModel::isReviewed() const
{
    return std::ranges::all_of(m_plan.steps,
                               [this](const PlanStep &step) { return m_reviews.contains(step.revision); });
}

int PlanModel::blockingCount() const
{
    int count = 0;
    for (int row = 0; row < m_plan.steps.size(); ++row) {
        if (const StepReview *found = review(row))
            count += ReviewText::counts(found->lint).blocking;
    }
    return count;
}

RevisionIds PlanModel::notApproved() const
{
    RevisionIds ids;
    for (int row = 0; row < m_plan.steps.size(); ++row) {
        const StepReview *found = review(row);
        if (found && found->signOff.required > 0 && found->signOff.state != SignOff::Approved)
            ids += found->revision;
    }
    return ids;
}

int PlanModel::statementCount() const
{
    int count = 0;
    for (int row = 0; row < m_plan.steps.size(); ++row) {
        if (const RenderedSql *sql = rendered(row); sql && sql->problem.isEmpty())
            count += sql->statements;
    }
    return count;
}

int PlanModel::notRenderableCount() const
{
    int count = 0;
    for (int row = 0; row < m_plan.steps.size(); ++row) {
        if (const RenderedSql *sql = rendered(row); sql && !sql->problem.isEmpty())
            ++count;
    }
    return count;
}

RevisionIds PlanModel::losingData() const
{
    RevisionIds ids;
    for (const Revision &facts : m_facts) {
        if (facts.losesData && facts.wayBack != WayBack::Irreversible)
            ids += facts.id;
    }
    return ids;
}

RevisionIds PlanModel::irreversible() const
{
    RevisionIds ids;
    for (const Revision &facts : m_facts) {
        if (facts.wayBack == WayBack::Irreversible)
            ids += facts.id;
    }
    return ids;
}

RevisionIds PlanModel::autocommitting() const
{
    RevisionIds ids;
    for (const Revision &facts : m_facts) {
        if (facts.hasAutocommit)
            ids += facts.id;
    }
    return ids;
}

QString PlanModel::message(const RevisionId &id) const
{
    const auto found = std::ranges::find(m_facts, id, &Revision::id);
    return found == m_facts.cend() ? QString() : found->message;
}

int PlanModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_plan.steps.size());
}

int PlanModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PlanModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(index.row(), index.column());
    case Qt::ToolTipRole:
        return toolTip(index.row(), index.column());
    case SeverityRole:
        return severity(index.row(), index.column());
    case RevisionRole:
        return m_plan.steps.at(index.row()).revision.text();
    case Qt::TextAlignmentRole:
        if (index.column() == Number)
            return int(Qt::AlignCenter);
        return {};
    default:
        return {};
    }
}

QVariant PlanModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Number ? Qt::AlignHCenter : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number:
        return tr("#");
    case RevisionColumn:
        return tr("Revision");
    case Message:
        return tr("Message");
    case StrongestLock:
        return tr("Strongest lock");
    case Tables:
        return tr("Tables");
    case Findings:
        return tr("Findings");
    case WayBackColumn:
        return m_plan.direction == Direction::Upgrade ? tr("Way back") : tr("Taking it back");
    default:
        return {};
    }
}

QString PlanModel::text(int row, int column) const
{
    const Revision &facts = m_facts.at(row);
    switch (column) {
    case Number:
        return QString::number(row + 1);
    case RevisionColumn:
        return facts.id.text();
    case Message:
        return facts.message;
    case StrongestLock:
        return lock(row);
    case Tables: {
        const StepReview *found = review(row);
        return found ? ReviewText::tables(*found, 1) : u"—"_s;
    }
    case Findings: {
        const StepReview *found = review(row);
        return found ? ReviewText::worstCount(ReviewText::counts(found->lint)) : u"—"_s;
    }
    case WayBackColumn:
        return wayBack(facts);
    default:
        return {};
    }
}

QString PlanModel::lock(int row) const
{
    const RenderedSql *sql = rendered(row);
    if (!sql)
        return m_awaited ? tr("rendering…") : tr("not rendered");
    if (!sql->problem.isEmpty())
        return tr("not renderable");
    const StepReview *found = review(row);
    return found ? ReviewText::strongestLock(*found) : u"—"_s;
}

QStringList PlanModel::notes(int row) const
{
    const Revision &facts = m_facts.at(row);
    QStringList notes;
    if (facts.downRevisions.size() > 1)
        notes += tr("merge point");
    if (facts.hasAutocommit)
        notes += tr("autocommit block");
    if (facts.usesConnection)
        notes += tr("reads the database");
    return notes;
}

QString PlanModel::wayBack(const Revision &facts) const
{
    switch (facts.wayBack) {
    case WayBack::Irreversible:
        return tr("irreversible");
    case WayBack::Empty:
        return facts.downRevisions.size() > 1 ? tr("yes") : tr("changes nothing");
    case WayBack::Yes:
        return facts.losesData ? tr("loses data") : tr("yes");
    }
    return {};
}

PlanModel::Severity PlanModel::severity(int row, int column) const
{
    const Revision &facts = m_facts.at(row);
    if (column == WayBackColumn) {
        if (facts.wayBack == WayBack::Irreversible || facts.losesData)
            return Danger;
        return facts.wayBack == WayBack::Empty && facts.downRevisions.size() <= 1 ? Caution : Calm;
    }
    const StepReview *found = review(row);
    if (column == StrongestLock) {
        const RenderedSql *sql = rendered(row);
        if (sql && !sql->problem.isEmpty())
            return Caution;
        return found && ReviewText::stopsReads(*found) ? Danger : Calm;
    }
    if (column == Findings && found) {
        const FindingCounts counts = ReviewText::counts(found->lint);
        return counts.blocking > 0 ? Danger : counts.warnings > 0 ? Caution : Calm;
    }
    return Calm;
}

QString PlanModel::toolTip(int row, int column) const
{
    const Revision &facts = m_facts.at(row);
    if (column == StrongestLock) {
        const RenderedSql *sql = rendered(row);
        if (!sql)
            return lock(row);
        return sql->problem.isEmpty() ? ReviewText::statements(sql->statements) : sql->problem;
    }
    if (const StepReview *found = review(row); column == Tables && found)
        return ReviewText::tables(*found).replace(u", "_s, u"\n"_s);
    if (const StepReview *found = review(row); column == Findings && found)
        return found->lint.findings.isEmpty() ? text(row, column) : ReviewText::titles(found->lint);
    if (column == WayBackColumn) {
        if (facts.wayBack == WayBack::Irreversible)
            return tr("This revision has no way down: its downgrade() raises or is missing.");
        if (facts.wayBack == WayBack::Empty)
            return tr("The downgrade() is empty: the revision moves, the schema does not.");
        if (facts.losesData)
            return tr("Its downgrade() drops tables or columns, or deletes rows.");
    }
    if (column != Message)
        return text(row, column);
    QStringList lines{facts.longMessage.isEmpty() ? facts.message : facts.longMessage};
    if (const QStringList all = notes(row); !all.isEmpty())
        lines += all.join(u" · "_s);
    if (facts.hasAutocommit)
        lines += tr("Part of this revision commits by itself: if it fails, that part stays.");
    return lines.join(u'\n');
}

} // namespace stepwell
