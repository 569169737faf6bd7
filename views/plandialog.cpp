// SPDX-License-Identifier: MIT
#include "views/plandialog.h"

#include "models/checksmodel.h"
#include "models/planmodel.h"
#include "models/runtext.h"
#include "views/backupchoicebox.h"
#include "views/banner.h"
#include "views/confirmnameedit.h"
#include "views/elidedlabel.h"
#include "views/messagecard.h"
#include "views/planchecksview.h"
#include "views/planfixdialog.h"
#include "views/planlimits.h"
#include "views/planpreview.h"
#include "views/runbutton.h"
#include "views/runlabel.h"
#include "views/runpane.h"

#include <QAbstractSpinBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int margin = 18;

bool isDowngrade(const Plan &plan)
{
    return plan.direction == Direction::Downgrade;
}

} // namespace

PlanDialog::PlanDialog(KSyntaxHighlighting::Repository &repository, const Target &target,
                       const TargetStatus &status, const Plan &plan, Mode mode, QWidget *parent)
    : QDialog(parent)
    , m_target(target)
    , m_plan(plan)
    , m_connection(status.connection.displayText())
    , m_mode(mode)
    , m_steps(new PlanModel(this))
    , m_checks(new ChecksModel(this))
    , m_banner(new Banner(this))
{
    setObjectName(u"planDialog"_s);
    m_steps->setRenderingAwaited(true);
    m_steps->setPlan(plan, status.scripts ? status.scripts->map.revisions() : QList<Revision>());
    const QString name = QString(target.id.environment + u" / "_s + target.id.component);
    const QString title = mode == Mode::Emergency ? tr("Emergency rollback of %1").arg(name)
                          : isDowngrade(plan)     ? tr("Roll back %1").arg(name)
                                                  : tr("Upgrade %1").arg(name);
    setWindowTitle(title);
    m_banner->setColour(target.environment.colour);
    m_banner->setTitle(title);
    if (target.environment.protection == Protection::Protected)
        m_banner->setChips({{tr("protected environment"), Tone::Bad}});

    auto *splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(makeLeft(repository));
    splitter->addWidget(makeRight(repository));
    splitter->setStretchFactor(0, 35);
    splitter->setStretchFactor(1, 65);
    splitter->setSizes({410, 770});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    if (mode == Mode::Emergency)
        layout->addWidget(makeEmergencyStrip());
    layout->addWidget(m_banner);
    layout->addWidget(splitter, 1);
    layout->addWidget(makeBottom());
    resize(1180, 760);
    // Only now: a button becomes the default one of the dialog that it stands in.
    m_cancel->setDefault(true);
    m_cancel->setFocus();
    refreshFacts();
    refreshAction();
}

PlanDialog::~PlanDialog() = default;

QWidget *PlanDialog::makeEmergencyStrip()
{
    auto *strip = new RunPane(RunPane::Alarm, this);
    strip->setObjectName(u"emergencyStrip"_s);
    auto *row = new QHBoxLayout(strip);
    row->setContentsMargins(margin + 4, 7, margin, 7);
    auto *text = new QLabel(tr("Emergency rollback — the SQL is not waited for. "
                               "The checks and the backup below still apply."),
                            strip);
    text->setWordWrap(true);
    QFont bold = text->font();
    bold.setBold(true);
    text->setFont(bold);
    row->addWidget(text);
    return strip;
}

