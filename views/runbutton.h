// SPDX-License-Identifier: MIT
#pragma once

#include "models/chip.h"

#include <QPushButton>

#include <optional>

namespace stepwell {

/// A push button with room around its words that can stand out: Accent for what is asked for, Bad for what is
/// dangerous.
class RunButton : public QPushButton
{
    Q_OBJECT

public:
    explicit RunButton(const QString &text, QWidget *parent = nullptr);

    void setTone(Tone tone);
    void clearTone();
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyColour();

    std::optional<Tone> m_tone;
    bool m_applying = false;
};

} // namespace stepwell
