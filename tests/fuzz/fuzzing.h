// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdio>
#include <cstdlib>

namespace stepwell::fuzzing {

/// The input as bytes; valid while the input is.
inline QByteArray bytes(const uint8_t *data, size_t size)
{
    return QByteArray::fromRawData(reinterpret_cast<const char *>(data), qsizetype(size));
}

/// Ends the program, which the fuzzer takes for a find, if a promise of the code under test is broken.
inline void require(bool holds, const char *promise, const QString &detail = {})
{
    if (holds)
        return;
    std::fprintf(stderr, "BROKEN PROMISE: %s\n%s\n", promise, qPrintable(detail));
    std::abort();
}

} // namespace stepwell::fuzzing
