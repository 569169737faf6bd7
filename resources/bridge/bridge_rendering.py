# SPDX-License-Identifier: MIT
"""A part of the bridge, which is sent as one text: see stepwell_bridge.py.

Renders a revision as SQL, offline and without any connection."""
import contextlib
import functools
import io
import json
import os
import signal
import sys
import time
import types


class NeedsDatabase(Veto, AttributeError):
    """An AttributeError, too: a connection that only writes lacks what reads."""

    def __init__(self, what):
        super().__init__("needs-database", "needs a database: " + what)


class Late(BaseException):
    """Rendering takes too long. No Exception: the revision may catch those."""


class Failures:
    """What a revision or env.py did that cannot be rendered, also if it catches the error: it would
    otherwise render as if nothing had happened."""

    def __init__(self):
        self.first = None

    def note(self, error):
        self.first = self.first or error
        return error

    def note_silently(self, error, path):
        """With the line of `path` that is being executed, and without raising."""
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != path:
            frame = frame.f_back
        if frame is not None:
            error.__traceback__ = types.TracebackType(None, frame, frame.f_lasti, frame.f_lineno)
        self.note(error)


class Unknowable:
    """Stands for the result of a statement that was only written down."""

    def __init__(self, failures):
        self._failures = failures

    def _fail(self, *_args, **_named):
        raise self._failures.note(NeedsDatabase("it reads the result of a statement"))

    __bool__ = __iter__ = __len__ = __getitem__ = __next__ = __eq__ = __ne__ = __enter__ = _fail
    __hash__ = object.__hash__

    def __getattr__(self, name):
        self._fail()


class NoConnection:
    """What env.py gets if it connects although SQL was asked for: no database is ever touched."""

    closed = False
    is_active = True

    def __init__(self, engine, failures):
        self.engine = engine
        self.dialect = engine.dialect
        self.info = {}
        self._failures = failures

    def _self(self, *_args, **_named):
        return self

    def _nothing(self, *_args, **_named):
        return None

    def _result(self, *_args, **_named):
        return Unknowable(self._failures)

    connect = begin = begin_nested = execution_options = __enter__ = _self
    commit = rollback = close = invalidate = detach = __exit__ = _nothing
    execute = exec_driver_sql = scalar = scalars = _result

    def in_transaction(self):
        return False

    in_nested_transaction = in_transaction

    def __getattr__(self, name):
        raise self._failures.note(NeedsDatabase("it uses .%s of its connection" % name))


@contextlib.contextmanager
def without_connections(failures):
    """Engines connect to nothing meanwhile."""
    from sqlalchemy.engine import Engine

    def connect(engine, *_args, **_named):
        return NoConnection(engine, failures)

    def raw_connection(_engine, *_args, **_named):
        raise failures.note(NeedsDatabase("it connects with the driver itself"))

    replaced = []
    for kind in [Engine] + Engine.__subclasses__():
        for name, function in (("connect", connect), ("begin", connect), ("raw_connection", raw_connection)):
            if name in vars(kind):
                replaced.append((kind, name, vars(kind)[name]))
                setattr(kind, name, function)
    try:
        yield
    finally:
        for kind, name, function in replaced:
            setattr(kind, name, function)


@contextlib.contextmanager
def time_limit(seconds):
    def late(*_signal):
        raise Late("did not end within %g s" % seconds)

    previous = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # once more for those that catch everything
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


class Reads:
    """The project's own files that rendering has read so far, told to Stepwell for its cache."""

    SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/")
    ELSEWHERE = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "socket.connect")

    def __init__(self):
        self.inside = False  # upgrade() or downgrade() is being executed
        self.repeatable = True
        self._library = library_folders()
        self._found = []
        self._told = set()
        self._modules = 0
        self._revisions = frozenset()
        sys.addaudithook(self._audit)

    def begin(self, script):
        """The files of the other revisions do not matter."""
        self._revisions = frozenset(os.path.abspath(item.path) for item in script.walk_revisions())

    def _audit(self, event, arguments):
        if event == "open":
            path, _mode, flags = arguments
            if isinstance(path, int):
                return
            path = os.path.abspath(os.fsdecode(path))
            if not flags & (os.O_WRONLY | os.O_RDWR):
                self._found.append((path, self.inside))
            elif path.endswith(".sql"):
                raise Veto("writes-files", "env.py writes its SQL to %s" % path)
        elif self.inside and event in ("os.listdir", "os.scandir"):
            if not isinstance(arguments[0], int):
                self._found.append((os.path.abspath(os.fsdecode(arguments[0] or ".")) + os.sep, True))
        elif self.inside and event in self.ELSEWHERE:
            self.repeatable = False

    def news(self):
        """Files, and folders with a slash at the end, that were not told yet."""
        found, self._found = self._found, []
        if len(sys.modules) != self._modules:
            self._modules = len(sys.modules)
            files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
            found += [(os.path.abspath(file), True) for file in files if isinstance(file, str)]
        fresh = []
        for path, always in found:
            if path not in self._told and (always or path not in self._revisions):
                self._told.add(path)
                if self._matters(path):
                    fresh.append(path)
        return fresh

    def _matters(self, path):
        if path.startswith(self._library) or path == os.path.abspath(__file__):
            return False
        if path.startswith(self.SYSTEM) and not path.startswith(os.getcwd() + os.sep):
            return False
        return path.endswith(os.sep) or not (path.endswith(".pyc") and "__pycache__" in path)


