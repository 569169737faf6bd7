// SPDX-License-Identifier: MIT
// From "upgrade this" to the plan dialog with its checks, on a real workspace and a real server.

#include "app/planflow.h"
#include "app/secretstore.h"
#include "models/checksmodel.h"
#include "tests/support/scratchproject.h"
#include "tests/support/testcluster.h"
#include "tests/support/testfiles.h"
#include "views/plancheckrow.h"
#include "views/planlink.h"

#include <KSyntaxHighlighting/Repository>

#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <algorithm>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000;
const TargetId target{u"test"_s, u"main"_s};

/// A project with a database, read once, and a window that plans are shown over.
class Scene
{
public:
    explicit Scene(FindingsPolicy findings = FindingsPolicy::Warn)
    {
        project.addRevision(u"aaaa1"_s, {},
                            u"op.execute('CREATE TABLE one (id int)')\n"
                            "open('%1', 'a').write('rendered\\n')"_s.arg(renderings()),
                            {});
        project.addRevision(u"bbbb1"_s, u"aaaa1"_s, u"op.execute('DROP TABLE kept')"_s, {});
        TestCluster::instance().execute(database.name,
                                        u"CREATE TABLE kept (id int); INSERT INTO kept SELECT 1"_s);
        Workspace workspace;
        workspace.directory = project.directory();
        workspace.components = {{.name = u"main"_s, .config = project.config()}};
        workspace.environments = {{.name = u"test"_s,
                                   .findings = findings,
                                   .databases = {{.component = u"main"_s, .url = database.url}}}};
        session = std::make_unique<WorkspaceSession>(workspace, secrets);
        flow = std::make_unique<PlanFlow>(repository, &window);
        window.show();
        session->refreshAll();
    }
    ~Scene()
    {
        flow.reset();
        session.reset();
        QThreadPool::globalInstance()->waitForDone();
    }

    [[nodiscard]] QString renderings() const { return project.directory() + u"/renderings"_s; }
    [[nodiscard]] bool isRead() const { return session->status(target) && !session->isReading(); }
    void begin(PlanDialog::Mode mode = PlanDialog::Mode::Ordinary)
    {
        flow->begin(*session, target, Direction::Upgrade, u"head"_s, mode);
    }
    [[nodiscard]] PlanDialog *dialog() const { return flow->dialog(); }
    [[nodiscard]] QList<CheckResult> checks() const { return dialog()->findChild<ChecksModel *>()->checks(); }
    [[nodiscard]] QList<CheckResult> named(const QString &name) const
    {
        QList<CheckResult> found;
        std::ranges::copy_if(checks(), std::back_inserter(found),
                             [&](const CheckResult &check) { return check.name == name; });
        return found;
    }

    TestDatabase database = TestCluster::instance().newDatabase();
    ScratchProject project{database.url};
    SecretStore secrets;
    KSyntaxHighlighting::Repository repository;
    QWidget window;
    std::unique_ptr<WorkspaceSession> session;
    std::unique_ptr<PlanFlow> flow;
};

} // namespace

