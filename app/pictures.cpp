// SPDX-License-Identifier: MIT
#include "app/pictures.h"

#include "app/mainwindow.h"
#include "views/componentpage.h"
#include "views/indicatorstyle.h"
#include "views/reviewpane.h"
#include "views/rollbackdialog.h"
#include "views/theme.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QTextStream>
#include <QTimer>

namespace stepwell {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto tick = 100ms;
constexpr int patience = 900; ///< ticks
const TargetId production{u"production"_s, u"manager"_s};
const TargetId staging{u"staging"_s, u"appproxy"_s};
const TargetId diverged{u"staging"_s, u"accountmgr"_s};
const TargetId phantom{u"development"_s, u"manager"_s};
const TargetId unreachable{u"development"_s, u"appproxy"_s};

void dress(bool dark)
{
    QApplication::setStyle(new IndicatorStyle);
    QApplication::setPalette(theme::palette(dark));
    QFont font(u"Inter"_s);
    font.setPointSizeF(10);
    QApplication::setFont(font);
}

} // namespace

Pictures::Pictures(SecretStore &secrets, KSyntaxHighlighting::Repository &repository, const QString &folder,
                   const QString &workspace)
    : m_folder(QDir().absoluteFilePath(folder)), m_workspace(workspace)
{
    dress(false);
    m_window = std::make_unique<MainWindow>(secrets, repository);
    m_window->resize(1440, 900);
    connect(m_window.get(), &MainWindow::demoFailed, this, &Pictures::fail);
}

Pictures::~Pictures() = default;

int Pictures::run()
{
    if (!QDir().mkpath(m_folder)) {
        QTextStream(stderr) << u"stepwell: %1 cannot be made.\n"_s.arg(m_folder);
        return 1;
    }
    m_window->show();
    addScene(
        u"welcome"_s, [] { return true; },
        [this] {
            save(m_window.get(), u"welcome"_s);
            m_window->openDemo(false, m_workspace);
        });
    planScenes(false);
    addScene({}, [] { return true; }, [] { dress(true); });
    planScenes(true);
    QTimer::singleShot(0, this, &Pictures::next);
    QApplication::exec();
    return m_exitCode;
}

void Pictures::addScene(const QString &name, std::function<bool()> ready, std::function<void()> act)
{
    m_scenes += Scene{name, std::move(ready), std::move(act)};
}

