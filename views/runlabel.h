// SPDX-License-Identifier: MIT
#pragma once

#include "models/chip.h"

#include <QLabel>

#include <optional>

namespace stepwell {

/// Plain text whose colour is muted or follows a tone, right after a change between light and dark
/// too. Wraps if told to; a single line that must give way is an ElidedLabel.
class RunLabel : public QLabel
{
    Q_OBJECT

public:
    enum Look { Plain, Muted, Bold, Title, Mono };

    explicit RunLabel(const QString &text = {}, Look look = Plain, QWidget *parent = nullptr);

    void setTone(Tone tone);

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyLook();
    void applyColour();

    Look m_look;
    std::optional<Tone> m_tone;
    bool m_applying = false;
};

} // namespace stepwell
