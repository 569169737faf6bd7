// SPDX-License-Identifier: MIT
#include "views/runlockcard.h"

#include "models/runlocktext.h"
#include "views/runbutton.h"
#include "views/runflowlayout.h"
#include "views/runlabel.h"
#include "views/runprose.h"
#include "views/theme.h"

#include <QEvent>
#include <QMessageBox>
#include <QPainter>
#include <QVBoxLayout>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype blockersOffered = 4;

bool isOffered(const Blocker &blocker)
{
    return blocker.pid != 0 && blocker.maySignal;
}

} // namespace

RunLockCard::RunLockCard(QWidget *parent)
    : QFrame(parent)
    , m_title(new RunLabel({}, RunLabel::Bold, this))
    , m_text(new RunProse(RunProse::Plain, this))
    , m_buttons(new QWidget(this))
    , m_giveUp(new RunButton(tr("Give the lock up and retry"), m_buttons))
{
    m_title->setObjectName(u"lockTitle"_s);
    m_title->setTone(Tone::Attention);
    m_text->setObjectName(u"lockText"_s);
    m_text->setAccessibleName(tr("What is waited for"));
    m_giveUp->setObjectName(u"giveUpButton"_s);
    m_giveUp->setToolTip(
        tr("Cancels the statement that waits, so that those behind it can go on. Its revision "
           "is tried again a little later if it left nothing behind."));
    new RunFlowLayout(m_buttons);
    m_buttons->layout()->addWidget(m_giveUp);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    m_buttons->setSizePolicy(policy);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(8);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addWidget(m_buttons);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connect(m_giveUp, &QPushButton::clicked, this, [this] {
        m_giveUp->setEnabled(false);
        m_giveUp->setText(tr("Giving it up…"));
        Q_EMIT giveUpRequested();
    });
    applyColours();
    hide();
}

void RunLockCard::setWait(const LockWait &wait)
{
    m_wait = wait;
    m_title->setText(RunLockText::title(wait));
    m_text->setProseHtml(
        RunLockText::sentence(wait, RunLockText::Html, theme::monospace().families().value(0)));
    setAccessibleName(m_title->text());
    setAccessibleDescription(RunLockText::sentence(wait));
    showButtons();
    show();
}

void RunLockCard::setGiveUpOffered(bool offered)
{
    m_giveUp->setVisible(offered);
}

void RunLockCard::clear()
{
    m_giveUp->setEnabled(true);
    m_giveUp->setText(tr("Give the lock up and retry"));
    hide();
}

void RunLockCard::showButtons()
{
    QList<Blocker> offered;
    QString key;
    for (const Blocker &blocker : std::as_const(m_wait.blockers)) {
        if (!isOffered(blocker) || offered.size() == blockersOffered)
            continue;
        offered += blocker;
        key += u"%1%2 "_s.arg(blocker.pid).arg(RunLockText::canCancel(blocker) ? u'!' : u'.');
    }
    if (std::exchange(m_shown, key) == key)
        return;
    const auto old = m_buttons->findChildren<RunButton *>(Qt::FindDirectChildrenOnly);
    for (RunButton *button : old) {
        if (button == m_giveUp)
            continue;
        m_buttons->layout()->removeWidget(button);
        button->setParent(nullptr);
        button->deleteLater();
    }
    for (const Blocker &blocker : std::as_const(offered)) {
        const auto add = [&](BlockerSignal signal, const QString &name) {
            auto *button =
                new RunButton(RunLockText::buttonText(blocker, signal, offered.size() > 1), m_buttons);
            button->setObjectName(name + QString::number(blocker.pid));
            connect(button, &QPushButton::clicked, this, [this, pid = blocker.pid, signal] {
                for (const Blocker &now : std::as_const(m_wait.blockers)) {
                    if (now.pid == pid)
                        return ask(now, signal);
                }
            });
            m_buttons->layout()->addWidget(button);
            button->show();
        };
        if (RunLockText::canCancel(blocker))
            add(BlockerSignal::CancelQuery, u"cancelBlocker"_s);
        add(BlockerSignal::EndSession, u"endBlocker"_s);
    }
    m_buttons->updateGeometry();
}

void RunLockCard::ask(const Blocker &blocker, BlockerSignal signal)
{
    auto *question = new QMessageBox(QMessageBox::Warning, tr("Somebody else's session"),
                                     RunLockText::question(blocker, signal), QMessageBox::NoButton, window());
    question->setObjectName(u"signalQuestion"_s);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setTextFormat(Qt::PlainText);
    question->setInformativeText(RunLockText::consequences(blocker, signal));
    QPushButton *yes =
        question->addButton(signal == BlockerSignal::EndSession ? tr("End session %1").arg(blocker.pid)
                                                                : tr("Cancel its statement"),
                            QMessageBox::DestructiveRole);
    QPushButton *no = question->addButton(tr("Leave it alone"), QMessageBox::RejectRole);
    yes->setObjectName(u"signalYes"_s);
    no->setObjectName(u"signalNo"_s);
    question->setDefaultButton(no);
    question->setEscapeButton(no);
    connect(yes, &QPushButton::clicked, this,
            [this, pid = blocker.pid, signal] { Q_EMIT signalRequested(pid, signal); });
    question->open();
}

void RunLockCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme::tone(Tone::Attention, palette()).strong);
    painter.setBrush(theme::rowWash(Tone::Attention, palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
}

void RunLockCard::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyColours();
}

void RunLockCard::applyColours()
{
    QPalette muted;
    muted.setColor(QPalette::Base, Qt::transparent);
    muted.setColor(QPalette::Text, theme::mutedText(palette()));
    m_text->setPalette(muted);
}

} // namespace stepwell
