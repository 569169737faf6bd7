// SPDX-License-Identifier: MIT
#include "models/overviewmodel.h"
#include "models/targettreemodel.h"
#include "tests/models/sampletargets.h"
#include "views/banner.h"
#include "views/codeview.h"
#include "views/componentpage.h"
#include "views/factstrip.h"
#include "views/messagecard.h"
#include "views/overviewpage.h"
#include "views/reviewpane.h"
#include "views/revisionlist.h"
#include "views/sidebar.h"
#include "views/sidebarentry.h"
#include "views/sqlpane.h"
#include "views/theme.h"
#include "views/welcomepage.h"

#include <KSyntaxHighlighting/Repository>

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QStyleFactory>
#include <QTableView>
#include <QTest>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace stepwell;

namespace {

const TargetId manager{QStringLiteral("production"), QStringLiteral("manager")};
const RevisionId headId{QStringLiteral("e41d09b7a3c8")};
const RevisionId backfillId{QStringLiteral("52ab7c9e8d10")};

const QString sampleSql = QStringLiteral(
    "-- Running upgrade 90c2fd61b5ae -> e41d09b7a3c8\n"
    "CREATE INDEX ix_sessions_owner ON sessions (owner_id, created_at);\n\n"
    "ALTER TABLE sessions ALTER COLUMN priority SET NOT NULL;\n"
    "ALTER TABLE sessions ADD CONSTRAINT fk_sessions_owner FOREIGN KEY(owner_id) REFERENCES users (uuid);\n\n"
    "UPDATE alembic_version SET version_num='e41d09b7a3c8' WHERE alembic_version.version_num = "
    "'90c2fd61b5ae';\n");

const QString sampleScript = QStringLiteral("\"\"\"Backfill invoices.currency from domains\"\"\"\n"
                                            "from alembic import op\n\n"
                                            "revision = \"52ab7c9e8d10\"\n"
                                            "down_revision = \"d03f7a66c1e9\"\n\n\n"
                                            "def upgrade():\n"
                                            "    bind = op.get_bind()\n"
                                            "    rows = bind.execute(\"SELECT 1\").fetchall()\n");

Target target(const TargetId &id)
{
    const Workspace workspace = sample::workspace();
    Target result;
    result.id = id;
    for (const Environment &environment : workspace.environments) {
        if (environment.name == id.environment)
            result.environment = environment;
    }
    result.config = u"/project/alembic.ini"_s;
    return result;
}

Error refused()
{
    return {.kind = ErrorKind::ConnectionRefused,
            .message = u"Connection refused at localhost:5432."_s,
            .hint = u"Nothing listens there: is the database container running?"_s,
            .detail =
                u"connection to server at \"localhost\" (127.0.0.1), port 5432 failed: Connection refused"_s};
}

template<typename T>
T *child(QWidget &parent, const QString &name)
{
    T *found = parent.findChild<T *>(name);
    if (!found)
        qFatal("no child named %s", qPrintable(name));
    return found;
}

/// The picture of a widget at a size, light and dark, if a folder for pictures is named.
void picture(QWidget &widget, const QString &name, const QSize &size = {1160, 760})
{
    widget.resize(size);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
    const QString folder = qEnvironmentVariable("STEPWELL_PICTURES");
    if (folder.isEmpty())
        return;
    QVERIFY(QDir().mkpath(folder));
    for (const bool dark : {true, false}) {
        QApplication::setPalette(theme::palette(dark));
        QTRY_COMPARE(theme::isDark(widget.palette()), dark);
        const QString file = u"%1/%2-%3.png"_s.arg(folder, name, dark ? u"dark"_s : u"light"_s);
        QVERIFY(widget.grab().save(file));
    }
}

} // namespace

class TestViewsBrowse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void tonesAreReadable();
    void componentPageShowsATarget();
    void componentPageSignals();
    void componentPageStates();
    void componentPageIgnoresOthers();
    void listContextActions();
    void listKeyboardAndFilter();
    void narrowListKeepsTheMessage();
    void tenThousandRowsScroll();
    void reviewPaneAsksOnce();
    void reviewPaneStates();
    void codeViewFollowsThePalette();
    void sidebarPlaces();
    void overviewPageSignals();
    void welcomePageSignals();

private:
    KSyntaxHighlighting::Repository m_repository;
};

