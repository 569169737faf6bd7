// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

namespace stepwell {

/// A section of docs/faults.md, between two markers, that one test program owns: a table with a line for each
/// of its cases. STEPWELL_WRITE_DOCS=1 writes it.
class FaultPage
{
public:
    explicit FaultPage(QString section);

    [[nodiscard]] static bool isToBeWritten();
    /// The lines of the table as the page has them.
    [[nodiscard]] QStringList lines() const;
    /// Puts these in their place; the rest of the page stays. False if the file cannot be written.
    [[nodiscard]] bool write(const QStringList &lines) const;

private:
    QString m_section;
};

} // namespace stepwell
