// SPDX-License-Identifier: MIT
#include "app/secretstore.h"

#include <QDirIterator>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

const QString password = u"p@ss wörd '\\%3"_s;

bool withService()
{
    return qEnvironmentVariable("STEPWELL_TEST_SERVICE") == u"with"_s;
}

template<typename T>
Result<T> wait(QFuture<Result<T>> future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 30000))
        return failure(ErrorKind::Timeout, u"the test gave up"_s);
    return future.result();
}

} // namespace

class tst_SecretStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void storesAndForgets()
    {
        SecretStore store;
        const QString key = SecretStore::keyOf(u"/some/workspace"_s, {u"production"_s, u"manager"_s});
        const Result<void> written = wait(store.write(key, password));
        if (!withService()) {
            QVERIFY(!written);
            QVERIFY2(!written.error().hint.isEmpty(), "it has to say that memory is used");
            const Result<QString> read = wait(store.read(key));
            QVERIFY(!read);
            return;
        }
        QVERIFY2(written.has_value(), written ? "" : qPrintable(toText(written.error())));
        SecretStore later;
        QCOMPARE(wait(later.read(key)).value_or(u"none"_s), password);
        QCOMPARE(wait(later.read(SecretStore::keyOf(u"/some/workspace"_s, {u"staging"_s, u"manager"_s})))
                     .value_or(u"none"_s),
                 QString());
        QVERIFY(wait(later.remove(key)));
        QCOMPARE(wait(later.read(key)).value_or(u"none"_s), QString());
    }

    void memoryIsMemory()
    {
        const QString key = SecretStore::keyOf(u"/w"_s, {u"e"_s, u"c"_s});
        SecretStore store;
        store.remember(key, password);
        QCOMPARE(wait(store.read(key)).value_or(QString()), password);
        store.forget(key);
        QVERIFY(store.remembered(key).isEmpty());
        SecretStore other;
        QVERIFY(other.remembered(key).isEmpty());
    }

    void nothingIsWrittenInPlainText()
    {
        SecretStore store;
        std::ignore = wait(store.write(SecretStore::keyOf(u"/w"_s, {u"e"_s, u"c"_s}), password));
        QDirIterator files(QDir::homePath(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly))
                QVERIFY2(!file.readAll().contains(password.toUtf8()), qPrintable(file.fileName()));
        }
    }

    void aWorkerMayAsk()
    {
        SecretStore store;
        const QString key = SecretStore::keyOf(u"/w"_s, {u"e"_s, u"worker"_s});
        store.remember(key, password);
        QString answer;
        const std::unique_ptr<QThread> worker(
            QThread::create([&] { answer = store.read(key).result().value_or(QString()); }));
        worker->start();
        QTRY_VERIFY(worker->isFinished());
        QCOMPARE(answer, password);
    }
};

QTEST_GUILESS_MAIN(tst_SecretStore)
#include "tst_secretstore.moc"