void Pictures::planScenes(bool dark)
{
    const QString suffix = dark ? u"-dark"_s : QString();
    const auto idle = [this] { return m_window->session() && !m_window->isBusy(); };
    const auto planned = [this] { return m_window->planFlow()->dialog() && !m_window->planFlow()->isBusy(); };
    addScene(u"overview"_s, idle, [this, suffix] {
        m_window->showOverview();
        save(m_window.get(), u"overview"_s + suffix);
        m_window->showTarget(production);
        auto *page = m_window->findChild<ComponentPage *>();
        const TargetStatus *status = m_window->session()->status(production);
        if (!status->heads.isEmpty())
            page->selectRevision(status->heads.first());
        page->reviewPane()->setCurrentIndex(ReviewPane::UpgradeSql);
    });
    addScene(u"the SQL of a revision"_s, idle, [this, suffix] {
        save(m_window.get(), u"main"_s + suffix);
        if (m_window->session()->status(production)->pending.isEmpty())
            m_window->planFlow()->begin(*m_window->session(), production, Direction::Downgrade, {});
        else
            m_window->planFlow()->begin(*m_window->session(), production, Direction::Upgrade, u"head"_s);
    });
    addScene(u"checks and SQL of a plan"_s, planned, [this, suffix] {
        save(m_window->planFlow()->dialog(), u"plan"_s + suffix);
        m_window->planFlow()->dialog()->reject();
        const bool up = !m_window->session()->status(staging)->pending.isEmpty();
        m_window->planFlow()->begin(*m_window->session(), staging,
                                    up ? Direction::Upgrade : Direction::Downgrade,
                                    up ? u"head"_s : QString());
    });
    addScene(u"the plan of a run"_s, planned, [this] { m_window->planFlow()->dialog()->accept(); });
    addScene(u"the end of a run"_s, idle, [this, suffix] {
        save(m_window.get(), u"run"_s + suffix);
        // And back again, so that the demo is as it was.
        const bool up = !m_window->session()->status(staging)->pending.isEmpty();
        m_window->planFlow()->begin(*m_window->session(), staging,
                                    up ? Direction::Upgrade : Direction::Downgrade,
                                    up ? u"head"_s : QString());
    });
    addScene(u"the plan of a rollback"_s, planned, [this] { m_window->planFlow()->dialog()->accept(); });
    addScene(u"the end of a rollback"_s, idle, [this] { m_window->showJournal(); });
    addScene(u"the journal"_s, idle, [this, suffix] {
        save(m_window.get(), u"journal"_s + suffix);
        m_window->showTarget(unreachable);
    });
    addScene(u"an unreachable database"_s, idle, [this, suffix] {
        save(m_window.get(), u"unreachable"_s + suffix);
        m_window->showCredentials();
    });
    addScene(u"the credentials"_s, idle, [this, suffix] {
        save(m_window.get(), u"credentials"_s + suffix);
        m_window->showBackups();
    });
    addScene(u"the backups"_s, idle, [this, suffix] {
        save(m_window.get(), u"backups"_s + suffix);
        m_window->showTarget(production);
        m_window->actions().rollBack->trigger();
    });
    addScene(
        u"the ways back"_s, [this] { return m_window->findChild<RollbackDialog *>() != nullptr; },
        [this, suffix] {
            auto *dialog = m_window->findChild<RollbackDialog *>();
            save(dialog, u"rollback"_s + suffix);
            dialog->reject();
            m_window->showDoctor();
        });
    planRepairScenes(suffix);
}

void Pictures::planRepairScenes(const QString &suffix)
{
    const auto idle = [this] { return !m_window->isBusy(); };
    addScene(u"what the doctor finds"_s, idle, [this, suffix] {
        save(m_window.get(), u"doctor"_s + suffix);
        m_window->repairs()->resolve(diverged);
    });
    const auto resolved = [this] { return m_window->repairs()->resolveDialog() && !m_window->isBusy(); };
    addScene(u"the plan of a rebase"_s, resolved, [this, suffix] {
        save(m_window->repairs()->resolveDialog(), u"resolve"_s + suffix);
        m_window->repairs()->resolveDialog()->reject();
        m_window->stamps()->begin(phantom, {u"e41d09b7a3c8"_s}, true);
    });
    const auto compared = [this] { return m_window->stamps()->dialog() && !m_window->isBusy(); };
    addScene(u"what a stamp would do"_s, compared, [this, suffix] {
        save(m_window->stamps()->dialog(), u"stamp"_s + suffix);
        m_window->stamps()->dialog()->reject();
    });
}

void Pictures::next()
{
    if (m_scenes.isEmpty()) {
        QApplication::exit(m_exitCode);
        return;
    }
    if (!m_scenes.first().ready()) {
        if (++m_waited > patience)
            return fail(u"%1 did not arrive in time."_s.arg(m_scenes.first().name));
        QTimer::singleShot(tick, this, &Pictures::next);
        return;
    }
    m_waited = 0;
    const Scene scene = m_scenes.takeFirst();
    scene.act();
    QTimer::singleShot(tick, this, &Pictures::next);
}

void Pictures::save(QWidget *widget, const QString &name)
{
    const QString file = QDir(m_folder).filePath(name + u".png"_s);
    if (!widget->grab().save(file))
        fail(u"%1 cannot be written."_s.arg(file));
}

void Pictures::fail(const QString &text)
{
    QTextStream(stderr) << u"stepwell: "_s << text << Qt::endl;
    m_exitCode = 1;
    m_scenes.clear();
    QApplication::exit(1);
}

} // namespace stepwell
