# SPDX-License-Identifier: MIT
"""A part of the bridge, which is sent as one text: see stepwell_bridge.py.

Follows the statements and transactions of every engine in the process."""
import time


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
