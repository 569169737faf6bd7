// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QScrollArea;

namespace stepwell {

/// A plain ground for widgets: content (Base), around content (Window), a bar at the foot with a
/// hairline above it, or the red of an alarm.
class RunPane : public QWidget
{
    Q_OBJECT

public:
    enum Ground { Base, Window, Bar, Alarm };

    explicit RunPane(Ground ground, QWidget *parent = nullptr);

    /// The pane in a frameless area that scrolls up and down when the window is too small.
    [[nodiscard]] static QScrollArea *scrolled(RunPane *pane);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Ground m_ground;
};

} // namespace stepwell
