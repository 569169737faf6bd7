// SPDX-License-Identifier: MIT
// On a session bus of its own (notifier.sh), where this program also plays the service.
#include "app/notifier.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QSignalSpy>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString service = u"org.freedesktop.Notifications"_s;
const QString path = u"/org/freedesktop/Notifications"_s;

} // namespace

/// What a desktop does: takes notifications, numbers them, tells of clicks.
class FakeService : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    FakeService() : bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"desktop"_s))
    {
        if (!bus.registerObject(path, this, QDBusConnection::ExportAllSlots) || !bus.registerService(service))
            qFatal("no notification service can be played here");
    }
    ~FakeService() override
    {
        bus.unregisterService(service);
        bus.unregisterObject(path);
        QDBusConnection::disconnectFromBus(u"desktop"_s);
    }

    void click(uint id)
    {
        QDBusMessage signal = QDBusMessage::createSignal(path, service, u"ActionInvoked"_s);
        signal.setArguments({id, u"default"_s});
        bus.send(signal);
    }

    QDBusConnection bus;
    QList<QVariantList> calls;

public Q_SLOTS:
    uint Notify(const QString &application, uint replaces, const QString &icon, const QString &summary,
                const QString &body, const QStringList &actions, const QVariantMap &hints, int expires)
    {
        calls += QVariantList{application, replaces, icon, summary, body, actions, hints, expires};
        return replaces == 0 ? 41 : replaces;
    }
};

class tst_Notifier : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void whenItIsWorthOne()
    {
        QVERIFY(!wantsNotification(10s, true));
        QVERIFY(wantsNotification(31s, true));
        QVERIFY(wantsNotification(1s, false));
    }

    void whatItSays()
    {
        RunRequest request;
        request.target.id = {u"production"_s, u"manager"_s};
        request.plan.direction = Direction::Downgrade;
        RunReport report{.outcome = Outcome::FailedRolledBack, .summary = u"It is at 12ab."_s};
        QCOMPARE(notificationOf(request, report),
                 (Notification{u"Rollback of production/manager: failed, rolled back"_s, u"It is at 12ab."_s,
                               true}));
        request.plan.direction = Direction::Upgrade;
        report = {.outcome = Outcome::Done};
        const Notification done = notificationOf(request, report);
        QCOMPARE(done.title, u"Upgrade of production/manager: done"_s);
        QVERIFY(!done.text.isEmpty());
        QVERIFY(!done.isUrgent);
    }

    void withoutAService()
    {
        Notifier notifier;
        const QSignalSpy not_(&notifier, &Notifier::notShown);
        notifier.notify({.title = u"Done"_s});
        QTRY_COMPARE_WITH_TIMEOUT(not_.size(), 1, 15000);
    }

    void withAService()
    {
        if (qEnvironmentVariable("STEPWELL_TEST_BUS") != u"with"_s) {
            QVERIFY(!QDBusConnection::sessionBus().isConnected());
            return;
        }
        FakeService desktop;
        Notifier notifier;
        QSignalSpy shown(&notifier, &Notifier::shown);
        QSignalSpy clicked(&notifier, &Notifier::clicked);
        notifier.notify({u"Failed"_s, u"a < b & c"_s, true});
        QTRY_COMPARE(shown.size(), 1);
        QCOMPARE(shown.first().first().toUInt(), 41U);
        QCOMPARE(desktop.calls.size(), 1);
        const QVariantList call = desktop.calls.first();
        QCOMPARE(call.at(1).toUInt(), 0U);
        QCOMPARE(call.at(3).toString(), u"Failed"_s);
        QCOMPARE(call.at(4).toString(), u"a &lt; b &amp; c"_s);
        QCOMPARE(call.at(6).toMap().value(u"urgency"_s).toInt(), 2);
        desktop.click(7); // somebody else's
        desktop.click(41);
        QTRY_COMPARE(clicked.size(), 1);
        notifier.notify({.title = u"Done"_s});
        QTRY_COMPARE(shown.size(), 2);
        QCOMPARE(desktop.calls.last().at(1).toUInt(), 41U); // in place of the one before
        QTest::qWait(100);
        QCOMPARE(clicked.size(), 1);
    }
};

QTEST_GUILESS_MAIN(tst_Notifier)
#include "tst_notifier.moc"
