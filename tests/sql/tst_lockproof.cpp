// SPDX-License-Identifier: MIT
// The lock table, proved: each form is run on a real server, and what the server locked, rewrote and read is
// compared with what effectsOf() says.
#include "migrations/database/cataloguereader.h"
#include "migrations/database/databasesession.h"
#include "migrations/sql/effects.h"
#include "tests/sql/actiontext.h"
#include "tests/sql/lockforms.h"
#include "tests/support/testcluster.h"

#include <QTest>

#include <algorithm>
#include <future>
#include <map>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace stepwell;

namespace {

/// What the server did in one transaction, by "schema.name" of the relations that were there before.
struct Observed {
    std::map<QString, LockMode> locks;
    std::map<QString, LockMode> held; ///< before the statement
    QStringList rewrites;
    QStringList reads;
};

struct Relation {
    QString name;
    bool isTable = false; ///< or a materialized view
    qint64 file = 0;
};

using Relations = std::map<qint64, Relation>;

QString fullName(const RelationName &name)
{
    return name.schema.isEmpty() ? QString(u"public."_s + name.name) : name.text();
}

} // namespace

class TestLockProof : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(); }
    void holdsInATransaction_data();
    void holdsInATransaction();
    void holdsWithoutTransaction_data();
    void holdsWithoutTransaction();
    void hasManyForms();

private:
    QList<QVariantList> query(DatabaseSession &session, const QString &sql);
    void execute(DatabaseSession &session, const QString &sql);
    Relations relations();
    std::map<qint64, qint64> tuplesRead();
    std::map<qint64, LockMode> locks();
    Observed observe(const LockForm &form);
    int major() const { return m_session->serverVersion() / 10000; }

    TestDatabase m_database;
    std::unique_ptr<DatabaseSession> m_session;
    Catalogue m_catalogue;
};

void TestLockProof::initTestCase()
{
    m_database = TestCluster::instance().newDatabase();
    TestCluster::instance().execute(m_database.name, lockSchema());
    auto session = DatabaseSession::open(m_database.settings, {}, {.statementTimeout = 60s});
    QVERIFY2(session, session ? "" : qPrintable(toText(session.error())));
    m_session = std::move(*session);
    const auto catalogue = readCatalogue(*m_session);
    QVERIFY2(catalogue, catalogue ? "" : qPrintable(toText(catalogue.error())));
    m_catalogue = *catalogue;
}

QList<QVariantList> TestLockProof::query(DatabaseSession &session, const QString &sql)
{
    const auto rows = session.query(sql);
    if (!rows)
        qFatal("%s: %s", qPrintable(sql), qPrintable(toText(rows.error())));
    return *rows;
}

void TestLockProof::execute(DatabaseSession &session, const QString &sql)
{
    if (const auto done = session.execute(sql); !done)
        qFatal("%s: %s", qPrintable(sql), qPrintable(toText(done.error())));
}

Relations TestLockProof::relations()
{
    Relations all;
    const QList<QVariantList> rows =
        query(*m_session, u"SELECT c.oid::int8, n.nspname || '.' || c.relname, c.relkind IN ('r', 'm'),"
                          " coalesce(pg_relation_filenode(c.oid), 0)::int8 FROM pg_class c"
                          " JOIN pg_namespace n ON n.oid = c.relnamespace"
                          " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"_s);
    for (const QVariantList &row : rows) {
        all[row.at(0).toLongLong()] = {
            .name = row.at(1).toString(), .isTable = row.at(2).toBool(), .file = row.at(3).toLongLong()};
    }
    return all;
}

std::map<qint64, qint64> TestLockProof::tuplesRead()
{
    std::map<qint64, qint64> all;
    for (const QVariantList &row :
         query(*m_session, u"SELECT relid::int8, seq_tup_read FROM pg_stat_xact_user_tables"_s))
        all[row.at(0).toLongLong()] = row.at(1).toLongLong();
    return all;
}

std::map<qint64, LockMode> TestLockProof::locks()
{
    std::map<qint64, LockMode> all;
    for (const QVariantList &row :
         query(*m_session, u"SELECT relation::int8, mode FROM pg_locks"
                           " WHERE locktype = 'relation' AND pid = pg_backend_pid()"_s)) {
        LockMode &mode = all[row.at(0).toLongLong()];
        mode = std::max(mode, lockModeOf(row.at(1).toString()));
    }
    return all;
}

