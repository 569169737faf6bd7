// SPDX-License-Identifier: MIT
#pragma once

#include "models/chip.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace stepwell {

/// One button of a card.
struct CardAction {
    QString name; ///< what actionRequested() tells
    QString text;

    bool operator==(const CardAction &) const = default;
};

/// A bar in the colour of what it means, a title, plain text, buttons, and the raw words of a server
/// on demand. The buttons are children named after their action.
class MessageCard : public QFrame
{
    Q_OBJECT

public:
    explicit MessageCard(QWidget *parent = nullptr);

    void setMessage(Tone tone, const QString &title, const QString &text, const QString &detail = {});
    void setActions(const QList<CardAction> &actions);
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void actionRequested(const QString &name);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void applyColours();

    Tone m_tone = Tone::Neutral;
    QLabel *m_title;
    QLabel *m_text;
    QToolButton *m_more;
    QPlainTextEdit *m_detail;
    QHBoxLayout *m_buttons;
};

} // namespace stepwell
