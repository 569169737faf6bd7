// SPDX-License-Identifier: MIT
#include "app/repairflow.h"

#include "views/doctorpage.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

DoctorRow doctorRow(const HistoryLook &look)
{
    DoctorRow row{.component = look.name,
                  .config = look.history.source.config,
                  .targets = {},
                  .troubles = look.troubles,
                  .error = look.errors.isEmpty() ? std::optional<Error>() : look.errors.first(),
                  .revisions = static_cast<int>(look.history.scripts.map.count()),
                  .unread = {},
                  .record = look.open,
                  .stages = look.stages};
    for (const HistoryTarget &target : look.history.targets) {
        if (target.followsFiles)
            row.targets += target.target;
        if (!target.isRead)
            row.unread += target.target.id.text();
    }
    return row;
}

} // namespace

RepairFlow::RepairFlow(KSyntaxHighlighting::Repository &repository, DoctorPage *page, QWidget *window)
    : QObject(window), m_repository(repository), m_page(page), m_window(window)
{
    connectPage();
}

RepairFlow::~RepairFlow()
{
    m_planStop.request_stop();
}

void RepairFlow::connectPage()
{
    connect(m_page, &DoctorPage::againRequested, this, &RepairFlow::look);
    connect(m_page, &DoctorPage::showRequested, this, &RepairFlow::showRequested);
    connect(m_page, &DoctorPage::offerChosen, this, &RepairFlow::choose);
    connect(m_page, &DoctorPage::stageRequested, this, &RepairFlow::takeStage);
    connect(m_page, &DoctorPage::abandonRequested, this, &RepairFlow::giveUp);
}

void RepairFlow::setSession(WorkspaceSession *session)
{
    m_planStop.request_stop();
    delete m_resolve;
    m_session = session;
    m_asking.setSession(session);
    m_looks.clear();
    m_led.clear();
    m_page->setReading();
}

void RepairFlow::look()
{
    if (!m_session)
        return;
    const int request = ++m_lookRequest;
    if (m_looks.isEmpty())
        m_page->setReading();
    const auto answer = [this, request](const QList<HistoryLook> &looks) {
        if (request == m_lookRequest)
            take(looks);
    };
    m_asking.ask<QList<HistoryLook>>(m_session->lookAtHistories(GitLook::Without),
                                     [this, request, answer](const QList<HistoryLook> &looks) {
                                         // What git said last stays on the page until it has answered again.
                                         if (m_looks.isEmpty())
                                             answer(looks);
                                         if (request == m_lookRequest)
                                             m_asking.ask<QList<HistoryLook>>(
                                                 m_session->lookAtHistories(GitLook::With), answer);
                                     });
}

void RepairFlow::statesChanged()
{
    if (!m_session || m_session->isReading())
        return;
    if (m_page->isVisible())
        return look();
    const int request = ++m_lookRequest;
    m_asking.ask<QList<HistoryLook>>(m_session->lookAtHistories(GitLook::Without),
                                     [this, request](const QList<HistoryLook> &looks) {
                                         if (request == m_lookRequest)
                                             take(looks);
                                     });
}

void RepairFlow::take(const QList<HistoryLook> &looks)
{
    m_looks = looks;
    closeFinished();
    tellPage();
    if (const HistoryLook *look = lookOf(m_resolving); look && m_resolve)
        m_resolve->setOrigins(look->origins);
}

void RepairFlow::tellPage()
{
    QList<DoctorRow> rows;
    int count = 0;
    for (const HistoryLook &look : std::as_const(m_looks)) {
        rows += doctorRow(look);
        count += static_cast<int>(look.troubles.size()) + (look.open ? 1 : 0);
    }
    m_page->setHistories(rows);
    Q_EMIT troublesCounted(count);
}

/// A repair whose last stage this window did needs nobody any more. One that somebody else goes on with is
/// theirs: what was read here may be older than what they did.
void RepairFlow::closeFinished()
{
    for (HistoryLook &look : m_looks) {
        const bool isDone = look.open && m_led.contains(look.history.source.config) &&
                            std::ranges::all_of(look.stages, &RepairStage::isDone);
        if (!isDone)
            continue;
        m_led.remove(look.history.source.config);
        m_asking.ask<Result<void>>(m_session->closeRepair(*look.open),
                                   [this, title = look.open->title](const Result<void> &closed) {
                                       if (!closed)
                                           return failed(tr("The repair cannot be closed"), closed.error());
                                       Q_EMIT done(tr("Done: %1").arg(title));
                                   });
        look.open.reset();
        look.stages.clear();
    }
}

