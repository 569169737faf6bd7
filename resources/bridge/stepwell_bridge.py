# SPDX-License-Identifier: MIT
"""Runs a project's own Alembic for Stepwell. Python 3.8+, Alembic 1.8+, nothing else.

Started as `python -c LOADER`; the loader reads this file as one line of JSON from standard input and
executes it with `requests`, the stream it goes on reading from: one JSON object a line. Events go to
the original standard output as JSON text sequences (RFC 7464). Whatever the project prints goes to
standard error. Bind parameters are never sent: they may hold secrets.

Requests: open, describe, render, step. Each is answered by exactly one event that has "reply".
When the input ends, the request being executed is finished first.
"""
import functools
import inspect
import io
import json
import os
import signal
import sys
import threading
import time
import traceback

LONGEST_TEXT = 20000  # characters of a statement or a traceback; a bulk insert may have megabytes


class Veto(Exception):
    """A check of Stepwell's says no before the first statement of a step."""

    def __init__(self, kind, message, **facts):
        super().__init__(message)
        self.kind = kind
        self.facts = facts


class Output(io.RawIOBase):
    """Standard output and error of the project. A reader that is gone must not fail a migration."""

    def __init__(self, descriptor):
        super().__init__()
        self._descriptor = descriptor

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def write(self, data):
        try:
            return os.write(self._descriptor, data)
        except OSError:
            silence()
            return len(data)


def silence():
    """Points both outputs at nothing, for child processes too: they would die of SIGPIPE."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os.close(nothing)


def text_output(descriptor):
    return io.TextIOWrapper(
        io.BufferedWriter(Output(descriptor)),
        encoding="utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )


class Channel:
    """The way to Stepwell. A forked child of the project is mute."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._open = True

    def send(self, event, **fields):
        if not self._open or os.getpid() != self._pid:
            return
        fields["event"] = event
        data = b"\x1e" + json.dumps(fields, default=str).encode("ascii") + b"\n"
        with self._lock:
            try:
                while data:
                    data = data[os.write(self._descriptor, data):]
            except OSError:
                self._open = False
                silence()


def shorten(text):
    text = str(text)
    if len(text) > LONGEST_TEXT:
        return text[:LONGEST_TEXT] + "\n… (%d more characters)" % (len(text) - LONGEST_TEXT)
    return text


def milliseconds(since):
    return round((time.monotonic() - since) * 1000, 3)


# --- errors ---------------------------------------------------------------------------------------


def chain(error):
    """The error and what caused it, the newest first."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def server_error(error):
    """The driver's exception inside SQLAlchemy's, as {message, sqlstate, detail, hint}."""
    found = {"message": "", "sqlstate": "", "detail": "", "hint": ""}
    for item in chain(error):
        original = getattr(item, "orig", None)
        for candidate in chain(original) if isinstance(original, BaseException) else [item]:
            if not found["sqlstate"]:
                state = getattr(candidate, "sqlstate", None) or getattr(candidate, "pgcode", None)
                found["sqlstate"] = state if isinstance(state, str) else ""
            diagnosis = getattr(candidate, "diag", candidate)
            for key, names in (
                ("message", ("message_primary", "message")),
                ("detail", ("message_detail", "detail")),
                ("hint", ("message_hint", "hint")),
            ):
                for name in names:
                    value = getattr(diagnosis, name, None)
                    if not found[key] and isinstance(value, str):
                        found[key] = value
        if found["sqlstate"]:
            break
    return found if found["sqlstate"] else {"message": "", "sqlstate": "", "detail": "", "hint": ""}


def driver_error(error):
    """The exception of the driver itself: asyncpg's is behind SQLAlchemy's stand-in."""
    original = getattr(error, "orig", None)
    if not isinstance(original, BaseException):
        return error
    own = [item for item in chain(original) if not type(item).__module__.startswith("sqlalchemy")]
    return own[0] if own else original


def plain_message(error):
    """One line about an error, without bind parameters."""
    server = server_error(error)
    if server["message"]:
        return server["message"]
    original = getattr(error, "orig", None)
    text = str(original if isinstance(original, BaseException) else error).strip()
    if isinstance(error, SystemExit):
        return "the project called sys.exit(%s)" % (error.code if error.code is not None else "")
    return text.splitlines()[0] if text else type(error).__name__


def last_line(error):
    """What Python prints below the stack, for an error of the database without its parameters."""
    original = driver_error(error)
    if original is error:
        return "".join(traceback.format_exception_only(type(error), error))
    server = server_error(error)
    name = "%s.%s" % (type(original).__module__, type(original).__name__)
    lines = ["%s: %s" % (name, server["message"] or plain_message(error))]
    lines += ["%s: %s" % (key.upper(), server[key]) for key in ("detail", "hint") if server[key]]
    statement = getattr(error, "statement", None)
    if statement:
        lines.append("[SQL: %s]" % shorten(statement))
    return "\n".join(lines) + "\n"


def stack_text(error):
    """The traceback of an error and its causes, without this file's frames and the parameters."""
    errors = chain(error)
    inside = [id(getattr(item, "orig", None)) for item in errors]
    parts = []
    for item in reversed(errors):
        if id(item) in inside or any(id(item) == id(e) for e in driver_causes(errors)):
            continue  # told by SQLAlchemy's error around it
        if hasattr(item, "hide_parameters"):
            item.hide_parameters = True
        stack = "".join(traceback.format_list(project_frames(item)))
        parts.append("Traceback (most recent call last):\n" + stack + last_line(item))
    return shorten("\n".join(parts))


