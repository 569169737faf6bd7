# SPDX-License-Identifier: MIT
"""Random Alembic projects that are broken in one way each, made and judged by real Alembic.

usage: historymaker.py URL

One question a line on standard input, one answer a line on standard output, both JSON. One process and one
connection for all. A project's databases are schemas of the one database."""
import json
import os
import random
import shutil
import subprocess
import sys
import traceback

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from historybreaks import BREAKS
from historyfiles import differences, drop_caches, fill_body, reformat

ENV = """from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=None)
with context.begin_transaction():
    context.run_migrations()
"""


class Project:
    """One history while it is made. `order` has the identifiers, the oldest first."""

    def __init__(self, folder, seed):
        self.folder = folder
        self.rng = random.Random(seed)
        self.seed = seed
        self.config = make_config(folder)
        self.order = []
        self.down = {}
        self.depends = {}
        self.labels = {}
        self.files = {}
        self.databases = []
        self.needs_parents = False

    def create(self):
        os.makedirs(self.folder, exist_ok=True)
        self.config.config_file_name = os.path.join(self.folder, "alembic.ini")
        command.init(self.config, os.path.join(self.folder, "migrations"))
        with open(os.path.join(self.folder, "alembic.ini")) as ini:
            text = ini.read()
        text = text.replace("script_location = " + os.path.join(self.folder, "migrations"),
                            "script_location = %(here)s/migrations")
        with open(os.path.join(self.folder, "alembic.ini"), "w") as ini:
            ini.write(text)
        with open(os.path.join(self.folder, "migrations", "env.py"), "w") as env:
            env.write(ENV)
        self.config = make_config(self.folder)
        self.script = ScriptDirectory.from_config(self.config)

    def below(self, ids):
        """The identifiers and all they need."""
        seen, todo = set(), list(ids)
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo += self.down[at] + [self.by_name(name) for name in self.depends[at]]
        return seen

    def by_name(self, name):
        if name in self.down:
            return name
        return next(i for i, labels in self.labels.items() if name in labels)

    def heads(self):
        followed = {p for parents in self.down.values() for p in parents}
        return [i for i in self.order if i not in followed]

    def add(self, parents, depends=(), labels=()):
        """By real Alembic, with its real template: the same call that `alembic revision` and `merge` make."""
        revid = "%012x" % self.rng.getrandbits(48)
        message = self.rng.choice(["add a table", "it's \"new\"", "größer", "x", "more of it"])
        heads = list(parents) or "base"
        self.script.generate_revision(
            revid, message, head=heads if heads == "base" or len(heads) > 1 else heads[0],
            splice=True, branch_labels=list(labels) or None, depends_on=list(depends) or None, refresh=True)
        file = next(os.path.join(self.versions(), name) for name in os.listdir(self.versions())
                    if name.startswith(revid))
        self.order.append(revid)
        self.down[revid] = list(parents)
        self.depends[revid] = list(depends)
        self.labels[revid] = list(labels)
        self.files[revid] = file
        needed = [*parents, *map(self.by_name, depends)] if self.needs_parents else []
        fill_body(file, revid, needed, len(self.order))
        return revid

    def versions(self):
        return os.path.join(self.folder, "migrations", "versions")

    def commit(self):
        git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"]
        for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Add migrations"]):
            subprocess.run([*git, *arguments], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)


def make_config(folder):
    config = Config(os.path.join(folder, "alembic.ini"), stdout=open(os.devnull, "w"))
    config.attributes["connection"] = CONNECTION
    return config


def grow(project, count):
    """A whole history with one head: branches that part, depend on each other and meet again."""
    rng = project.rng
    project.add([])
    while len(project.order) < count:
        heads = project.heads()
        chance = rng.random()
        if chance < 0.05:
            project.add([], labels=label(project))
        elif chance < 0.2:
            project.add([rng.choice(project.order)])
        elif chance < 0.35 and len(heads) > 1:
            join(project, rng.sample(heads, 2))
        elif chance < 0.45:
            depend(project, rng.choice(heads))
        else:
            project.add([rng.choice(heads)], labels=label(project) if chance > 0.93 else ())
    while len(project.heads()) > 1:
        join(project, project.heads()[:3])


def label(project):
    return ["line%d" % len(project.order)] if project.rng.random() < 0.5 else []


def depend(project, head):
    below = project.below([head])
    others = [i for i in project.order if i not in below and head not in project.below([i])]
    if not others:
        project.add([head])
        return
    other = project.rng.choice(others)
    named = project.labels[other][0] if project.labels[other] and project.rng.random() < 0.5 else other
    project.add([head], depends=[named])


def join(project, heads):
    """A merge, without heads that another one needs: Alembic stumbles over these."""
    tops = [h for h in heads if not any(h in project.below([o]) for o in heads if o != h)]
    if len(tops) < len(heads):
        needed = next(h for h in heads if h not in tops)
        above = next(o for o in heads if o != needed and needed in project.below([o]))
        # The dependent line goes on from here, and what it needs is closed by a revision of its own.
        merged = [above]
        project.add(merged + [project.add([needed])])
        return
    project.add(tops)


