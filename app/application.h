// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace stepwell {

struct WindowOptions {
    QString workspace; ///< folder; empty: the one around the current folder, else the last one
    bool demo = false;
    bool resetDemo = false;
    QString pictures; ///< folder; not empty: draw the windows there and end
};

/// Runs the program with its window; returns its exit code. Without a display it says so and ends with 1,
/// unless pictures were asked for.
int runWindow(int &argc, char **argv, const WindowOptions &options);

} // namespace stepwell
