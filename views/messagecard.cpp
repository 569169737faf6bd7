// SPDX-License-Identifier: MIT
#include "views/messagecard.h"

#include "views/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int barWidth = 4;
constexpr int detailLines = 6;

} // namespace

MessageCard::MessageCard(QWidget *parent)
    : QFrame(parent)
    , m_title(new QLabel)
    , m_text(new QLabel)
    , m_more(new QToolButton)
    , m_detail(new QPlainTextEdit)
    , m_buttons(new QHBoxLayout)
{
    m_title->setObjectName(u"cardTitle"_s);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);

    m_text->setObjectName(u"cardText"_s);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);

    m_more->setObjectName(u"cardMore"_s);
    m_more->setText(tr("Show the original message"));
    m_more->setCheckable(true);
    m_more->setAutoRaise(true);
    m_more->setVisible(false);

    m_detail->setObjectName(u"cardDetail"_s);
    m_detail->setAccessibleName(tr("Original message"));
    m_detail->setReadOnly(true);
    m_detail->setFont(theme::monospace());
    m_detail->setFixedHeight(m_detail->fontMetrics().height() * detailLines);
    m_detail->setVisible(false);
    connect(m_more, &QToolButton::toggled, m_detail, &QWidget::setVisible);

    m_buttons->setSpacing(8);
    m_buttons->addWidget(m_more);
    m_buttons->addStretch();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(barWidth + 12, 10, 12, 10);
    column->setSpacing(6);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addWidget(m_detail);
    column->addLayout(m_buttons);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    applyColours();
}

void MessageCard::setMessage(Tone tone, const QString &title, const QString &text, const QString &detail)
{
    m_tone = tone;
    m_title->setText(title);
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    const bool more = !detail.trimmed().isEmpty() && !text.contains(detail.trimmed());
    m_detail->setPlainText(detail.trimmed());
    m_more->setVisible(more);
    if (!more)
        m_more->setChecked(false);
    setAccessibleName(title);
    setAccessibleDescription(text);
    update();
}

void MessageCard::setActions(const QList<CardAction> &actions)
{
    const auto old = findChildren<QPushButton *>(Qt::FindDirectChildrenOnly);
    for (QPushButton *button : old) {
        m_buttons->removeWidget(button);
        button->setParent(nullptr);
        button->deleteLater();
    }
    int place = 0;
    for (const CardAction &action : actions) {
        auto *button = new QPushButton(action.text, this);
        button->setObjectName(action.name);
        connect(button, &QPushButton::clicked, this,
                [this, name = action.name] { Q_EMIT actionRequested(name); });
        m_buttons->insertWidget(place++, button);
    }
}

QString MessageCard::title() const
{
    return m_title->text();
}

QString MessageCard::text() const
{
    return m_text->text();
}

void MessageCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.setPen(theme::hairline(palette()));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    painter.fillRect(QRect(0, 0, barWidth, height()), theme::tone(m_tone, palette()).strong);
}

void MessageCard::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyColours();
}

void MessageCard::applyColours()
{
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, theme::mutedText(palette()));
    m_text->setPalette(muted);
}

} // namespace stepwell
