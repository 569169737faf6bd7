# SPDX-License-Identifier: MIT
"""Runs a project's own Alembic for Stepwell. Python 3.8+, Alembic 1.8+, nothing else.

Started as `python -c LOADER`; the loader reads this file, with its parts bridge_*.py before it, as one line
of JSON from standard input and executes it with `requests`, the stream it goes on reading from: one JSON object a line. Events go to
the original standard output as JSON text sequences (RFC 7464). Whatever the project prints goes to
standard error. Bind parameters are never sent: they may hold secrets.

Requests: open, describe, render, merge, step, finish, stamp. Each is answered by exactly one event that has "reply".
When the input ends, the request being executed is finished first.

One call of env.py executes as many steps as are asked for: after a step it waits, inside the iterator that Alembic
takes its steps from, for the next one. `finish` ends the call; it takes back what is not committed by then.
"""
import functools
import inspect
import json
import os
import signal
import sys


class Bridge:
    def __init__(self, channel):
        self._channel = channel
        self._watch = Watch(channel)
        self._settings = {}
        self._versions = {}
        self._script = None
        self._parser = None
        self._contexts = None  # how often env.py runs migrations, once it is known
        self._requests = iter(())

    def next_request(self):
        """The next one; nothing at the end of the input, or where it is cut off."""
        line = next(self._requests, b"")
        return json.loads(line.decode("utf-8")) if line.endswith(b"\n") else None

    def serve(self, requests):
        pid = os.getpid()
        self._requests = iter(requests)
        while True:
            request = self.next_request()
            if request is None:
                return
            name = request["request"]
            handler = {
                "open": self.open,
                "describe": self.describe,
                "render": self.render,
                "merge": self.merge,
                "step": self.step,
                "finish": self.finish,
                "stamp": self.stamp,
            }[name]
            self._watch.begin_step(False)
            try:
                handler(request)
            except BaseException as error:  # sys.exit() in env.py must not look like an end
                self._channel.send(name, reply=True, ok=False, error=self._told(error))
            if os.getpid() != pid:
                os._exit(0)  # a child that env.py forked and let run on
            sys.stdout.flush()
            sys.stderr.flush()

    def _told(self, error, path="", before_steps=True):
        told = error_object(error, path)
        told["connecting"] = before_steps and (self._watch.connecting_failed or isinstance(error, OSError))
        told["commit_unknown"] = self._watch.commit_unknown
        told["missing_module"] = getattr(error, "name", "") if isinstance(error, ImportError) else ""
        return told

    # open

    def open(self, request):
        self._settings = request
        os.chdir(request["directory"])
        here = os.getcwd()
        # A folder named alembic in the project must not hide the package.
        kept = sys.path[:]
        sys.path[:] = [entry for entry in kept if entry not in ("", ".", here)]
        try:
            alembic, sqlalchemy = import_alembic()
        except ImportError:
            sys.path[:] = kept
            alembic, sqlalchemy = import_alembic()
        sys.path[:] = [here] + [entry for entry in kept if entry not in ("", ".", here)]
        self._watch.install()
        self._versions = {
            "alembic": alembic.__version__,
            "sqlalchemy": sqlalchemy.__version__,
            "python": "%d.%d.%d" % sys.version_info[:3],
        }
        self._channel.send("open", reply=True, ok=True, **self._versions)

    def _config(self, *arguments):
        from alembic.config import CommandLine, Config

        ini = self._settings.get("config")
        toml = self._settings.get("toml")
        section = self._settings.get("section") or "alembic"
        self._parser = self._parser or CommandLine().parser
        options = self._parser.parse_args(["-c", ini or toml, "-n", section] + list(arguments))
        files = {"file_": ini} if ini else {}
        if toml and "toml_file" in inspect.signature(Config).parameters:
            files["toml_file"] = toml
        elif not ini:
            raise Veto("no-pyproject", "Alembic %s reads no pyproject.toml" % self._versions["alembic"])
        config = Config(ini_section=section, cmd_opts=options, **files)
        url = self._settings.get("url")
        if url:
            config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        return config

    def _script_directory(self, config):
        if self._script is None:
            from alembic.script import ScriptDirectory

            self._script = ScriptDirectory.from_config(config)
        return self._script

    def _run_env(self, config, function, transactions="", **options):
        """Executes env.py once, also if it ends with sys.exit() without a failure."""
        from alembic.runtime.environment import EnvironmentContext

        script = self._script_directory(config)
        environment = EnvironmentContext(config, script, fn=function, **options)
        if transactions:  # Alembic's own setting, as the policy of the run wants it
            environment.configure = functools.partial(
                _configure, environment.configure, transaction_per_migration=transactions == "revision"
            )
        with environment:
            try:
                script.run_env()
            except SystemExit as end:
                if end.code not in (None, 0):
                    raise

    def _ask(self, context, keys):
        """Database, backend and proof on Alembic's own connection, in one statement that is no event."""
        from sqlalchemy import text

        if context.as_sql or context.connection is None:
            raise Veto("offline", "env.py runs offline although it was asked to connect")
        if context.dialect.name != "postgresql":
            raise Veto("not-postgresql", "env.py connects to %s, not to PostgreSQL" % context.dialect.name)
        key = int(keys.get("proof_key") or 0) & 0xFFFFFFFFFFFFFFFF
        proof = (
            "EXISTS (SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database"
            " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
            " AND d.datname = current_database()"
            " AND l.classid = CAST(%d AS oid) AND l.objid = CAST(%d AS oid))" % (key >> 32, key & 0xFFFFFFFF)
        )
        self._watch.own = True
        try:
            row = context.connection.execute(
                text("SELECT current_database(), pg_backend_pid(), " + (proof if key else "true"))
            ).fetchone()
        finally:
            self._watch.own = False
        table = context.version_table
        if context.version_table_schema:
            table = "%s.%s" % (context.version_table_schema, table)
        return {
            "database": str(row[0]), "backend_pid": int(row[1]), "same_database": bool(row[2]),
            "driver": context.dialect.driver, "version_table": table,
            "external_transaction": bool(getattr(context, "_in_external_transaction", False)),
        }

    # describe

    def describe(self, request):
        self._load_revisions()
        self._channel.send("describe", reply=True, ok=True, **self._versions, **self._survey(request))

    def _load_revisions(self):
        """A file that Python cannot load is told now, not in the middle of a run after its backup."""
        try:
            self._script_directory(self._config("current")).get_heads()
        except Exception as error:
            frames = project_frames(error)
            where = frames[-1].filename if frames else ""
            raise Veto("broken-scripts", "%s: %s" % (type(error).__name__, plain_message(error)), file=where) from error

    def _survey(self, request):
        seen = []

        def look(rows, context):
            facts = self._ask(context, request)
            facts["rows"] = list(rows)
            seen.append(facts)
            return []

        self._run_env(self._config("current"), look, dont_mutate=True, destination_rev="heads")
        if not seen:
            raise Veto("no-migrations", "env.py ran no migrations")
        self._contexts = len(seen)
        return dict(seen[0], contexts=self._contexts)

    # render

    def render(self, request):
        """Tells each revision as it is done; the answer itself says only that all were."""
        pid = os.getpid()
        reads = Reads()
        self._channel.send("runtime", stamps=stamps())
        write_values_as_values()
        self._load_revisions()
        reads.begin(self._script)
        for index, step in enumerate(request["steps"]):
            told = Rendering(self, step, reads).result(float(request.get("seconds") or 60))
            if os.getpid() != pid:
                os._exit(0)  # a child that the revision forked and let run on
            self._channel.send("rendered", index=index, reads=reads.news(), **told)
        self._channel.send("render", reply=True, ok=True)

    def _migration(self, identifier, upgrade):
        """The step Alembic would make, and the path of its file."""
        from alembic.runtime.migration import MigrationStep

        revision = self._script.get_revision(identifier)
        if revision is None:
            raise Veto("unknown-revision", "there is no revision %s" % identifier)
        make = MigrationStep.upgrade_from_script if upgrade else MigrationStep.downgrade_from_script
        if not hasattr(revision.module, "upgrade" if upgrade else "downgrade"):
            raise Veto("no-function", "the file has no %s()" % ("upgrade" if upgrade else "downgrade"))
        return make(self._script.revision_map, revision)

    # merge

    def merge(self, request):
        self._channel.send("merge", reply=True, ok=True, **Merging(self, self._channel, request).result())

    # step

    def step(self, request):
        self._expect_one_context(request)
        self._execute(StepRun(self, request))

    def stamp(self, request):
        self._expect_one_context(request)
        self._execute(StampRun(self, request))

    def finish(self, _request):
        """No call of env.py is open: there is nothing to finish."""
        self._channel.send("finish", reply=True, ok=True)

    def _expect_one_context(self, request):
        if self._contexts is None:
            self._survey(request)
        if self._contexts > 1:
            raise Veto("several-contexts", "env.py runs migrations %d times" % self._contexts)

    def _execute(self, run):
        error = None
        self._watch.begin_step()
        try:
            run.execute()
        except Abandoned:
            pass
        except BaseException as caught:
            error = caught
        run.answer(error)


