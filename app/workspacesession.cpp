// SPDX-License-Identifier: MIT
#include "app/workspacesession.h"

#include "app/secretstore.h"
#include "app/settlement.h"
#include "migrations/review/reviewstore.h"
#include "migrations/run/backuprun.h"
#include "migrations/run/checkfix.h"
#include "migrations/run/planreview.h"
#include "migrations/run/runpolicy.h"

#include <QFile>
#include <QThread>
#include <QThreadPool>
#include <QTimer>
#include <QtConcurrentRun>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::minutes briefly{15};

bool passwordHelps(const TargetStatus &status)
{
    return status.error && wantsPassword(status.error->kind);
}

} // namespace

WorkspaceSession::WorkspaceSession(Workspace workspace, SecretStore &secrets, QObject *parent)
    : QObject(parent), m_workspace(std::move(workspace)), m_secrets(secrets)
{
    // Workers wait for servers, not for a processor.
    QThreadPool::globalInstance()->setMaxThreadCount(std::max(16, QThread::idealThreadCount()));
    connect(&m_watch, &FileWatch::changed, this, &WorkspaceSession::filesChanged);
}

WorkspaceSession::~WorkspaceSession()
{
    m_stop.request_stop();
    releaseCheckouts();
}

QString WorkspaceSession::keyOf(const TargetId &id) const
{
    return SecretStore::keyOf(m_workspace.directory, id);
}

QList<TargetStatus> WorkspaceSession::statuses() const
{
    QList<TargetStatus> all;
    for (const Target &target : m_workspace.targets()) {
        if (const TargetStatus *known = status(target.id))
            all += *known;
    }
    return all;
}

const TargetStatus *WorkspaceSession::status(const TargetId &id) const
{
    const auto found = m_statuses.constFind(id);
    return found == m_statuses.constEnd() ? nullptr : &*found;
}

QString WorkspaceSession::password(const TargetId &id) const
{
    return m_passwords.value(id);
}

void WorkspaceSession::refreshAll()
{
    for (const Target &target : m_workspace.targets())
        refresh(target.id);
}

void WorkspaceSession::refresh(const TargetId &id)
{
    const Result<Target> target = m_workspace.target(id);
    if (!target)
        return;
    const int request = ++m_lastRequest;
    m_reading[id] = request;
    Q_EMIT readingStarted(id);
    // The secret service is asked only if the server asks for a password.
    QtConcurrent::run([target = *target, known = password(id), key = keyOf(id), secrets = &m_secrets,
                       revisions = m_revisions, stop = m_stop.get_token()] {
        Answer answer{readTargetStatus(target, known, ReadDepth::Facts, revisions.get()), known};
        if (!passwordHelps(answer.status) || stop.stop_requested())
            return answer;
        const QString password = secrets->readOnWorker(key, stop);
        if (!password.isEmpty() && password != known)
            answer = {readTargetStatus(target, password, ReadDepth::Facts, revisions.get()), password};
        return answer;
    }).then(this, [this, request](const Answer &answer) { accept(request, answer); });
}

void WorkspaceSession::accept(int request, const Answer &answer)
{
    const TargetId id = answer.status.id;
    if (m_reading.value(id) != request)
        return;
    m_reading.remove(id);
    if (!passwordHelps(answer.status))
        m_passwords[id] = answer.password;
    m_statuses[id] = answer.status;
    const Result<Target> target = m_workspace.target(id);
    if (target)
        watchFiles(*target, answer.status);
    Q_EMIT statusChanged(id);
    if (target && m_changedMeanwhile.remove(target->config))
        filesChanged(target->config);
}

