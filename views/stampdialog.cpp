// SPDX-License-Identifier: MIT
#include "views/stampdialog.h"

#include "views/banner.h"
#include "views/confirmnameedit.h"
#include "views/repairgraph.h"
#include "views/runbutton.h"
#include "views/runlabel.h"
#include "views/runpane.h"
#include "views/stampeffect.h"

#include <QCheckBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QRadioButton>
#include <QScrollArea>
#include <QSplitter>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int margin = 16;
const QString base = QStringLiteral("base");

} // namespace

StampDialog::StampDialog(const Target &target, const RevisionMap &map, const RevisionIds &rows,
                         QWidget *parent)
    : QDialog(parent), m_target(target), m_effect(new StampEffect(map, rows))
{
    setObjectName(u"stampDialog"_s);
    const QString name = QString(target.id.environment + u" / "_s + target.id.component);
    setWindowTitle(tr("Stamp %1").arg(name));
    auto *banner = new Banner(this);
    banner->setColour(target.environment.colour);
    banner->setTitle(windowTitle());
    banner->setLine(tr("now at %1 · sets the version rows, runs nothing").arg(toText(rows)));
    if (target.environment.protection == Protection::Protected)
        banner->setChips({{tr("protected environment"), Tone::Bad}});

    auto *pane = new RunPane(RunPane::Window);
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(margin, 14, margin, margin);
    column->addWidget(m_effect);
    QScrollArea *right = RunPane::scrolled(pane);
    right->setMinimumWidth(360);
    auto *splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(makeLeft(map, rows));
    splitter->addWidget(right);
    splitter->setSizes({520, 460});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(banner);
    layout->addWidget(splitter, 1);
    layout->addWidget(makeBottom());
    resize(980, 640);
    // Only now: a button becomes the default one of the dialog that it stands in.
    m_cancel->setDefault(true);
    m_cancel->setFocus();
    refresh();
}

QWidget *StampDialog::makeLeft(const RevisionMap &map, const RevisionIds &rows)
{
    auto *pane = new RunPane(RunPane::Window); // in the dark, boxes and fields would not show on the base
    pane->setMinimumWidth(380);
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(margin, 14, margin, 12);
    column->setSpacing(8);
    m_some = new QRadioButton(tr("The database is at the &revisions that are chosen here"), pane);
    m_some->setObjectName(u"someRadio"_s);
    m_some->setChecked(true);
    m_filter = new QLineEdit(pane);
    m_filter->setObjectName(u"stampFilter"_s);
    m_filter->setPlaceholderText(tr("Find revision, message or file"));
    m_filter->setAccessibleName(tr("Find a revision"));
    m_filter->setClearButtonEnabled(true);
    m_list = new RepairGraph(pane);
    m_list->setObjectName(u"stampList"_s);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setFrameShape(QFrame::StyledPanel);
    m_list->setToolTip(tr("With Ctrl held down, several are chosen: one for each branch."));
    m_list->setAccessibleDescription(m_list->toolTip());
    m_list->setGraph(map, {}, rows);
    m_list->setPlace(rows.value(0));
    m_base = new QRadioButton(tr("The database has &no revision (base)"), pane);
    m_base->setObjectName(u"baseRadio"_s);
    m_purge = new QCheckBox(tr("Delete &all version rows first (purge)"), pane);
    m_purge->setObjectName(u"purgeBox"_s);
    m_purge->setToolTip(tr("Rows that no file has go too; without it they stay or stop the stamp."));
    column->addWidget(m_some);
    column->addWidget(m_filter);
    column->addWidget(m_list, 1);
    column->addWidget(m_base);
    column->addWidget(m_purge);
    connect(m_filter, &QLineEdit::textChanged, m_list, &RepairGraph::setFilterText);
    connect(m_list, &RepairGraph::chosen, this, [this] {
        if (!m_list->selected().isEmpty())
            m_some->setChecked(true);
        changeChoice();
    });
    connect(m_some, &QRadioButton::toggled, this, &StampDialog::changeChoice);
    connect(m_purge, &QCheckBox::toggled, this, &StampDialog::changeChoice);
    return pane;
}