def library_folders():
    """Where Python and what is installed for it live. A change there shows in stamps()."""
    import site
    import sysconfig

    folders = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    folders.update(getattr(site, "getsitepackages", list)())
    folders.update(entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages")))
    both = {path for folder in folders if folder for path in (os.path.abspath(folder), os.path.realpath(folder))}
    return tuple(sorted(folder + os.sep for folder in both))


def stamps():
    """What tells this interpreter and its packages from another: "size time inode" by path. Installing
    or removing a package changes its folder's time."""
    paths = {sys.executable, os.path.realpath(sys.executable), os.path.join(sys.prefix, "pyvenv.cfg")}
    parts = ("alembic", "sqlalchemy", "psycopg", "asyncpg", "pg8000")
    for folder in library_folders():
        paths.add(folder)
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            if name.endswith(".pth") or name.lower().startswith(parts):
                paths.add(folder + name)
    found = {}
    for path in sorted(paths):
        try:
            info = os.stat(path)
            found[path] = "%d %d %d" % (info.st_size, info.st_mtime_ns, info.st_ino)
        except OSError:
            found[path] = ""
    return found


def prepare_rendering(context, buffer, failures):
    """Makes an offline context write complete SQL as the server would get it: with values instead of
    bind parameters, single percent signs (psycopg2's doubling belongs to its parameters, and there
    are none), single backslashes and whole tabs.
    Returns what puts the dialect back: env.py may share it with an engine."""
    from sqlalchemy import schema, text

    context.output_buffer = context.impl.output_buffer = buffer
    context.impl.literal_binds = True
    connection, dialect = context.connection, context.dialect
    execute = connection.execute

    def write_down(statement, parameters=None, *_options, **named):
        for complete in with_values(statement, parameters or named):
            execute(complete)
        return Unknowable(failures)

    def write_complete(construct, _options=None, multiparams=None, params=None):
        construct = text(construct) if isinstance(construct, str) else construct
        refuse_open_parameters(construct)
        if multiparams is not None or params:
            for complete in with_values(construct, multiparams or params):
                write_complete(complete)
            return
        literal = {} if isinstance(construct, schema.DDLElement) else {"compile_kwargs": {"literal_binds": True}}
        compiled = str(construct.compile(dialect=dialect, **literal)).strip()
        context.impl.static_output(compiled + context.impl.command_terminator)

    def lacks(_connection, name):
        error = NeedsDatabase("it uses .%s of its connection" % name)
        asking = sys._getframe(1).f_globals.get("__name__") or ""
        raise error if asking.startswith(("alembic.", "sqlalchemy.")) else failures.note(error)

    kind = type(connection)
    connection.__class__ = type(kind.__name__, (kind,), {"__getattr__": lacks})
    connection.execute = write_down
    context.impl._exec = write_complete
    preparer = getattr(dialect, "identifier_preparer", None)
    settings = [(preparer, "_double_percents"), (dialect, "_backslash_escapes")]
    before = [(where, name, True) for where, name in settings if getattr(where, name, False)]
    for where, name, _value in before:
        setattr(where, name, False)
    return lambda: [setattr(*setting) for setting in before]


def refuse_questions(context, path, failures, reads):
    """A revision that asks whether it is only rendered does something else when it runs."""

    def note():
        failures.note_silently(
            Veto("asks-mode", "asks whether it is only rendered: a run may do something else"), path)

    def is_offline_mode():
        if reads.inside:
            note()
        return True

    def as_sql(_context):
        if sys._getframe(1).f_code.co_filename == path:
            note()
        return True

    kind = type(context)
    context.__class__ = type(kind.__name__, (kind,), {"as_sql": property(as_sql)})
    if context.environment_context is not None:
        context.environment_context.is_offline_mode = is_offline_mode


def with_values(statement, parameters):
    """The statements that execute(statement, parameters) runs: offline Alembic forgets the parameters."""
    rows = parameters if isinstance(parameters, (list, tuple)) else [parameters]
    for row in rows:
        if not row:
            yield statement
        elif not isinstance(row, dict):
            raise NeedsDatabase("it passes parameters by position")
        elif hasattr(statement, "bindparams"):
            yield statement.bindparams(**row)
        elif hasattr(statement, "from_select"):  # an INSERT
            yield statement.values(**row)
        else:
            yield statement.params(**row)


def refuse_open_parameters(construct):
    """A `:name` without a value fails on a database; offline SQLAlchemy writes NULL for it."""
    for parameter in getattr(construct, "_bindparams", {}).values():
        if parameter.required and parameter.value is None and parameter.callable is None:
            raise Veto("no-value", "has no value for the parameter :%s" % parameter.key)


def write_values_as_values():
    """SQLAlchemy writes bytes as if they were text, and JSON not at all."""
    from sqlalchemy import JSON
    from sqlalchemy.sql import sqltypes

    def bytes_literal(_type, _dialect):
        return lambda value: "'\\x%s'" % bytes(value).hex()

    def json_literal(kind, dialect):
        def process(value):
            if isinstance(value, sqltypes.elements.Null) or (value is None and kind.none_as_null):
                return "NULL"
            write = getattr(dialect, "_json_serializer", None) or json.dumps
            return "'%s'" % write(None if value is JSON.NULL else value).replace("'", "''")

        return process

    sqltypes._Binary.literal_processor = bytes_literal
    sqltypes.JSON.literal_processor = json_literal


def without_frame(sql):
    """Takes the BEGIN and COMMIT around one step away; those of autocommit blocks stay."""
    begin, commit = "BEGIN;\n\n", "COMMIT;\n\n"
    if sql.startswith(begin) and sql.endswith(commit):
        return sql[len(begin):-len(commit)]
    return sql


def counts_as_statement(text):
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("--")]
    return bool(lines) and text.strip() not in ("BEGIN;", "COMMIT;")


