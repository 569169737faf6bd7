// SPDX-License-Identifier: MIT
#pragma once

#include <QSize>
#include <QString>

class QWidget;

namespace stepwell::sample {

/// The program's look for tests: Fusion, Inter where it is installed.
void applyLook();

/// A warning fails the test, but not the offscreen platform's word on what it cannot do.
void failOnWarnings();

/// Shows a widget at a size and, if STEPWELL_PICTURES names a folder, writes NAME-light.png and
/// NAME-dark.png there. Fails the running test if the window does not show or a file cannot be written.
void picture(QWidget &widget, const QString &name, const QSize &size = {1160, 760});

} // namespace stepwell::sample
