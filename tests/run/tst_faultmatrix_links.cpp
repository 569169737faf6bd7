// SPDX-License-Identifier: MIT
#include "tests/run/faultmatrix.h"

int main(int argc, char **argv)
{
    return stepwell::faultMatrix(argc, argv, QStringLiteral("links"), stepwell::linkCases());
}
