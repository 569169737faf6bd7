// SPDX-License-Identifier: MIT
#pragma once

#include "models/doctorrow.h"
#include "views/stagelist.h"

#include <QFrame>

class QBoxLayout;
class QToolButton;

namespace stepwell {

/// One trouble: what it is, what it is about, the ways out, the raw words on demand. The bar at its left has
/// the colours of the environments whose databases it is about, or of its gravity. GUI thread.
class DoctorCard : public QFrame
{
    Q_OBJECT

public:
    DoctorCard(const DoctorRow &row, const Trouble &trouble, const EnvironmentColours &colours,
               QWidget *parent = nullptr);

Q_SIGNALS:
    void offerChosen(const stepwell::RepairOffer &offer);
    void showRequested(const stepwell::TargetId &target, const stepwell::RevisionId &revision);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void addHead(QBoxLayout *column, const DoctorRow &row);
    void addConcerned(QBoxLayout *column, const EnvironmentColours &colours);
    void addOffers(QBoxLayout *column, const DoctorRow &row);
    void addDetail(QBoxLayout *column, QToolButton *more);

    Trouble m_trouble;
    QStringList m_bars; ///< colours of environments, each once
};

} // namespace stepwell