QWidget *PlanDialog::makeLeft(KSyntaxHighlighting::Repository &repository)
{
    auto *pane = new RunPane(RunPane::Base);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(margin, 14, margin, margin);
    layout->setSpacing(10);
    addWarnings(layout);

    m_checksView = new PlanChecksView(repository, m_checks, pane);
    m_checksView->setObjectName(u"checksList"_s);
    m_checksView->setAccessibleName(tr("Checks before the run"));
    connect(m_checksView, &PlanChecksView::againRequested, this, &PlanDialog::checksRequested);
    connect(m_checksView, &PlanChecksView::fixChosen, this,
            [this, &repository](const CheckResult &check, const CheckFix &fix) {
                askForFix(repository, check, fix);
            });
    layout->addWidget(m_checksView);

    m_backup = new BackupChoiceBox(m_target.environment.backup, pane);
    m_backup->setEmergency(m_mode == Mode::Emergency);
    connect(m_backup, &BackupChoiceBox::changed, this, [this] {
        refreshAction();
        Q_EMIT backupChanged();
    });
    connect(m_backup, &BackupChoiceBox::directoryRequested, this, &PlanDialog::backupDirectoryRequested);
    layout->addWidget(m_backup);
    layout->addStretch();
    QScrollArea *area = RunPane::scrolled(pane);
    area->setMinimumWidth(390);
    return area;
}

void PlanDialog::addWarnings(QBoxLayout *layout)
{
    if (!isDowngrade(m_plan))
        return;
    const auto named = [this](const RevisionIds &ids) {
        QStringList lines;
        for (const RevisionId &id : ids)
            lines += QString(id.text() + u"  "_s + m_steps->message(id));
        return lines.join(u'\n');
    };
    if (const RevisionIds blocked = m_steps->irreversible(); !blocked.isEmpty()) {
        auto *card = new MessageCard;
        card->setObjectName(u"irreversibleCard"_s);
        card->setMessage(Tone::Bad, tr("This rollback is not possible"),
                         tr("These revisions have no way down; their downgrade() raises or is missing:\n%1\n"
                            "Restore a backup instead, or roll back to a revision above them.")
                             .arg(named(blocked)));
        layout->addWidget(card);
    }
    if (const RevisionIds losing = m_steps->losingData(); !losing.isEmpty()) {
        auto *card = new MessageCard;
        card->setObjectName(u"dataLossCard"_s);
        card->setMessage(
            Tone::Bad, tr("This rollback loses data"),
            tr("Taking these back drops tables or columns, or deletes rows:\n%1").arg(named(losing)));
        layout->addWidget(card);
    }
}

QWidget *PlanDialog::makeRight(KSyntaxHighlighting::Repository &repository)
{
    auto *pane = new RunPane(RunPane::Window);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(margin, 14, margin, margin);
    layout->setSpacing(12);
    m_preview = new PlanPreview(repository, m_steps, pane);
    connect(m_preview, &PlanPreview::acceptRequested, this, &PlanDialog::acceptFinding);
    m_limits = new PlanLimits(m_target, m_steps->autocommitting(), pane);
    layout->addWidget(m_preview, 1);
    layout->addWidget(m_limits);
    QScrollArea *area = RunPane::scrolled(pane);
    area->setMinimumWidth(480);
    return area;
}

QWidget *PlanDialog::makeBottom()
{
    auto *bar = new RunPane(RunPane::Bar);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(margin + 4, 12, margin - 2, 12);
    row->setSpacing(10);
    if (needsTyping()) {
        m_confirm = new ConfirmNameEdit(m_target.id.environment, bar);
        m_confirm->setObjectName(u"confirmEdit"_s);
        connect(m_confirm, &QLineEdit::textChanged, this, &PlanDialog::refreshAction);
        m_confirm->addTo(row);
    }
    m_reason = new RunLabel({}, RunLabel::Muted, bar);
    m_reason->setObjectName(u"reasonLabel"_s);
    m_reason->setWordWrap(true);
    m_reason->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_save = new RunButton(tr("&Save SQL…"), bar);
    m_save->setObjectName(u"saveSqlButton"_s);
    m_cancel = new RunButton(tr("Cancel"), bar);
    m_cancel->setObjectName(u"cancelButton"_s);
    m_action = new RunButton({}, bar);
    m_action->setObjectName(u"actionButton"_s);
    m_action->setTone(isDowngrade(m_plan) || needsTyping() ? Tone::Bad : Tone::Accent);
    if (m_confirm)
        m_confirm->setNext(m_action);
    row->addWidget(m_reason, 2);
    row->addWidget(m_save);
    row->addWidget(m_cancel);
    row->addWidget(m_action);
    connect(m_save, &QPushButton::clicked, this, [this] { Q_EMIT saveSqlRequested(sqlScript()); });
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_action, &QPushButton::clicked, this, &QDialog::accept);
    return bar;
}

