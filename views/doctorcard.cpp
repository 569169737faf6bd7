// SPDX-License-Identifier: MIT
#include "views/doctorcard.h"

#include "models/repairtext.h"
#include "views/breakabletext.h"
#include "views/chiplabel.h"
#include "views/elidedlabel.h"
#include "views/environmentchip.h"
#include "views/runbutton.h"
#include "views/runflowlayout.h"
#include "views/runlabel.h"
#include "views/runprose.h"
#include "views/theme.h"

#include <QPainter>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int barWidth = 5;
constexpr int namedThings = 6; // revisions or files on the card; the tooltip has all
constexpr int detailLines = 12;
constexpr int idLetters = 40;

RunLabel *wrapping(const QString &text, RunLabel::Look look, QWidget *parent)
{
    auto *label = new RunLabel(breakable(text), look, parent);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    return label;
}

} // namespace

DoctorCard::DoctorCard(const DoctorRow &row, const Trouble &trouble, const EnvironmentColours &colours,
                       QWidget *parent)
    : QFrame(parent), m_trouble(trouble)
{
    setObjectName(u"doctorCard"_s);
    setAccessibleName(tr("%1: %2", "component, trouble").arg(row.component, trouble.title));
    setAccessibleDescription(trouble.text);
    for (const TargetId &target : trouble.targets) {
        const QString colour = colours.value(target.environment, u"grey"_s);
        if (!m_bars.contains(colour))
            m_bars += colour;
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(barWidth + 13, 10, 14, 11);
    column->setSpacing(6);
    addHead(column, row);
    auto *text = wrapping(trouble.text, RunLabel::Plain, this);
    text->setObjectName(u"cardText"_s);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text->setVisible(!trouble.text.isEmpty());
    column->addWidget(text);
    addConcerned(column, colours);
    addOffers(column, row);
}

void DoctorCard::addHead(QBoxLayout *column, const DoctorRow &row)
{
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    auto *title = wrapping(m_trouble.title, RunLabel::Bold, this);
    title->setObjectName(u"cardTitle"_s);
    auto *chip = new ChipLabel(this);
    chip->setChip(RepairText::gravity(m_trouble.kind));
    head->addWidget(title, 1);
    head->addWidget(chip, 0, Qt::AlignTop);
    column->addLayout(head);
    auto *where = new ElidedLabel(this);
    where->setElideMode(Qt::ElideMiddle);
    where->setText(tr("%1 · %2").arg(row.component, row.config));
    where->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(where);
}

void DoctorCard::addConcerned(QBoxLayout *column, const EnvironmentColours &colours)
{
    if (m_trouble.targets.isEmpty() && m_trouble.revisions.isEmpty() && m_trouble.files.isEmpty())
        return;
    auto *box = new QWidget(this);
    auto *flow = new RunFlowLayout(box);
    flow->setContentsMargins(0, 1, 0, 1);
    flow->setSpacing(8);
    for (const TargetId &target : std::as_const(m_trouble.targets))
        flow->addWidget(new EnvironmentChip(target.text(), colours.value(target.environment), box));
    for (const RevisionId &id : m_trouble.revisions.mid(0, namedThings)) {
        auto *label = new ElidedLabel(box);
        label->setFont(theme::monospace());
        label->setText(RepairText::brief(id.text(), idLetters));
        label->setTip(id.text());
        flow->addWidget(label);
    }
    if (m_trouble.revisions.size() > namedThings) {
        auto *more = new RunLabel(tr("and %1 more").arg(m_trouble.revisions.size() - namedThings),
                                  RunLabel::Muted, box);
        more->setToolTip(toTexts(m_trouble.revisions).join(u'\n'));
        flow->addWidget(more);
    }
    column->addWidget(box);
    for (const QString &file : m_trouble.files.mid(0, namedThings)) {
        auto *label = new ElidedLabel(this);
        label->setFont(theme::monospace());
        label->setElideMode(Qt::ElideMiddle);
        label->setText(file);
        column->addWidget(label);
    }
    if (m_trouble.files.size() > namedThings) {
        auto *more =
            new RunLabel(tr("and %1 more").arg(m_trouble.files.size() - namedThings), RunLabel::Muted, this);
        more->setToolTip(m_trouble.files.join(u'\n'));
        column->addWidget(more);
    }
}

void DoctorCard::addOffers(QBoxLayout *column, const DoctorRow &row)
{
    const auto advised = std::ranges::find_if(m_trouble.offers, &RepairOffer::isAdvised);
    if (advised != m_trouble.offers.cend() && !advised->why.isEmpty()) {
        auto *why = wrapping(tr("Advised: %1. %2", "offer, why").arg(advised->label, advised->why),
                             RunLabel::Muted, this);
        why->setObjectName(u"cardAdvice"_s);
        column->addWidget(why);
    }
    auto *box = new QWidget(this);
    auto *flow = new RunFlowLayout(box);
    flow->setContentsMargins(0, 2, 0, 0);
    flow->setSpacing(8);
    QList<RepairOffer> offers = m_trouble.offers;
    std::ranges::stable_sort(offers, std::greater(), &RepairOffer::isAdvised);
    for (const RepairOffer &offer : std::as_const(offers)) {
        auto *button = new RunButton(RepairText::brief(offer.label, 60), box);
        button->setObjectName(u"offerButton"_s);
        button->setAccessibleName(offer.label);
        button->setAccessibleDescription(offer.whyNot.isEmpty() ? offer.why : offer.whyNot);
        button->setToolTip(offer.whyNot.isEmpty() ? QString(offer.label + u'\n' + offer.why).trimmed()
                                                  : offer.whyNot);
        button->setEnabled(offer.whyNot.isEmpty());
        if (offer.isAdvised)
            button->setTone(Tone::Accent);
        connect(button, &QPushButton::clicked, this, [this, offer] { Q_EMIT offerChosen(offer); });
        flow->addWidget(button);
    }
    TargetId target = m_trouble.targets.value(0);
    if (target.environment.isEmpty() && !row.targets.isEmpty())
        target = row.targets.constFirst().id;
    if (!m_trouble.revisions.isEmpty() && !target.environment.isEmpty()) {
        auto *show = new RunButton(tr("Show in the graph"), box);
        show->setObjectName(u"showButton"_s);
        connect(show, &QPushButton::clicked, this,
                [this, target] { Q_EMIT showRequested(target, m_trouble.revisions.constFirst()); });
        flow->addWidget(show);
    }
    QToolButton *more = nullptr;
    if (!m_trouble.detail.trimmed().isEmpty()) {
        more = new QToolButton(box);
        more->setObjectName(u"moreButton"_s);
        more->setText(tr("Show the original message"));
        more->setCheckable(true);
        more->setAutoRaise(true);
        more->setFocusPolicy(Qt::StrongFocus);
        more->setMinimumHeight(RunButton(more->text()).sizeHint().height()); // in line with the others
        flow->addWidget(more);
    }
    box->setVisible(flow->count() > 0);
    column->addWidget(box);
    if (more)
        addDetail(column, more);
}

void DoctorCard::addDetail(QBoxLayout *column, QToolButton *more)
{
    auto *detail = new RunProse(RunProse::Mono, this);
    detail->setObjectName(u"cardDetail"_s);
    detail->setAccessibleName(tr("Original message"));
    detail->setMaximumLines(detailLines);
    detail->setProse(m_trouble.detail.trimmed());
    detail->setVisible(false);
    column->addWidget(detail);
    connect(more, &QToolButton::toggled, detail, &QWidget::setVisible);
    connect(more, &QToolButton::toggled, more, [more](bool shown) {
        more->setText(shown ? tr("Hide the original message") : tr("Show the original message"));
    });
}

void DoctorCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.setPen(theme::hairline(palette()));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    if (m_bars.isEmpty()) {
        painter.fillRect(QRect(0, 0, barWidth, height()),
                         theme::tone(RepairText::tone(m_trouble.kind), palette()).strong);
        return;
    }
    for (int i = 0; i < m_bars.size(); ++i) {
        const int top = int(height() * i / m_bars.size());
        const int bottom = int(height() * (i + 1) / m_bars.size());
        painter.fillRect(QRect(0, top, barWidth, bottom - top),
                         theme::environmentBar(m_bars.at(i), palette()));
    }
}

} // namespace stepwell
