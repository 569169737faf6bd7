#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures whole processes of Stepwell against Alembic and against `cat` of the same files.

    compare.py STEPWELL [--sizes 500,5000,50000] [--runs 7]

Prints a table in Markdown. What is compared is measured in turns in one run, so that the ratios hold where
the milliseconds do not: another machine, another load. Each figure is the median after a warm-up; memory is
the largest resident set. The projects and the PostgreSQL server are made for the run, in a
temporary folder, and removed after it.
"""
import argparse
import contextlib
import glob
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: Alembic is asked once, and only this long, where the histories are longer than anybody's.
PATIENCE = 300
#: Largest history for which Alembic is measured more than once.
REPEATED = 5_000

REVISION = '''"""Change number {number}

Revision ID: {revision}
Revises: {down}
Create Date: 2024-02-29 12:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "{revision}"
down_revision = {down!r}
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("invoices", sa.Column("c{number}", sa.String(length=200), nullable=True))
    op.create_index("ix_invoices_c{number}", "invoices", ["c{number}"], unique=False)
    op.execute("UPDATE invoices SET c{number} = '' WHERE c{number} IS NULL")
    op.alter_column("invoices", "c{number}", nullable=False)


def downgrade():
    op.drop_index("ix_invoices_c{number}", table_name="invoices")
    op.drop_column("invoices", "c{number}")
