// SPDX-License-Identifier: MIT
#pragma once

#include <QPalette>

class QPainter;
class QRect;

/// The small marks before checks and steps. Drawn, not typed: no font has all of them.
namespace stepwell {

enum class RunMark { Passed, Warning, Failed, Running, Waiting, NotRun, Unknown };

void paintRunMark(QPainter &painter, const QRect &rect, RunMark mark, const QPalette &palette);

} // namespace stepwell