def project_frames(error):
    """The frames of an error without those of Alembic, SQLAlchemy and Python's own machinery."""
    hidden = tuple(
        os.path.dirname(os.path.abspath(sys.modules[name].__file__)) + os.sep
        for name in ("alembic", "sqlalchemy", "asyncio")
        if getattr(sys.modules.get(name), "__file__", None)
    )
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    own = [f for f in frames if not f.filename.startswith(hidden) and not f.filename.startswith("<")]
    return own or frames


def driver_causes(errors):
    found = []
    for item in errors:
        original = getattr(item, "orig", None)
        if isinstance(original, BaseException):
            found += chain(original)
    return found


def line_in(error, path):
    """The line of `path` the error passed through last, or 0."""
    if isinstance(error, SyntaxError) and path and error.filename == path:
        return error.lineno or 0
    for item in chain(error):
        lines = [frame.lineno for frame in traceback.extract_tb(item.__traceback__) if frame.filename == path]
        if lines:
            return lines[-1]
    return 0


def error_object(error, path=""):
    server = server_error(error)
    return {
        "kind": getattr(error, "kind", "") if isinstance(error, Veto) else "",
        "type": type(driver_error(error)).__name__,
        "message": shorten(plain_message(error)),
        "sqlstate": server["sqlstate"],
        "statement": shorten(getattr(error, "statement", None) or ""),
        "hint": server["hint"],
        "traceback": "" if isinstance(error, Veto) else stack_text(error),
        "file": path or "",
        "line": line_in(error, path),
        "disconnected": bool(getattr(error, "connection_invalidated", False)),
        "facts": error.facts if isinstance(error, Veto) else {},
    }


# --- statements -----------------------------------------------------------------------------------