void TestViewsBrowse::initTestCase()
{
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    QFont font(u"Inter"_s);
    font.setPointSizeF(10);
    QApplication::setFont(font);
    QApplication::setPalette(theme::palette(false));
}

void TestViewsBrowse::init()
{
    // The offscreen platform says so of each window that has a minimum size.
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support propagateSizeHints)"_s));
}

void TestViewsBrowse::tonesAreReadable()
{
    const auto luminance = [](const QColor &colour) {
        const auto linear = [](double part) {
            return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
               0.0722 * linear(colour.blueF());
    };
    const auto contrast = [&](const QColor &one, const QColor &two) {
        const double a = luminance(one);
        const double b = luminance(two);
        return (qMax(a, b) + 0.05) / (qMin(a, b) + 0.05);
    };
    for (const bool dark : {false, true}) {
        const QPalette palette = theme::palette(dark);
        QCOMPARE(theme::isDark(palette), dark);
        for (const Tone tone : {Tone::Neutral, Tone::Good, Tone::Attention, Tone::Bad, Tone::Special,
                                Tone::Accent, Tone::Info}) {
            const theme::ToneColours colours = theme::tone(tone, palette);
            QVERIFY2(contrast(colours.background, colours.text) >= 4.5,
                     qPrintable(QString::number(int(tone))));
            QVERIFY(contrast(colours.strong, palette.color(QPalette::Base)) >= 3);
        }
        QVERIFY(contrast(theme::mutedText(palette), palette.color(QPalette::Base)) >= 4.5);
        QVERIFY(contrast(theme::mutedText(palette), theme::panel(palette)) >= 4.5);
        QVERIFY(contrast(palette.color(QPalette::Text), theme::selection(palette)) >= 7);
        QVERIFY(theme::environmentBar(u"red"_s, palette) != theme::environmentBar(u"green"_s, palette));
        QCOMPARE(theme::environmentBar(u"#123456"_s, palette), QColor(0x12, 0x34, 0x56));
        QCOMPARE(theme::environmentBar(u"nonsense"_s, palette), theme::environmentBar(u"grey"_s, palette));
    }
}

void TestViewsBrowse::componentPageShowsATarget()
{
    TargetTreeModel tree;
    tree.setWorkspace(sample::workspace());
    QWidget window;
    auto *row = new QHBoxLayout(&window);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    auto *sidebar = new Sidebar(&tree);
    sidebar->setFixedWidth(268);
    auto *page = new ComponentPage(m_repository);
    row->addWidget(sidebar);
    row->addWidget(page, 1);
    sidebar->setJournalCount(u"14 runs"_s);
    sidebar->setBackupCount(u"9 · 4.1 GiB"_s);

    const TargetStatus status = sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s});
    tree.setStatus(status);
    tree.setStatus(
        sample::unreachable({u"development"_s, u"app proxy"_s}, sample::managerRevisions(), refused()));
    tree.setStatus(sample::status({u"staging"_s, u"app proxy"_s}, sample::managerRevisions(), {}));
    sidebar->showTarget(manager);
    page->setTarget(target(manager));
    page->setStatus(status);
    BackupRecord backup;
    backup.finished = QDateTime::currentDateTime().addSecs(-7200);
    page->setLastBackup(backup);
    QVERIFY(page->selectRevision(headId));
    page->reviewPane()->setReview(
        {.revision = headId, .sql = {.revision = headId, .sql = sampleSql, .statements = 3}});
    picture(window, u"component"_s, {1440, 830});

    QCOMPARE(child<Banner>(*page, u"componentBanner"_s)->title(), u"production / manager"_s);
    QVERIFY(child<Banner>(*page, u"componentBanner"_s)->line().contains(u"PostgreSQL 17.11"_s));
    QCOMPARE(child<Banner>(*page, u"componentBanner"_s)->chips().size(), 2);
    QCOMPARE(child<QLabel>(*page, u"fact-pending"_s)->text(), u"3 revisions"_s);
    QCOMPARE(child<QLabel>(*page, u"fact-current"_s)->text(), u"7b6a1e0c4f21"_s);
    QCOMPARE(child<QLabel>(*page, u"fact-backup"_s)->text(), u"2 h ago · verified"_s);
    QCOMPARE(page->revisionList()->shownRows(), 8);
    QCOMPARE(child<SqlPane>(*page, u"upgradeSql"_s)->shownText(), sampleSql.trimmed());
    QVERIFY(!child<MessageCard>(*page, u"componentCard"_s)->isVisible());
    picture(window, u"component-small"_s, {900, 560});
}

