// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/diagnosis.h"
#include "views/stagelist.h"

#include <QFrame>

class QBoxLayout;

namespace stepwell {

/// One side of a divergence: its head, how much is on it, who brought it, and where it is applied.
class ResolveSide : public QFrame
{
    Q_OBJECT

public:
    ResolveSide(const HeadSide &side, const History &history, const RevisionOrigins &origins,
                const EnvironmentColours &colours, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void addHead(QBoxLayout *column, const HeadSide &side, const History &history);
    void addFacts(QBoxLayout *column, const HeadSide &side, const History &history,
                  const RevisionOrigins &origins);
    void addRevisions(QBoxLayout *column, const HeadSide &side, const History &history,
                      const RevisionOrigins &origins);
    void addTargets(QBoxLayout *column, const HeadSide &side, const History &history,
                    const EnvironmentColours &colours);
};

} // namespace stepwell
