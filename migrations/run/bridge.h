// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/process/process.h"
#include "migrations/run/runtypes.h"

#include <QJsonObject>
#include <QMap>

#include <functional>
#include <memory>
#include <stop_token>

namespace stepwell {

/// How to reach a component's Alembic. The password is inside `url` and goes over standard input only.
struct BridgeSettings {
    QStringList python;       ///< argv of the interpreter
    QString config;           ///< absolute path of the ini; may be empty if there is a pyproject.toml
    QString toml;             ///< absolute path of the pyproject.toml with [tool.alembic], or empty
    QString section;          ///< empty: alembic
    QString workingDirectory; ///< where the project runs alembic: the folder of the ini
    QString url;              ///< SQLAlchemy URL for env.py; empty: leave the ini's alone
};

/// What env.py configures, asked with a connection that changes nothing.
struct BridgeDescription {
    QString alembicVersion;
    QString sqlAlchemyVersion;
    QString pythonVersion;
    QString driver;       ///< psycopg2, psycopg, asyncpg
    QString versionTable; ///< "name" or "schema.name"
    RevisionIds rows;
    QString databaseName;
    int backendPid = 0;
    bool sameDatabase = false; ///< the proof key was found
    int contexts = 1;          ///< how often env.py runs migrations; more than 1 is not supported
    /// env.py runs SQL on its connection before Alembic's transaction: Alembic then commits nothing
    /// itself, and what env.py does not commit is rolled back silently.
    bool externalTransaction = false;
};

/// How one step ended, as far as the bridge can tell. The database's rows decide, not this.
struct BridgeStepResult {
    bool ok = false;
    bool durable = false;       ///< a COMMIT came after the version row; the database alone knows for sure
    bool open = false;          ///< env.py waits for the next step: runStep() or finish()
    bool rowWritten = false;    ///< Alembic wrote the step's version row, committed or not
    bool started = true;        ///< false: a check said no, or Python was gone, before the first statement
    std::optional<Error> error; ///< with SQLSTATE, statement, Python's text in detail
    QStringList committedStatements; ///< statements that were committed, also if the step failed then
    std::chrono::milliseconds duration{0};
};

/// One revision to render in one direction, from the rows that the step starts with.
struct RenderStep {
    RunStep step;
    Direction direction = Direction::Upgrade;

    bool operator==(const RenderStep &) const = default;
};

/// What the bridge tells of one rendering.
struct BridgeRendering {
    qsizetype index = 0; ///< of the steps asked for
    RenderedSql sql;
    /// Project files read since the last one was told, folders with a slash at their end: this and all
    /// later ones may depend on them.
    QStringList reads;
    bool repeatable = false; ///< it would be the same again as long as those files stay as they are
};

/// The interpreter that renders, as it sees itself.
struct BridgeRuntime {
    QString renderedBy; ///< "alembic 1.13.2, SQLAlchemy 2.0.40"
    QString python;     ///< "3.13.5"
    /// "size time inode" of the interpreter, its folders and its packages, by path; empty: not there.
    QMap<QString, QString> stamps;
};

/// A merge revision as the project's own Alembic writes it. The file is not there.
struct BridgeMerge {
    struct Hook {
        QString name;
        int exitCode = 0;

        bool operator==(const Hook &) const = default;
    };
    RevisionId revision;
    QString file; ///< absolute path: where Alembic would have written it
    QByteArray content;
    bool ranEnvironment = false; ///< revision_environment is set: env.py was run, with what it connects to
    QStringList hooks;           ///< post-write hooks that were run on it, by name
    QList<Hook> failedHooks;     ///< those of them whose program failed, which Alembic does not look at
    QString output;              ///< what env.py and the hooks printed
};

/// One Python process that speaks the bridge protocol (resources/bridge/stepwell_bridge.py and its parts).
/// Blocking; one thread. Events reach `onEvent` from pumping calls.
class Bridge
{
public:
    using EventHandler = std::function<void(const RunEvent &)>; ///< Statement*, Output, Retry

    explicit Bridge(BridgeSettings settings, EventHandler onEvent = {});
    ~Bridge(); ///< closes the input; the bridge finishes the revision it is in and stops

