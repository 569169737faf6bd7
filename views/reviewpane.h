// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"
#include "models/revisionlistmodel.h"

#include <QTabWidget>

class QFormLayout;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class CodeView;
class ElidedLabel;
class SqlPane;

/// What is known of the selected revision: its script, its SQL both ways, its details. Script and SQL
/// are fed from outside; answers for another revision than the shown one are ignored.
class ReviewPane : public QTabWidget
{
    Q_OBJECT

public:
    enum Tab { Script, UpgradeSql, DowngradeSql, Details };

    explicit ReviewPane(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);

    /// `revision` is null for a row without a file. Asks for script and SQL by signal as needed.
    void showRevision(const RevisionRow &row, const Revision *revision, const RevisionIds &children);
    void clear();
    [[nodiscard]] const RevisionId &shownRevision() const { return m_id; }

    void setScript(const RevisionId &id, const QString &text);
    void setRendering(const RevisionId &id, Direction direction);
    void setSql(const RenderedSql &sql);
    void setSqlError(const RevisionId &id, Direction direction, const Error &error);
    /// At the right of the tabs: "rendered by alembic 1.13.2".
    void setOrigin(const QString &text);

Q_SIGNALS:
    /// The shown revision needs its script. Answer with setScript().
    void scriptNeeded(const stepwell::RevisionId &id, const QString &file);
    /// A tab came into view whose SQL is not there. Answer with setSql() or setSqlError().
    void sqlNeeded(const stepwell::RevisionId &id, stepwell::Direction direction);
    void openFileRequested(const QString &file);

protected:
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] SqlPane *pane(Direction direction) const;
    void askForSql();
    void mute(QWidget *label) const;
    void fillDetails(const RevisionRow &row, const Revision *revision, const RevisionIds &children);
    void addDetail(const QString &name, const QString &label, const QString &text, bool fixed = false);
    QWidget *makeDetails();

    RevisionId m_id;
    QString m_file;
    bool m_asked[2] = {false, false}; ///< by Direction
    CodeView *m_script;
    SqlPane *m_upgrade;
    SqlPane *m_downgrade;
    QFormLayout *m_details = nullptr;
    ElidedLabel *m_origin;
};

} // namespace stepwell