Observed TestLockProof::observe(const LockForm &form)
{
    execute(*m_session, u"SET timezone = '%1'"_s.arg(QString::fromLatin1(form.timeZone)));
    execute(*m_session, u"BEGIN"_s);
    if (*form.before)
        execute(*m_session, QString::fromUtf8(form.before));
    if (*form.before)
        m_catalogue = readCatalogue(*m_session).value_or(Catalogue());
    const Relations before = relations();
    const std::map<qint64, qint64> readBefore = tuplesRead();
    const std::map<qint64, LockMode> lockedBefore = locks();
    const auto done = m_session->execute(QString::fromUtf8(form.sql));
    Observed observed;
    for (const auto &[oid, mode] : lockedBefore) {
        if (const auto relation = before.find(oid); relation != before.end())
            observed.held[relation->second.name] = mode;
    }
    if (done) {
        for (const auto &[oid, mode] : locks()) {
            const auto relation = before.find(oid);
            const auto held = lockedBefore.find(oid);
            if (relation != before.end() && (held == lockedBefore.end() || held->second < mode))
                observed.locks[relation->second.name] = mode;
        }
        const Relations after = relations();
        for (const auto &[oid, relation] : before) {
            const auto now = after.find(oid);
            if (now != after.end() && now->second.file != relation.file && relation.isTable)
                observed.rewrites.append(relation.name);
        }
        for (const auto &[oid, count] : tuplesRead()) {
            const auto earlier = readBefore.find(oid);
            const auto relation = before.find(oid);
            if (relation != before.end() && count > (earlier == readBefore.end() ? 0 : earlier->second))
                observed.reads.append(relation->second.name);
        }
    }
    execute(*m_session, u"ROLLBACK"_s);
    if (!done)
        qWarning("%s: %s", form.sql, qPrintable(toText(done.error())));
    return observed;
}

namespace {

QString locksText(const std::map<QString, LockMode> &locks)
{
    QStringList lines;
    for (const auto &[name, mode] : locks)
        lines.append(QString(name + u": "_s + lockName(mode)));
    return lines.join(u'\n');
}

std::map<QString, LockMode> saidLocks(const StatementEffects &effects)
{
    std::map<QString, LockMode> said;
    for (const RelationLock &lock : effects.locks)
        said[fullName(lock.relation)] = lock.mode;
    return said;
}

QStringList saidNames(const QList<RelationName> &relations)
{
    QStringList names;
    for (const RelationName &relation : relations)
        names.append(fullName(relation));
    names.sort();
    return names;
}

/// The lock table names an index only where the index is the matter; the server locks all that it opens.
void leaveOutUnsaidIndexes(std::map<QString, LockMode> &locks, const Catalogue &catalogue,
                           const std::map<QString, LockMode> &said)
{
    std::erase_if(locks, [&](const auto &lock) {
        const qsizetype dot = lock.first.indexOf(u'.');
        const CatalogueRelation *relation =
            catalogue.find({.schema = lock.first.first(dot), .name = lock.first.sliced(dot + 1)});
        return relation && relation->kind == ObjectKind::Index && !said.contains(lock.first);
    });
}

} // namespace

void TestLockProof::holdsInATransaction_data()
{
    QTest::addColumn<int>("number");
    const QList<LockForm> forms = transactionalForms();
    for (qsizetype i = 0; i < forms.size(); ++i) {
        if (forms.at(i).from > major())
            continue;
        const QByteArray zone = forms.at(i).timeZone;
        QTest::newRow(QByteArray(QByteArray(forms.at(i).sql) +
                                 (zone == "UTC" ? QByteArray() : QByteArray(" in " + zone)))
                          .constData())
            << static_cast<int>(i);
    }
}

