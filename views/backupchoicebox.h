// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/run/runtypes.h"
#include "views/runcard.h"

class QLineEdit;
class QRadioButton;

namespace stepwell {

class ElidedLabel;
class RunLabel;

/// Asks for the backup before the first statement, within what the environment's policy allows.
class BackupChoiceBox : public RunCard
{
    Q_OBJECT

public:
    explicit BackupChoiceBox(BackupPolicy policy, QWidget *parent = nullptr);

    void setDirectory(const QString &directory); ///< absolute
    [[nodiscard]] QString directory() const { return m_directory; }
    /// In a hurry the backup is still offered first; to decline it is answered with a warning.
    void setEmergency(bool emergency);

    [[nodiscard]] BackupChoice choice() const;
    [[nodiscard]] QString note() const; ///< which other backup, trimmed
    /// What the answer lacks in one sentence; empty if it is complete.
    [[nodiscard]] QString missing() const;

Q_SIGNALS:
    void changed();
    void directoryRequested();

private:
    void addDump();
    void addElsewhere();
    void addNone();
    void refresh();

    BackupPolicy m_policy;
    bool m_emergency = false;
    QString m_directory;
    QRadioButton *m_dump;
    QRadioButton *m_elsewhere;
    QRadioButton *m_none = nullptr; ///< there is none where a backup is required
    QWidget *m_dumpDetails;
    ElidedLabel *m_folder;
    QLineEdit *m_note;
    RunLabel *m_warning;
};

} // namespace stepwell