/// Files are not changed under revisions that run, nor repaired in another way under a repair that is open.
bool RepairFlow::mayChangeFiles(const HistoryLook &look, RepairOffer::Action action)
{
    const bool isOpen = look.open && action == RepairOffer::Repair;
    if (m_isRunning)
        Q_EMIT failed(tr("A run is in progress"),
                      {.message = tr("Revision files are not changed while revisions run."),
                       .hint = tr("Stop it or wait for its end.")});
    else if (isOpen)
        Q_EMIT failed(tr("A repair is not finished"),
                      {.message = look.open->title,
                       .hint = tr("Go on with its stages on the Doctor page, or undo it there.")});
    return !m_isRunning && !isOpen;
}

const HistoryLook *RepairFlow::lookOf(const QString &config) const
{
    const auto found = std::ranges::find_if(
        m_looks, [&](const HistoryLook &look) { return look.history.source.config == config; });
    return found == m_looks.end() ? nullptr : &*found;
}

void RepairFlow::resolve(const TargetId &id)
{
    if (!m_session)
        return;
    const Result<Target> target = m_session->ownTarget(id);
    if (!target)
        return;
    m_asking.ask<QList<HistoryLook>>(
        m_session->lookAtHistories(GitLook::Without),
        [this, target = *target](const QList<HistoryLook> &looks) {
            if (m_looks.isEmpty())
                take(looks);
            const auto look = std::ranges::find_if(
                looks, [&](const HistoryLook &one) { return one.history.source.config == target.config; });
            if (look == looks.end())
                return;
            const auto trouble = std::ranges::find(look->troubles, TroubleKind::SeveralHeads, &Trouble::kind);
            if (trouble != look->troubles.end() && !look->open) {
                openResolve(*look, *trouble, {});
                return this->look(); // who wrote what comes from git, some moments later
            }
            // Something else is wrong, or nothing: the page tells.
            Q_EMIT doctorRequested();
        });
}

void RepairFlow::choose(const QString &config, const Trouble &trouble, const RepairOffer &offer)
{
    const HistoryLook *look = lookOf(config);
    if (!m_session || !look)
        return;
    const bool changesFiles = offer.action == RepairOffer::Repair ||
                              offer.action == RepairOffer::FinishChange ||
                              offer.action == RepairOffer::UndoChange;
    if (changesFiles && !mayChangeFiles(*look, offer.action))
        return;
    switch (offer.action) {
    case RepairOffer::Repair:
        return trouble.divergence ? openResolve(*look, trouble, offer.request)
                                  : openPreview(*look, offer.request);
    case RepairOffer::Stamp:
        return stampRequested(offer.target, offer.stampTo, offer.purge);
    case RepairOffer::OtherFiles:
        return useOtherFiles(offer);
    case RepairOffer::FinishChange:
        return settle(*look, WorkspaceSession::Unfinished::Finish);
    case RepairOffer::UndoChange:
        return settle(*look, WorkspaceSession::Unfinished::Undo);
    case RepairOffer::OpenFile:
        Q_EMIT fileRequested(offer.request.file);
    }
}

/// Another dialog takes its place; what was asked for the former is not wanted any more.
void RepairFlow::closeResolve(const HistoryLook &next)
{
    ++m_planRequest;
    m_planStop.request_stop();
    delete m_resolve;
    m_resolving = next.history.source.config;
}

void RepairFlow::openResolve(const HistoryLook &look, const Trouble &trouble, const RepairRequest &preferred)
{
    closeResolve(look);
    m_resolve = new ResolveDialog(m_repository, look.history, trouble, look.origins, m_window);
    if (!preferred.moved.isEmpty() || preferred.kind != RepairKind::Rebase)
        m_resolve->choose(preferred);
    connectResolve(look.history);
}

void RepairFlow::openPreview(const HistoryLook &look, const RepairRequest &request)
{
    closeResolve(look);
    m_resolve = new ResolveDialog(m_repository, look.history, request, m_window);
    connectResolve(look.history);
}

void RepairFlow::connectResolve(const History &history)
{
    m_resolve->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_resolve, &ResolveDialog::planNeeded, this,
            [this, history](const RepairRequest &request) { plan(history, request); });
    connect(m_resolve, &ResolveDialog::applyRequested, this,
            [this, history](const RepairPlan &wanted) { apply(history, wanted); });
    connect(m_resolve, &QDialog::finished, this, [this] { m_planStop.request_stop(); });
    m_resolve->open();
}