void PlanDialog::setBackupDirectory(const QString &directory)
{
    m_backup->setDirectory(directory);
}

void PlanDialog::setChecks(const QList<CheckResult> &checks, bool running)
{
    m_checks->setChecks(checks, running);
    m_checked = !running;
    refreshAction();
}

void PlanDialog::askForFix(KSyntaxHighlighting::Repository &repository, const CheckResult &check,
                           const CheckFix &fix)
{
    auto *dialog = new PlanFixDialog(repository, m_target, m_connection, check, fix, this);
    connect(dialog, &QDialog::accepted, this, [this, fix] { Q_EMIT fixRequested(fix); });
    dialog->open();
}

void PlanDialog::setFixing(const QString &label)
{
    m_fixing = label;
    m_checksView->setFixing(label);
    refreshAction();
}

void PlanDialog::setReviews(const QList<StepReview> &reviews)
{
    QList<StepReview> shown;
    for (const StepReview &review : reviews) {
        if (review.direction != m_plan.direction)
            continue;
        m_reviews.insert(review.revision, review);
        shown += review;
        acceptFindings(shown.last().lint, m_accepted.value(review.revision), tr("you"));
    }
    m_renderFailed = m_renderFailed && shown.isEmpty();
    m_steps->setReviews(shown);
    refreshFacts();
    refreshAction();
}

void PlanDialog::acceptFinding(const RevisionId &id, const Finding &finding, const QString &reason)
{
    m_accepted[id] += AcceptedFinding{findingKey(finding), reason};
    if (const auto found = m_reviews.constFind(id); found != m_reviews.constEnd())
        setReviews({StepReview(*found)});
    Q_EMIT findingAccepted();
}

void PlanDialog::setAcceptedFindings(const QHash<RevisionId, QList<AcceptedFinding>> &accepted)
{
    m_accepted = accepted;
    setReviews(m_reviews.values());
}

void PlanDialog::setFindingsBlock(bool block)
{
    m_findingsBlock = block;
    refreshAction();
}

void PlanDialog::setRenderFailed(const Error &error)
{
    m_renderFailed = true;
    m_preview->setProblem(error);
    m_steps->setRenderingAwaited(false);
    refreshFacts();
    refreshAction();
}

void PlanDialog::refreshFacts()
{
    QStringList facts{RunText::way(m_plan.from, m_plan.to), RunText::revisions(m_plan.steps.size())};
    if (!m_steps->isReviewed())
        facts += m_renderFailed ? tr("statements unknown") : tr("counting statements…");
    else if (const int unknown = m_steps->notRenderableCount(); unknown > 0)
        facts += tr("%1 statements, %2 of the revisions not renderable")
                     .arg(m_steps->statementCount())
                     .arg(unknown);
    else
        facts += m_steps->statementCount() == 1 ? tr("1 statement")
                                                : tr("%1 statements").arg(m_steps->statementCount());
    if (!m_connection.isEmpty())
        facts += m_connection;
    m_banner->setLine(facts.join(u" · "_s));
    m_save->setEnabled(m_steps->isReviewed());
    m_save->setToolTip(m_steps->isReviewed() ? tr("Save the SQL of all steps as one script.")
                                             : tr("The SQL is not rendered yet."));
}

bool PlanDialog::needsTyping() const
{
    const bool everything = isDowngrade(m_plan) && m_plan.to.isEmpty();
    return m_target.environment.protection == Protection::Protected || everything;
}

