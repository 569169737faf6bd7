#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares stepwell with real Alembic on a real tree: heads, history and random plans.

    compare.py [--stepwell PATH] [--stub-imports] [--plans N] [--seed N] INI

Run it with a Python that has Alembic, and what the project's revision files import; --stub-imports makes do without
the latter. Prints every difference and exits with 1 if there are any, with 2 if Alembic cannot read the tree in a way
that can be compared.
"""
import argparse
import collections
import importlib.abc
import importlib.machinery
import json
import os
import random
import subprocess
import sys
import types
import warnings

import alembic.command  # before any stub: whatever Alembic tries to import by itself stays missing
from alembic import util
from alembic.config import Config
from alembic.script import ScriptDirectory

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import plan_oracle  # noqa: E402
import random_histories  # noqa: E402

sys.path.pop(0)


class Stub(types.ModuleType):
    """A module, class, function or value that allows nearly everything."""

    __path__ = []
    __all__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub(name)

    def __call__(self, *args, **kwargs):
        return Stub("result")

    def __mro_entries__(self, bases):
        return (object,)

    def __getitem__(self, key):
        return Stub("item")

    def __iter__(self):
        return iter(())

    def __or__(self, other):
        return self

    __ror__ = __or__


class StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands last on the path: answers whatever nobody has."""

    def find_spec(self, name, path, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Stub(spec.name)

    def exec_module(self, module):
        pass


class Unreadable(Exception):
    """Nothing here can be compared."""


def load(ini, stub_imports):
    """Alembic's directory, or the kind of what is wrong with the history."""
    if stub_imports:
        sys.meta_path.append(StubFinder())
    try:
        directory = ScriptDirectory.from_config(Config(ini))
        scripts = list(directory._load_revisions())
    except util.CommandError as error:
        return None, [], str(error)
    except Exception as error:  # whatever a revision file does
        raise Unreadable("Alembic cannot load the files: %r" % error) from error
    nodes = []
    for script in scripts:
        node = {
            "id": script.revision,
            "down": list(script._versioned_down_revisions),
            "depends": list(util.to_tuple(script.dependencies, default=())),
            "labels": list(script._orig_branch_labels),
        }
        values = [node["id"]] + node["down"] + node["depends"] + node["labels"]
        if not all(isinstance(value, str) for value in values):
            raise Unreadable("%s: the header comes from a missing import" % script.path)
        for function in ("upgrade", "downgrade"):  # Alembic plans with both; stepwell tells a missing one by itself
            if not hasattr(script.module, function):
                setattr(script.module, function, lambda: None)
        nodes.append(node)
    directory.revision_map = plan_oracle.revisions.RevisionMap(lambda: scripts)
    return directory, nodes, plan_oracle.check(directory, nodes)


class Comparison:
    def __init__(self, stepwell, ini):
        self.stepwell, self.ini = stepwell, ini
        self.differences, self.compared = 0, collections.Counter()

    def ask(self, *arguments):
        done = subprocess.run(
            [self.stepwell, arguments[0], "-c", self.ini, "--format", "json", *arguments[1:]],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            answer = {"error": {"kind": "no JSON: " + (done.stdout + done.stderr)[:500]}}
        return done.returncode, answer

    def note(self, what, question, expected, got):
        self.compared[what] += 1
        if expected == got:
            return
        self.differences += 1
        print("%s %s\n  Alembic:  %s\n  stepwell: %s" % (what, question, expected, got))

    def fault(self, kind):
        """A broken tree is refused."""
        code, answer = self.ask("heads")
        self.note("broken tree", "(Alembic: %s)" % kind, 10, code)
        print("stepwell says: %s" % answer.get("error", {}).get("message"))

    def lists(self, directory):
        for what, expected in (
            ("heads", directory.get_heads()),
            ("history", [s.revision for s in directory.walk_revisions()]),
        ):
            code, answer = self.ask(what)
            items = answer.get("revisions" if what == "history" else "heads", answer)
            got = [i["revision"] if isinstance(i, dict) else i for i in items] if isinstance(items, list) else items
            self.note(what, "", (0, expected), (code, got))

    def plan(self, directory, rows, target, down):
        expected = plan_oracle.plan(directory, rows, target, down)
        if "error" in expected:
            expected = (4 if expected["error"] == "multiple-heads" else 10, expected["error"])
        else:
            before, steps = sorted(rows), []
            for revision, after, _ in expected["steps"]:
                steps.append((revision, before, after))
                before = after
            expected = (0, steps)
        direction = ["--down"] if down else []
        code, answer = self.ask("plan", *direction, "--from", ",".join(rows) or "base", "--", target)
        if "error" in answer:
            got = (code, answer["error"]["kind"])
        else:
            got = (code, [(s["revision"], sorted(s["from"]), sorted(s["to"])) for s in answer["steps"]])
        question = "%s '%s' from %s" % ("downgrade" if down else "upgrade", target, " ".join(rows) or "base")
        self.note("plan", question, expected, got)

    def plans(self, directory, nodes, count, seed):
        rng = random.Random(seed)
        states = plan_oracle.random_states(rng, nodes, directory)
        while self.compared["plan"] < count:
            down = self.compared["plan"] % 2 == 1
            rows = random_histories.random_rows(rng, nodes, states)
            target = random_histories.random_target(rng, nodes, down)
            # The command line takes whole identifiers with commas, and no target for the usual one.
            if target and not any(row in ("", "base") or "," in row for row in rows):
                self.plan(directory, rows, target, down)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ini", metavar="INI")
    parser.add_argument("--stepwell", default="stepwell", metavar="PATH", help="default: the one on PATH")
    parser.add_argument("--stub-imports", action="store_true", help="imports that are missing give stubs")
    parser.add_argument("--plans", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    stepwell = os.path.abspath(asked.stepwell) if os.sep in asked.stepwell else asked.stepwell
    folder, ini = os.path.split(os.path.abspath(asked.ini))
    os.chdir(folder)
    comparison = Comparison(stepwell, ini)
    try:
        directory, nodes, fault = load(ini, asked.stub_imports)
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 2
    if fault:
        comparison.fault(fault)
    else:
        comparison.lists(directory)
        if nodes:
            comparison.plans(directory, nodes, asked.plans, asked.seed)
    counts = ", ".join("%d %s" % (n, what) for what, n in comparison.compared.items())
    print("%d revisions, compared: %s; %d differences" % (len(nodes), counts, comparison.differences))
    return 1 if comparison.differences else 0


if __name__ == "__main__":
    sys.exit(main())