class StepRun:
    """Revisions through one call of env.py. Alembic calls `steps` when it wants to know what to do."""

    def __init__(self, bridge, request):
        self._bridge = bridge
        self._request = request
        self._watch = bridge._watch
        self.upgrade = request.get("direction") != "downgrade"
        self.calls = 0
        self.veto = None
        self._begin(request)

    def _begin(self, request):
        self._request = request
        self.failure = None
        self.path = ""
        self.applied = False
        self._commits_before_row = 0
        self._watch.limits = {
            "usual": [int(request.get("lock_timeout_ms") or 0), int(request.get("statement_timeout_ms") or 0)],
            "concurrent": [int(request.get("concurrent_timeout_ms") or 0)] * 2,
        }

    def execute(self):
        request = self._request
        config = self._bridge._config(request["direction"], request["revision"] if self.upgrade else "base")
        # With dont_mutate Alembic does not create the version table before the checks were made.
        self._bridge._run_env(
            config, self.steps, transactions=request.get("transactions") or "", dont_mutate=True,
            destination_rev=request["revision"] if self.upgrade else (request["to"] or ["base"])[0],
        )

    def answer(self, error=None, is_open=False):
        """The reply to the request being executed. `error`: what env.py raised."""
        request = self._request
        if request is None:
            return  # the input has ended
        name = request["request"]
        started = self._watch.active
        if not is_open:
            self._watch.end_step()
        if name == "finish":
            error = self.failure or error
            told = {"ok": error is None}
        else:
            error = self.veto or self.failure or error or self.missing()
            told = {"ok": error is None, "started": started, "durable": self.durable(), "open": is_open}
        if error is not None:
            told["error"] = self._bridge._told(error, self.path, before_steps=not self.calls)
        self._bridge._channel.send(name, reply=True, **told)

    def steps(self, rows, context):
        try:
            if self.calls and self.failure is None:
                raise Veto("several-contexts", "env.py runs migrations more than once")
            if self.calls:  # env.py tries again by itself
                self.failure = None
                self._watch.forget_connections()
                self._bridge._channel.send("retry")
            self.calls += 1
            self._check(rows, context)
            callbacks = tuple(context.on_version_apply_callbacks)
            context.on_version_apply_callbacks = callbacks + (self._row_written,)
            migration = self._next_migration()
            if not rows:
                self._own(context._ensure_version_table)
            self._watch.active = True
            yield migration
            # Alembic is back: what it commits by itself for each revision is committed.
            while not self._request.get("last"):
                self._watch.settle()
                was_durable = self.durable()
                self.answer(is_open=True)
                self._request = self._bridge.next_request()
                if self._request is None or self._request["request"] != "step":
                    if was_durable:
                        return
                    raise Abandoned()
                self._begin(self._request)
                self._watch.next_step(self._request["revision"])
                yield self._next_migration()
        except Veto as veto:
            self.veto = veto
            raise

    def _next_migration(self):
        migration = self._bridge._migration(self._request["revision"], self.upgrade)
        self.path = migration.revision.path
        migration.migration_fn = self._watched(migration.migration_fn)
        self._watch.revision = self._request["revision"]
        return migration

    def _own(self, function, *arguments):
        self._watch.own = True
        try:
            return function(*arguments)
        finally:
            self._watch.own = False

    def _check(self, rows, context):
        request = self._request
        facts = self._bridge._ask(context, request)
        if not facts["same_database"]:
            raise Veto(
                "other-database", "env.py is connected to another database", database=facts["database"]
            )
        if "from" in request and set(rows) != set(request["from"]):
            raise Veto("rows-changed", "the version rows are not the expected ones", rows=list(rows))
        self._own(self._limit, context.connection)
        self._bridge._channel.send("context", backend_pid=facts["backend_pid"], database=facts["database"])

    def _limit(self, connection):
        """Session-wide settings: they outlive the commits of an autocommit block."""
        from sqlalchemy import text

        request = self._request
        key = int(request.get("run_key") or 0)
        row = connection.execute(text(
            "SELECT %s, set_config('lock_timeout', '%d', false),"
            " set_config('statement_timeout', '%d', false),"
            " set_config('application_name', 'stepwell bridge', false)" % (
                "pg_try_advisory_lock_shared(%d)" % key if key else "true", *self._watch.limits["usual"],
            )
        )).fetchone()
        if not row[0]:
            raise Veto("locked", "another run works on this database")

    def _watched(self, function):
        @functools.wraps(function)
        def watched(**named):
            try:
                function(**named)
            except BaseException as error:
                self.failure = error
                raise

        return watched

    def _row_written(self, **_named):
        self.applied = True
        self._commits_before_row = self._watch.last_commit
        self._bridge._channel.send("row")

    def missing(self):
        """What env.py left out although it raised nothing."""
        if not self.calls:
            return Veto("no-migrations", "env.py ran no migrations")
        if not self.applied:
            return Veto("not-applied", "env.py ended without applying the revision")
        return None

    def durable(self):
        """A COMMIT came after the version row. Only the database knows for sure."""
        return self.applied and self._watch.last_commit > self._commits_before_row


