#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks real Alembic about revision histories and prints its answers as JSON lines.

    PYTHONHASHSEED=0 plan_oracle.py SEED FIRST COUNT    random histories with random questions
    PYTHONHASHSEED=0 plan_oracle.py --asked             histories with questions from standard input, one a line

One process, no files and no database: Alembic's own ScriptDirectory, RevisionMap and HeadMaintainer
are fed with revisions in memory, and the version table is a list. Each line is one history with its
questions and answers. An error is named by the kind a reader must report; "alembic-would-fail" where Alembic
stops with a traceback, changes a row that is not there exactly once, or leaves rows that lie below one another.
"""
import graphlib
import json
import random
import re
import sys
import types
import warnings

from alembic import util
from alembic.runtime import migration
from alembic.script import revision as revisions
from alembic.script.base import ScriptDirectory

from random_histories import damage, random_history, random_questions

CRASHES = (AssertionError, KeyError, IndexError, TypeError, AttributeError, ValueError)
FAILURES = (util.CommandError, revisions.RevisionError) + CRASHES
WOULD_FAIL = "alembic-would-fail"


class Script(revisions.Revision):
    """A revision as Alembic's own Script, but without a file."""

    doc = ""

    def __init__(self, node):
        self.module = types.SimpleNamespace(upgrade=lambda: None, downgrade=lambda: None)
        super().__init__(
            node["id"],
            util.to_tuple(tuple(node["down"]) or None),
            branch_labels=tuple(node["labels"]),
            dependencies=tuple(node["depends"]),
        )


class Column:
    def __eq__(self, literal):
        return literal.name[1:-1]


class Statement:
    """One change of the version table, made and read as Alembic makes a statement of SQLAlchemy."""

    def __init__(self, kind):
        self.kind, self.old, self.new = kind, None, None

    def values(self, version_num):
        self.new = version_num.name[1:-1]
        return self

    def where(self, old):
        self.old = old
        return self


class Table:
    """What HeadMaintainer needs of a migration context, with the rows and the changes made to them."""

    as_sql = False
    version_table = "alembic_version"
    dialect = types.SimpleNamespace(supports_sane_rowcount=True)

    def __init__(self, rows):
        self.rows, self.changes = list(rows), []
        self.impl = types.SimpleNamespace(_exec=self.execute)
        self._version = types.SimpleNamespace(
            insert=lambda: Statement("INSERT"),
            update=lambda: Statement("UPDATE"),
            delete=lambda: Statement("DELETE"),
            c=types.SimpleNamespace(version_num=Column()),
        )

    def execute(self, statement):
        found = self.rows.count(statement.old) if statement.kind != "INSERT" else 1
        self.rows = [row for row in self.rows if row != statement.old]
        if statement.kind != "DELETE":
            self.rows.append(statement.new)
        self.changes.append(statement.kind)
        return types.SimpleNamespace(rowcount=found)


def kind_of(error, text):
    """The kind of a failure; text is what was asked for."""
    cause = error.__cause__ if isinstance(error, util.CommandError) and error.__cause__ else error
    message = str(cause.args[0]) if cause.args else ""
    if isinstance(cause, CRASHES):
        return WOULD_FAIL
    if isinstance(cause, revisions.MultipleHeads):
        return "multiple-heads"
    if isinstance(cause, revisions.RangeNotAncestorError):
        return "not-an-ancestor"
    if isinstance(cause, revisions.ResolutionError):
        if message.startswith("No such branch:"):
            message = str(cause.__cause__.args[0])
        if message.startswith("Multiple revisions start"):
            return "ambiguous-revision"
        if "is not a member of branch" in message:
            return "not-on-branch"
        # Alembic looks up a branch as it looks up a revision; who asked for it wrote it with an '@'.
        branch = re.search("(?<![^:])" + re.escape(cause.argument) + "@", text)
        return "unknown-branch" if branch else "unknown-revision"
    if message.startswith(("Ambiguous walk", "Ambiguous upgrade from")):
        return "ambiguous-walk"
    if message.startswith("Walked too far"):
        return "walked-too-far"
    if "overlaps with" in message:
        return "overlapping-revisions"
    return "invalid-target"


# Answers -----------------------------------------------------------------------------------------


def overlap(map_, revs):
    revs = [r for r in revs if r is not None]
    return any(
        other is not rev and rev in map_._get_ancestor_nodes([other]) for rev in revs for other in revs
    )


