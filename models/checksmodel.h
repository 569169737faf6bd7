// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QAbstractListModel>

namespace stepwell {

/// The lines of the preflight, with one more at the end while checks are under way. GUI thread.
class ChecksModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum State { Passed, Warning, Failed, Running };
    enum Role {
        StateRole = Qt::UserRole + 1, ///< State
        TitleRole,
        TextRole,
        HintRole,
        NameRole, ///< the stable id
    };

    explicit ChecksModel(QObject *parent = nullptr);

    void setChecks(const QList<CheckResult> &checks, bool running);
    [[nodiscard]] const QList<CheckResult> &checks() const { return m_checks; }
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] int count(CheckState state) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    QList<CheckResult> m_checks;
    bool m_running = false;
};

} // namespace stepwell