void WorkspaceSession::watchFiles(const Target &target, const TargetStatus &status)
{
    // Editors and git replace files, which shows in the folder; writing in place shows in the file alone.
    // Each watch costs kernel memory, so very many files are watched through their folders only.
    constexpr int watchedFiles = 5000;
    QStringList paths{target.config};
    if (status.scripts) {
        paths += status.scripts->folders;
        for (const ScriptProblem &problem : status.scripts->problems)
            paths += problem.files;
        for (const Revision &revision :
             status.scripts->map.revisions().first(std::min(watchedFiles, status.scripts->map.count())))
            paths += revision.file;
    }
    m_watch.watch(target.config, paths);
}

void WorkspaceSession::filesChanged(const QString &config)
{
    for (const Target &target : m_workspace.targets()) {
        const TargetStatus *last = status(target.id);
        if (target.config != config)
            continue;
        if (!last || m_reading.contains(target.id)) {
            m_changedMeanwhile.insert(config);
            continue;
        }
        const int request = ++m_lastRequest;
        m_reading[target.id] = request;
        QtConcurrent::run([target, last = *last, known = password(target.id), revisions = m_revisions] {
            return Answer{reassessTarget(target, last, revisions.get()), known};
        }).then(this, [this, request](const Answer &answer) { accept(request, answer); });
    }
}

QFuture<Result<QList<StepReview>>> WorkspaceSession::review(const TargetId &id, const QList<RunStep> &steps,
                                                            Direction direction, Reader reader,
                                                            bool renderAnew)
{
    return QtConcurrent::run([workspace = m_workspace, id, password = password(id), steps, direction, reader,
                              renderAnew, stop = m_stop.get_token()]() -> Result<QList<StepReview>> {
        const Result<Target> target = workspace.target(id);
        if (!target)
            return std::unexpected(target.error());
        return TargetAccess::open(*target, password).and_then([&](const TargetAccess &access) {
            PlanReviewOptions options{
                .workspaceDirectory = workspace.directory,
                .runner = reader == Reader::Runner ? reviewerIdentity(workspace.directory) : QString(),
                .lint = lintOptions(*target, &workspace),
                .refresh = renderAnew,
                .stop = stop};
            // Without the database the SQL is still worth a look; it says itself that no size is known.
            const auto known = access.openSession(u"review"_s, std::chrono::seconds(5))
                                   .and_then([&](const std::unique_ptr<DatabaseSession> &session) {
                                       return lintOptions(*target, &workspace, *session);
                                   });
            if (known)
                options.lint = *known;
            return reviewSteps(access, *target, steps, direction, options);
        });
    });
}

QFuture<Result<QString>> WorkspaceSession::signOff(const Review &review, const ReviewedTexts &texts)
{
    return QtConcurrent::run([directory = m_workspace.directory, review, texts] {
        return ReviewStore(directory).add(review, texts);
    });
}

QFuture<ReviewedTexts> WorkspaceSession::reviewedTexts(const Review &review)
{
    return QtConcurrent::run(
        [directory = m_workspace.directory, review] { return ReviewStore(directory).texts(review); });
}

QFuture<QList<Review>> WorkspaceSession::reviews(const QString &component, const RevisionId &id)
{
    return QtConcurrent::run([directory = m_workspace.directory, component, id] {
        return ReviewStore(directory).read(component, id).value_or(QList<Review>());
    });
}

QFuture<QList<FileVersion>> WorkspaceSession::fileVersions(const QString &file)
{
    return QtConcurrent::run([file] { return stepwell::fileVersions(file).value_or(QList<FileVersion>()); });
}

QFuture<Result<ComparedFile>> WorkspaceSession::compareFile(const QString &file, const FileVersion &version)
{
    return QtConcurrent::run([file, version] {
        return fileAt(file, version).transform([&](const QString &before) {
            QFile now(file);
            return ComparedFile{.before = before,
                                .now = now.open(QIODevice::ReadOnly) ? QString::fromUtf8(now.readAll())
                                                                     : QString()};
        });
    });
}

QFuture<QString> WorkspaceSession::reviewer()
{
    return QtConcurrent::run([directory = m_workspace.directory] { return reviewerIdentity(directory); });
}