def make(folder, seed):
    sys.dont_write_bytecode = seed % 10 != 0
    project = Project(folder, seed)
    rng = project.rng
    kind = rng.choices(list(BREAKS), [weight for weight, _ in BREAKS.values()])[0]
    project.needs_parents = kind in ("diverged", "applied", "merged")
    project.create()
    grow(project, rng.randint(4, 25) if rng.random() < 0.3 else rng.randint(4, 10))
    whole = dict(project.files)
    for file in whole.values():
        reformat(file, rng)
    extra = BREAKS[kind][1](project, SERVER) or {}
    for revision, file in project.files.items():
        if revision not in whole:
            reformat(file, rng)
    drop_caches(project.versions())
    originals = {}
    for name in sorted(os.listdir(project.versions())):
        if name.endswith(".py"):
            with open(os.path.join(project.versions(), name), "rb") as file:
                originals[os.path.join(project.versions(), name)] = file.read()
    ORIGINALS.clear()
    ORIGINALS.update(originals)
    ORIGINALS.update(extra.pop("originals", {}))
    return {"kind": kind, "config": os.path.join(folder, "alembic.ini"), "databases": project.databases,
            "heads": project.heads(), **extra}


class Server:
    """Schemas as databases."""

    def use(self, schema):
        CONNECTION.rollback()
        CONNECTION.execute(sa.text('CREATE SCHEMA IF NOT EXISTS "%s"' % schema))
        CONNECTION.execute(sa.text('SET search_path TO "%s"' % schema))
        CONNECTION.commit()

    def rows(self, schema):
        self.use(schema)
        return list(MigrationContext.configure(CONNECTION).get_current_heads())

    def tables(self, schema):
        found = CONNECTION.execute(sa.text(
            "SELECT tablename FROM pg_tables WHERE schemaname = :s AND tablename <> 'alembic_version'"), {"s": schema})
        return sorted(row[0] for row in found)

    def run(self, folder, schema, what, *arguments, **named):
        self.use(schema)
        getattr(command, what)(make_config(folder), *arguments, **named)
        CONNECTION.commit()
        return self.rows(schema)

    def write_rows(self, schema, add, remove=()):
        self.use(schema)
        for row in remove:
            CONNECTION.execute(sa.text("DELETE FROM alembic_version WHERE version_num = :r"), {"r": row})
        for row in add:
            CONNECTION.execute(sa.text("INSERT INTO alembic_version VALUES (:r)"), {"r": row})
        CONNECTION.commit()

    def drop(self, schema):
        CONNECTION.rollback()
        CONNECTION.execute(sa.text('DROP SCHEMA IF EXISTS "%s" CASCADE' % schema))
        CONNECTION.commit()


def judge(folder, seed, databases):
    """What real Alembic says of the repaired files; empty: all is well."""
    faults = []
    schema = "empty%d" % seed
    rows = SERVER.run(folder, schema, "upgrade", "head")
    if len(rows) != 1:
        faults.append("the rows are %s" % rows)
    files = ScriptDirectory.from_config(make_config(folder))
    expected = sorted("t_" + line.split("CREATE TABLE t_")[1].split(" ")[0]
                      for revision in files.walk_revisions()
                      for line in open(revision.path, encoding="utf-8-sig") if "CREATE TABLE t_" in line)
    if SERVER.tables(schema) != expected:
        faults.append("the tables are %s and not %s" % (SERVER.tables(schema), expected))
    rows = SERVER.run(folder, schema, "downgrade", "base")
    if rows or SERVER.tables(schema):
        faults.append("the way back leaves %s %s" % (rows, SERVER.tables(schema)))
    SERVER.drop(schema)
    for database in databases:
        rows = SERVER.run(folder, database, "upgrade", "head")
        if len(rows) != 1:
            faults.append("the rows of %s are %s" % (database, rows))
        SERVER.drop(database)
    return faults + differences(ORIGINALS)


def answer(question):
    what = question["what"]
    if what == "make":
        return make(question["folder"], question["seed"])
    if what == "rows":
        return {"rows": SERVER.rows(question["schema"])}
    if what in ("upgrade", "downgrade"):
        return {"rows": SERVER.run(question["folder"], question["schema"], what, question["target"])}
    if what == "stamp":
        return {"rows": SERVER.run(question["folder"], question["schema"], "stamp", question["target"], purge=True)}
    if what == "judge":
        faults = judge(question["folder"], question["seed"], question["databases"])
        if not faults:
            shutil.rmtree(question["folder"])
        return {"faults": faults}
    raise ValueError(what)


ENGINE = sa.create_engine(sys.argv[1].replace("postgresql://", "postgresql+psycopg2://"))
CONNECTION = ENGINE.connect()
SERVER = Server()
ORIGINALS = {}
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what Alembic tells

for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except BaseException:  # told to the test, which stops at it
        CONNECTION.rollback()
        reply = {"error": traceback.format_exc()}
    ANSWERS.write(json.dumps(reply) + "\n")
    ANSWERS.flush()
