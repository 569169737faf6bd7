// SPDX-License-Identifier: MIT
#include "views/resolvedialog.h"

#include "models/repairtext.h"
#include "views/banner.h"
#include "views/breakabletext.h"
#include "views/messagecard.h"
#include "views/repairpreview.h"
#include "views/resolvechoice.h"
#include "views/resolveside.h"
#include "views/runbutton.h"
#include "views/runlabel.h"
#include "views/runpane.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int margin = 16;
constexpr int leastLeft = 360; // pixels
constexpr int mostLeft = 460;
constexpr std::chrono::milliseconds typingPause{350};

QString nameOf(const History &history)
{
    return history.component.isEmpty() ? QFileInfo(history.source.config).fileName() : history.component;
}

} // namespace

ResolveDialog::ResolveDialog(KSyntaxHighlighting::Repository &repository, const History &history,
                             QWidget *parent)
    : QDialog(parent)
    , m_history(history)
    , m_typing(new QTimer(this))
    , m_banner(new Banner(this))
    , m_outcome(new MessageCard(this))
    , m_preview(new RepairPreview(repository, history, this))
{
    setObjectName(u"resolveDialog"_s);
    for (const HistoryTarget &target : history.targets)
        m_colours.insert(target.target.id.environment, target.target.environment.colour);
    m_typing->setSingleShot(true);
    m_typing->setInterval(typingPause);
    connect(m_typing, &QTimer::timeout, this, &ResolveDialog::ask);
    m_outcome->setObjectName(u"outcomeCard"_s);
    m_outcome->setVisible(false);
    m_banner->setColour(u"grey"_s);
}

ResolveDialog::ResolveDialog(KSyntaxHighlighting::Repository &repository, const History &history,
                             const Trouble &trouble, const RevisionOrigins &origins, QWidget *parent)
    : ResolveDialog(repository, history, parent)
{
    m_trouble = trouble;
    m_origins = origins;
    m_choice = new ResolveChoice(history, trouble, this);
    setWindowTitle(tr("Resolve heads of %1").arg(nameOf(history)));
    m_banner->setTitle(
        trouble.divergence
            ? tr("Resolve %1 heads of %2").arg(trouble.divergence->sides.size()).arg(nameOf(history))
            : windowTitle());
    QStringList line;
    if (trouble.divergence)
        line += trouble.divergence->partedAt.isEmpty()
                    ? tr("they have no revision in common")
                    : tr("parted after %1").arg(trouble.divergence->partedAt.text());
    line += history.source.config;
    m_banner->setLine(line.join(u" · "_s));
    build();
    connect(m_choice, &ResolveChoice::changed, this, &ResolveDialog::askSoon);
}

ResolveDialog::ResolveDialog(KSyntaxHighlighting::Repository &repository, const History &history,
                             const RepairRequest &request, QWidget *parent)
    : ResolveDialog(repository, history, parent)
{
    m_request = request;
    m_preview->setTitleShown(false);
    setWindowTitle(RepairText::title(request));
    m_banner->setTitle(windowTitle());
    m_banner->setLine(QStringList{nameOf(history), history.source.config}.join(u" · "_s));
    build();
}

ResolveDialog::~ResolveDialog() = default;

void ResolveDialog::build()
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    if (m_choice) {
        auto *splitter = new QSplitter(this);
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(1);
        splitter->addWidget(makeLeft());
        splitter->addWidget(makeRight());
        splitter->setStretchFactor(1, 1);
        splitter->setSizes({410, 770});
        layout->addWidget(splitter, 1);
    } else {
        layout->addWidget(makeRight(), 1);
    }
    layout->addWidget(makeBottom());
    resize(1180, 760);
    // Only now: a button becomes the default one of the dialog that it stands in.
    m_cancel->setDefault(true);
    m_cancel->setFocus();
    setPlanning();
}

QWidget *ResolveDialog::makeLeft()
{
    auto *pane = new RunPane(RunPane::Window); // in the dark, boxes and fields would not show on the base
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(margin, 14, margin, margin);
    column->setSpacing(10);
    const auto advised = std::ranges::find_if(m_trouble.offers, &RepairOffer::isAdvised);
    auto *advice = new MessageCard(pane);
    advice->setObjectName(u"adviceCard"_s);
    if (advised != m_trouble.offers.cend())
        advice->setMessage(Tone::Info, tr("Advice: %1").arg(breakable(advised->label)),
                           breakable(advised->why), m_trouble.detail);
    else
        advice->setMessage(Tone::Attention, breakable(m_trouble.title), breakable(m_trouble.text),
                           m_trouble.detail);
    column->addWidget(advice);
    column->addWidget(new RunLabel(tr("What to do"), RunLabel::Bold, pane));
    column->addWidget(m_choice);
    column->addSpacing(4);
    column->addWidget(new RunLabel(tr("The heads"), RunLabel::Bold, pane));
    m_sides = new QVBoxLayout;
    m_sides->setSpacing(8);
    column->addLayout(m_sides);
    column->addStretch();
    tellSides();
    QScrollArea *area = RunPane::scrolled(pane);
    const int wanted = pane->minimumSizeHint().width() + area->verticalScrollBar()->sizeHint().width();
    area->setMinimumWidth(qBound(leastLeft, wanted, mostLeft));
    m_left = area;
    return area;
}

void ResolveDialog::tellSides()
{
    if (!m_sides || !m_trouble.divergence)
        return;
    while (QLayoutItem *item = m_sides->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const HeadSide &side : std::as_const(m_trouble.divergence->sides))
        m_sides->addWidget(new ResolveSide(side, m_history, m_origins, m_colours));
}

void ResolveDialog::setOrigins(const RevisionOrigins &origins)
{
    m_origins = origins;
    tellSides();
}