class Watch:
    """Follows every statement of every SQLAlchemy engine in the process, asynchronous ones too."""

    def __init__(self, channel):
        self._channel = channel
        self.own = False  # Stepwell's own statement is running
        self.begin_step(False)

    def begin_step(self, stepping=True):
        self._stepping = stepping  # transactions are told
        self.active = False        # statements are told: the checks have been made
        self.number = 0
        self.committed = []
        self.commit_unknown = False
        self.connecting_failed = False
        self.last_commit = 0
        self._running = {}
        self._pending = {}    # connection -> statements since BEGIN
        self._committing = {}  # connection -> statements whose COMMIT is under way
        self._marks = {}      # (connection, savepoint) -> len(pending)

    def install(self):
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        for name in (
            "before_cursor_execute", "after_cursor_execute", "handle_error", "begin", "commit", "rollback",
            "savepoint", "rollback_savepoint",
        ):
            event.listen(Engine, name, getattr(self, "_" + name))

    @staticmethod
    def _driver_connection(connection):
        pooled = connection.connection
        return getattr(pooled, "dbapi_connection", None) or getattr(pooled, "connection", None)

    def _key(self, connection):
        try:
            return id(self._driver_connection(connection))
        except Exception:  # closed or invalidated: nothing more will be committed on it
            return None

    def _settle(self, key):
        """The COMMIT event comes before the COMMIT; what follows without an error confirms it."""
        self._keep(self._committing.pop(key, []))

    def _keep(self, statements):
        """These are committed. Told at once: the process may not live to answer."""
        if statements:
            self.committed += statements
            if self._stepping:
                self._channel.send("committed", statements=statements)

    def _outside_transaction(self, connection):
        """The driver's own word, after a statement: nothing is open, so all before it is committed. A
        revision may execute COMMIT by itself, which is no event of SQLAlchemy's."""
        pooled = connection.connection
        driver = getattr(pooled, "driver_connection", None) or self._driver_connection(connection)
        if getattr(self._driver_connection(connection), "autocommit", False) is True:
            return True
        try:
            if hasattr(driver, "is_in_transaction"):  # asyncpg
                return not driver.is_in_transaction()
            if hasattr(driver, "get_transaction_status"):  # psycopg2
                return driver.get_transaction_status() == 0
            return int(driver.info.transaction_status) == 0  # psycopg
        except Exception:  # another driver
            return False

    @staticmethod
    def _shown(statement, connection, context):
        compiled = getattr(context, "compiled", None)
        if compiled is not None and connection.dialect.paramstyle in ("format", "pyformat"):
            statement = statement.replace("%%", "%")  # doubled for the driver
        return shorten(statement.strip())

    def _before_cursor_execute(self, connection, cursor, statement, parameters, context, executemany):
        if self.own or not self.active:
            return
        self._settle(self._key(connection))
        self.number += 1
        text = self._shown(statement, connection, context)
        self._running[id(cursor)] = (self.number, time.monotonic(), text)
        self._channel.send("statement", number=self.number, text=text)

    def _after_cursor_execute(self, connection, cursor, statement, parameters, context, executemany):
        if self.own or id(cursor) not in self._running:
            return
        number, started, text = self._running.pop(id(cursor))
        try:
            rows = int(cursor.rowcount)
        except Exception:  # some adapters have none
            rows = -1
        key = self._key(connection)
        self._pending.setdefault(key, []).append(text)
        if self._outside_transaction(connection):
            pending = self._pending.pop(key)
            self._keep([] if text.upper().startswith(("ROLLBACK", "ABORT")) else pending)
        self._channel.send("statement_done", number=number, ok=True, ms=milliseconds(started), rows=rows)

    def _handle_error(self, context):
        error = context.sqlalchemy_exception or context.original_exception
        if context.connection is None:
            self.connecting_failed = True
        elif context.statement is None:
            lost = self._committing.pop(self._key(context.connection), None)
            if lost is not None and context.is_disconnect:
                self.commit_unknown = True
        if self.own:
            return
        cursor = getattr(context.execution_context, "cursor", None)
        running = self._running.pop(id(cursor), None)
        if running is not None:
            server = server_error(error)
            self._channel.send(
                "statement_done", number=running[0], ok=False, ms=milliseconds(running[1]), rows=-1,
                error=shorten(plain_message(error)), sqlstate=server["sqlstate"],
            )

    def _tx(self, what, statements=()):
        if self._stepping:
            self._channel.send("tx", what=what, statements=list(statements))

    def _begin(self, connection):
        self._settle(self._key(connection))
        self._tx("begin")

    def _commit(self, connection):
        key = self._key(connection)
        self._settle(key)
        self._committing[key] = self._pending.pop(key, [])
        self.last_commit += 1
        self._tx("commit", self._committing[key])

    def _rollback(self, connection):
        key = self._key(connection)
        self._settle(key)
        self._pending.pop(key, None)
        self._tx("rollback")

    def _savepoint(self, connection, name):
        key = self._key(connection)
        self._marks[key, name] = len(self._pending.get(key, []))

    def _rollback_savepoint(self, connection, name, context):
        key = self._key(connection)
        del self._pending.get(key, [])[self._marks.get((key, name), 0):]

    def end_step(self):
        for key in list(self._committing):
            self._settle(key)
        self._stepping = self.active = False


# --- rendering ------------------------------------------------------------------------------------


class Unknowable:
    """Stands for the result of a statement that was only written down. Any look at it is an error,
    also one that the revision catches: it would otherwise render as if it had read nothing."""

    def __init__(self, failures):
        self._failures = failures

    def _fail(self, *_args, **_named):
        error = Veto("needs-database", "needs a database: it reads the result of a statement")
        self._failures.append(error)
        raise error

    __bool__ = __iter__ = __len__ = __getitem__ = __next__ = __eq__ = __ne__ = __enter__ = _fail
    __hash__ = object.__hash__

    def __getattr__(self, name):
        self._fail()


