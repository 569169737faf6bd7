// SPDX-License-Identifier: MIT
#pragma once

#include "app/asking.h"
#include "views/stampdialog.h"

#include <stop_token>

namespace stepwell {

/// Setting the version rows of a target without running a revision: shows what that does and how the schema
/// fits, and does it when it is confirmed. Main thread; one dialog at a time.
class StampFlow : public QObject
{
    Q_OBJECT

public:
    explicit StampFlow(QWidget *window);
    ~StampFlow() override; ///< asks workers to stop and does not wait

    void setSession(WorkspaceSession *session);
    /// Opens the dialog, or emits failed() with the reason why not; `revisions` are proposed.
    void begin(const TargetId &id, const QStringList &revisions = {}, bool purge = false);

    [[nodiscard]] bool isBusy() const { return m_asking.isBusy(); }
    [[nodiscard]] StampDialog *dialog() const { return m_stamp; }

Q_SIGNALS:
    void journalChanged();
    void failed(const QString &title, const stepwell::Error &error);
    void done(const QString &text);

private:
    void compareSchema(const TargetId &id, const RevisionIds &rows);
    void stamped(const TargetId &id, const RunReport &report);

    QWidget *m_window;
    QPointer<WorkspaceSession> m_session;
    QPointer<StampDialog> m_stamp;
    std::stop_source m_compareStop; ///< of the schema that is being compared
    int m_compareRequest = 0;
    Asking m_asking{this};
};

} // namespace stepwell
