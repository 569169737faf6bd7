# SPDX-License-Identifier: MIT
"""A part of the bridge, which is sent as one text: see stepwell_bridge.py.

The way to Stepwell, and the project's output beside it."""
import io
import json
import os
import threading
import time

LONGEST_SQL = 60000000  # bytes of the SQL of one revision as JSON; Stepwell reads records up to 64 MiB
LONGEST_TEXT = 20000  # characters of a statement or a traceback; a bulk insert may have megabytes


class Veto(Exception):
    """A check of Stepwell's says no before the first statement of a step."""

    def __init__(self, kind, message, **facts):
        super().__init__(message)
        self.kind = kind
        self.facts = facts


class Abandoned(BaseException):
    """Stepwell asks for no further step while a transaction is open: it rolls back."""


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
