// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QAbstractListModel>

namespace stepwell {

/// The lines of the preflight: what failed, then the warnings, then what passed, each in the order of
/// checkOrder(); with one more at the end while checks are under way. GUI thread.
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

    /// In any order.
    void setChecks(const QList<CheckResult> &checks, bool running);
    [[nodiscard]] const QList<CheckResult> &checks() const { return m_checks; } ///< as they are shown
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] int count(CheckState state) const;
    /// "Long transactions, warning: 2 open. End them, or wait.", for screen readers.
    [[nodiscard]] static QString spoken(const CheckResult &check);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    QList<CheckResult> m_checks;
    bool m_running = false;
};

} // namespace stepwell
