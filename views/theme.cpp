// SPDX-License-Identifier: MIT
#include "views/theme.h"

#include <QFontDatabase>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QPainter>

#include <array>

using namespace Qt::StringLiterals;

namespace stepwell::theme {

namespace {

constexpr int chipPadding = 8;

/// `part` of `over` on top of `under`, opaque.
QColor blend(const QColor &under, const QColor &over, double part)
{
    const auto mix = [part](double a, double b) { return a + (b - a) * part; };
    return QColor::fromRgbF(float(mix(under.redF(), over.redF())), float(mix(under.greenF(), over.greenF())),
                            float(mix(under.blueF(), over.blueF())));
}

struct NamedColour {
    QLatin1StringView name;
    QRgb light;
    QRgb dark;
};

constexpr std::array environmentColours{
    NamedColour{"red"_L1, 0xffc62828, 0xffe5534b},    NamedColour{"orange"_L1, 0xffd8870a, 0xffe09b3d},
    NamedColour{"yellow"_L1, 0xffc9a800, 0xffd8bf45}, NamedColour{"green"_L1, 0xff2e7d32, 0xff4caf6a},
    NamedColour{"blue"_L1, 0xff1e6fd9, 0xff589df6},   NamedColour{"purple"_L1, 0xff7e4fc0, 0xffa984e8},
    NamedColour{"grey"_L1, 0xff737b84, 0xff8d96a0},
};

struct ToneRow {
    QRgb lightBackground, lightText, lightStrong;
    QRgb darkBackground, darkText, darkStrong;
};

/// In the order of Tone. Text on background is 4.5:1 or better in every cell.
constexpr std::array toneRows{
    ToneRow{0xffe1e4e8, 0xff50575f, 0xff6b737c, 0xff363b42, 0xffc3c9d0, 0xff98a1ab}, // Neutral
    ToneRow{0xffd3efd9, 0xff17602d, 0xff1f7a3a, 0xff1e4029, 0xff95deaa, 0xff5cc47d}, // Good
    ToneRow{0xfffde8bd, 0xff754600, 0xffc77d0a, 0xff4b370f, 0xfff3cd7e, 0xffe3a93c}, // Attention
    ToneRow{0xfffbd3d3, 0xff9a1a1a, 0xffb3221f, 0xff552426, 0xffffb1ad, 0xfff2716a}, // Bad
    ToneRow{0xffe3daf7, 0xff55349a, 0xff6c41b8, 0xff3b2d5c, 0xffd0bcfa, 0xffae8df0}, // Special
    ToneRow{0xff1e6fd9, 0xffffffff, 0xff1e6fd9, 0xff2f74d0, 0xffffffff, 0xff5a9ff5}, // Accent
    ToneRow{0xffdbe9fc, 0xff1b4f94, 0xff1e6fd9, 0xff213c5e, 0xffa9cefb, 0xff5a9ff5}, // Info
};

constexpr std::array<QRgb, 6> lightLanes{0xff1e6fd9, 0xff7e4fc0, 0xff12857a,
                                         0xffc2620c, 0xffb5317f, 0xff5b7d12};
constexpr std::array<QRgb, 6> darkLanes{0xff5a9ff5, 0xffae8df0, 0xff45bdb0,
                                        0xffeb9a4c, 0xffe57ab8, 0xffa3c653};

} // namespace

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightnessF() < 0.5F;
}

ToneColours tone(Tone tone, const QPalette &palette)
{
    const ToneRow &row = toneRows.at(size_t(tone));
    if (isDark(palette))
        return {QColor(row.darkBackground), QColor(row.darkText), QColor(row.darkStrong)};
    return {QColor(row.lightBackground), QColor(row.lightText), QColor(row.lightStrong)};
}

QColor environmentBar(const QString &colour, const QPalette &palette)
{
    const bool dark = isDark(palette);
    for (const NamedColour &named : environmentColours) {
        if (colour == named.name)
            return QColor(dark ? named.dark : named.light);
    }
    const QColor given = QColor::fromString(colour);
    return given.isValid() ? given : environmentBar(u"grey"_s, palette);
}

QColor environmentWash(const QString &colour, const QPalette &palette)
{
    return blend(palette.color(QPalette::Base), environmentBar(colour, palette),
                 isDark(palette) ? 0.13 : 0.055);
}

QColor lane(int lane, const QPalette &palette)
{
    const auto &lanes = isDark(palette) ? darkLanes : lightLanes;
    return QColor(lanes.at(size_t(qMax(0, lane)) % lanes.size()));
}

QColor mutedText(const QPalette &palette)
{
    return blend(palette.color(QPalette::Base), palette.color(QPalette::Text), 0.68);
}

QColor hairline(const QPalette &palette)
{
    return blend(palette.color(QPalette::Window), palette.color(QPalette::WindowText),
                 isDark(palette) ? 0.16 : 0.12);
}

QColor selection(const QPalette &palette)
{
    return blend(palette.color(QPalette::Base), palette.color(QPalette::Highlight),
                 isDark(palette) ? 0.38 : 0.21);
}

QColor rowWash(Tone tone, const QPalette &palette)
{
    const QColor strong = theme::tone(tone, palette).strong;
    return blend(palette.color(QPalette::Base), strong, isDark(palette) ? 0.09 : 0.06);
}

