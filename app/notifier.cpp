// SPDX-License-Identifier: MIT
#include "app/notifier.h"

#include "models/runtext.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QVariantMap>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto longRun = 30s;
constexpr int answerMs = 5000;
constexpr qsizetype textLength = 300;

const QString service = u"org.freedesktop.Notifications"_s;
const QString path = u"/org/freedesktop/Notifications"_s;

} // namespace

bool wantsNotification(std::chrono::milliseconds took, bool windowActive)
{
    return took > longRun || !windowActive;
}

Notification notificationOf(const RunRequest &request, const RunReport &report)
{
    const QString target = request.target.id.text();
    const bool down = request.plan.direction == Direction::Downgrade;
    const bool isDone = report.outcome == Outcome::Done;
    const QString what = down
                             ? QCoreApplication::translate("stepwell::Notifier", "Rollback of %1").arg(target)
                             : QCoreApplication::translate("stepwell::Notifier", "Upgrade of %1").arg(target);
    return {.title = QCoreApplication::translate("stepwell::Notifier", "%1: %2")
                         .arg(what, RunText::outcome(report.outcome)),
            .text = report.summary.isEmpty() ? RunText::outcomeSentence(report.outcome) : report.summary,
            .isUrgent =
                !isDone && report.outcome != Outcome::Stopped && report.outcome != Outcome::Cancelled};
}

Notifier::Notifier(QObject *parent) : QObject(parent) {}

void Notifier::notify(const Notification &notification)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        Q_EMIT notShown();
        return;
    }
    if (!m_listening)
        m_listening =
            bus.connect(service, path, service, u"ActionInvoked"_s, this, SLOT(actionInvoked(uint, QString)));
    const QString text = notification.text.size() <= textLength
                             ? notification.text
                             : QString(notification.text.left(textLength) + u'…');
    QVariantMap hints{{u"urgency"_s, QVariant::fromValue(uchar(notification.isUrgent ? 2 : 1))},
                      {u"desktop-entry"_s, u"stepwell"_s},
                      {u"category"_s, u"transfer.complete"_s}};
    QDBusMessage call = QDBusMessage::createMethodCall(service, path, service, u"Notify"_s);
    // The body may hold markup, so what looks like it is escaped.
    call.setArguments({QCoreApplication::translate("stepwell::Notifier", "Stepwell"), m_last, u"stepwell"_s,
                       notification.title, text.toHtmlEscaped(),
                       QStringList{u"default"_s, QCoreApplication::translate("stepwell::Notifier", "Show")},
                       hints, -1});
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(call, answerMs), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<uint> reply = *watcher;
        if (reply.isError()) {
            Q_EMIT notShown();
            return;
        }
        m_last = reply.value();
        Q_EMIT shown(m_last);
    });
}

void Notifier::actionInvoked(uint id, const QString &)
{
    if (m_last != 0 && id == m_last)
        Q_EMIT clicked();
}

} // namespace stepwell
