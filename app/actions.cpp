// SPDX-License-Identifier: MIT
#include "app/actions.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QMenuBar>
#include <QToolBar>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Actions", text);
}

QAction *make(QObject *owner, const QString &name, const QString &text, const QKeySequence &key = {},
              const QString &tip = {})
{
    auto *action = new QAction(text, owner);
    action->setObjectName(name);
    action->setShortcut(key);
    if (!tip.isEmpty())
        action->setToolTip(tip);
    return action;
}

QAction *makeTheme(QActionGroup *group, const QString &name, const QString &text)
{
    QAction *action = make(group, name, text);
    action->setCheckable(true);
    group->addAction(action);
    return action;
}

} // namespace

Actions::Actions(QObject *owner)
    : openWorkspace(make(owner, u"openWorkspace"_s, tr("&Open workspace…"), QKeySequence::Open))
    , newWorkspace(make(owner, u"newWorkspace"_s, tr("&New workspace…"), QKeySequence::New,
                        tr("Make a stepwell.toml from the alembic*.ini files of a folder")))
    , openDemo(make(owner, u"openDemo"_s, tr("Open the &demo workspace")))
    , quit(make(owner, u"quit"_s, tr("&Quit"), QKeySequence::Quit))
    , showOverview(make(owner, u"showOverview"_s, tr("&Overview"), QKeySequence(u"Ctrl+1"_s)))
    , showDoctor(make(owner, u"showDoctor"_s, tr("&Doctor"), QKeySequence(u"Ctrl+5"_s),
                      tr("What is wrong with the revision histories, and the ways out")))
    , showJournal(make(owner, u"showJournal"_s, tr("&Journal"), QKeySequence(u"Ctrl+2"_s)))
    , showBackups(make(owner, u"showBackups"_s, tr("&Backups"), QKeySequence(u"Ctrl+3"_s)))
    , showCredentials(
          make(owner, u"showCredentials"_s, tr("&Environments and credentials"), QKeySequence(u"Ctrl+4"_s)))
    , find(make(owner, u"find"_s, tr("&Find a revision"), QKeySequence::Find))
    , theme(new QActionGroup(owner))
    , themeSystem(makeTheme(theme, u"themeSystem"_s, tr("As the &desktop")))
    , themeLight(makeTheme(theme, u"themeLight"_s, tr("&Light")))
    , themeDark(makeTheme(theme, u"themeDark"_s, tr("&Dark")))
    , refresh(make(owner, u"refresh"_s, tr("⟳ &Refresh"), QKeySequence::Refresh,
                   tr("Read the files and the database of this target again")))
    , refreshAll(make(owner, u"refreshAll"_s, tr("Refresh &all"), QKeySequence(u"Ctrl+Shift+R"_s)))
    , upgrade(make(owner, u"upgrade"_s, tr("▲ &Upgrade to head…"), QKeySequence(u"Ctrl+U"_s),
                   tr("Show what an upgrade to the head would run, and run it after you confirm")))
    , stepBack(make(owner, u"stepBack"_s, tr("One step &back…"), QKeySequence(u"Ctrl+Backspace"_s),
                    tr("Show what taking back the last revision would run")))
    , rollBack(make(owner, u"rollBack"_s, tr("▼ Ro&ll back…"), QKeySequence(u"Ctrl+L"_s),
                    tr("Choose how far to roll back")))
    , emergency(make(owner, u"emergency"_s, tr("&Emergency rollback…"), {},
                     tr("One step back with the fewest questions; the backup is still offered first")))
    , backUp(make(owner, u"backUp"_s, tr("⛁ Back &up…"), QKeySequence(u"Ctrl+B"_s),
                  tr("Back up the database and verify the archive")))
    , resolveHeads(make(owner, u"resolveHeads"_s, tr("Resolve &heads…"), QKeySequence(u"Ctrl+H"_s),
                        tr("Put one head on top of another, or merge them; shown before it is written")))
    , stamp(make(owner, u"stamp"_s, tr("&Stamp…"), {},
                 tr("Set the version rows without running a revision; shown before it is done")))
    , ownFiles(make(owner, u"ownFiles"_s, tr("Back to the target's own &files"), {},
                    tr("Stop looking at it with the files of another branch")))
    , searchSql(make(owner, u"searchSql"_s, tr("&Search the pending SQL…"), QKeySequence(u"Ctrl+Shift+F"_s)))
    , renderAgain(make(owner, u"renderAgain"_s, tr("Render the SQL a&new"), QKeySequence(u"Shift+F5"_s),
                       tr("Ask the project's Alembic again, whatever is kept from before")))
    , exportHtml(make(owner, u"exportHtml"_s, tr("Save the review as a &web page…")))
    , exportPdf(make(owner, u"exportPdf"_s, tr("Save the review as &PDF…")))
    , about(make(owner, u"about"_s, tr("&About Stepwell")))
{
}

void Actions::fill(QMenuBar *menuBar) const
{
    QMenu *workspace = menuBar->addMenu(tr("&Workspace"));
    workspace->addActions({openWorkspace, newWorkspace, openDemo});
    workspace->addSeparator();
    workspace->addAction(quit);
    QMenu *view = menuBar->addMenu(tr("&View"));
    view->addActions({showOverview, showJournal, showBackups, showCredentials, showDoctor});
    view->addSeparator();
    view->addAction(find);
    QMenu *themes = view->addMenu(tr("&Theme"));
    themes->addActions(theme->actions());
    QMenu *component = menuBar->addMenu(tr("&Component"));
    component->addActions({refresh, refreshAll});
    component->addSeparator();
    component->addActions({upgrade, backUp});
    component->addSeparator();
    component->addActions({stepBack, rollBack, emergency});
    component->addSeparator();
    component->addActions({resolveHeads, stamp, ownFiles});
    QMenu *review = menuBar->addMenu(tr("&Review"));
    review->addActions({searchSql, renderAgain});
    review->addSeparator();
    review->addActions({exportHtml, exportPdf});
    menuBar->addMenu(tr("&Help"))->addAction(about);
}

void Actions::fill(QToolBar *toolBar) const
{
    toolBar->addActions({refresh, upgrade, rollBack, backUp});
}

} // namespace stepwell