QColor panel(const QPalette &palette)
{
    return blend(palette.color(QPalette::Base), palette.color(QPalette::Window), 0.62);
}

QFont scaled(QFont font, double factor)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    else
        font.setPixelSize(qMax(8, qRound(font.pixelSize() * factor)));
    return font;
}

QFont monospace()
{
    // The pictures are set in Inter; JetBrains Mono is its partner there.
    if (QGuiApplication::font().family() == "Inter"_L1) {
        QFont font = scaled(QGuiApplication::font(), 0.92);
        font.setFamily(u"JetBrains Mono"_s);
        font.setStyleHint(QFont::Monospace);
        // Ligatures would show "->" as one arrow: SQL is shown as it is.
        font.setFeature("calt", 0);
        return font;
    }
    return QFontDatabase::systemFont(QFontDatabase::FixedFont);
}

QFont chipFont(const QFont &font)
{
    // Painting asks for the same one or two fonts again and again.
    static thread_local QFont lastAsked;
    static thread_local QFont lastAnswer;
    if (lastAnswer.bold() && lastAsked == font)
        return lastAnswer;
    QFont small = scaled(font, 0.84);
    small.setBold(true);
    lastAsked = font;
    lastAnswer = small;
    return small;
}

int chipWidth(const QString &text, const QFont &font)
{
    return QFontMetrics(chipFont(font)).horizontalAdvance(text) + 2 * chipPadding;
}

int chipHeight(const QFont &font)
{
    return QFontMetrics(chipFont(font)).height() + 4;
}

int paintChip(QPainter &painter, const QRect &rect, const QString &text, Tone tone, const QPalette &palette)
{
    const QFont plain = painter.font();
    const QFont small = chipFont(plain);
    const QFontMetrics metrics(small);
    const int height = qMin(rect.height(), metrics.height() + 4);
    const int width = qMin(rect.width(), metrics.horizontalAdvance(text) + 2 * chipPadding);
    if (width <= 2 * chipPadding)
        return 0;
    const QRect chip(rect.left(), rect.top() + (rect.height() - height) / 2, width, height);
    const ToneColours colours = theme::tone(tone, palette);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.background);
    painter.drawRoundedRect(chip, height / 2.0, height / 2.0);
    painter.setFont(small);
    painter.setPen(colours.text);
    const QRect inner = chip.adjusted(chipPadding, 0, -chipPadding + 1, 0);
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignLeft,
                     metrics.elidedText(text, Qt::ElideRight, inner.width()));
    painter.restore();
    return width;
}

void paintCard(QPainter &painter, const QRect &rect, const QPalette &palette)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hairline(palette));
    // In the dark the wells of boxes and fields have the base's colour: on it they would not show.
    painter.setBrush(isDark(palette) ? palette.color(QPalette::Window).lighter(125)
                                     : palette.color(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    painter.restore();
}

QPalette palette(bool dark)
{
    const auto pick = [dark](QRgb light, QRgb darkColour) { return QColor(dark ? darkColour : light); };
    QPalette result;
    result.setColor(QPalette::Window, pick(0xffeeeff1, 0xff22262b));
    result.setColor(QPalette::WindowText, pick(0xff1f2328, 0xffe4e7eb));
    result.setColor(QPalette::Base, pick(0xffffffff, 0xff191c20));
    result.setColor(QPalette::AlternateBase, pick(0xfff6f7f9, 0xff1f2327));
    result.setColor(QPalette::Text, pick(0xff1f2328, 0xffe4e7eb));
    result.setColor(QPalette::Button, pick(0xfffafafb, 0xff2d3238));
    result.setColor(QPalette::ButtonText, pick(0xff1f2328, 0xffe4e7eb));
    result.setColor(QPalette::BrightText, pick(0xffb3221f, 0xffff8a84));
    result.setColor(QPalette::ToolTipBase, pick(0xffffffff, 0xff2d3238));
    result.setColor(QPalette::ToolTipText, pick(0xff1f2328, 0xffe4e7eb));
    result.setColor(QPalette::PlaceholderText, pick(0xff737a83, 0xff8d959f));
    result.setColor(QPalette::Highlight, pick(0xff1e6fd9, 0xff2f74d0));
    result.setColor(QPalette::HighlightedText, pick(0xffffffff, 0xffffffff));
    result.setColor(QPalette::Accent, pick(0xff1e6fd9, 0xff5a9ff5));
    result.setColor(QPalette::Link, pick(0xff1a5fbe, 0xff7db4f8));
    result.setColor(QPalette::LinkVisited, pick(0xff6c41b8, 0xffae8df0));
    result.setColor(QPalette::Light, pick(0xffffffff, 0xff3a4047));
    result.setColor(QPalette::Midlight, pick(0xfff6f7f9, 0xff30353b));
    result.setColor(QPalette::Mid, pick(0xffb9bec5, 0xff4a5159));
    result.setColor(QPalette::Dark, pick(0xff9aa1a9, 0xff121417));
    result.setColor(QPalette::Shadow, pick(0xff6b737c, 0xff0b0c0e));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        result.setColor(QPalette::Disabled, role, pick(0xff9098a1, 0xff727a84));
    result.setColor(QPalette::Disabled, QPalette::Highlight, pick(0xffb9bec5, 0xff4a5159));
    return result;
}

} // namespace stepwell::theme
