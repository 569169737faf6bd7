// SPDX-License-Identifier: MIT
#pragma once

#include "models/doctorrow.h"
#include "views/stagelist.h"

#include <QWidget>

namespace stepwell {

/// One checkout that was looked at: whether it is well, its files, and the databases that follow them.
class DoctorLooked : public QWidget
{
    Q_OBJECT

public:
    DoctorLooked(const DoctorRow &row, const EnvironmentColours &colours, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool m_isWell;
    bool m_isBad;
};

} // namespace stepwell