class StampRun(StepRun):
    """The version rows set as `alembic stamp` sets them."""

    def execute(self):
        from alembic import util

        request = self._request
        revisions = util.to_tuple(tuple(request["revisions"]) or ("base",))
        config = self._bridge._config("stamp", *revisions)
        script = self._bridge._script_directory(config)

        def steps(rows, context):
            try:
                self.calls += 1
                self._check(rows, context)
                self._own(context._ensure_version_table)
                self._watch.active = True
                self.applied = True
                return script._stamp_revs(revisions, rows)
            except Veto as veto:
                self.veto = veto
                raise

        self._bridge._run_env(
            config, steps, dont_mutate=True, destination_rev=revisions if len(revisions) > 1 else revisions[0],
            purge=bool(request.get("purge")),
        )


def _configure(configure, *arguments, transaction_per_migration, **named):
    named["transaction_per_migration"] = transaction_per_migration
    return configure(*arguments, **named)


def import_alembic():
    import sqlalchemy  # isort: skip
    import alembic
    import alembic.command
    import alembic.config

    return alembic, sqlalchemy


def main(requests):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel(os.dup(1))
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # a project that reads standard input must not take the requests
    os.close(nothing)
    sys.stdin = open(0, closefd=False)
    sys.stdout = sys.__stdout__ = text_output(1)
    sys.stderr = sys.__stderr__ = text_output(2)
    channel.send("hello", pid=os.getpid(), executable=sys.executable, version=sys.version.split()[0])
    Bridge(channel).serve(requests)
    # What the project forked and let run on: Stepwell may not be there any more to end it.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)


if "requests" in globals():
    main(globals()["requests"])
