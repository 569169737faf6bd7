// SPDX-License-Identifier: MIT
#include "app/secretstore.h"

#include <QMutexLocker>
#include <QPromise>
#include <QThread>
#include <QTimer>

#include <qt6keychain/keychain.h>

#include <memory>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto service = "Stepwell"_L1;
constexpr auto deadline = 15s; ///< a keyring that asks for its own password needs the user's time

Error toError(QKeychain::Error error, const QString &text)
{
    const QString hint = u"Type the password; it is kept in memory until Stepwell ends."_s;
    switch (error) {
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return {.kind = ErrorKind::Refused,
                .message = u"The secret service is locked or refused access."_s,
                .hint = hint,
                .detail = text};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return {.kind = ErrorKind::ProcessFailed,
                .message = u"No secret service answers on this desktop."_s,
                .hint = hint,
                .detail = text};
    default:
        return {.kind = ErrorKind::ProcessFailed,
                .message = u"The secret service failed."_s,
                .hint = hint,
                .detail = text};
    }
}

/// Starts a job made by `make` on the store's thread and ends the promise with `finish(job)`, or with
/// Timeout. The job deletes itself; a late answer finds the promise finished and is dropped.
template<typename T, typename Job>
QFuture<Result<T>> start(QObject *context, std::function<Job *()> make,
                         std::function<Result<T>(Job *)> finish)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    QFuture<Result<T>> future = promise->future();
    promise->start();
    QMetaObject::invokeMethod(context, [context, promise, make, finish] {
        const auto end = [promise](Result<T> result) {
            if (promise->future().isFinished())
                return;
            promise->addResult(std::move(result));
            promise->finish();
        };
        Job *job = make();
        QObject::connect(job, &QKeychain::Job::finished, context, [end, finish, job] { end(finish(job)); });
        QTimer::singleShot(deadline, context, [end] {
            end(failure(
                ErrorKind::Timeout, u"The secret service did not answer in time."_s,
                u"Unlock the keyring, or type the password; it is kept in memory until Stepwell ends."_s));
        });
        job->start();
    });
    return future;
}

QFuture<Result<QString>> readJob(QObject *context, const QString &key)
{
    return start<QString, QKeychain::ReadPasswordJob>(
        context,
        [key] {
            auto *job = new QKeychain::ReadPasswordJob(service);
            job->setKey(key);
            return job;
        },
        [](QKeychain::ReadPasswordJob *job) -> Result<QString> {
            if (job->error() == QKeychain::NoError)
                return job->textData();
            if (job->error() == QKeychain::EntryNotFound)
                return QString();
            return std::unexpected(toError(job->error(), job->errorString()));
        });
}

Result<void> checkDone(const QKeychain::Job *job)
{
    if (job->error() == QKeychain::NoError || job->error() == QKeychain::EntryNotFound)
        return {};
    return std::unexpected(toError(job->error(), job->errorString()));
}

} // namespace

SecretStore::SecretStore(QObject *parent) : QObject(parent) {}

SecretStore::~SecretStore()
{
    for (QString &password : m_memory)
        password.fill(u'\0');
}

QString SecretStore::keyOf(const QString &workspaceDirectory, const TargetId &target)
{
    return workspaceDirectory + u'#' + target.text();
}

bool SecretStore::isAvailable()
{
    return QKeychain::isAvailable();
}

QFuture<Result<QString>> SecretStore::read(const QString &key)
{
    if (const QString known = remembered(key); !known.isEmpty())
        return QtFuture::makeReadyValueFuture(Result<QString>(known));
    return readJob(this, key);
}

QString SecretStore::readOnWorker(const QString &key, const std::stop_token &stop)
{
    const QFuture<Result<QString>> answer = read(key);
    // Polled, not waited for: the main thread that has to answer may be ending.
    while (!answer.isFinished()) {
        if (stop.stop_requested())
            return {};
        QThread::msleep(10);
    }
    return answer.result().value_or(QString());
}

QFuture<Result<void>> SecretStore::write(const QString &key, const QString &password)
{
    const auto written = start<void, QKeychain::WritePasswordJob>(
        this,
        [key, password] {
            auto *job = new QKeychain::WritePasswordJob(service);
            job->setKey(key);
            job->setTextData(password);
            return job;
        },
        [](QKeychain::WritePasswordJob *job) { return checkDone(job); });
    return QFuture<Result<void>>(written)
        .then(this,
              [this, key, password](const Result<void> &result) -> QFuture<Result<void>> {
                  if (!result)
                      return QtFuture::makeReadyValueFuture(result);
                  return readJob(this, key).then([password](const Result<QString> &read) -> Result<void> {
                      if (read && *read == password)
                          return {};
                      return failure(ErrorKind::ProcessFailed,
                                     u"The secret service did not keep the password."_s,
                                     u"It is kept in memory until Stepwell ends."_s);
                  });
              })
        .unwrap();
}

QFuture<Result<void>> SecretStore::remove(const QString &key)
{
    forget(key);
    return start<void, QKeychain::DeletePasswordJob>(
        this,
        [key] {
            auto *job = new QKeychain::DeletePasswordJob(service);
            job->setKey(key);
            return job;
        },
        [](QKeychain::DeletePasswordJob *job) { return checkDone(job); });
}

void SecretStore::remember(const QString &key, const QString &password)
{
    const QMutexLocker locker(&m_mutex);
    m_memory.insert(key, password);
}

void SecretStore::forget(const QString &key)
{
    const QMutexLocker locker(&m_mutex);
    m_memory.remove(key);
}

QString SecretStore::remembered(const QString &key) const
{
    const QMutexLocker locker(&m_mutex);
    return m_memory.value(key);
}

} // namespace stepwell
