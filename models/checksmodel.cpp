// SPDX-License-Identifier: MIT
#include "models/checksmodel.h"

#include "migrations/preflight/preflight.h"

#include <algorithm>
#include <utility>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

ChecksModel::State stateOf(CheckState state)
{
    switch (state) {
    case CheckState::Passed:
        return ChecksModel::Passed;
    case CheckState::Warning:
        return ChecksModel::Warning;
    case CheckState::Failed:
        return ChecksModel::Failed;
    }
    return ChecksModel::Failed;
}

} // namespace

ChecksModel::ChecksModel(QObject *parent) : QAbstractListModel(parent) {}

void ChecksModel::setChecks(const QList<CheckResult> &checks, bool running)
{
    beginResetModel();
    m_checks = checks;
    std::ranges::stable_sort(m_checks, {}, [](const CheckResult &check) {
        return std::pair(-int(check.state), checkOrder(check.name)); // the worst first
    });
    m_running = running;
    endResetModel();
}

int ChecksModel::count(CheckState state) const
{
    return int(std::ranges::count(m_checks, state, &CheckResult::state));
}

QString ChecksModel::spoken(const CheckResult &check)
{
    const QString state = check.state == CheckState::Passed    ? tr("passed")
                          : check.state == CheckState::Warning ? tr("warning")
                                                               : tr("failed");
    return QString(check.title + u", "_s + state + u": "_s + check.text + u' ' + check.hint).trimmed();
}

int ChecksModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_checks.size()) + (m_running ? 1 : 0);
}

QVariant ChecksModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (index.row() == m_checks.size()) {
        switch (role) {
        case StateRole:
            return Running;
        case Qt::DisplayRole:
        case TitleRole:
        case Qt::AccessibleTextRole:
            return tr("Checking…");
        case NameRole:
            return u"running"_s;
        default:
            return {};
        }
    }
    const CheckResult &check = m_checks.at(index.row());
    switch (role) {
    case StateRole:
        return stateOf(check.state);
    case Qt::DisplayRole:
    case TitleRole:
        return check.title;
    case TextRole:
        return check.text;
    case HintRole:
        return check.hint;
    case NameRole:
        return check.name;
    case Qt::ToolTipRole: {
        const QString hint = check.hint.isEmpty() ? QString() : QString(u"\n"_s + check.hint);
        return QString(check.title + u": "_s + check.text + hint);
    }
    case Qt::AccessibleTextRole:
        return spoken(check);
    default:
        return {};
    }
}

} // namespace stepwell
