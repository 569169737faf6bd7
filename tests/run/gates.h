// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

namespace stepwell {

/// Places at which a run waits for a test, so that a fault strikes at an exact stage. A gate is a file in a
/// folder that all processes of the run know; one that nobody armed lets everybody pass. What waits longer
/// than a minute ends its process: nothing outlives a test that crashed.
class Gates
{
public:
    explicit Gates(QString folder);

    void arm(const QString &name) const;
    void open(const QString &name) const;
    [[nodiscard]] bool isReached(const QString &name) const;
    /// Waits, in the process of the run.
    void pass(const QString &name) const;

    /// What the project's gates.faulty() says.
    void setFaulty(bool faulty) const;

    /// gates.py: at(name), hang() at the gate of that name, faulty(), calls (of env.py, which adds to it).
    [[nodiscard]] QString pythonModule() const;
    /// The schema `gates` of the database: server_gate(name) waits as long as a row of `armed` has the name,
    /// whatever transaction it is called in; commit_gate() is a trigger for it.
    [[nodiscard]] static QStringList serverSql();

private:
    [[nodiscard]] QString file(const QString &name, const QString &kind) const;

    QString m_folder;
};

} // namespace stepwell