void TestViewsBrowse::componentPageSignals()
{
    ComponentPage page(m_repository);
    QSignalSpy selected(&page, &ComponentPage::revisionSelected);
    QSignalSpy script(&page, &ComponentPage::scriptNeeded);
    QSignalSpy sql(&page, &ComponentPage::sqlNeeded);
    page.setTarget(target(manager));
    page.setStatus(sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    // The next revision to run is selected by itself.
    QCOMPARE(page.selectedRevision(), backfillId);
    QCOMPARE(selected.last().first().value<RevisionId>(), backfillId);
    QCOMPARE(script.last().first().value<RevisionId>(), backfillId);
    QCOMPARE(sql.last().at(1).value<Direction>(), Direction::Upgrade);
    page.selectRevision(headId);
    QCOMPARE(page.reviewPane()->shownRevision(), headId);
    // A new reading keeps what the user looks at.
    page.setReading();
    page.setStatus(sample::status(manager, sample::managerRevisions(), {u"e41d09b7a3c8"_s}));
    QCOMPARE(page.selectedRevision(), headId);
    QCOMPARE(child<QLabel>(page, u"fact-pending"_s)->text(), u"none"_s);
}

void TestViewsBrowse::componentPageStates()
{
    ComponentPage page(m_repository);
    auto *note = child<QLabel>(page, u"componentNote"_s);
    auto *card = child<MessageCard>(page, u"componentCard"_s);
    QSignalSpy retry(&page, &ComponentPage::retryRequested);
    QSignalSpy password(&page, &ComponentPage::passwordRequested);

    page.setTarget(target(manager));
    picture(page, u"component-loading"_s);
    QVERIFY(note->isVisible());
    QVERIFY(note->text().startsWith(u"Reading"_s));

    page.setStatus(sample::unreachable(manager, sample::managerRevisions(), refused()));
    picture(page, u"component-unreachable"_s);
    QVERIFY(card->isVisible());
    QVERIFY(card->text().contains(u"Nothing listens there"_s));
    QCOMPARE(page.revisionList()->shownRows(), 8);
    QVERIFY(page.revisionList()->isVisible());
    child<QPushButton>(*card, u"retry"_s)->click();
    QCOMPARE(retry.size(), 1);
    QCOMPARE(retry.first().first().value<TargetId>(), manager);

    page.setStatus(sample::unreachable(manager, sample::managerRevisions(),
                                       {.kind = ErrorKind::PasswordMissing,
                                        .message = u"The server wants a password for migrator."_s,
                                        .hint = u"Enter it, or add a line to ~/.pgpass."_s}));
    child<QPushButton>(*card, u"password"_s)->click();
    QCOMPARE(password.size(), 1);

    page.setStatus(sample::broken(manager));
    picture(page, u"component-broken"_s);
    QVERIFY(note->isVisible());
    QVERIFY(card->text().contains(u"which no file has"_s));

    page.setStatus(sample::status(manager, sample::managerRevisions(), {}));
    picture(page, u"component-empty"_s);
    QCOMPARE(card->title(), u"The database has no revision yet"_s);
    QVERIFY(card->text().contains(u"all 8 revisions"_s));

    page.setStatus(sample::status(manager, sample::managerRevisions(), {u"ffe100000000"_s}));
    picture(page, u"component-unknown"_s);
    QVERIFY(card->title().contains(u"unknown revision"_s));

    page.setStatus(sample::status(manager, {}, {}));
    QVERIFY(note->isVisible());
    QCOMPARE(note->text(), u"This component has no revisions yet."_s);
}

void TestViewsBrowse::componentPageIgnoresOthers()
{
    ComponentPage page(m_repository);
    page.setTarget(target(manager));
    page.setStatus(sample::status({u"staging"_s, u"manager"_s}, sample::managerRevisions(), {}));
    QCOMPARE(page.revisionList()->shownRows(), 0);
    page.setStatus(sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    page.setTarget(target({u"staging"_s, u"manager"_s}));
    QCOMPARE(page.revisionList()->shownRows(), 0);
    QVERIFY(page.reviewPane()->shownRevision().isEmpty());
}

void TestViewsBrowse::listContextActions()
{
    RevisionListModel model;
    model.setStatus(sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    RevisionList list(&model);
    const auto enabled = [&](const QString &id) {
        if (!list.selectRevision(RevisionId(id)))
            return u"not found"_s;
        QStringList names;
        for (const QString &name : {u"upgradeToAction"_s, u"rollBackToAction"_s, u"rollBackThisAction"_s}) {
            if (child<QAction>(list, name)->isEnabled())
                names.append(name);
        }
        return names.join(u' ');
    };
    QCOMPARE(enabled(u"e41d09b7a3c8"_s), u"upgradeToAction"_s);
    QCOMPARE(enabled(u"7b6a1e0c4f21"_s), u"rollBackThisAction"_s);
    QCOMPARE(enabled(u"a5518e2b90cd"_s), u"rollBackToAction"_s);

    QSignalSpy back(&list, &RevisionList::rollBackToRequested);
    QSignalSpy file(&list, &RevisionList::openFileRequested);
    QSignalSpy copy(&list, &RevisionList::copyIdRequested);
    child<QAction>(list, u"rollBackToAction"_s)->trigger();
    QCOMPARE(back.first().first().value<RevisionId>(), RevisionId(u"a5518e2b90cd"_s));
    child<QAction>(list, u"openFileAction"_s)->trigger();
    QVERIFY(file.first().first().toString().endsWith(u".py"_s));
    child<QAction>(list, u"copyIdAction"_s)->trigger();
    QCOMPARE(copy.size(), 1);
}

void TestViewsBrowse::listKeyboardAndFilter()
{
    RevisionListModel model;
    model.setStatus(sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    RevisionList list(&model);
    list.resize(1000, 400);
    list.show();
    QVERIFY(QTest::qWaitForWindowExposed(&list));
    list.selectRevision(headId);
    QSignalSpy selected(&list, &RevisionList::revisionSelected);
    QTest::keyClick(&list, Qt::Key_Down);
    QCOMPARE(selected.size(), 1);
    QTest::keyClick(&list, Qt::Key_End);
    QCOMPARE(list.selectedRevision(), RevisionId(u"c8827e5db6f3"_s));
    list.setFilterText(u"audit"_s);
    QCOMPARE(list.shownRows(), 1);
    list.setFilterText({});
    QCOMPARE(list.shownRows(), 8);
}

void TestViewsBrowse::narrowListKeepsTheMessage()
{
    RevisionListModel model;
    model.setStatus(sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    RevisionList list(&model);
    for (const int width : {620, 760, 900, 1200}) {
        list.resize(width, 400);
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        QTRY_VERIFY2(list.columnWidth(RevisionListModel::Message) >= 150,
                     qPrintable(u"%1 in %2"_s.arg(list.columnWidth(RevisionListModel::Message)).arg(width)));
        QVERIFY(!list.isColumnHidden(RevisionListModel::State));
        QVERIFY(!list.isColumnHidden(RevisionListModel::Rollback));
    }
    QVERIFY(!list.isColumnHidden(RevisionListModel::Created));
}

void TestViewsBrowse::tenThousandRowsScroll()
{
    RevisionListModel model;
    RevisionList list(&model);
    list.resize(1100, 700);
    list.show();
    QVERIFY(QTest::qWaitForWindowExposed(&list));
    model.setStatus(sample::status(manager, sample::linearRevisions(10000), {u"r05000"_s}));
    QCOMPARE(list.shownRows(), 10000);
    constexpr int frames = 40;
    for (int i = 0; i < frames; ++i) {
        list.scrollTo(list.model()->index(i * 9999 / frames, 0), QAbstractItemView::PositionAtTop);
        QVERIFY(!list.grab().isNull());
    }
}

void TestViewsBrowse::reviewPaneAsksOnce()
{
    RevisionListModel model;
    const QList<Revision> revisions = sample::managerRevisions();
    model.setStatus(sample::status(manager, revisions, {u"7b6a1e0c4f21"_s}));
    const RevisionRow row = model.rows().first();
    ReviewPane pane(m_repository);
    QSignalSpy asked(&pane, &ReviewPane::sqlNeeded);
    pane.showRevision(row, &revisions.last(), {});
    QCOMPARE(asked.size(), 1);
    pane.setCurrentIndex(ReviewPane::DowngradeSql);
    QCOMPARE(asked.size(), 2);
    QCOMPARE(asked.last().at(1).value<Direction>(), Direction::Downgrade);
    pane.setCurrentIndex(ReviewPane::UpgradeSql);
    pane.showRevision(row, &revisions.last(), {});
    QCOMPARE(asked.size(), 2);
    // An answer for another revision is late and not shown.
    pane.setReview({.revision = backfillId, .sql = {.revision = backfillId, .sql = u"SELECT 1;"_s}});
    QVERIFY(child<SqlPane>(pane, u"upgradeSql"_s)->shownText().startsWith(u"Rendering"_s));
    pane.setSqlError(headId, Direction::Upgrade,
                     {.kind = ErrorKind::PythonMissing, .message = u"No Python."_s});
    child<QPushButton>(pane, u"retry"_s)->click();
    QCOMPARE(asked.size(), 3);
}

void TestViewsBrowse::reviewPaneStates()
{
    RevisionListModel model;
    const QList<Revision> revisions = sample::managerRevisions();
    model.setStatus(sample::status(manager, revisions, {u"7b6a1e0c4f21"_s}));
    ReviewPane pane(m_repository);
    auto *upgrade = child<SqlPane>(pane, u"upgradeSql"_s);
    QVERIFY(upgrade->shownText().startsWith(u"Select a revision"_s));
    pane.showRevision(model.rows().at(model.rowOf(backfillId)), &revisions.at(5),
                      {RevisionId(u"90c2fd61b5ae"_s)});
    pane.setScript(backfillId, sampleScript);
    pane.setReview({.revision = backfillId,
                    .sql = {.revision = backfillId,
                            .problem = u"It asks the database what to do: op.get_bind() has no connection"_s,
                            .problemLine = 9}});
    picture(pane, u"review-unrenderable"_s, {900, 320});
    QVERIFY(upgrade->shownText().contains(u"line 9"_s));
    QVERIFY(upgrade->shownText().contains(u"known only by rehearsal"_s));
    child<QPushButton>(pane, u"line"_s)->click();
    QCOMPARE(pane.currentIndex(), int(ReviewPane::Script));
    QCOMPARE(child<CodeView>(pane, u"scriptCode"_s)->markedLine(), 9);
    picture(pane, u"review-script"_s, {900, 320});
    pane.setReview({.revision = backfillId, .direction = Direction::Downgrade});
    QVERIFY(child<SqlPane>(pane, u"downgradeSql"_s)->shownText().startsWith(u"No SQL"_s));
    pane.setCurrentIndex(ReviewPane::Details);
    QCOMPARE(child<QLabel>(pane, u"detail-follows"_s)->text(), u"d03f7a66c1e9"_s);
    QCOMPARE(child<QLabel>(pane, u"detail-children"_s)->text(), u"90c2fd61b5ae"_s);
    QCOMPARE(child<QLabel>(pane, u"detail-rollback"_s)->text(), u"loses data"_s);
    picture(pane, u"review-details"_s, {900, 320});
    pane.clear();
    QVERIFY(pane.findChild<QLabel *>(u"detail-follows"_s) == nullptr);
}

void TestViewsBrowse::codeViewFollowsThePalette()
{
    CodeView view(m_repository);
    view.setCode(u"SELECT 'text' FROM sessions;\n"_s, u"SQL (PostgreSQL)"_s);
    view.resize(400, 200);
    const QImage light = view.grab().toImage();
    view.setPalette(theme::palette(true));
    const QImage dark = view.grab().toImage();
    QVERIFY(light.pixelColor(390, 150).lightnessF() > 0.8F);
    QVERIFY(dark.pixelColor(390, 150).lightnessF() < 0.3F);
    QVERIFY(view.isReadOnly());
}

void TestViewsBrowse::sidebarPlaces()
{
    TargetTreeModel model;
    Sidebar sidebar(&model);
    model.setWorkspace(sample::workspace());
    sidebar.resize(268, 600);
    sidebar.show();
    QVERIFY(QTest::qWaitForWindowExposed(&sidebar));
    QSignalSpy targets(&sidebar, &Sidebar::targetSelected);
    QSignalSpy journal(&sidebar, &Sidebar::journalSelected);
    auto *tree = child<QTreeView>(sidebar, u"targetTree"_s);
    QCOMPARE(sidebar.place(), Sidebar::Place::Overview);

    const auto click = [&](const TargetId &id) {
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(model.indexOf(id)).center());
    };
    click(manager);
    QCOMPARE(targets.size(), 1);
    QCOMPARE(targets.first().first().value<TargetId>(), manager);
    QCOMPARE(sidebar.place(), Sidebar::Place::Target);
    QVERIFY(!child<SidebarEntry>(sidebar, u"overviewEntry"_s)->isChecked());

    child<SidebarEntry>(sidebar, u"journalEntry"_s)->click();
    QCOMPARE(journal.size(), 1);
    QVERIFY(!tree->selectionModel()->hasSelection());
    click(manager);
    QCOMPARE(targets.size(), 2);

    // Arrow keys step over the captions of environments.
    click({u"production"_s, u"app proxy"_s});
    QTest::keyClick(tree, Qt::Key_Down);
    QCOMPARE(targets.last().first().value<TargetId>(), (TargetId{u"staging"_s, u"manager"_s}));

    const qsizetype before = targets.size();
    sidebar.showTarget({u"development"_s, u"manager"_s});
    sidebar.showPlace(Sidebar::Place::Backups);
    QCOMPARE(targets.size(), before);
    QCOMPARE(journal.size(), 1);
    QVERIFY(child<SidebarEntry>(sidebar, u"backupsEntry"_s)->isChecked());
}

void TestViewsBrowse::overviewPageSignals()
{
    OverviewModel model;
    model.setWorkspace(sample::workspace());
    OverviewPage page(&model);
    QSignalSpy shown(&page, &OverviewPage::targetRequested);
    QSignalSpy retry(&page, &OverviewPage::retryRequested);
    const TargetId lost{u"development"_s, u"app proxy"_s};
    for (const QString &environment : {u"production"_s, u"staging"_s, u"development"_s})
        model.setStatus(
            sample::status({environment, u"manager"_s}, sample::managerRevisions(), {u"e41d09b7a3c8"_s}));
    model.setStatus(sample::status(manager, sample::managerRevisions(), {u"7b6a1e0c4f21"_s}));
    model.setStatus(sample::unreachable(lost, sample::managerRevisions(), refused()));
    QList<Revision> diverged = sample::managerRevisions();
    diverged.remove(6, 2);
    model.setStatus(sample::status({u"staging"_s, u"account manager"_s}, diverged, {u"7b6a1e0c4f21"_s}));
    picture(page, u"overview"_s, {1160, 700});
    QCOMPARE(child<QLabel>(page, u"overviewTitle"_s)->text(), u"Backend workspace"_s);
    QVERIFY(child<QLabel>(page, u"overviewFacts"_s)->text().contains(u"2 need attention"_s));

    auto *table = child<QTableView>(page, u"overviewTable"_s);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                      table->visualRect(model.indexOf(manager)).center());
    QCOMPARE(shown.size(), 1);
    QCOMPARE(shown.first().first().value<TargetId>(), manager);
    auto *card = child<MessageCard>(page, u"attention-development/app proxy"_s);
    child<QPushButton>(*card, u"retry"_s)->click();
    QCOMPARE(retry.first().first().value<TargetId>(), lost);
    child<QPushButton>(*card, u"open"_s)->click();
    QCOMPARE(shown.last().first().value<TargetId>(), lost);
    picture(page, u"overview-small"_s, {640, 560});

    model.setStatus(sample::status(lost, sample::managerRevisions(), {u"e41d09b7a3c8"_s}));
    QTRY_VERIFY(!page.findChild<MessageCard *>(u"attention-development/app proxy"_s));
}

void TestViewsBrowse::welcomePageSignals()
{
    WelcomePage page;
    QSignalSpy open(&page, &WelcomePage::openRequested);
    QSignalSpy make(&page, &WelcomePage::newRequested);
    QSignalSpy demo(&page, &WelcomePage::demoRequested);
    QSignalSpy recent(&page, &WelcomePage::recentRequested);
    page.setRecent({u"/home/dba/backend"_s,
                    u"/home/dba/a-very-long-folder-name/that-goes-on-and-on/until-it-does-not-fit/x"_s});
    picture(page, u"welcome"_s, {900, 600});
    child<QPushButton>(page, u"openButton"_s)->click();
    child<QPushButton>(page, u"newButton"_s)->click();
    child<QPushButton>(page, u"demoButton"_s)->click();
    child<QPushButton>(page, u"recentButton"_s)->click();
    QCOMPARE(open.size() + make.size() + demo.size(), 3);
    QCOMPARE(recent.first().first().toString(), u"/home/dba/backend"_s);
}

QTEST_MAIN(TestViewsBrowse)
#include "tst_views_browse.moc"
