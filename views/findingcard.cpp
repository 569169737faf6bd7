// SPDX-License-Identifier: MIT
#include "views/findingcard.h"

#include "models/reviewtext.h"
#include "views/breakabletext.h"
#include "views/reasondialog.h"
#include "views/runlabel.h"
#include "views/saferway.h"
#include "views/theme.h"

#include <QKeyEvent>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int barWidth = 4;

} // namespace

FindingCard::FindingCard(KSyntaxHighlighting::Repository &repository, const Finding &finding, QWidget *parent)
    : QFrame(parent), m_repository(repository), m_finding(finding), m_column(new QVBoxLayout(this))
{
    setObjectName(u"findingCard"_s);
    setFocusPolicy(Qt::StrongFocus);
    // Not Maximum: the height that a narrow column needs is more than the hint, which is of another width.
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    setAccessibleName(tr("%1: %2", "severity, title").arg(severityText(finding.severity), finding.title));
    setAccessibleDescription(QString(finding.message + u' ' + finding.advice));
    setCursor(finding.line > 0 || finding.fileLine > 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setToolTip(tr("%1 (rule %2)").arg(severityText(finding.severity), finding.rule));
    m_column->setContentsMargins(barWidth + 11, 9, 11, 8);
    m_column->setSpacing(4);
    const int body = finding.accepted ? RunLabel::Muted : RunLabel::Plain;
    addText(u"findingTitle"_s, finding.title, finding.accepted ? RunLabel::Muted : RunLabel::Bold);
    addText(u"findingMessage"_s, finding.message, RunLabel::Muted);
    if (finding.accepted) {
        const Acceptance &given = *finding.accepted;
        const QString by =
            given.by.isEmpty() ? QString() : tr(" by %1").arg(ReviewText::personName(given.by));
        const QString where = given.where == Acceptance::File        ? tr(" in the file")
                              : given.where == Acceptance::Workspace ? tr(" in the workspace")
                                                                     : QString();
        addText(u"findingAccepted"_s, tr("✓ Accepted%1%2: %3").arg(by, where, given.reason), RunLabel::Plain);
    } else {
        addText(u"findingAdvice"_s, finding.advice, body);
    }
    addButtons();
}

void FindingCard::addText(const QString &name, const QString &text, int look)
{
    if (text.isEmpty())
        return;
    auto *label = new RunLabel(breakable(text), RunLabel::Look(look), this);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    m_column->addWidget(label);
}

void FindingCard::addButtons()
{
    const auto button = [this](const QString &name, const QString &text, const QString &accessible) {
        auto *made = new QToolButton(this);
        made->setObjectName(name);
        made->setText(text);
        made->setAccessibleName(accessible);
        made->setAutoRaise(true);
        made->setFocusPolicy(Qt::StrongFocus);
        made->setCursor(Qt::ArrowCursor);
        return made;
    };
    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    row->setContentsMargins(-4, 0, 0, 0);
    if (!m_finding.saferAlembic.isEmpty() || !m_finding.saferSql.isEmpty()) {
        m_safer =
            button(u"saferButton"_s, tr("Safer way"), tr("Show the safer way of: %1").arg(m_finding.title));
        m_safer->setCheckable(true);
        m_safer->setArrowType(Qt::RightArrow);
        m_safer->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        connect(m_safer, &QToolButton::toggled, this, &FindingCard::showSaferWay);
        row->addWidget(m_safer);
    }
    row->addStretch();
    if (!m_finding.accepted) {
        m_accept =
            button(u"acceptButton"_s, tr("Accept…"), tr("Accept the finding: %1").arg(m_finding.title));
        m_accept->setToolTip(tr("Go on all the same, and say why."));
        connect(m_accept, &QToolButton::clicked, this, &FindingCard::askReason);
        row->addWidget(m_accept);
    }
    if (m_safer || m_accept)
        m_column->addLayout(row);
    else
        delete row;
}

void FindingCard::setAcceptable(bool acceptable)
{
    if (m_accept)
        m_accept->setVisible(acceptable);
}

void FindingCard::setMarked(bool marked)
{
    m_marked = marked;
    update();
}

void FindingCard::askReason()
{
    auto *dialog = new ReasonDialog(
        tr("Accept a Finding"),
        tr("%1: %2\n\nWhy is it right to go on? The reason is kept with the review.")
            .arg(m_finding.title, m_finding.relation.isEmpty() ? m_finding.rule : m_finding.relation.text()),
        tr("Accept"), this);
    connect(dialog, &ReasonDialog::given, this, &FindingCard::acceptRequested);
    dialog->open();
}

void FindingCard::showSaferWay(bool shown)
{
    m_safer->setArrowType(shown ? Qt::DownArrow : Qt::RightArrow);
    // Made when it is wanted: a card is cheap, a highlighted text is not.
    if (shown && !m_way) {
        m_way = new SaferWay(m_repository, m_finding.saferAlembic, m_finding.saferSql, this);
        m_way->setCursor(Qt::ArrowCursor);
        m_column->addWidget(m_way);
    }
    if (m_way)
        m_way->setVisible(shown);
}

void FindingCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor bar = theme::tone(ReviewText::tone(m_finding), palette()).strong;
    painter.fillRect(
        rect(), palette().color(m_marked || !m_finding.accepted ? QPalette::Base : QPalette::AlternateBase));
    if (m_marked)
        painter.fillRect(rect(), theme::rowWash(Tone::Attention, palette()));
    painter.setPen(hasFocus() ? palette().color(QPalette::Accent) : theme::hairline(palette()));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    painter.fillRect(QRect(0, 0, barWidth, height()), bar);
}

void FindingCard::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT activated();
    QFrame::mousePressEvent(event);
}

void FindingCard::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)
        Q_EMIT activated();
    else
        QFrame::keyPressEvent(event);
}

} // namespace stepwell
