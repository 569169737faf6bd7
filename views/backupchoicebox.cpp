// SPDX-License-Identifier: MIT
#include "views/backupchoicebox.h"

#include "views/elidedlabel.h"
#include "views/runbutton.h"
#include "views/runlabel.h"
#include "views/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QStyle>
#include <QVBoxLayout>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int noteLimit = 500;

} // namespace

BackupChoiceBox::BackupChoiceBox(BackupPolicy policy, QWidget *parent)
    : RunCard(tr("Backup before the first statement"), parent)
    , m_policy(policy)
    , m_dump(new QRadioButton(tr("Whole database, pg_dump custom format"), this))
    , m_elsewhere(new QRadioButton(tr("I have another backup"), this))
    , m_dumpDetails(new QWidget(this))
    , m_folder(new ElidedLabel(this))
    , m_note(new QLineEdit(this))
    , m_warning(new RunLabel({}, RunLabel::Plain, this))
{
    setObjectName(u"backupBox"_s);
    switch (policy) {
    case BackupPolicy::Required:
        setChip({tr("required here"), Tone::Bad});
        break;
    case BackupPolicy::Offer:
        setChip({tr("offered"), Tone::Info});
        break;
    case BackupPolicy::Off:
        setChip({tr("off here"), Tone::Neutral});
        break;
    }
    addDump();
    addElsewhere();
    if (policy != BackupPolicy::Required)
        addNone();
    m_warning->setObjectName(u"backupWarning"_s);
    m_warning->setWordWrap(true);
    m_warning->setTone(Tone::Bad);
    body()->addWidget(m_warning);
    (policy == BackupPolicy::Off ? m_none : m_dump)->setChecked(true);
    refresh();
}

void BackupChoiceBox::addDump()
{
    m_dump->setObjectName(u"backupDump"_s);
    m_folder->setObjectName(u"backupFolder"_s);
    m_folder->setElideMode(Qt::ElideMiddle);
    m_folder->setFont(theme::monospace());
    auto *change = new RunButton(tr("Change…"), m_dumpDetails);
    change->setObjectName(u"backupFolderButton"_s);
    change->setAccessibleName(tr("Change the folder of the backup"));
    auto *verified = new RunLabel(tr("Verified by a full read of the archive before anything is changed."),
                                  RunLabel::Muted, m_dumpDetails);
    verified->setWordWrap(true);
    auto *folder = new QHBoxLayout;
    folder->addWidget(m_folder, 1);
    folder->addWidget(change);
    auto *details = new QVBoxLayout(m_dumpDetails);
    const int indent = style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth) +
                       style()->pixelMetric(QStyle::PM_RadioButtonLabelSpacing);
    details->setContentsMargins(indent, 0, 0, 0);
    details->setSpacing(4);
    details->addLayout(folder);
    details->addWidget(verified);
    body()->addWidget(m_dump);
    body()->addWidget(m_dumpDetails);
    connect(m_dump, &QRadioButton::toggled, this, &BackupChoiceBox::refresh);
    connect(change, &QPushButton::clicked, this, &BackupChoiceBox::directoryRequested);
}

void BackupChoiceBox::addElsewhere()
{
    m_elsewhere->setObjectName(u"backupElsewhere"_s);
    m_note->setObjectName(u"backupElsewhereEdit"_s);
    m_note->setAccessibleName(tr("Which other backup"));
    m_note->setPlaceholderText(tr("Say which: it goes into the journal"));
    m_note->setMaxLength(noteLimit);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth) +
                                style()->pixelMetric(QStyle::PM_RadioButtonLabelSpacing),
                            0, 0, 0);
    row->addWidget(m_note);
    body()->addWidget(m_elsewhere);
    body()->addLayout(row);
    connect(m_elsewhere, &QRadioButton::toggled, this, [this](bool on) {
        refresh();
        if (on)
            m_note->setFocus();
    });
    connect(m_note, &QLineEdit::textChanged, this, &BackupChoiceBox::refresh);
}

void BackupChoiceBox::addNone()
{
    m_none = new QRadioButton(tr("No backup"), this);
    m_none->setObjectName(u"backupNone"_s);
    body()->addWidget(m_none);
    connect(m_none, &QRadioButton::toggled, this, &BackupChoiceBox::refresh);
}

void BackupChoiceBox::setDirectory(const QString &directory)
{
    m_directory = directory;
    m_folder->setText(directory);
    refresh();
}

void BackupChoiceBox::setEmergency(bool emergency)
{
    m_emergency = emergency;
    refresh();
}

BackupChoice BackupChoiceBox::choice() const
{
    if (m_dump->isChecked())
        return BackupChoice::Dump;
    return m_elsewhere->isChecked() ? BackupChoice::Elsewhere : BackupChoice::None;
}

QString BackupChoiceBox::note() const
{
    return choice() == BackupChoice::Elsewhere ? m_note->text().trimmed() : QString();
}

QString BackupChoiceBox::missing() const
{
    if (choice() == BackupChoice::Elsewhere && note().isEmpty())
        return tr("Say which other backup you rely on.");
    if (choice() == BackupChoice::Dump && m_directory.isEmpty())
        return tr("Choose a folder for the backup.");
    if (choice() == BackupChoice::None && m_policy == BackupPolicy::Required)
        return tr("This environment requires a backup.");
    return {};
}

void BackupChoiceBox::refresh()
{
    const BackupChoice now = choice();
    m_dumpDetails->setVisible(now == BackupChoice::Dump);
    m_note->setVisible(now == BackupChoice::Elsewhere);
    if (now == BackupChoice::None && m_emergency)
        m_warning->setText(tr("Without a backup, what this rollback deletes is gone for good. "
                              "A dump takes minutes; a lost table takes days."));
    else if (now == BackupChoice::None && m_policy != BackupPolicy::Off)
        m_warning->setText(tr("Without a backup, data that a revision drops cannot be brought back."));
    else
        m_warning->clear();
    m_warning->setVisible(!m_warning->text().isEmpty());
    Q_EMIT changed();
}

} // namespace stepwell
