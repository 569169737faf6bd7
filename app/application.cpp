// SPDX-License-Identifier: MIT
#include "app/application.h"

#include "app/mainwindow.h"
#include "app/pictures.h"
#include "app/secretstore.h"
#include "app/settings.h"
#include "views/indicatorstyle.h"
#include "views/theme.h"

#include <KSyntaxHighlighting/Repository>

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QDir>
#include <QStyle>
#include <QStyleHints>
#include <QTextStream>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

bool hasDisplay()
{
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
}

void applyTheme(ThemeChoice choice)
{
    const Qt::ColorScheme scheme = choice == ThemeChoice::Light  ? Qt::ColorScheme::Light
                                   : choice == ThemeChoice::Dark ? Qt::ColorScheme::Dark
                                                                 : Qt::ColorScheme::Unknown;
    QGuiApplication::styleHints()->setColorScheme(scheme);
    if (choice == ThemeChoice::System)
        QApplication::setPalette(QPalette());
    else
        QApplication::setPalette(theme::palette(choice == ThemeChoice::Dark));
}

void connectTheme(const Actions &actions)
{
    const auto bind = [](QAction *action, ThemeChoice choice) {
        action->setChecked(Settings::theme() == choice);
        QObject::connect(action, &QAction::triggered, action, [choice] {
            Settings::setTheme(choice);
            applyTheme(choice);
        });
    };
    bind(actions.themeSystem, ThemeChoice::System);
    bind(actions.themeLight, ThemeChoice::Light);
    bind(actions.themeDark, ThemeChoice::Dark);
}

QtMessageHandler otherMessages = nullptr;

/// The offscreen platform warns of each window that it has no window manager to tell sizes to.
void withoutSizeHints(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    if (!text.contains(u"propagateSizeHints"_s))
        otherMessages(type, context, text);
}

/// The workspace asked for, else the one around the current folder, else the last one opened.
void openFirst(MainWindow &window, const WindowOptions &options)
{
    if (options.demo)
        return window.openDemo(options.resetDemo, options.workspace);
    if (!options.workspace.isEmpty())
        return window.openWorkspace(options.workspace);
    if (const Result<QString> around = findWorkspace(QDir::currentPath()))
        return window.openWorkspace(*around);
    const QStringList recent = Settings::recentWorkspaces();
    if (!recent.isEmpty())
        window.openWorkspace(recent.first());
}

} // namespace

int runWindow(int &argc, char **argv, const WindowOptions &options)
{
    const bool draws = !options.pictures.isEmpty();
    if (draws) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        otherMessages = qInstallMessageHandler(withoutSizeHints);
    }
    if (!hasDisplay()) {
        QTextStream(stderr)
            << u"stepwell: there is no display to open a window on.\n"
               "  `stepwell --help` lists the commands; `stepwell demo --pictures DIR` draws the windows.\n"_s;
        return 1;
    }
    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(u"Stepwell"_s);
    QApplication::setDesktopFileName(u"stepwell"_s);
    QApplication::setWindowIcon(QIcon(u":/stepwell/icons/stepwell.svg"_s));
    KSyntaxHighlighting::Repository repository;
    SecretStore secrets;
    if (draws) {
        Pictures pictures(secrets, repository, options.pictures, options.workspace);
        return pictures.run();
    }
    if (QApplication::style()->name() == "fusion"_L1)
        QApplication::setStyle(new IndicatorStyle);
    applyTheme(Settings::theme());
    MainWindow window(secrets, repository);
    connectTheme(window.actions());
    window.show();
    openFirst(window, options);
    return QApplication::exec();
}

} // namespace stepwell
