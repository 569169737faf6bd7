#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a run of Stepwell costs over plain Alembic: the same revisions on the same server, in turns.

    runs.py STEPWELL [--revisions 200] [--runs 7]

Prints a table in Markdown. Every run upgrades a database of its own from nothing to the head. Stepwell commits each
revision by itself, tells every statement, writes its journal and reads the version rows back after each; it makes
no backup and looks at no SQL before. The server syncs as servers do. Figures are medians after a warm-up.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import compare

WORKSPACE = """version = 1
[component.bench]
config = "alembic.ini"
python = [{python!r}]
[environment.bench]
backup = "off"
findings = "off"
[environment.bench.database.bench]
url = "{url}"
"""

EACH = "context.configure(connection=connection, transaction_per_migration=True)"


class Runs:
    def __init__(self, stepwell, folder, revisions, execute, url_of):
        self.project = compare.Project(folder, revisions)
        self.stepwell = stepwell
        self.execute = execute
        self.url_of = url_of
        self.number = 0

    def database(self):
        """A new one, and the project set to it."""
        self.number += 1
        name = "run%d" % self.number
        self.execute("postgres", "CREATE DATABASE " + name)
        self.execute(name, "CREATE TABLE invoices (id int)")
        url = self.url_of(name)
        ini = self.project.ini
        lines = [line for line in ini.read_text().splitlines() if not line.startswith("sqlalchemy.url")]
        ini.write_text("\n".join(lines + ["sqlalchemy.url = " + url.replace("%", "%%")]) + "\n")
        (self.project.folder / "stepwell.toml").write_text(WORKSPACE.format(python=sys.executable, url=url))
        return name

    def once(self, argv, each):
        environment = compare.ENVIRONMENT
        if each:
            environment = environment.replace("context.configure(connection=connection)", EACH)
        (self.project.folder / "env.py").write_text(environment)
        name = self.database()
        before = time.perf_counter()
        done = subprocess.run(argv, cwd=self.project.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        seconds = time.perf_counter() - before
        if done.returncode:
            sys.exit("%s ended with %d\n%s%s" % (" ".join(argv), done.returncode, done.stdout, done.stderr))
        self.execute("postgres", "DROP DATABASE " + name)
        return seconds


def tables(stepwell, revisions, runs):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chmod(folder, 0o755)
        os.environ["STEPWELL_JOURNAL"] = str(folder / "journal.sqlite")
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        alembic = [sys.executable, "-m", "alembic", "upgrade", "head"]
        ours = [stepwell, "upgrade", "bench/bench", "--yes", "--no-backup"]
        with compare.server(folder / "server", fsync="on") as (execute, url_of):
            bench = Runs(stepwell, folder / "project", revisions, execute, url_of)
            contenders = {"alembic": (alembic, False), "each": (alembic, True), "ours": (ours, False)}
            measured = {name: [] for name in contenders}
            for at in range(runs + 1):
                for name, (argv, each) in contenders.items():
                    seconds = bench.once(argv, each)
                    if at:
                        measured[name].append(seconds)
        medians = {name: statistics.median(found) for name, found in measured.items()}
    yield "| %d revisions | time | Stepwell's time by it |" % revisions
    yield "| --- | --- | --- |"
    rows = {
        "ours": "`stepwell upgrade`, each revision in a transaction, all events and the journal",
        "each": "`alembic upgrade head`, each revision in a transaction",
        "alembic": "`alembic upgrade head`, all in one transaction",
    }
    for name, text in rows.items():
        ratio = "%.2f" % (medians["ours"] / medians[name])
        yield "| %s | %s | %s |" % (text, compare.time_text(medians[name]), ratio)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stepwell")
    parser.add_argument("--revisions", type=int, default=200)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    print("\n".join(tables(os.path.abspath(arguments.stepwell), arguments.revisions, arguments.runs)))


if __name__ == "__main__":
    main()
