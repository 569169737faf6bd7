# SPDX-License-Identifier: MIT
"""A part of the bridge, which is sent as one text: see stepwell_bridge.py.

What is told of an exception: SQLSTATE, the project's own frames, never a bind parameter."""
import os
import sys
import traceback


def chain(error):
    """The error and what caused it, the newest first."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


# What the server tells of an error, by the names that psycopg, psycopg2 and asyncpg have for it.
SERVER_FIELDS = {
    "message": ("message_primary", "message"),
    "detail": ("message_detail", "detail"),
    "hint": ("message_hint", "hint"),
    "context": ("context",),
    "schema": ("schema_name",),
    "table": ("table_name",),
    "column": ("column_name",),
    "constraint": ("constraint_name",),
    "data_type": ("datatype_name", "data_type_name"),
}


def server_error(error):
    """What the driver's exception inside SQLAlchemy's says: SQLSTATE and SERVER_FIELDS, "" for none."""
    nothing = dict.fromkeys(SERVER_FIELDS, "")
    nothing["sqlstate"] = ""
    found = dict(nothing)
    for item in chain(error):
        original = getattr(item, "orig", None)
        for candidate in chain(original) if isinstance(original, BaseException) else [item]:
            if not found["sqlstate"]:
                state = getattr(candidate, "sqlstate", None) or getattr(candidate, "pgcode", None)
                found["sqlstate"] = state if isinstance(state, str) else ""
            diagnosis = getattr(candidate, "diag", None) or candidate
            for key, names in SERVER_FIELDS.items():
                for name in names:
                    value = getattr(diagnosis, name, None)
                    if not found[key] and isinstance(value, str):
                        found[key] = value
        if found["sqlstate"]:
            break
    return found if found["sqlstate"] else nothing


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
    return without_parameter(text.splitlines()[0]) if text else type(error).__name__


def without_parameter(text):
    """asyncpg quotes the value of a parameter that it cannot send."""
    start = text.find("invalid input for query argument $")
    value, reason = text.find(": ", start), text.rfind(" (")
    if start < 0 or value < 0:
        return text
    return text[:value] + (text[reason:] if reason > value else "")


def last_line(error):
    """What Python prints below the stack, for an error of the database without its parameters."""
    original = driver_error(error)
    if original is error:
        return "".join(traceback.format_exception_only(type(error), error))
    server = server_error(error)
    name = "%s.%s" % (type(original).__module__, type(original).__name__)
    lines = ["%s: %s" % (name, server["message"] or plain_message(error))]
    # The server's detail, hint and context are told by themselves.
    statement = statement_of(error)
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


def statement_of(error):
    """The statement that failed, as the server saw it: psycopg and psycopg2 take a doubled % for one."""
    statement = getattr(error, "statement", None) or ""
    if type(driver_error(error)).__module__.startswith("psycopg"):
        statement = statement.replace("%%", "%")
    return statement


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
        "statement": shorten(statement_of(error)),
        "hint": shorten(server["hint"]),
        "detail": shorten(server["detail"]),
        "context": shorten(server["context"]),
        "schema": server["schema"],
        "table": server["table"],
        "column": server["column"],
        "constraint": server["constraint"],
        "data_type": server["data_type"],
        "traceback": "" if isinstance(error, Veto) else stack_text(error),
        "file": path or "",
        "line": line_in(error, path),
        "disconnected": bool(getattr(error, "connection_invalidated", False)),
        "facts": error.facts if isinstance(error, Veto) else {},
    }