/// An emergency waits for no review, as it waits for no SQL.
void PlanDialog::addMissingReviews(QStringList &missing) const
{
    if (m_mode == Mode::Emergency)
        return;
    if (const int blocking = m_steps->blockingCount(); m_findingsBlock && blocking > 0)
        missing += blocking == 1 ? tr("1 blocking finding is not accepted.")
                                 : tr("%1 blocking findings are not accepted.").arg(blocking);
    if (const RevisionIds ids = m_steps->notApproved(); !ids.isEmpty())
        missing += ids.size() == 1
                       ? tr("%1 is not approved.").arg(ids.constFirst().text())
                       : tr("%1 revisions are not approved: %2.").arg(ids.size()).arg(toText(ids));
}

bool PlanDialog::nameTyped() const
{
    return !m_confirm || m_confirm->isConfirmed();
}

QStringList PlanDialog::missing() const
{
    QStringList missing;
    if (m_plan.steps.isEmpty())
        missing += tr("There is nothing to run: the database is already there.");
    if (isDowngrade(m_plan) && !m_steps->irreversible().isEmpty())
        missing += tr("%1 has no way down.").arg(toText(m_steps->irreversible()));
    if (!m_fixing.isEmpty())
        missing += tr("A fix is still being applied.");
    if (m_checks->isRunning())
        missing += tr("The checks are still running.");
    else if (!m_checked)
        missing += tr("The checks have not run yet.");
    if (const int failed = m_checks->count(CheckState::Failed); failed > 0)
        missing += failed == 1 ? tr("A check failed.") : tr("%1 checks failed.").arg(failed);
    if (m_mode == Mode::Ordinary && !m_renderFailed && !m_steps->isReviewed())
        missing += tr("The SQL is still being rendered.");
    addMissingReviews(missing);
    if (const QString backup = m_backup->missing(); !backup.isEmpty())
        missing += backup;
    if (!nameTyped())
        missing += tr("Type the name of the environment.");
    return missing;
}

void PlanDialog::refreshAction()
{
    if (!m_action)
        return;
    const bool dump = m_backup->choice() == BackupChoice::Dump;
    if (isDowngrade(m_plan))
        m_action->setText(dump ? tr("Back up, then roll back") : tr("Roll back without backup"));
    else
        m_action->setText(dump ? tr("Back up, then upgrade") : tr("Upgrade without backup"));
    if (m_backup->choice() == BackupChoice::Elsewhere)
        m_action->setText(isDowngrade(m_plan) ? tr("Roll back, backup is elsewhere")
                                              : tr("Upgrade, backup is elsewhere"));
    const QStringList missing = this->missing();
    m_action->setEnabled(missing.isEmpty());
    m_action->setToolTip(missing.join(u'\n'));
    m_reason->setText(missing.value(0));
    m_reason->setToolTip(missing.join(u'\n'));
}

RunRequest PlanDialog::request() const
{
    RunRequest request{.target = m_target,
                       .plan = m_plan,
                       .backup = m_backup->choice(),
                       .backupDirectory = m_backup->directory(),
                       .backupNote = m_backup->note()};
    m_limits->fill(request);
    return request;
}

QString PlanDialog::sqlScript() const
{
    QString script = tr("-- %1: %2\n").arg(m_target.id.text(), RunText::way(m_plan.from, m_plan.to));
    for (int row = 0; row < m_steps->rowCount(); ++row) {
        const QString id = m_plan.steps.at(row).revision.text();
        const RenderedSql *sql = m_steps->rendered(row);
        script += u'\n';
        if (sql && sql->problem.isEmpty())
            script += QString(sql->sql.trimmed() + u'\n');
        else
            script += tr("-- %1 cannot be rendered: %2\n")
                          .arg(id, sql ? sql->problem.simplified() : tr("the SQL is not there"));
    }
    return script;
}

/// Return in a field must not press the default button, which is Cancel: it goes on to what is next.
void PlanDialog::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    QWidget *focus = focusWidget();
    if (enter && (qobject_cast<QLineEdit *>(focus) || qobject_cast<QAbstractSpinBox *>(focus))) {
        event->accept();
        return;
    }
    QDialog::keyPressEvent(event);
}

} // namespace stepwell
