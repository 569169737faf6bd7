// SPDX-License-Identifier: MIT
#include "tests/views/runpictures.h"

#include "views/indicatorstyle.h"
#include "views/theme.h"

#include <QApplication>
#include <QDir>
#include <QFontDatabase>
#include <QRegularExpression>
#include <QTest>
#include <QWidget>

using namespace Qt::StringLiterals;

namespace stepwell::sample {

void applyLook()
{
    QApplication::setStyle(new IndicatorStyle);
    if (QFontDatabase::families().contains(u"Inter"_s))
        QApplication::setFont(QFont(u"Inter"_s, 10));
    QApplication::setPalette(theme::palette(false));
}

void failOnWarnings()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
}

void picture(QWidget &widget, const QString &name, const QSize &size)
{
    widget.resize(size);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
    const QString folder = qEnvironmentVariable("STEPWELL_PICTURES");
    if (folder.isEmpty())
        return;
    QVERIFY(QDir().mkpath(folder));
    for (const bool dark : {true, false}) {
        QApplication::setPalette(theme::palette(dark));
        QTRY_COMPARE(theme::isDark(widget.palette()), dark);
        QVERIFY(widget.grab().save(u"%1/%2-%3.png"_s.arg(folder, name, dark ? u"dark"_s : u"light"_s)));
    }
}

} // namespace stepwell::sample