void TestLockProof::holdsInATransaction()
{
    QFETCH(const int, number);
    const LockForm form = transactionalForms().at(number);
    const QList<Action> actions = actionsOfSql(QString::fromUtf8(form.sql));
    const Catalogue committed = m_catalogue;
    Observed observed = observe(form);
    Catalogue catalogue = m_catalogue; // with what `before` changed
    m_catalogue = committed;
    catalogue.timeZone = QString::fromLatin1(form.timeZone);

    const StatementEffects effects = effectsOf(actions, catalogue, major());
    std::map<QString, LockMode> said = saidLocks(effects);
    std::erase_if(said, [&observed](const auto &lock) {
        const auto held = observed.held.find(lock.first);
        return held != observed.held.end() && held->second >= lock.second;
    });
    leaveOutUnsaidIndexes(observed.locks, catalogue, said);
    if (actions.constFirst().kind == ActionKind::Insert) {
        // A row's foreign key locks the one partition that the other row is in; only the rows know which.
        std::erase_if(observed.locks, [&](const auto &lock) {
            const CatalogueRelation *table =
                catalogue.find({.schema = u"public"_s, .name = lock.first.mid(7)});
            return lock.second == LockMode::RowShare && table && !table->parent.isEmpty();
        });
    }
    QCOMPARE(locksText(said), locksText(observed.locks));

    // TRUNCATE and REFRESH give a relation a new file too; the first is no rewrite.
    observed.rewrites.sort();
    if (actions.constFirst().kind != ActionKind::Truncate)
        QCOMPARE(saidNames(effects.rewrites), observed.rewrites);

    const QStringList mayRead = saidNames(effects.scans + effects.builds + effects.rewrites);
    const ActionKind kind = actions.constFirst().kind;
    const bool isQuery = !actions.constFirst().reads.isEmpty() || kind == ActionKind::Update ||
                         kind == ActionKind::Delete || kind == ActionKind::RefreshMaterializedView;
    for (const QString &name : std::as_const(observed.reads))
        QVERIFY2(isQuery || mayRead.contains(name), qPrintable(QString(u"was read: "_s + name)));
    for (const QString &name : saidNames(effects.scans))
        QVERIFY2(observed.reads.contains(name), qPrintable(QString(u"was not read: "_s + name)));
    QVERIFY(effects.transactional);
    QCOMPARE(effects.versionProblem, QString());

    // Without a database: nothing that the server does not lock, and a word wherever something is missing.
    const StatementEffects blind = effectsOf(actions, Catalogue(), major());
    bool isComplete = true;
    const std::map<QString, LockMode> blindLocks = saidLocks(blind);
    for (const auto &[name, mode] : observed.locks) {
        const auto lock = blindLocks.find(name);
        isComplete = isComplete && lock != blindLocks.end() && lock->second == mode;
    }
    for (const auto &[name, mode] : blindLocks) {
        const auto lock = observed.locks.find(name);
        const bool exists = catalogue.find({.schema = u"public"_s, .name = name.mid(7)}) != nullptr;
        // Held before, or nothing happens as it is there already.
        const bool isLeftOut = observed.held.contains(name) || actions.constFirst().ifExists;
        QVERIFY2(!exists || isLeftOut || (lock != observed.locks.end() && lock->second >= mode),
                 qPrintable(name));
    }
    QVERIFY(isComplete || !blind.unknowns.isEmpty());
}

void TestLockProof::holdsWithoutTransaction_data()
{
    QTest::addColumn<int>("number");
    const QList<ConcurrentForm> forms = nonTransactionalForms();
    for (qsizetype i = 0; i < forms.size(); ++i) {
        if (forms.at(i).from <= major())
            QTest::newRow(forms.at(i).sql) << static_cast<int>(i);
    }
}

void TestLockProof::holdsWithoutTransaction()
{
    QFETCH(const int, number);
    const ConcurrentForm form = nonTransactionalForms().at(number);
    const QString sql = QString::fromUtf8(form.sql);
    const QString table = QString::fromUtf8(form.table);
    const StatementEffects effects = effectsOf(actionsOfSql(sql), m_catalogue, major());
    QVERIFY(!effects.transactional);

    execute(*m_session, u"BEGIN"_s);
    const auto refused = m_session->execute(sql);
    execute(*m_session, u"ROLLBACK"_s);
    QVERIFY(!refused);
    QCOMPARE(refused.error().sqlState, u"25001"_s);

    // Somebody holds the table: the statement waits for the lock, which shows in pg_locks. It is then
    // cancelled.
    auto holder = DatabaseSession::open(m_database.settings, {});
    QVERIFY(holder);
    execute(**holder, u"BEGIN; LOCK TABLE %1 IN SHARE UPDATE EXCLUSIVE MODE"_s.arg(table));
    std::promise<int> started;
    std::future<int> pid = started.get_future();
    std::future<bool> ran = std::async(std::launch::async, [&] {
        auto session =
            DatabaseSession::open(m_database.settings, {}, {.lockTimeout = 60s, .statementTimeout = 60s});
        started.set_value(session ? (*session)->backendPid() : 0);
        return session && (*session)->execute(sql).has_value();
    });
    const QString ask =
        u"SELECT mode FROM pg_locks WHERE NOT granted AND pid = %1 AND relation = '%2'::regclass"_s.arg(
            QString::number(pid.get()), table);
    QList<QVariantList> waiting;
    QTRY_VERIFY_WITH_TIMEOUT(!(waiting = query(*m_session, ask)).isEmpty(), 30000);
    execute(**holder, u"ROLLBACK"_s);
    QVERIFY(ran.get());
    const RelationLock *lock = effects.lockOn({.schema = u"public"_s, .name = table});
    QVERIFY(lock);
    QCOMPARE(lockName(lock->mode), lockName(lockModeOf(waiting.constFirst().constFirst().toString())));
}

void TestLockProof::hasManyForms()
{
    QVERIFY(transactionalForms().size() + nonTransactionalForms().size() >= 120);
}

QTEST_GUILESS_MAIN(TestLockProof)
#include "tst_lockproof.moc"
