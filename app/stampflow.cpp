// SPDX-License-Identifier: MIT
#include "app/stampflow.h"

#include "migrations/alembic/stamp.h"
#include "migrations/run/stampoutcome.h"

namespace stepwell {

using namespace Qt::StringLiterals;

StampFlow::StampFlow(QWidget *window) : QObject(window), m_window(window) {}

StampFlow::~StampFlow()
{
    m_compareStop.request_stop();
}

void StampFlow::setSession(WorkspaceSession *session)
{
    m_compareStop.request_stop();
    delete m_stamp;
    m_session = session;
    m_asking.setSession(session);
}

void StampFlow::begin(const TargetId &id, const QStringList &revisions, bool purge)
{
    const Result<Target> target =
        m_session ? m_session->workspace().target(id) : Result<Target>(std::unexpected(Error{}));
    const TargetStatus *status = m_session ? m_session->status(id) : nullptr;
    if (!target || !status || !status->scripts || !status->database) {
        Q_EMIT failed(tr("%1 cannot be stamped").arg(id.text()),
                      status && status->error ? *status->error
                                              : Error{.message = tr("Its state is not known yet.")});
        return;
    }
    ++m_compareRequest;
    m_compareStop.request_stop();
    delete m_stamp;
    m_stamp = new StampDialog(*target, status->scripts->map, status->current, m_window);
    m_stamp->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_stamp, &StampDialog::changesNeeded, this,
            [this, id, map = status->scripts->map, rows = status->current](const QStringList &wanted,
                                                                           bool withPurge) {
                const auto changes = planStamp(map, rows, wanted, withPurge);
                ++m_compareRequest; // what was compared for the former choice says nothing of this one
                m_compareStop.request_stop();
                if (!changes)
                    return m_stamp->setRefusal(changes.error());
                m_stamp->setChanges(*changes);
                compareSchema(id, rowsAfter(rows, *changes));
            });
    connect(m_stamp, &StampDialog::confirmed, this,
            [this, id, rows = status->current](const QStringList &wanted, bool withPurge) {
                m_asking.ask<RunReport>(m_session->stamp(id, rows, wanted, withPurge),
                                        [this, id](const RunReport &report) { stamped(id, report); });
            });
    connect(m_stamp, &QDialog::finished, this, [this] { m_compareStop.request_stop(); });
    m_stamp->open();
    if (!revisions.isEmpty())
        m_stamp->choose(revisions, purge);
}

void StampFlow::compareSchema(const TargetId &id, const RevisionIds &rows)
{
    m_compareStop = {};
    const int number = m_compareRequest;
    m_stamp->setComparing();
    m_asking.ask<Result<SchemaComparison>>(m_session->compareSchema(id, rows, m_compareStop.get_token()),
                                           [this, number](const Result<SchemaComparison> &compared) {
                                               if (number != m_compareRequest || !m_stamp)
                                                   return;
                                               if (compared)
                                                   m_stamp->setComparison(*compared);
                                               else
                                                   m_stamp->setComparisonError(compared.error());
                                           });
}

void StampFlow::stamped(const TargetId &id, const RunReport &report)
{
    m_session->refresh(id);
    Q_EMIT journalChanged();
    if (report.outcome == Outcome::Done)
        Q_EMIT done(report.summary);
    else
        Q_EMIT failed(tr("%1 was not stamped as asked").arg(id.text()),
                      report.error.value_or(Error{.message = report.summary}));
}

} // namespace stepwell