'''

ENVIRONMENT = """from alembic import context
from sqlalchemy import create_engine

with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def say(text):
    print(text, file=sys.stderr, flush=True)


# Projects ----------------------------------------------------------------------------------------


def identifier(number):
    """Twelve hexadecimal digits whose order says nothing, as Alembic's own."""
    return "%012x" % (((number + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 16)


class Project:
    """A chain of revisions with its ini and env.py."""

    def __init__(self, folder, size, url=""):
        self.size = size
        self.folder = folder / str(size)
        self.versions = self.folder / "versions"
        self.versions.mkdir(parents=True)
        self.ini = self.folder / "alembic.ini"
        self.ini.write_text(
            "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = " + url.replace("%", "%%") + "\n"
        )
        (self.folder / "env.py").write_text(ENVIRONMENT)
        down = None
        for number in range(size):
            revision = identifier(number)
            text = REVISION.format(number=number, revision=revision, down=down)
            (self.versions / (revision + "_change.py")).write_text(text)
            down = revision
        self.head = down
        self.files = sorted(path.name for path in self.versions.iterdir())


# PostgreSQL --------------------------------------------------------------------------------------


@contextlib.contextmanager
def server(folder, fsync="off"):
    """A private server on a socket in a folder; as root it runs as `postgres`. Gives (run psql, URL of)."""
    programs = Path(max(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[4]))).parent
    folder.mkdir()
    os.chmod(folder, 0o755)
    user = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    data, socket = folder / "data", folder
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}

    def run(*argv):
        done = subprocess.run(
            [*user, *map(str, argv)], cwd="/", env=environment, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit("%s failed:\n%s%s" % (argv[0], done.stdout, done.stderr))

    run(programs / "initdb", "-D", data, "-U", "stepwell", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = "-c listen_addresses='' -c fsync=%s -c unix_socket_directories=%s" % (fsync, socket)
    run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield (
            lambda database, sql: run(
                "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-h", socket, "-U", "stepwell", "-d", database, "-c", sql
            ),
            lambda database: "postgresql://stepwell@/%s?host=%s" % (database, socket),
        )
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


# Measuring ---------------------------------------------------------------------------------------


def once(argv, folder, patience=None):
    """Seconds of one process, or None if it took longer than `patience`."""
    before = time.perf_counter()
    try:
        done = subprocess.run(
            argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=patience
        )
    except subprocess.TimeoutExpired:
        return None
    seconds = time.perf_counter() - before
    if done.returncode:
        sys.exit("%s ended with %d" % (" ".join(map(str, argv[:6])), done.returncode))
    return seconds


def memory(argv, folder):
    """The largest resident set of one process, in bytes. Linux counts what its parent held when it was
    started, so the parent is a Python as small as it can be; what is smaller than that (10 MB) is not seen."""
    starter = (
        "import os, sys; nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]; "
        "child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=nowhere); "
        "print(os.wait4(child, 0)[2].ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", starter, *argv], cwd=folder, capture_output=True, check=True)
    return int(done.stdout) * 1024


def measure(contenders, folder, runs):
    """{name: median seconds}; the contenders take turns."""
    results = {name: [] for name in contenders}
    quick = dict.fromkeys(contenders, True)
    for at in range(runs + 1):
        for name, argv in contenders.items():
            if quick[name]:  # the kernel may have dropped its files while a slow one ran
                once(argv, folder)
            seconds = once(argv, folder)
            quick[name] = seconds < 1
            if at:  # the first is the warm-up
                results[name].append(seconds)
    return {name: statistics.median(found) for name, found in results.items()}


def time_text(seconds):
    return "%.1f ms" % (seconds * 1000) if seconds < 0.1 else "%.0f ms" % (seconds * 1000) if seconds < 1 else "%.1f s" % seconds


def row(task, size, ours, held, theirs, other):
    """One line; theirs is None if it was not waited for."""
    factor = (theirs or PATIENCE) / ours
    times = "%.0f times" % factor if factor >= 10 else "%.1f times" % factor
    return "| %s | %s | %s | %.0f MB | %s | %s | %s |" % (
        task,
        format(size, ","),
        time_text(ours),
        held / 1e6,
        other,
        time_text(theirs) if theirs else "more than %d s" % PATIENCE,
        times if theirs else "more than " + times,
    )


def against_files(stepwell, project, runs):
    """heads, history and check against Alembic's commands (it has none like check), and heads against `cat`."""
    say("%d revisions: heads, history, check" % project.size)
    for command, other in (("heads", "heads"), ("history", "history"), ("check", "heads")):
        ours = [stepwell, command, "-c", str(project.ini)]
        theirs = [sys.executable, "-m", "alembic", "-c", str(project.ini), other]
        held = memory(ours, project.folder)
        if project.size <= REPEATED:
            found = measure({"stepwell": ours, "alembic": theirs}, project.folder, runs)
        else:
            found = measure({"stepwell": ours}, project.folder, runs)
            found["alembic"] = once(theirs, project.folder, PATIENCE)
        yield row("`%s`" % command, project.size, found["stepwell"], held, found["alembic"], "`alembic %s`" % other)
        if command == "heads":
            # Short names in the folder itself: 50,000 of them fit into one command line.
            found = measure({"stepwell": ours, "cat": ["cat", *project.files]}, project.versions, runs)
            yield row("`heads`", project.size, found["stepwell"], held, found["cat"], "`cat` of the files")


def against_database(stepwell, project, url, runs):
    say("%d revisions: status" % project.size)
    ours = [stepwell, "status", "-c", str(project.ini), "--database", url]
    theirs = [sys.executable, "-m", "alembic", "-c", str(project.ini), "current"]
    found = measure({"stepwell": ours, "alembic": theirs}, project.folder, runs)
    held = memory(ours, project.folder)
    return row("`status`", project.size, found["stepwell"], held, found["alembic"], "`alembic current`")


#: A line of a migration each; `%d` is its number.
LINES = (
    "ALTER TABLE invoices ADD COLUMN c%d varchar(200);",
    "CREATE INDEX ix_invoices_c%d ON invoices (c1);",
    "UPDATE invoices SET c%d = '' WHERE c1 IS NULL;",
    "ALTER TABLE invoices ALTER COLUMN c%d SET NOT NULL;",
    "ALTER TABLE sessions ADD CONSTRAINT fk_%d FOREIGN KEY (owner_id) REFERENCES users (id);",
)


def against_python(stepwell, folder, runs):
    """lint of an SQL file of 1,000 lines, against what any linter written with Alembic pays to begin with."""
    say("1,000 lines of SQL: lint")
    script = folder / "lint.sql"
    script.write_text("".join(LINES[number % len(LINES)] % number + "\n" for number in range(1000)))
    ours = [stepwell, "lint", "--sql", str(script), "--format", "json", "--fail-on", "none"]
    theirs = [sys.executable, "-c", "import alembic.command"]
    found = measure({"stepwell": ours, "python": theirs}, folder, runs)
    held = memory(ours, folder)
    return row("`lint --sql`, lines", 1000, found["stepwell"], held, found["python"], "Python that imports Alembic")


def compare(stepwell, sizes, runs):
    """The table's lines."""
    yield "| Stepwell | revisions | time | memory | compared with | time | Stepwell is faster by |"
    yield "| --- | ---: | ---: | ---: | --- | ---: | ---: |"
    with tempfile.TemporaryDirectory(prefix="stepwell-bench-") as name:
        folder = Path(name)
        os.chmod(folder, 0o755)
        yield against_python(stepwell, folder, runs)
        with server(folder / "server") as (psql, url_of):
            for size in sizes:
                database = "bench%d" % size
                project = Project(folder, size, url_of(database))
                yield from against_files(stepwell, project, runs)
                if size > REPEATED:
                    continue
                psql("postgres", "CREATE DATABASE " + database)
                psql(
                    database,
                    "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT "
                    "alembic_version_pkc PRIMARY KEY); INSERT INTO alembic_version VALUES ('%s')" % project.head,
                )
                yield against_database(stepwell, project, url_of(database), runs if size < REPEATED else 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stepwell")
    parser.add_argument("--sizes", default="500,5000,50000")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    for line in compare(os.path.abspath(options.stepwell), [int(s) for s in options.sizes.split(",")], options.runs):
        print(line, flush=True)


if __name__ == "__main__":
    main()
