// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/database/databasesession.h"
#include "tests/run/faultrun.h"
#include "tests/run/gates.h"
#include "tests/support/scratchproject.h"
#include "tests/support/testcluster.h"

namespace stepwell {

class FaultScene;

/// Where in a run a fault strikes.
struct Stage {
    enum Kind {
        Project, ///< where the project's own code says
        File,    ///< at a gate of a process
        Server,  ///< at a gate of the server
        Lock,    ///< somebody else has the run lock
        Backup,  ///< pg_dump waits for a table
    };
    QString name;
    Kind kind = Project;
    QString gate = {};
};

using Act = std::function<void(FaultScene &)>;

/// One fault at one stage.
struct FaultCase {
    QString fault;
    Stage stage;
    TransactionPolicy policy = TransactionPolicy::Revision;
    ScratchProject::Environment driver = ScratchProject::SyncPsycopg2;
    Act prepare = {}; ///< before the run
    Act strike = {};  ///< when it has reached the stage
    /// What waits at the server is left there: the run itself has to end it.
    bool serverGateStaysShut = false;
    Act mend = {}; ///< after it ended and what it said was compared
    /// Python that misbehaves as long as gates.faulty(). In a revision: "bbbb1.start", ".between", ".end"; in
    /// env.py: "import", "connected", "before" and "inside" (around run_migrations()), "after".
    QHash<QString, QString> code = {};
    QString runMigrations = QStringLiteral("context.run_migrations()"); ///< as env.py calls it

    [[nodiscard]] QString name() const;
};

/// A database with three revisions to apply, each of which makes a table and a row of `trail`, a process that
/// runs them, and whoever disturbs it. What is no fault of the case ends the program.
class FaultScene
{
public:
    explicit FaultScene(FaultCase given);
    ~FaultScene();

    /// Runs, strikes, settles, mends and runs again. What contradicts the truth; empty if nothing does.
    [[nodiscard]] QStringList play();
    /// Outcome and summary as the page has them, after play().
    [[nodiscard]] QString seen() const;

    // For prepare, strike and mend.
    FaultRunOrder order;
    Gates gates() const;
    void sql(const QString &statement);
    [[nodiscard]] QStringList column(const QString &query);
    /// A further session, named "scene", that the scene keeps.
    DatabaseSession &session();
    void releaseSessions();
    /// Ends the sessions that fulfil a condition on pg_stat_activity.
    void endSessions(const QString &condition);
    void waitForSession(const QString &condition);
    void waitFor(const QString &query); ///< until it has a row
    [[nodiscard]] const ConnectionSettings &database() const { return m_database.settings; }
    void tell(const QString &word); ///< the run's process, and waits until it has heard
    void killRun() const;
    void killPython(bool group) const;
    void stopServer(bool startAgain);
    void cancelRun();          ///< until the server was told, too
    void takeAllConnections(); ///< for as long as the run lasts
    [[nodiscard]] QString folder(const QString &name) const { return m_folder.filePath(name); }

private:
    void addProject();
    void openSessions();
    void startRun();
    [[nodiscard]] bool stageReached();
    void takePlaceOfOthers();
    void openGates();
    void finishRun();
    void settle();
    void compare(const Told &told, bool isSettled);
    void compareSteps(const Told &told, bool isSettled);
    void compareJournal(const Told &told);
    void compareLeavings();
    void runAgain();
    void complain(const QString &what) { m_complaints += what; }
    [[nodiscard]] QList<pid_t> processes(const QString &program = {}) const;
    [[nodiscard]] bool soon(const std::function<bool()> &condition, std::chrono::seconds limit);

    FaultCase m_case;
    TestDatabase m_database;
    ScratchProject m_project;
    QTemporaryDir m_folder;
    std::unique_ptr<DatabaseSession> m_observer;
    std::vector<std::unique_ptr<DatabaseSession>> m_sessions;
    std::unique_ptr<Process> m_process;
    QByteArray m_output;
    QStringList m_errors;
    Told m_told;
    std::optional<Told> m_settled;
    QStringList m_complaints;
    bool m_serverStopped = false;
};

[[nodiscard]] QString environmentName(ScratchProject::Environment driver);

} // namespace stepwell