def apply(map_, steps, rows, targets=()):
    """Takes the steps. A table that is left with rows below one another, or that says of a revision what was
    not done, is a failure."""
    table = Table(rows)
    maintainer = migration.HeadMaintainer(table, rows)
    result = []
    for step in steps:
        try:
            maintainer.update_to_step(step)
        except FAILURES:
            return {"error": WOULD_FAIL}
        result.append([step, sorted(table.rows), sorted(table.changes)])
        table.changes = []
    if result and overlap(map_, map_.get_revisions(tuple(table.rows))):
        asked = overlap(map_, targets) or overlap(map_, map_.get_revisions(tuple(rows)))
        return {"error": "overlapping-revisions" if asked else WOULD_FAIL}
    applied = set(map_._get_ancestor_nodes(map_.get_revisions(tuple(table.rows))))
    for step, _, _ in result:
        if isinstance(step, migration.RevisionStep) and (step.revision in applied) != step.is_upgrade:
            return {"error": WOULD_FAIL}
    return {"steps": result}


def plan(directory, rows, target, down):
    if ":" in target:  # the command refuses it
        return {"error": "invalid-target"}
    try:
        steps = (directory._downgrade_revs if down else directory._upgrade_revs)(target, tuple(rows))
    except FAILURES as error:
        kind = kind_of(error, target)
        if str(error).startswith("Relative revision"):
            # No migrations because there are not that many, or because it is the other direction.
            number = int(re.search("[+-]?[0-9]+", str(error)).group())
            kind = "walked-too-far" if (number < 0 if down else number > 0) else "invalid-target"
        return {"error": "invalid-target" if kind == "not-an-ancestor" else kind}
    answer = apply(directory.revision_map, steps, rows)
    for step in answer.get("steps", []):
        step[0] = step[0].revision.revision
    return answer


def history(directory, rows, text):
    """As the command reads it."""
    text = text.strip()
    if ":" not in text:
        return {"error": "invalid-target"}
    try:
        base, head = text.split(":")
        if head == "current":
            head = tuple(rows)
        elif base == "current":
            base = tuple(rows)
        found = directory.walk_revisions(base=base or "base", head=head or "heads")
        return {"ids": [s.revision for s in found]}
    except FAILURES as error:
        kind = kind_of(error, text)
        if str(error).startswith("Relative revision"):
            number = int(re.search("[+-]?[0-9]+", str(error)).group())
            kind = "walked-too-far" if number > 0 else "invalid-target"
        return {"error": kind}


def stamp(directory, rows, targets, purge):
    rows = () if purge else tuple(rows)
    try:
        steps = directory._stamp_revs(tuple(targets), rows)
        wanted = directory.get_revisions(tuple(targets))
    except FAILURES as error:
        return {"error": kind_of(error, ":".join(targets))}
    answer = apply(directory.revision_map, steps, rows, wanted)
    if "error" in answer:
        return answer
    done = answer["steps"]
    return {"rows": done[-1][1] if done else sorted(rows), "changes": sorted(sum((c for _, _, c in done), []))}


def current(directory, rows):
    try:
        return {"ids": sorted(s.revision for s in directory.get_all_current(tuple(rows)))}
    except FAILURES as error:
        return {"error": kind_of(error, "")}


def show(directory, text):
    try:
        return {"ids": [s.revision for s in directory.get_revisions(text)]}
    except FAILURES as error:
        return {"error": kind_of(error, text)}


def one(directory, text):
    try:
        found = directory.get_revision(text)
    except FAILURES as error:
        return {"error": kind_of(error, text)}
    return {"ids": [found.revision]} if found is not None else {"error": "unknown-revision"}


def answer(directory, question):
    rows, text = question.get("rows"), question.get("text")
    if question["ask"] in ("upgrade", "downgrade"):
        return plan(directory, rows, text, question["ask"] == "downgrade")
    if question["ask"] == "stamp":
        return stamp(directory, rows, question["targets"], question["purge"])
    if question["ask"] == "current":
        return current(directory, rows)
    return {"history": lambda: history(directory, rows, text)}.get(
        question["ask"], lambda: {"show": show, "one": one}[question["ask"]](directory, text)
    )()


def describe(directory):
    map_ = directory.revision_map
    names = [s.revision for s in directory.walk_revisions()]
    return {
        "heads": list(map_.heads),
        "realHeads": list(map_._real_heads),
        "bases": list(map_.bases),
        "history": names,
        "branchPoints": [s.revision for s in directory.walk_revisions() if s.is_branch_point],
        "facts": {
            script.revision: {
                "children": sorted(script.nextrev),
                "labels": sorted(script.branch_labels),
                "branchPoint": script.is_branch_point,
                "realBranchPoint": script._is_real_branch_point,
                "mergePoint": script.is_merge_point,
                "realHead": script._is_real_head,
            }
            for script in (map_._revision_map[name] for name in names)
        },
    }


