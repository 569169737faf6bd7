// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QAction;
class QActionGroup;
class QMenuBar;
class QToolBar;

namespace stepwell {

/// Every action of the window, made once; menus, tool bar and shortcuts are built from here.
struct Actions {
    explicit Actions(QObject *owner);

    void fill(QMenuBar *menuBar) const;
    void fill(QToolBar *toolBar) const;

    QAction *openWorkspace;
    QAction *newWorkspace;
    QAction *openDemo;
    QAction *quit;
    QAction *showOverview;
    QAction *showDoctor;
    QAction *showJournal;
    QAction *showBackups;
    QAction *showCredentials;
    QAction *find;
    QActionGroup *theme;
    QAction *themeSystem;
    QAction *themeLight;
    QAction *themeDark;
    QAction *refresh;
    QAction *refreshAll;
    QAction *upgrade;
    QAction *stepBack;
    QAction *rollBack;
    QAction *emergency;
    QAction *backUp;
    QAction *resolveHeads;
    QAction *stamp;
    QAction *ownFiles;
    QAction *searchSql;
    QAction *renderAgain;
    QAction *exportHtml;
    QAction *exportPdf;
    QAction *about;
};

} // namespace stepwell