def prepare_rendering(context, buffer, failures):
    """Makes an offline context write complete SQL: with values instead of bind parameters, and with
    single percent signs (psycopg2's doubling belongs to its parameters, and there are none).
    Returns what puts the dialect back: env.py may share it with an engine."""
    context.output_buffer = context.impl.output_buffer = buffer
    context.impl.literal_binds = True
    execute, write = context.connection.execute, context.impl._exec

    def write_down(statement, parameters=None, *_options, **named):
        for complete in with_values(statement, parameters or named):
            execute(complete)
        return Unknowable(failures)

    def write_complete(construct, *args, **named):
        refuse_open_parameters(construct)
        return write(construct, *args, **named)

    context.connection.execute = write_down
    context.impl._exec = write_complete
    preparer = getattr(context.dialect, "identifier_preparer", None)
    if not getattr(preparer, "_double_percents", False):
        return lambda: None
    preparer._double_percents = False
    return functools.partial(setattr, preparer, "_double_percents", True)


def with_values(statement, parameters):
    """The statements that execute(statement, parameters) runs: offline Alembic forgets the parameters."""
    rows = parameters if isinstance(parameters, (list, tuple)) else [parameters]
    for row in rows:
        if not row:
            yield statement
        elif not isinstance(row, dict):
            raise Veto("needs-database", "needs a database: it passes parameters by position")
        elif hasattr(statement, "bindparams"):
            yield statement.bindparams(**row)
        elif hasattr(statement, "from_select"):  # an INSERT
            yield statement.values(**row)
        else:
            yield statement.params(**row)


def refuse_open_parameters(construct):
    """A `:name` without a value fails on a database; offline SQLAlchemy writes NULL for it."""
    from sqlalchemy import text

    if isinstance(construct, str):
        construct = text(construct)
    for parameter in getattr(construct, "_bindparams", {}).values():
        if parameter.required and parameter.value is None and parameter.callable is None:
            raise Veto("no-value", "has no value for the parameter :%s" % parameter.key)


def without_frame(sql):
    """Takes the BEGIN and COMMIT around one step away; those of autocommit blocks stay."""
    begin, commit = "BEGIN;\n\n", "COMMIT;\n\n"
    if sql.startswith(begin) and sql.endswith(commit):
        return sql[len(begin):-len(commit)]
    return sql


def counts_as_statement(text):
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("--")]
    return bool(lines) and text.strip() not in ("BEGIN;", "COMMIT;")


# --- the bridge -----------------------------------------------------------------------------------