def fix_order(map_):
    """Several normalised dependencies stand in the order of a set, which is chance: take the order
    in which they are written, one of the orders Alembic itself may choose."""
    for script in {s for s in map_._revision_map.values() if s is not None}:
        kept = set(script._normalized_resolved_dependencies)
        script._normalized_resolved_dependencies = tuple(
            dict.fromkeys(d for d in script._resolved_dependencies if d in kept)
        )


def has_cycle(map_):
    sorter = graphlib.TopologicalSorter(
        {s.revision: s._normalized_down_revisions for s in map_._revision_map.values() if s is not None}
    )
    try:
        sorter.prepare()
    except graphlib.CycleError:
        return True
    return False


def fault_of(error, nodes):
    """The kind of what is wrong with a history."""
    text = str(error.args[0])
    if {d for n in nodes for d in n["down"]} & ({x for n in nodes for x in n["labels"]} - {n["id"] for n in nodes}):
        return "missing-parent"  # a label as a parent: Alembic stumbles over it in several ways
    if isinstance(error, (revisions.CycleDetected, revisions.LoopDetected)) or "loop is detected" in text:
        return "revision-cycle"
    if "not allowed in revision identifier" in text:
        return "invalid-identifier"
    if "already used by revision" in text:
        return "duplicate-label"
    depends = {d for n in nodes for d in n["depends"]}
    down = {d for n in nodes for d in n["down"]}
    names = {n["id"] for n in nodes} | {label for n in nodes for label in n["labels"]}
    # A KeyError is a missing link.
    return "missing-dependency" if text in depends - names and text not in down else "missing-parent"


def check(directory, nodes):
    """The kind of what is wrong with the history, or None."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            fix_order(directory.revision_map)
            fault = None
        except (revisions.RevisionError, KeyError) as error:
            fault = fault_of(error, nodes)
    if any("present more than once" in str(w.message) for w in warned):
        return "duplicate-revision"  # only a warning to Alembic, and wrong answers after it
    # Alembic overlooks a circle that heads lead into and bases lead out of, and then applies its
    # revisions in any order. A reader must refuse it.
    return fault or ("revision-cycle" if has_cycle(directory.revision_map) else None)


def load(nodes):
    """The directory, and the kind of what is wrong with the history or None."""
    directory = ScriptDirectory("/")
    try:
        scripts = [Script(node) for node in nodes]
    except revisions.RevisionError as error:
        return directory, fault_of(error, nodes)
    directory.revision_map = revisions.RevisionMap(lambda: scripts)
    return directory, check(directory, nodes)


def answers(nodes, questions_for):
    directory, fault = load(nodes)
    if fault:
        return {"nodes": nodes, "fault": fault}
    questions = questions_for(directory)
    for question in questions:
        question["answer"] = answer(directory, question)
    return {"nodes": nodes, **describe(directory), "questions": questions}


def random_states(rng, nodes, directory):
    """Version rows that upgrades and downgrades lead to."""
    states = set()
    for _ in range(6 if len(nodes) < 50 else 1):
        done = plan(directory, [], "heads", False)
        states.update(tuple(rows) for _, rows, _ in done.get("steps", []))
        rows = list(rng.choice(sorted(states))) if states else []
        done = plan(directory, rows, rng.choice(nodes)["id"], rng.random() < 0.5)
        states.update(tuple(rows) for _, rows, _ in done.get("steps", []))
    return sorted(states)


def random_answers(seed):
    rng = random.Random(seed)
    nodes = random_history(rng)
    if rng.random() < 0.15:
        damage(rng, nodes)
    return answers(nodes, lambda d: random_questions(rng, nodes, random_states(rng, nodes, d)))


def main():
    warnings.simplefilter("ignore")
    if sys.argv[1] == "--asked":
        for line in sys.stdin:
            asked = json.loads(line)
            print(json.dumps(answers(asked["nodes"], lambda _: asked["questions"])), flush=True)
        return
    seed, first, count = (int(argument) for argument in sys.argv[1:4])
    for at in range(first, first + count):
        print(json.dumps(random_answers(seed * 1_000_003 + at)))


if __name__ == "__main__":
    main()
