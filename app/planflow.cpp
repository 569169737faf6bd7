// SPDX-License-Identifier: MIT
#include "app/planflow.h"

#include "migrations/alembic/onestepback.h"
#include "migrations/run/runpolicy.h"

#include <QFileDialog>
#include <QSaveFile>

namespace stepwell {

using namespace Qt::StringLiterals;

PlanFlow::PlanFlow(KSyntaxHighlighting::Repository &repository, QWidget *window)
    : QObject(window), m_repository(repository), m_window(window)
{
}

void PlanFlow::begin(WorkspaceSession &session, const TargetId &id, Direction direction,
                     const QString &revision, PlanDialog::Mode mode)
{
    const QString title =
        direction == Direction::Upgrade ? tr("%1 cannot be upgraded to %2").arg(id.text(), revision)
        : revision.isEmpty()            ? tr("%1 cannot be taken one step back").arg(id.text())
                                        : tr("%1 cannot be rolled back to %2").arg(id.text(), revision);
    const Result<Target> target = session.workspace().target(id);
    const TargetStatus *status = session.status(id);
    if (!target || !status)
        return;
    if (!status->scripts || !status->scripts->problems.isEmpty() || !status->database) {
        Q_EMIT refused(title, status->error.value_or(Error{.message = tr("Its state is not known yet."),
                                                           .hint = tr("Refresh it first.")}));
        return;
    }
    const Result<Plan> plan = makePlan(status->scripts->map, status->current, revision, direction);
    if (!plan)
        Q_EMIT refused(title, plan.error());
    else if (plan->steps.isEmpty())
        Q_EMIT nothingToDo(tr("Nothing to do: %1 is at %2.").arg(id.text(), toText(plan->from)));
    else
        open(session, *target, *status, *plan, mode);
}

void PlanFlow::open(WorkspaceSession &session, const Target &target, const TargetStatus &status,
                    const Plan &plan, PlanDialog::Mode mode)
{
    delete m_dialog;
    m_session = &session;
    m_target = target.id;
    m_plan = plan;
    m_backupDirectory = defaultBackupDirectory(session.workspace().directory, target.id);
    m_dialog = new PlanDialog(m_repository, target, status, plan, mode, m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialog->setBackupDirectory(m_backupDirectory);
    connect(m_dialog, &PlanDialog::checksRequested, this, &PlanFlow::check);
    connect(m_dialog, &PlanDialog::saveSqlRequested, this, &PlanFlow::saveSql);
    connect(m_dialog, &PlanDialog::backupDirectoryRequested, this, &PlanFlow::chooseBackupDirectory);
    connect(m_dialog, &PlanDialog::accepted, this, [this] {
        RunRequest request = m_dialog->request();
        request.password = m_session->password(m_target);
        request.workspaceDirectory = m_session->workspace().directory;
        Q_EMIT confirmed(request);
    });
    m_dialog->open();
    check();
    render();
}

void PlanFlow::check()
{
    if (!m_session || !m_dialog)
        return;
    m_dialog->setChecks({}, true);
    ++m_busy;
    m_session->preflight(m_target, m_plan, m_backupDirectory)
        .then(this, [this, dialog = m_dialog](const QList<CheckResult> &checks) {
            --m_busy;
            if (dialog)
                dialog->setChecks(checks, false);
        });
}

void PlanFlow::render()
{
    ++m_busy;
    m_session->render(m_target, runSteps(m_plan), m_plan.direction)
        .then(this, [this, dialog = m_dialog](const Result<QList<RenderedSql>> &rendered) {
            --m_busy;
            if (!dialog)
                return;
            if (rendered)
                dialog->setRendered(*rendered);
            else
                dialog->setRenderFailed(rendered.error());
        });
}

void PlanFlow::saveSql(const QString &sql)
{
    auto *chooser = new QFileDialog(m_dialog, tr("Save the SQL"), {}, tr("SQL files (*.sql)"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->setDefaultSuffix(u"sql"_s);
    connect(chooser, &QFileDialog::fileSelected, this, [this, sql](const QString &name) {
        QSaveFile file(name);
        if (!file.open(QIODevice::WriteOnly) || file.write(sql.toUtf8()) < 0 || !file.commit())
            Q_EMIT refused(tr("The SQL could not be saved"), {.kind = ErrorKind::FileError,
                                                              .message = file.errorString(),
                                                              .hint = tr("Choose another place.")});
    });
    chooser->open();
}

void PlanFlow::chooseBackupDirectory()
{
    auto *chooser = new QFileDialog(m_dialog, tr("Folder for the backup"), m_backupDirectory);
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::Directory);
    chooser->setOption(QFileDialog::ShowDirsOnly);
    connect(chooser, &QFileDialog::fileSelected, this, [this](const QString &folder) {
        m_backupDirectory = folder;
        if (m_dialog)
            m_dialog->setBackupDirectory(folder);
        check();
    });
    chooser->open();
}

} // namespace stepwell
