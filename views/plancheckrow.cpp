// SPDX-License-Identifier: MIT
#include "views/plancheckrow.h"

#include "models/checksmodel.h"
#include "views/breakabletext.h"
#include "views/codeview.h"
#include "views/plancode.h"
#include "views/planlink.h"
#include "views/runlabel.h"
#include "views/runmarks.h"
#include "views/theme.h"

#include <QGridLayout>
#include <QPainter>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int markWidth = 25;
constexpr int padding = 6;
constexpr int detailLines = 14; // more scroll
constexpr int narrow = 16;      // letters that the narrowest column has room for

enum Column { Title = 0, Words, Link };

RunMark markOf(const std::optional<CheckState> &state)
{
    if (!state)
        return RunMark::Running;
    return *state == CheckState::Failed    ? RunMark::Failed
           : *state == CheckState::Warning ? RunMark::Warning
                                           : RunMark::Passed;
}

/// Details that are a difference between two texts are coloured as one.
QString definitionOf(const CheckResult &check)
{
    return check.name == "edited-after-applied"_L1 ? u"Diff"_s : QString();
}

RunLabel *wrapping(const QString &text, RunLabel::Look look, QWidget *parent)
{
    auto *label = new RunLabel(breakable(text, narrow), look, parent);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    return label;
}

} // namespace

PlanCheckRow::PlanCheckRow(KSyntaxHighlighting::Repository &repository, const CheckResult &check,
                           QWidget *parent)
    : QWidget(parent)
    , m_repository(repository)
    , m_check(check)
    , m_mark(check.state)
    , m_grid(new QGridLayout(this))
    , m_title(wrapping(check.title, RunLabel::Muted, this))
{
    setObjectName(QString(u"check-"_s + check.name));
    setAccessibleName(ChecksModel::spoken(check));
    m_grid->setContentsMargins(markWidth, padding, 0, padding + 1);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(2);
    m_grid->setColumnStretch(Words, 1);
    m_grid->addWidget(m_title, 0, Title, Qt::AlignTop);
    addText();
    if (!check.details.isEmpty()) {
        addLink(u"showDetails"_s, tr("show"))->setCheckable(true);
        m_link->setAccessibleName(tr("Show what was found: %1").arg(check.title));
        connect(m_link, &PlanLink::toggled, this, [this](bool shown) {
            setDetailsShown(shown);
            Q_EMIT detailsToggled(shown);
        });
    }
    addFixes();
}

PlanCheckRow::PlanCheckRow(KSyntaxHighlighting::Repository &repository, std::optional<CheckState> mark,
                           const QString &text, QWidget *parent)
    : QWidget(parent)
    , m_repository(repository)
    , m_mark(mark)
    , m_grid(new QGridLayout(this))
    , m_title(wrapping(text, RunLabel::Muted, this))
{
    m_grid->setContentsMargins(markWidth, padding, 0, padding + 1);
    m_grid->setColumnStretch(Title, 1);
    m_grid->addWidget(m_title, 0, Title, Qt::AlignTop);
    setAccessibleName(text);
}

void PlanCheckRow::addText()
{
    auto *text = wrapping(m_check.text, RunLabel::Plain, this);
    text->setObjectName(u"checkText"_s);
    if (m_check.state == CheckState::Failed)
        text->setTone(Tone::Bad);
    m_grid->addWidget(text, 0, Words, Qt::AlignTop);
    if (m_check.hint.isEmpty() || m_check.state == CheckState::Passed)
        return;
    auto *hint = wrapping(m_check.hint, RunLabel::Muted, this);
    hint->setObjectName(u"checkHint"_s);
    m_grid->addWidget(hint, 1, Words, 1, 2, Qt::AlignTop);
}

void PlanCheckRow::addFixes()
{
    for (const CheckFix &fix : std::as_const(m_check.fixes)) {
        auto *link = new PlanLink(tr("%1…", "a fix that asks before it does anything").arg(fix.label), this);
        link->setObjectName(u"fixLink"_s);
        link->setAccessibleName(tr("%1: %2", "fix, check").arg(fix.label, m_check.title));
        link->setAccessibleDescription(tr("Shows the SQL and asks before it runs."));
        connect(link, &PlanLink::clicked, this, [this, fix] { Q_EMIT fixChosen(fix); });
        m_grid->addWidget(link, m_grid->rowCount(), Words, 1, 2);
        m_fixes += link;
    }
}

void PlanCheckRow::setText(const QString &text)
{
    m_title->setText(text);
    setAccessibleName(text);
}

PlanLink *PlanCheckRow::addLink(const QString &objectName, const QString &text)
{
    m_link = new PlanLink(text, this);
    m_link->setObjectName(objectName);
    m_grid->addWidget(m_link, 0, Link, Qt::AlignTop | Qt::AlignRight);
    return m_link;
}

void PlanCheckRow::setTitleWidth(int width)
{
    m_title->setFixedWidth(width);
}

void PlanCheckRow::setDetailsShown(bool shown)
{
    if (m_check.details.isEmpty())
        return;
    m_link->setChecked(shown);
    m_link->setText(shown ? tr("hide") : tr("show"));
    m_link->updateGeometry();
    if (shown && !m_details) {
        m_details =
            makePlanCode(m_repository, m_check.details.join(u'\n'), definitionOf(m_check), detailLines, this);
        m_details->setObjectName(u"checkDetails"_s);
        m_details->setAccessibleName(tr("What was found: %1").arg(m_check.title));
        m_grid->addWidget(m_details, m_grid->rowCount(), Title, 1, Link + 1);
        QWidget::setTabOrder(m_link, m_details);
    }
    if (m_details)
        m_details->setVisible(shown);
}

void PlanCheckRow::setFixesEnabled(bool enabled)
{
    for (PlanLink *link : std::as_const(m_fixes))
        link->setEnabled(enabled);
}

QList<QWidget *> PlanCheckRow::stops() const
{
    QList<QWidget *> stops;
    if (m_link)
        stops += m_link;
    if (m_details)
        stops += m_details;
    for (PlanLink *link : m_fixes)
        stops += link;
    return stops;
}

void PlanCheckRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintRunMark(painter, QRect(0, 0, 18, fontMetrics().height() + 2 * padding), markOf(m_mark), palette());
    painter.setPen(theme::hairline(palette()));
    painter.drawLine(rect().bottomLeft(), rect().bottomRight());
}

} // namespace stepwell