class Rendering:
    """One revision in one direction, written down by env.py's own configuration."""

    def __init__(self, bridge, step, reads):
        self._bridge = bridge
        self._step = step
        self._reads = reads
        self._upgrade = step["direction"] == "upgrade"
        self._failures = Failures()
        self._buffer = io.StringIO()
        self._restore = lambda: None
        self._done = False
        self._path = ""
        self._statements = 0

    def result(self, seconds):
        """{revision, sql, problem, line, statements, repeatable}: whole SQL, or a problem and none."""
        told = {"revision": self._step["revision"], "sql": "", "problem": "", "line": 0, "statements": 0}
        told["repeatable"] = True
        try:
            with time_limit(seconds), without_connections(self._failures):
                self._render()
            told.update(sql=self._sql(), statements=self._statements)
        except BaseException as error:  # the next revision may render all the same
            error = error if isinstance(error, Late) else self._failures.first or error
            told.update(problem=self._problem(error), line=line_in(error, self._path))
            # What lies at env.py, the system or the environment may be gone the next time.
            own = self._failures.first is not None and isinstance(error, Exception)
            told["repeatable"] = own and not isinstance(error, (OSError, ImportError, KeyError))
        finally:
            self._reads.inside = False
            self._restore()
        told["repeatable"] = told["repeatable"] and self._reads.repeatable
        return told

    def _render(self):
        step, bridge = self._step, self._bridge
        target = step["revision"] if self._upgrade else (step["to"] or ["base"])[0]
        config = bridge._config(step["direction"], step["revision"] if self._upgrade else "base", "--sql")
        self._path = bridge._script_directory(config).get_revision(step["revision"]).path
        bridge._run_env(
            config, self._produce, as_sql=True, output_buffer=io.StringIO(), starting_rev=step["from"] or None,
            destination_rev=target,
        )
        if self._failures.first:  # swallowed by the revision or by env.py
            raise self._failures.first
        if not self._done:
            raise Veto("no-migrations", "env.py ran no migrations")

    def _produce(self, _rows, context):
        if self._done:
            raise self._failures.note(Veto("several-contexts", "env.py runs migrations more than once"))
        if not context.as_sql:
            raise self._failures.note(
                Veto("needs-database", "env.py connects to the database instead of writing SQL"))
        self._done = True
        self._restore = prepare_rendering(context, self._buffer, self._failures)
        refuse_questions(context, self._path, self._failures, self._reads)
        migration = self._bridge._migration(self._step["revision"], self._upgrade)
        migration.migration_fn = self._counting(migration.migration_fn, context)
        yield migration
        # What follows is COMMIT and old Alembic's DROP of the version table, which no run does.
        context.output_buffer = context.impl.output_buffer = io.StringIO()

    def _counting(self, function, context):
        write = context.impl.static_output

        def static_output(text):
            self._statements += counts_as_statement(text)
            write(text)

        @functools.wraps(function)
        def counted(**named):
            context.impl.static_output = static_output
            self._reads.inside = True
            try:
                function(**named)
            except BaseException as error:
                raise self._failures.note(error)
            finally:
                self._reads.inside = False
                context.impl.static_output = write

        return counted

    def _sql(self):
        sql = without_frame(self._buffer.getvalue()).strip() + "\n"
        if len(json.dumps(sql)) > LONGEST_SQL:
            raise Veto("too-long", "its SQL has %d MB, too much to be shown" % (len(sql) // 1000000))
        return sql

    @staticmethod
    def _problem(error):
        message = shorten(plain_message(error))
        if type(error).__name__ == "NoInspectionAvailable" or "MockConnection" in message:
            return "needs a database: it inspects the schema that is there"
        return message if isinstance(error, (Veto, Late)) else "%s: %s" % (type(error).__name__, message)
