// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QStringList>

#include <functional>
#include <memory>

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class MainWindow;
class SecretStore;

/// Draws the windows of the demo workspace into PNG files, light and dark, by using them as a person
/// would: each scene waits until what it shows has arrived. The pictures of the README come from here.
class Pictures : public QObject
{
    Q_OBJECT

public:
    /// `workspace`: folder of a demo workspace; empty for the usual one, which is made if it is missing.
    Pictures(SecretStore &secrets, KSyntaxHighlighting::Repository &repository, const QString &folder,
             const QString &workspace);
    ~Pictures() override;

    /// Runs the event loop until all is drawn; 0, or 1 with a message on standard error.
    int run();

private:
    /// What has to be there, and what is done then. Waits a minute at most.
    struct Scene {
        QString name;
        std::function<bool()> ready;
        std::function<void()> act;
    };
    void planScenes(bool dark);
    void planRepairScenes(const QString &suffix);
    void addScene(const QString &name, std::function<bool()> ready, std::function<void()> act);
    void next();
    void save(QWidget *widget, const QString &name);
    void fail(const QString &text);

    QString m_folder;
    QString m_workspace;
    std::unique_ptr<MainWindow> m_window;
    QList<Scene> m_scenes;
    int m_waited = 0;
    int m_exitCode = 0;
};

} // namespace stepwell
