// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/workspace/workspace.h"

#include <QWidget>

class QTreeView;

namespace stepwell {

class SidebarEntry;
class TargetTreeModel;

/// Overview on top, the targets by environment, and at the bottom doctor, journal, backups and settings.
/// Exactly one of all these is current.
class Sidebar : public QWidget
{
    Q_OBJECT

public:
    enum class Place { Overview, Target, Doctor, Journal, Backups, Settings };

    /// `model` must outlive the side bar.
    explicit Sidebar(TargetTreeModel *model, QWidget *parent = nullptr);

    void setDoctorCount(const QString &text);
    void setJournalCount(const QString &text);
    void setBackupCount(const QString &text);
    /// Shows a place as current without a signal.
    void showPlace(Place place);
    void showTarget(const TargetId &id);
    [[nodiscard]] Place place() const { return m_place; }

Q_SIGNALS:
    void overviewSelected();
    void targetSelected(const stepwell::TargetId &id);
    void doctorSelected();
    void journalSelected();
    void backupsSelected();
    void settingsSelected();

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    SidebarEntry *makeEntry(const QString &name, const QString &text, Place place, void (Sidebar::*signal)());
    void applyColours();

    TargetTreeModel *m_model;
    QTreeView *m_tree;
    SidebarEntry *m_overview;
    SidebarEntry *m_doctor;
    SidebarEntry *m_journal;
    SidebarEntry *m_backups;
    SidebarEntry *m_settings;
    QWidget *m_bottom;
    Place m_place = Place::Overview;
};

} // namespace stepwell