class tst_PlanFlow : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_home;

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_DATA_HOME", m_home.filePath(u"data"_s).toUtf8());
        qputenv("XDG_CACHE_HOME", m_home.filePath(u"cache"_s).toUtf8());
    }
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void checksComeOneByOneAndEachOnce()
    {
        Scene scene;
        QTRY_VERIFY_WITH_TIMEOUT(scene.isRead(), patience);
        scene.begin();
        QVERIFY(scene.dialog());
        auto *model = scene.dialog()->findChild<ChecksModel *>();
        QVERIFY(model->isRunning());
        QList<qsizetype> counts;
        connect(model, &QAbstractItemModel::modelReset, this, [&] { counts += model->checks().size(); });
        QTRY_VERIFY_WITH_TIMEOUT(!scene.flow->isBusy(), patience);
        QVERIFY(!model->isRunning());
        QVERIFY2(counts.size() > 3 && std::ranges::is_sorted(counts), "they grow as results come");

        QStringList names;
        for (const CheckResult &check : scene.checks())
            names += check.name;
        QVERIFY2(names.contains(u"connection"_s) && names.contains(u"same-database"_s),
                 qPrintable(names.join(u' ')));
        QCOMPARE(names.removeDuplicates(), 0);
        QCOMPARE(scene.named(u"findings"_s).size(), 1);
        QCOMPARE(scene.named(u"approvals"_s).size(), 1);
        // The preview and the checks shared one look: its way up was rendered once.
        QCOMPARE(readFile(scene.renderings()).count('\n'), 1);
    }

    void whatIsAcceptedIsToldOnce()
    {
        Scene scene(FindingsPolicy::Block);
        QTRY_VERIFY_WITH_TIMEOUT(scene.isRead(), patience);
        scene.begin();
        QTRY_VERIFY_WITH_TIMEOUT(!scene.flow->isBusy(), patience);
        QCOMPARE(scene.named(u"findings"_s).size(), 1);
        QCOMPARE(scene.named(u"findings"_s).first().state, CheckState::Failed);
        QVERIFY(!scene.dialog()->missing().isEmpty());
        scene.dialog()->reject();

        const auto reviews = scene.session->review(target, {{.revision = RevisionId(u"bbbb1"_s)}},
                                                   Direction::Upgrade, WorkspaceSession::Reader::Runner);
        QTRY_VERIFY_WITH_TIMEOUT(reviews.isFinished(), patience);
        QHash<RevisionId, QList<AcceptedFinding>> accepted;
        const Result<QList<StepReview>> found = reviews.result();
        QVERIFY(found.has_value());
        for (const StepReview &review : *found) {
            for (const Finding &finding : review.lint.findings)
                accepted[review.revision] += {.key = findingKey(finding), .reason = u"nobody reads it"_s};
        }
        QVERIFY(!accepted.isEmpty());
        scene.flow->setAccepted(target, accepted);
        scene.begin();
        QTRY_VERIFY_WITH_TIMEOUT(!scene.flow->isBusy(), patience);
        QCOMPARE(scene.named(u"findings"_s).size(), 1);
        QCOMPARE(scene.named(u"findings"_s).first().state, CheckState::Passed);
    }

    void roomForABackupMattersWhenThereIsOne()
    {
        Scene scene;
        QTRY_VERIFY_WITH_TIMEOUT(scene.isRead(), patience);
        scene.begin();
        QTRY_VERIFY_WITH_TIMEOUT(!scene.flow->isBusy(), patience);
        QCOMPARE(scene.named(u"backup-room"_s).size(), 1);
        scene.dialog()->findChild<QRadioButton *>(u"backupNone"_s)->setChecked(true);
        QCOMPARE(scene.named(u"backup-room"_s).size(), 0);
        scene.dialog()->findChild<QRadioButton *>(u"backupDump"_s)->setChecked(true);
        QCOMPARE(scene.named(u"backup-room"_s).size(), 1);
    }

    void aFixIsAppliedAndLookedAtAgain()
    {
        Scene scene;
        TestCluster &cluster = TestCluster::instance();
        const QString isValid = u"SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_kept'::regclass"_s;
        cluster.execute(scene.database.name, u"CREATE INDEX ix_kept ON kept (id)"_s);
        cluster.execute(scene.database.name, u"UPDATE pg_index SET indisvalid = false "
                                             "WHERE indexrelid = 'ix_kept'::regclass"_s);
        QCOMPARE(cluster.rows(scene.database.name, isValid), QStringList{u"f"_s});
        QTRY_VERIFY_WITH_TIMEOUT(scene.isRead(), patience);
        scene.begin();
        QTRY_VERIFY_WITH_TIMEOUT(!scene.flow->isBusy(), patience);
        QCOMPARE(scene.named(u"invalid-indexes"_s).size(), 1);
        auto *row = scene.dialog()->findChild<PlanCheckRow *>(u"check-invalid-indexes"_s);
        QVERIFY(row);
        row->findChild<PlanLink *>(u"fixLink"_s)->click();
        auto *run = scene.dialog()->findChild<QPushButton *>(u"fixRunButton"_s);
        QVERIFY(run && run->isEnabled());
        QCOMPARE(cluster.rows(scene.database.name, isValid), QStringList{u"f"_s}); // only shown so far
        const QSignalSpy refused(scene.flow.get(), &PlanFlow::refused);
        run->click();
        QVERIFY(scene.flow->isBusy());
        QTRY_VERIFY_WITH_TIMEOUT(!scene.flow->isBusy(), patience);
        QCOMPARE(refused.size(), 0);
        QCOMPARE(cluster.rows(scene.database.name, isValid), QStringList{u"t"_s});
        const QList<CheckResult> after = scene.named(u"invalid-indexes"_s);
        QVERIFY(std::ranges::all_of(after, [](const CheckResult &check) {
            return check.state == CheckState::Passed && check.fixes.isEmpty();
        }));
    }

    void aFixThatFailsIsTold()
    {
        Scene scene;
        QTRY_VERIFY_WITH_TIMEOUT(scene.isRead(), patience);
        scene.begin();
        QSignalSpy refused(scene.flow.get(), &PlanFlow::refused);
        Q_EMIT scene.dialog()->fixRequested(
            {.label = u"Drop nothing"_s, .statements = {u"DROP TABLE gone"_s}});
        QTRY_COMPARE_WITH_TIMEOUT(refused.size(), 1, patience);
        QVERIFY(refused.first().first().toString().contains(u"Drop nothing"_s));
        QTRY_VERIFY_WITH_TIMEOUT(!scene.flow->isBusy(), patience);
        QVERIFY(!scene.checks().isEmpty());
    }

    void closingStopsTheChecksAndTheNextPlanHasItsOwn()
    {
        Scene scene;
        QTRY_VERIFY_WITH_TIMEOUT(scene.isRead(), patience);
        for (int i = 0; i < 3; ++i) {
            scene.begin();
            QVERIFY(scene.flow->isBusy());
            scene.dialog()->reject();
        }
        QTRY_VERIFY_WITH_TIMEOUT(!scene.flow->isBusy(), patience);
        // Reopened while the checks of before still end: these must not meet at the lock of a run.
        scene.begin();
        scene.dialog()->reject();
        scene.begin();
        QTRY_VERIFY_WITH_TIMEOUT(!scene.flow->isBusy(), patience);
        QCOMPARE(scene.named(u"run-lock"_s).size(), 1);
        QCOMPARE(scene.named(u"run-lock"_s).first().state, CheckState::Passed);
    }

    void theWindowMayGoWhileTheyRun()
    {
        Scene scene;
        QTRY_VERIFY_WITH_TIMEOUT(scene.isRead(), patience);
        scene.begin();
        scene.flow.reset(); // results come to nobody, and nobody waits for reviews that never come
        QVERIFY(QThreadPool::globalInstance()->waitForDone(patience));
    }

    void anEmergencyWaitsForNoSql()
    {
        Scene scene;
        // Rendering takes longer than anybody has; the checks do not wait for it.
        scene.project.addRevision(u"cccc1"_s, u"bbbb1"_s, u"import time; time.sleep(600)"_s, {});
        QTRY_VERIFY_WITH_TIMEOUT(scene.isRead(), patience);
        scene.session->refreshAll();
        QTRY_VERIFY_WITH_TIMEOUT(scene.isRead() && scene.session->status(target)->pending.size() == 3,
                                 patience);
        scene.begin(PlanDialog::Mode::Emergency);
        auto *model = scene.dialog()->findChild<ChecksModel *>();
        QTRY_VERIFY_WITH_TIMEOUT(!model->isRunning(), patience);
        QVERIFY(scene.flow->isBusy()); // with the SQL
        QCOMPARE(scene.named(u"connection"_s).size(), 1);
    }
};

QTEST_MAIN(tst_PlanFlow)
#include "tst_planflow.moc"