    /// Starts Python and loads Alembic. Errors: PythonMissing, ProcessFailed, Cancelled.
    [[nodiscard]] Result<void> start(const std::stop_token &stop = {});

    /// `proofKey`: advisory lock key held by Stepwell's control session; 0 asks for no proof.
    /// Errors: MigrationFailed (env.py raised), connection kinds, PythonMissing, Cancelled.
    [[nodiscard]] Result<BridgeDescription> describe(qint64 proofKey, const std::stop_token &stop = {});

    struct RenderHandlers {
        std::function<void(const BridgeRuntime &)> runtime;    ///< once, first
        std::function<void(const BridgeRendering &)> rendered; ///< in the order asked for
    };
    /// Renders each step by itself; one that cannot be rendered carries its reason and no SQL. `seconds`:
    /// what one may take. A step that ends Python, or does not end, is the first that was not told; the error
    /// is ProcessFailed or Timeout then. Errors of all: PythonMissing, MigrationFailed, Cancelled.
    [[nodiscard]] Result<void> render(const QList<RenderStep> &steps, std::chrono::seconds seconds,
                                      const RenderHandlers &handlers, const std::stop_token &stop = {});

    /// What `alembic merge` would write for these heads, in this order: with the project's template, file
    /// name, time zone, encoding, env.py (if revision_environment is set) and post-write hooks, which run on
    /// a copy in a temporary folder. Nothing is written but that, and it is gone. `revision`: empty: Alembic
    /// makes one up. Errors: BrokenScripts (a revision file or the template), ProcessFailed (a hook), Refused
    /// (Alembic's reason), those of describe() where env.py is run, Timeout, Cancelled.
    [[nodiscard]] Result<BridgeMerge> merge(const RevisionIds &heads, const QString &message,
                                            const QStringList &labels = {}, const QString &revision = {},
                                            const std::stop_token &stop = {});

    /// Limits and proof of one step. runKey: shared advisory lock the bridge takes on its own
    /// connection, so that a later run sees that this one still works after Stepwell died.
    struct StepOptions {
        Direction direction = Direction::Upgrade;
        qint64 proofKey = 0;
        qint64 runKey = 0;
        std::chrono::milliseconds lockTimeout{5000};
        std::chrono::milliseconds statementTimeout{0};
        std::chrono::milliseconds concurrentTimeout{0}; ///< instead of both, for concurrent index builds
        TransactionPolicy transactions = TransactionPolicy::Revision;
        /// env.py ends with this step. Otherwise it waits for the next one after it, so that many revisions
        /// take one call of env.py, and what it commits at its end stays open.
        bool last = true;
    };
    /// Runs one revision through the project's env.py, in the call that is open or in a new one. Returns when
    /// the step has ended or the process is gone (outcomeUnknown). `whileWaiting` is called every 50 ms
    /// at least and may cancel the statement (pg_cancel_backend of backendPid()).
    [[nodiscard]] BridgeStepResult runStep(const RunStep &step, const StepOptions &options,
                                           const std::function<void()> &whileWaiting = {});
    /// Ends the call of env.py that is open, if any; takes back what is not committed. Errors: env.py raised.
    [[nodiscard]] Result<void> finish(const std::function<void()> &whileWaiting = {});
    /// Sets the version rows as `alembic stamp` does. `from`: rows expected; not looked at with `purge`.
    [[nodiscard]] BridgeStepResult stamp(const QStringList &revisions, bool purge, const RevisionIds &from,
                                         const StepOptions &options,
                                         const std::function<void()> &whileWaiting = {});
    /// Statements of a revision that are committed, of the call of env.py that is open or was last.
    [[nodiscard]] QStringList committedStatements(const RevisionId &revision) const;

    /// The backend that executes the step now, for pg_cancel_backend; 0 if not known. Stays after a step
    /// whose link or process was lost: that backend may still be at work.
    [[nodiscard]] int backendPid() const;
    [[nodiscard]] qint64 processId() const;
    void kill(); ///< ends the process group at once; the server finishes the statement it is in

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace stepwell
