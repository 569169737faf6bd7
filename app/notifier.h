// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"

#include <QObject>

namespace stepwell {

/// What a notification says; plain text.
struct Notification {
    QString title;
    QString text;
    bool isUrgent = false; ///< stays until somebody looks

    bool operator==(const Notification &) const = default;
};

/// Whether the end of a run is worth one: it took a while, or nobody looks at its window.
[[nodiscard]] bool wantsNotification(std::chrono::milliseconds took, bool windowActive);
[[nodiscard]] Notification notificationOf(const RunRequest &request, const RunReport &report);

/// Desktop notifications (org.freedesktop.Notifications). Where nobody shows them nothing happens. Main
/// thread; never blocks.
class Notifier : public QObject
{
    Q_OBJECT

public:
    explicit Notifier(QObject *parent = nullptr);

    /// The next one takes the place of the one before.
    void notify(const Notification &notification);

Q_SIGNALS:
    void shown(uint id); ///< the service took it
    void notShown();     ///< there is no service, or it refused
    void clicked();      ///< the notification was clicked

private Q_SLOTS:
    void actionInvoked(uint id, const QString &action);

private:
    bool m_listening = false;
    uint m_last = 0; ///< as the service numbers them
};

} // namespace stepwell
