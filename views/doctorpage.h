// SPDX-License-Identifier: MIT
#pragma once

#include "models/doctorrow.h"
#include "views/stagelist.h"

#include <QWidget>

class QBoxLayout;
class QScrollArea;

namespace stepwell {

class RunButton;
class RunLabel;

/// What is wrong with the revision histories of a workspace, with the ways out; repairs under way come first.
/// GUI thread.
class DoctorPage : public QWidget
{
    Q_OBJECT

public:
    explicit DoctorPage(QWidget *parent = nullptr);

    /// What was there stays to be read meanwhile.
    void setReading();
    /// `readAt`: when it was read; invalid: now.
    void setHistories(const QList<DoctorRow> &rows, const QDateTime &readAt = {});
    /// Nothing could be looked at.
    void setError(const Error &error);

Q_SIGNALS:
    void againRequested();
    void offerChosen(const QString &config, const stepwell::Trouble &trouble,
                     const stepwell::RepairOffer &offer);
    void showRequested(const stepwell::TargetId &target, const stepwell::RevisionId &revision);
    void stageRequested(const QString &config, const stepwell::RepairStage &stage);
    void abandonRequested(const QString &config); ///< undo a repair that is under way

private:
    [[nodiscard]] QWidget *makeHead();
    void clear();
    void addRepair(const DoctorRow &row);
    void addTroubles(const QList<DoctorRow> &rows);
    void addErrors(const QList<DoctorRow> &rows);
    void addAllIsWell(const QList<DoctorRow> &rows);
    void addLooked(const QList<DoctorRow> &rows);
    [[nodiscard]] QString summary(const QList<DoctorRow> &rows) const;

    RunLabel *m_total;
    RunButton *m_again;
    QWidget *m_content;
    QBoxLayout *m_column;
    QScrollArea *m_area;
    EnvironmentColours m_colours;
    QDateTime m_readAt;
    bool m_isFilled = false;
};

} // namespace stepwell
