// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/status/targetstatus.h"
#include "models/chip.h"

#include <QColor>
#include <QFont>
#include <QPalette>

class QPainter;

/// The one place where colours are chosen: right in dark and light, derived from the palette.
namespace stepwell::theme {

using stepwell::Tone;
using stepwell::toneOf;

struct ToneColours {
    QColor background;
    QColor text;
    QColor strong; ///< for marks, dots and bars on the window's background
};

[[nodiscard]] bool isDark(const QPalette &palette);
[[nodiscard]] ToneColours tone(Tone tone, const QPalette &palette);

/// The bar of an environment; `colour` is the workspace's word ("red") or "#rrggbb".
[[nodiscard]] QColor environmentBar(const QString &colour, const QPalette &palette);
/// A faint wash of the same for banners.
[[nodiscard]] QColor environmentWash(const QString &colour, const QPalette &palette);
/// Lines of the revision graph, by colour index.
[[nodiscard]] QColor lane(int lane, const QPalette &palette);
[[nodiscard]] QColor mutedText(const QPalette &palette);
[[nodiscard]] QColor hairline(const QPalette &palette);
/// Behind a selected row; text keeps its own colour on it.
[[nodiscard]] QColor selection(const QPalette &palette);
/// Behind a row that means something: barely there.
[[nodiscard]] QColor rowWash(Tone tone, const QPalette &palette);
/// Behind headers, gutters and side bars: between window and base.
[[nodiscard]] QColor panel(const QPalette &palette);
/// A font by a factor, whether it is sized in points or, as some desktops do, in pixels.
[[nodiscard]] QFont scaled(QFont font, double factor);
[[nodiscard]] QFont monospace();

/// A rounded chip with bold small text in the painter's font; returns its width. Vertically centred
/// in `rect`, at its left; the text is elided to the width of `rect`.
int paintChip(QPainter &painter, const QRect &rect, const QString &text, Tone tone, const QPalette &palette);
[[nodiscard]] int chipWidth(const QString &text, const QFont &font);
[[nodiscard]] int chipHeight(const QFont &font);
/// The bold small font of a chip beside text of this font.
[[nodiscard]] QFont chipFont(const QFont &font);

/// The background of a card: rounded, a little above the window.
void paintCard(QPainter &painter, const QRect &rect, const QPalette &palette);

/// A complete dark or light palette for Fusion (pictures and the View menu's choice).
[[nodiscard]] QPalette palette(bool dark);

} // namespace stepwell::theme
