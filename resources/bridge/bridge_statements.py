# SPDX-License-Identifier: MIT
"""A part of the bridge, which is sent as one text: see stepwell_bridge.py.

Follows the statements and transactions of every engine in the process."""
import re
import time

# They wait for old transactions and keep nobody else waiting; a timeout would leave an invalid index.
CONCURRENT = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:"
    r"(?:CREATE\s+(?:UNIQUE\s+)?INDEX|DROP\s+INDEX|REINDEX\s+(?:\([^)]*\)\s*)?\w+)\s+CONCURRENTLY\b"
    r"|REINDEX\s*\([^)]*\bCONCURRENTLY\b"
    r"|ALTER\s+TABLE\s[^;]*\sDETACH\s+PARTITION\s[^;]*\sCONCURRENTLY\b)",
    re.IGNORECASE | re.DOTALL,
)


ENDED = " (perhaps: the driver ended its transaction)"


class Watch:
    """Follows every statement of every SQLAlchemy engine in the process, asynchronous ones too."""

    def __init__(self, channel):
        self._channel = channel
        self.own = False  # Stepwell's own statement is running
        self.limits = {}  # lock_timeout and statement_timeout in ms: "usual" and "concurrent"
        self.begin_step(False)

    def begin_step(self, stepping=True):
        self._stepping = stepping  # transactions are told
        self.active = False        # statements are told: the checks have been made
        self.number = 0
        self.revision = ""         # the one that executes
        self.commit_unknown = False
        self.connecting_failed = False
        self.last_commit = 0
        self._running = {}
        self._pending = {}    # connection -> (revision, statement) since BEGIN
        self._committing = {}  # connection -> those whose COMMIT is under way
        self._marks = {}      # (connection, savepoint) -> len(pending)
        self._limited = {}    # connection -> which limits it has
        self._failed = set()  # connections with an error since BEGIN or ROLLBACK TO

    def forget_connections(self):
        """env.py begins anew: another connection may have the identity of one that is gone."""
        for known in (self._pending, self._committing, self._marks, self._limited, self._running):
            known.clear()
        self._failed.clear()

    def next_step(self, revision):
        """The next revision in the same call of env.py, perhaps in the same transaction."""
        self.number = 0
        self.revision = revision

    def settle(self):
        """Nothing failed since the last COMMIT: it came through."""
        for key in list(self._committing):
            self._settle(key)

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

    def _keep(self, pending):
        """These are committed. Told at once: the process may not live to answer."""
        statements = {}
        for revision, text in pending:
            statements.setdefault(revision, []).append(text)
        for revision, texts in statements.items():
            if self._stepping:
                self._channel.send("committed", revision=revision, statements=texts)

    def _limit(self, connection, cursor, statement):
        """Concurrent index builds have limits of their own, the statement after them the usual ones."""
        concurrent = "concurrently" in statement.lower() and CONCURRENT.match(statement)
        wanted = "concurrent" if concurrent else "usual"
        key = self._key(connection)
        if self.limits and self._limited.get(key, "usual") != wanted:
            self._limited[key] = wanted
            cursor.execute(
                "SELECT set_config('lock_timeout', '%d', false), set_config('statement_timeout', '%d', false)"
                % tuple(self.limits[wanted])
            )

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

    def _is_doomed(self, connection):
        """The server rolls a failed transaction back when it is to commit it, and no driver says so."""
        driver = self._driver_connection(connection)
        try:
            if hasattr(driver, "get_transaction_status"):  # psycopg2
                return driver.get_transaction_status() == 3
            return int(driver.info.transaction_status) == 3  # psycopg
        except Exception:  # asyncpg has no word for it
            return self._key(connection) in self._failed

    @staticmethod
    def _shown(statement, connection, context):
        compiled = getattr(context, "compiled", None)
        if compiled is not None and connection.dialect.paramstyle in ("format", "pyformat"):
            statement = statement.replace("%%", "%")  # doubled for the driver
        return shorten(statement.strip())

    def _before_cursor_execute(self, connection, cursor, statement, parameters, context, executemany):
        if self.own or not self.active:
            return
        key = self._key(connection)
        self._settle(key)
        if self._pending.get(key) and self._outside_transaction(connection):
            # The project called commit() or rollback() of the driver itself, which is no event.
            self._keep([(revision, sent + ENDED) for revision, sent in self._pending.pop(key)])
        self.number += 1
        text = self._shown(statement, connection, context)
        self._running[id(cursor)] = (self.number, time.monotonic(), text)
        self._channel.send("statement", number=self.number, text=text)
        self._limit(connection, cursor, statement)

    def _after_cursor_execute(self, connection, cursor, statement, parameters, context, executemany):
        if self.own or id(cursor) not in self._running:
            return
        number, started, text = self._running.pop(id(cursor))
        try:
            rows = int(cursor.rowcount)
        except Exception:  # some adapters have none
            rows = -1
        key = self._key(connection)
        self._pending.setdefault(key, []).append((self.revision, text))
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
            self._failed.add(self._key(context.connection))
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
        if self._is_doomed(connection):
            self._rollback(connection)
            return
        self._settle(key)
        self._committing[key] = self._pending.pop(key, [])
        self.last_commit += 1
        self._tx("commit", [text for revision, text in self._committing[key] if revision == self.revision])

    def _rollback(self, connection):
        key = self._key(connection)
        self._settle(key)
        self._pending.pop(key, None)
        self._failed.discard(key)
        self._tx("rollback")

    def _savepoint(self, connection, name):
        key = self._key(connection)
        self._marks[key, name] = len(self._pending.get(key, []))

    def _rollback_savepoint(self, connection, name, context):
        key = self._key(connection)
        self._failed.discard(key)
        del self._pending.get(key, [])[self._marks.get((key, name), 0):]

    def end_step(self):
        self.settle()
        self._stepping = self.active = False
