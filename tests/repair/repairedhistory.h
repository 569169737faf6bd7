// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/diagnosis.h"
#include "migrations/repair/repairrecord.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>

namespace stepwell {

/// The Python that makes broken projects and judges them with real Alembic. What fails in it ends the
/// program.
class HistoryMaker
{
public:
    explicit HistoryMaker(const QString &url);
    ~HistoryMaker();
    [[nodiscard]] QJsonObject ask(const QJsonObject &question);

private:
    QProcess m_process;
};

/// One broken project, mended by what a diagnosis advises until it says nothing more.
class RepairedHistory
{
public:
    RepairedHistory(HistoryMaker &maker, const QString &folder, int seed);

    [[nodiscard]] QString kind() const { return m_kind; }
    [[nodiscard]] const QStringList &deeds() const { return m_deeds; } ///< names of what was done, in order
    /// Empty, or what went wrong.
    [[nodiscard]] QString mend();

private:
    [[nodiscard]] Result<History> read();
    [[nodiscard]] Result<void> breakOff();
    [[nodiscard]] Result<void> take(const History &history, const RepairOffer &offer);
    [[nodiscard]] Result<void> write(const History &history, const RepairRequest &request);
    [[nodiscard]] Result<void> takeStages(const RepairRecord &record);
    [[nodiscard]] Result<void> takeStage(const RepairRecord &record, const RepairStage &stage,
                                         const History &now);
    [[nodiscard]] Result<void> run(const QString &what, const TargetId &target, const QJsonValue &to);

    HistoryMaker &m_maker;
    QString m_folder;
    int m_seed;
    QString m_kind;
    Component m_component;
    QJsonArray m_databases;
    QStringList m_deeds;
    QString m_last; ///< what was tried last, for the message
};

} // namespace stepwell