QFuture<CheckResult> WorkspaceSession::preflight(const TargetId &id, PreflightRequest request,
                                                 const std::stop_token &stop)
{
    request.password = password(id);
    request.workspaceDirectory = m_workspace.directory;
    request.journal = defaultJournalPath();
    // A promise takes results from any thread, also when nobody waits for them any more.
    return QtConcurrent::run([target = m_workspace.target(id), request = std::move(request), stop,
                              session = m_stop.get_token()](QPromise<CheckResult> &promise) mutable {
        if (!target) {
            promise.addResult(CheckResult{u"target"_s, u"Target"_s, CheckState::Failed,
                                          target.error().message, target.error().hint});
            return;
        }
        request.target = *target;
        std::stop_source either;
        const std::stop_callback byCaller(stop, [&either] { either.request_stop(); });
        const std::stop_callback bySession(session, [&either] { either.request_stop(); });
        std::ignore = runPreflight(request, either.get_token(),
                                   [&promise](const CheckResult &result) { promise.addResult(result); });
    });
}

QFuture<Result<void>> WorkspaceSession::applyFix(const TargetId &id, const CheckFix &fix)
{
    return QtConcurrent::run(
        [target = m_workspace.target(id), password = password(id), fix]() -> Result<void> {
            return target.and_then([&](const Target &known) { return TargetAccess::open(known, password); })
                .and_then([&](const TargetAccess &access) { return stepwell::applyFix(access, fix); });
        });
}

QFuture<Result<QList<JournalEntry>>> WorkspaceSession::journal(int limit)
{
    return QtConcurrent::run([limit, directory = m_workspace.directory] {
        return Journal::open(defaultJournalPath()).and_then([&](const std::unique_ptr<Journal> &journal) {
            return journal->entries({.limit = limit, .workspace = directory});
        });
    });
}

QFuture<Result<BackupRecord>> WorkspaceSession::backUp(const TargetId &id, const QString &directory)
{
    return QtConcurrent::run([target = m_workspace.target(id), password = password(id), directory,
                              workspace = m_workspace.directory,
                              stop = m_stop.get_token()]() -> Result<BackupRecord> {
        if (!target)
            return std::unexpected(target.error());
        const auto journal = Journal::open(defaultJournalPath());
        if (!journal)
            return std::unexpected(journal.error());
        return backUpTarget(*target, password, directory, workspace, **journal, {}, stop);
    });
}

QFuture<QStringList> WorkspaceSession::settleRuns()
{
    return QtConcurrent::run([targets = m_workspace.targets(), directory = m_workspace.directory,
                              secrets = &m_secrets, stop = m_stop.get_token()] {
        return settleUnfinishedRuns(targets, directory, [&](const Target &target) {
            return secrets->readOnWorker(SecretStore::keyOf(directory, target.id), stop);
        });
    });
}

QFuture<Result<void>> WorkspaceSession::setPassword(const TargetId &id, const QString &password, Keep keep)
{
    m_passwords[id] = password;
    refresh(id);
    if (keep == Keep::InSecretService) {
        // What the service does not take stays in memory: the user asked for it to be kept.
        return m_secrets.write(keyOf(id), password)
            .then(this, [this, id, password](const Result<void> &written) {
                if (!written)
                    m_secrets.remember(keyOf(id), password);
                return written;
            });
    }
    if (keep == Keep::InMemory)
        m_secrets.remember(keyOf(id), password);
    else
        QTimer::singleShot(briefly, this, [this, id, password] {
            if (m_passwords.value(id) == password)
                m_passwords.remove(id);
        });
    return QtFuture::makeReadyValueFuture(Result<void>());
}

QFuture<Result<void>> WorkspaceSession::forgetPassword(const TargetId &id)
{
    m_passwords.remove(id);
    refresh(id);
    return m_secrets.remove(keyOf(id));
}

} // namespace stepwell