class Bridge:
    def __init__(self, channel):
        self._channel = channel
        self._watch = Watch(channel)
        self._settings = {}
        self._versions = {}
        self._script = None
        self._contexts = None  # how often env.py runs migrations, once it is known

    def serve(self, requests):
        pid = os.getpid()
        for line in requests:
            if not line.endswith(b"\n"):
                return  # cut off: not a request
            request = json.loads(line.decode("utf-8"))
            name = request["request"]
            handler = {
                "open": self.open,
                "describe": self.describe,
                "render": self.render,
                "step": self.step,
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
        options = CommandLine().parser.parse_args(["-c", ini or toml, "-n", section] + list(arguments))
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

    def _run_env(self, config, function, **options):
        """Executes env.py once. Returns sys.exit()'s code if env.py ended that way without a failure."""
        from alembic.runtime.environment import EnvironmentContext

        script = self._script_directory(config)
        with EnvironmentContext(config, script, fn=function, **options):
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
        rendered = []
        for step in request["steps"]:
            rendered.append(self._render_one(step, request["direction"]))
            self._channel.send("rendered", done=len(rendered), total=len(request["steps"]))
        self._channel.send("render", reply=True, ok=True, steps=rendered)

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

    def _render_one(self, step, direction):
        result = {"revision": step["revision"], "sql": "", "problem": "", "line": 0, "statements": 0}
        path, done, failures, restore = "", False, [], lambda: None
        buffer = io.StringIO()
        try:
            config = self._config(direction, step["revision"] if direction == "upgrade" else "base", "--sql")
            script = self._script_directory(config)
            path = script.get_revision(step["revision"]).path

            def produce(_rows, context):
                nonlocal done, restore
                if done:
                    raise Veto("several-contexts", "env.py runs migrations more than once")
                if not context.as_sql:
                    raise Veto("needs-database", "env.py connects to the database instead of writing SQL")
                done = True
                restore = prepare_rendering(context, buffer, failures)
                migration = self._migration(step["revision"], direction == "upgrade")
                migration.migration_fn = self._counting(migration.migration_fn, context, result, failures)
                yield migration
                # What follows is COMMIT and old Alembic's DROP of the version table, which no run does.
                context.output_buffer = context.impl.output_buffer = io.StringIO()

            self._run_env(
                config, produce, as_sql=True, output_buffer=io.StringIO(), starting_rev=step["from"] or None,
                destination_rev=step["revision"] if direction == "upgrade" else (step["to"] or ["base"])[0],
            )
            if failures:  # swallowed by the revision or by env.py
                raise failures[0]
            if not done:
                raise Veto("no-migrations", "env.py ran no migrations")
            result["sql"] = without_frame(buffer.getvalue()).strip() + "\n"
        except BaseException as error:  # the next revision may render all the same
            result["problem"] = self._problem(error)
            result["line"] = line_in(error, path)
            result["statements"] = 0
        finally:
            restore()
        return result

    @staticmethod
    def _problem(error):
        message = shorten(plain_message(error))
        if type(error).__name__ == "NoInspectionAvailable" or "MockConnection" in message:
            return "needs a database: " + message
        return message if isinstance(error, Veto) else "%s: %s" % (type(error).__name__, message)

    @staticmethod
    def _counting(function, context, result, failures):
        write = context.impl.static_output

        def static_output(text):
            result["statements"] += counts_as_statement(text)
            write(text)

        @functools.wraps(function)
        def counted(**named):
            context.impl.static_output = static_output
            try:
                function(**named)
            except BaseException as error:
                failures.append(error)
                raise
            finally:
                context.impl.static_output = write

        return counted

    # step

    def step(self, request):
        if self._contexts is None:
            self._survey(request)
        if self._contexts > 1:
            raise Veto("several-contexts", "env.py runs migrations %d times" % self._contexts)
        run = StepRun(self, request)
        error = None
        self._watch.begin_step()
        try:
            run.execute()
        except BaseException as caught:
            error = caught
        started = self._watch.active
        self._watch.end_step()
        error = run.veto or run.failure or error or run.missing()
        answer = {
            "ok": error is None, "started": started, "durable": run.durable(), "committed": self._watch.committed,
        }
        if error is not None:
            answer["error"] = self._told(error, run.path, before_steps=not run.calls)
        self._channel.send("step", reply=True, **answer)


class StepRun:
    """One revision through env.py. Alembic calls `steps` when it wants to know what to do."""

    def __init__(self, bridge, request):
        self._bridge = bridge
        self._request = request
        self._watch = bridge._watch
        self.upgrade = request["direction"] == "upgrade"
        self.calls = 0
        self.veto = None
        self.failure = None
        self.path = ""
        self.applied = False
        self._commits_before_row = 0

    def execute(self):
        request = self._request
        config = self._bridge._config(request["direction"], request["revision"] if self.upgrade else "base")
        # With dont_mutate Alembic does not create the version table before the checks were made.
        self._bridge._run_env(
            config, self.steps, dont_mutate=True,
            destination_rev=request["revision"] if self.upgrade else (request["to"] or ["base"])[0],
        )

    def steps(self, rows, context):
        try:
            if self.calls and self.failure is None:
                raise Veto("several-contexts", "env.py runs migrations more than once")
            if self.calls:  # env.py tries again by itself
                self.failure = None
                self._bridge._channel.send("retry")
            self.calls += 1
            self._check(rows, context)
            migration = self._bridge._migration(self._request["revision"], self.upgrade)
            self.path = migration.revision.path
            migration.migration_fn = self._watched(migration.migration_fn)
            callbacks = tuple(context.on_version_apply_callbacks)
            context.on_version_apply_callbacks = callbacks + (self._row_written,)
            if not rows:
                self._own(context._ensure_version_table)
        except Veto as veto:
            self.veto = veto
            raise
        self._watch.active = True
        yield migration

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
        if set(rows) != set(request["from"]):
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
                "pg_try_advisory_lock_shared(%d)" % key if key else "true",
                int(request.get("lock_timeout_ms") or 0), int(request.get("statement_timeout_ms") or 0),
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


if "requests" in globals():
    main(globals()["requests"])
