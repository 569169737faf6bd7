// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/revisionid.h"

#include <chrono>

namespace stepwell {

/// What one look at a database told.
struct DatabaseState {
    RevisionIds rows; ///< sorted; empty if there is no table or no row
    bool versionTableExists = false;
    int serverVersion = 0;     ///< as server_version_num: 170006
    QString serverVersionText; ///< "17.6"
    QString tls;               ///< "TLSv1.3", or empty for none
    QString user;
    QString databaseName;
    qint64 databaseSize = 0; ///< bytes; 0 if it may not be read
    std::chrono::milliseconds roundTrip{0};

    bool operator==(const DatabaseState &) const = default;
};

} // namespace stepwell