QWidget *StampDialog::makeBottom()
{
    auto *bar = new RunPane(RunPane::Bar);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(margin + 4, 12, margin, 12);
    row->setSpacing(10);
    if (m_target.environment.protection == Protection::Protected) {
        m_confirm = new ConfirmNameEdit(m_target.id.environment, bar);
        m_confirm->setObjectName(u"stampConfirmEdit"_s);
        connect(m_confirm, &QLineEdit::textChanged, this, &StampDialog::refresh);
        m_confirm->addTo(row);
    }
    m_reason = new RunLabel({}, RunLabel::Muted, bar);
    m_reason->setObjectName(u"reasonLabel"_s);
    m_reason->setWordWrap(true);
    m_reason->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_cancel = new RunButton(tr("Cancel"), bar);
    m_cancel->setObjectName(u"stampCancelButton"_s);
    m_action = new RunButton(tr("Stamp"), bar);
    m_action->setObjectName(u"stampButton"_s);
    m_action->setTone(m_confirm ? Tone::Bad : Tone::Accent);
    m_action->setAutoDefault(false);
    if (m_confirm)
        m_confirm->setNext(m_action);
    row->addWidget(m_reason, 2);
    row->addWidget(m_cancel);
    row->addWidget(m_action);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_action, &QPushButton::clicked, this, [this] {
        Q_EMIT confirmed(revisions(), purge());
        accept();
    });
    return bar;
}

void StampDialog::choose(const QStringList &revisions, bool purge)
{
    m_purge->setChecked(purge);
    if (revisions == QStringList{base}) {
        m_base->setChecked(true);
        return;
    }
    m_some->setChecked(true);
    m_list->select(toRevisionIds(revisions));
}

QStringList StampDialog::revisions() const
{
    return m_base->isChecked() ? QStringList{base} : toTexts(m_list->selected());
}

bool StampDialog::purge() const
{
    return m_purge->isChecked();
}

void StampDialog::changeChoice()
{
    m_isAnswered = false;
    m_isRefused = false;
    m_changes.clear();
    m_effect->clearComparison();
    const QStringList chosen = revisions();
    m_effect->setNote(chosen.isEmpty() ? tr("Choose the revision that the database is really at.")
                                       : tr("Looking at what that changes…"));
    refresh();
    if (m_hasAsked && !chosen.isEmpty())
        Q_EMIT changesNeeded(chosen, purge());
}

void StampDialog::setChanges(const QList<RowChange> &changes)
{
    if (revisions().isEmpty())
        return;
    m_isAnswered = true;
    m_isRefused = false;
    m_changes = changes;
    m_effect->setChanges(changes);
    refresh();
}

void StampDialog::setRefusal(const Error &error)
{
    if (revisions().isEmpty())
        return;
    m_isAnswered = false;
    m_isRefused = true;
    m_changes.clear();
    m_effect->setRefusal(error);
    refresh();
}

void StampDialog::setComparing()
{
    m_effect->setComparing();
}

void StampDialog::setComparison(const SchemaComparison &comparison)
{
    m_effect->setComparison(comparison);
}

void StampDialog::setComparisonError(const Error &error)
{
    m_effect->setComparisonError(error);
}

void StampDialog::refresh()
{
    const bool typed = !m_confirm || m_confirm->isConfirmed();
    QString missing;
    if (revisions().isEmpty())
        missing = tr("No revision is chosen.");
    else if (m_isRefused)
        missing = tr("This cannot be stamped.");
    else if (!m_isAnswered)
        missing = tr("Looking at what that changes…");
    else if (m_changes.isEmpty())
        missing = tr("The version table says this already.");
    else if (!typed)
        missing = tr("The name of the environment is not typed.");
    m_reason->setText(missing);
    m_action->setEnabled(missing.isEmpty());
}

void StampDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (m_hasAsked || event->spontaneous())
        return;
    m_hasAsked = true;
    changeChoice();
}

/// Return in the filter must not press the default button, which is Cancel: it goes on to what is found.
void StampDialog::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && focusWidget() == m_filter) {
        m_list->setFocus();
        event->accept();
        return;
    }
    QDialog::keyPressEvent(event);
}

} // namespace stepwell