void RepairFlow::plan(const History &history, const RepairRequest &request)
{
    m_planStop.request_stop();
    m_planStop = {};
    const int number = ++m_planRequest;
    m_resolve->setPlanning();
    m_asking.ask<Result<RepairPlan>>(
        m_session->planRepair(history, request, m_planStop.get_token()),
        [this, number, folder = history.scripts.config.directory](const Result<RepairPlan> &planned) {
            if (number != m_planRequest || !m_resolve)
                return;
            if (planned)
                m_resolve->setPlan(*planned, folder);
            else
                m_resolve->setRefusal(planned.error());
        });
}

void RepairFlow::apply(const History &history, const RepairPlan &plan)
{
    if (m_isRunning)
        return m_resolve->setFailed({.message = tr("Revision files are not changed while revisions run."),
                                     .hint = tr("Stop the run or wait for its end.")});
    m_resolve->setApplying();
    const bool begins = !plan.detours.isEmpty();
    m_asking.ask<Result<void>>(
        begins ? m_session->beginRepair(history, plan) : m_session->writeRepair(history, plan),
        [this, history, begins](const Result<void> &applied) {
            if (!applied) {
                if (m_resolve)
                    m_resolve->setFailed(applied.error());
                else
                    Q_EMIT failed(tr("The repair was not made"), applied.error());
                return;
            }
            if (m_resolve)
                m_resolve->setDone(begins ? tr("The databases come first: the Doctor page leads "
                                               "through the stages.")
                                          : QString());
            if (begins)
                Q_EMIT doctorRequested();
            written(history);
        });
}

/// Files are other files now: every target that follows them is read again, and the histories looked at.
void RepairFlow::written(const History &history)
{
    for (const HistoryTarget &target : history.targets) {
        if (target.followsFiles)
            m_session->refresh(target.target.id);
    }
    look();
}

void RepairFlow::takeStage(const QString &config, const RepairStage &stage)
{
    const HistoryLook *look = lookOf(config);
    if (!m_session || !look || !look->open)
        return;
    if (m_isRunning)
        return failed(tr("A run is in progress"), {.message = tr("The next stage comes after it.")});
    m_led += config;
    if (stage.kind == RepairStage::Upgrade)
        return runRequested(stage.target, Direction::Upgrade, stage.revision);
    if (stage.kind == RepairStage::RollBack) {
        m_asking.ask<Result<void>>(
            m_session->checkRollBack(look->history, *look->open, stage),
            [this, stage](const Result<void> &checked) {
                if (checked)
                    return runRequested(stage.target, Direction::Downgrade, stage.revision);
                Q_EMIT failed(tr("%1 cannot be rolled back for this repair").arg(stage.target.text()),
                              checked.error());
            });
        return;
    }
    m_asking.ask<Result<void>>(m_session->writeFiles(look->history, *look->open),
                               [this, history = look->history](const Result<void> &done) {
                                   if (!done)
                                       Q_EMIT failed(tr("The files were not rewritten"), done.error());
                                   written(history);
                               });
}

void RepairFlow::giveUp(const QString &config)
{
    const HistoryLook *look = lookOf(config);
    if (!m_session || !look || !look->open)
        return;
    if (m_isRunning)
        return failed(tr("A run is in progress"), {.message = tr("A repair is undone after it.")});
    m_asking.ask<Result<QStringList>>(
        m_session->giveUpRepair(*look->open, look->history),
        [this, history = look->history](const Result<QStringList> &lines) {
            if (!lines)
                Q_EMIT failed(tr("The repair cannot be taken back"), lines.error());
            else if (!lines->isEmpty())
                Q_EMIT failed(tr("Databases are not where they were"), {.message = lines->join(u"\n\n"_s)});
            written(history);
        });
}

void RepairFlow::settle(const HistoryLook &look, WorkspaceSession::Unfinished how)
{
    m_asking.ask<Result<void>>(m_session->settleChange(look.history, how), [this, history = look.history](
                                                                               const Result<void> &settled) {
        if (!settled)
            Q_EMIT failed(tr("The change of files is still not finished"), settled.error());
        written(history);
    });
}

void RepairFlow::useOtherFiles(const RepairOffer &offer)
{
    if (m_isRunning)
        return failed(tr("A run is in progress"), {.message = tr("Its files stay until it has ended.")});
    const QString of = offer.config.isEmpty() ? offer.ref : offer.config;
    m_asking.ask<Result<void>>(
        m_session->useFilesOf(offer.target, of), [this, target = offer.target, of](const Result<void> &used) {
            if (!used)
                return failed(tr("The files of %1 cannot be used").arg(of), used.error());
            Q_EMIT showRequested(target, {});
            Q_EMIT done(tr("%1 is shown with the files of %2").arg(target.text(), of));
        });
}

} // namespace stepwell