QWidget *ResolveDialog::makeRight()
{
    auto *pane = new RunPane(RunPane::Window);
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(margin, 14, margin, margin);
    column->setSpacing(10);
    column->addWidget(m_outcome);
    column->addWidget(m_preview, 1);
    QScrollArea *area = RunPane::scrolled(pane);
    area->setMinimumWidth(440);
    return area;
}

QWidget *ResolveDialog::makeBottom()
{
    auto *bar = new RunPane(RunPane::Bar);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(margin + 4, 12, margin, 12);
    row->setSpacing(10);
    m_reason = new RunLabel({}, RunLabel::Muted, bar);
    m_reason->setObjectName(u"reasonLabel"_s);
    m_reason->setWordWrap(true);
    m_cancel = new RunButton(tr("Cancel"), bar);
    m_cancel->setObjectName(u"cancelButton"_s);
    m_apply = new RunButton({}, bar);
    m_apply->setObjectName(u"applyButton"_s);
    m_apply->setTone(Tone::Accent);
    m_apply->setAutoDefault(false);
    row->addWidget(m_reason, 1);
    row->addWidget(m_cancel);
    row->addWidget(m_apply);
    connect(m_cancel, &QPushButton::clicked, this, &ResolveDialog::reject);
    connect(m_apply, &QPushButton::clicked, this, [this] {
        if (m_state == State::Planned && m_plan)
            Q_EMIT applyRequested(*m_plan);
    });
    return bar;
}

void ResolveDialog::choose(const RepairRequest &request)
{
    if (m_choice)
        m_choice->choose(request);
}

RepairRequest ResolveDialog::request() const
{
    return m_choice ? m_choice->request() : m_request;
}

void ResolveDialog::askSoon(bool typed)
{
    if (m_state == State::Applying || m_state == State::Done)
        return;
    setPlanning();
    if (!m_hasAsked)
        return; // once it shows
    m_outcome->setVisible(false);
    if (typed)
        m_typing->start();
    else
        ask();
}

void ResolveDialog::ask()
{
    m_typing->stop();
    m_hasAsked = true;
    if (const QString against = m_choice ? m_choice->whyNot() : QString(); !against.isEmpty()) {
        setRefusal({.kind = ErrorKind::Refused, .message = against});
        return;
    }
    setPlanning();
    Q_EMIT planNeeded(request());
}

void ResolveDialog::setPlanning()
{
    m_state = State::Asking;
    m_plan.reset();
    m_preview->setNote(tr("Thinking it through…"));
    refresh();
}

void ResolveDialog::setPlan(const RepairPlan &plan, const QString &folder)
{
    if (m_typing->isActive() || m_state != State::Asking) // the answer to an earlier choice
        return;
    m_state = State::Planned;
    m_plan = plan;
    if (!m_choice) {
        setWindowTitle(plan.title);
        m_banner->setTitle(plan.title);
    }
    m_preview->setPlan(plan, folder, m_trouble.divergence ? m_trouble.divergence->partedAt : RevisionId());
    refresh();
}

void ResolveDialog::setRefusal(const Error &error)
{
    if (m_typing->isActive() || m_state == State::Applying || m_state == State::Done)
        return;
    m_state = State::Refused;
    m_plan.reset();
    m_preview->setRefusal(error);
    refresh();
}

void ResolveDialog::setApplying()
{
    m_state = State::Applying;
    m_outcome->setVisible(false);
    refresh();
}

void ResolveDialog::setDone(const QString &text)
{
    m_state = State::Done;
    m_outcome->setMessage(Tone::Good, tr("Done"), breakable(text));
    m_outcome->setVisible(true);
    refresh();
    m_cancel->setFocus();
}

void ResolveDialog::setFailed(const Error &error)
{
    m_state = m_plan ? State::Planned : State::Refused;
    m_outcome->setMessage(Tone::Bad, breakable(error.message), breakable(error.hint), error.detail);
    m_outcome->setVisible(true);
    refresh();
}

void ResolveDialog::refresh()
{
    if (!m_apply)
        return;
    const bool busy = m_state == State::Applying;
    const bool done = m_state == State::Done;
    m_apply->setVisible(!done);
    m_apply->setEnabled(m_state == State::Planned && !m_plan->changes.isEmpty());
    m_apply->setText(m_plan ? RepairText::applyButton(*m_plan) : tr("Apply"));
    m_cancel->setText(done ? tr("Close") : tr("Cancel"));
    m_cancel->setEnabled(!busy);
    if (m_left)
        m_left->setEnabled(!busy && !done);
    switch (m_state) {
    case State::Asking:
        m_reason->setText(tr("Nothing is changed yet."));
        break;
    case State::Planned:
        m_reason->setText(m_plan->changes.isEmpty() ? tr("There is nothing to change.")
                          : m_plan->detours.isEmpty()
                              ? tr("No database is touched.")
                              : tr("Before the files are written, revisions go down in databases."));
        break;
    case State::Refused:
        m_reason->setText(tr("Nothing was changed."));
        break;
    case State::Applying:
        m_reason->setText(tr("Writing the files…"));
        break;
    case State::Done:
        m_reason->setText({});
        break;
    }
}

void ResolveDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (!m_hasAsked && !event->spontaneous())
        ask();
}

void ResolveDialog::reject()
{
    if (m_state != State::Applying)
        QDialog::reject();
}

/// Return in a field must not press the default button, which is Cancel.
void ResolveDialog::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && qobject_cast<QLineEdit *>(focusWidget())) {
        if (m_typing->isActive())
            ask();
        event->accept();
        return;
    }
    QDialog::keyPressEvent(event);
}

} // namespace stepwell
