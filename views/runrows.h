// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"
#include "views/runcard.h"

namespace stepwell {

/// The rows that made a statement fail, and the query that finds them. Rows and query can be copied.
class RunRows : public RunCard
{
    Q_OBJECT

public:
    explicit RunRows(const OffendingRows &rows, QWidget *parent = nullptr);

private:
    void addTable(const OffendingRows &rows);
    void addQuery(const QString &sql);
};

} // namespace stepwell
