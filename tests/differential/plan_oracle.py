#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks real Alembic about random revision histories and prints its answers as JSON lines.

    PYTHONHASHSEED=0 plan_oracle.py HISTORIES SEED

One process, no files and no database: Alembic's own ScriptDirectory, RevisionMap and HeadMaintainer
are fed with revisions in memory. Each line is one history with its answers. An answer is either
{"steps": [[id, rows after], ...]} or {"error": KIND}, where KIND says what a reader must report:
multiple-heads, unknown-revision, invalid-target, crash (Alembic stops with a traceback while it
plans) or rows (it would stop while it changes the version table).
"""
import graphlib
import json
import random
import sys
import types
import warnings

import sqlalchemy
from alembic import util
from alembic.runtime import migration
from alembic.script import revision as revisions
from alembic.script.base import ScriptDirectory

CRASHES = (AssertionError, KeyError, IndexError, TypeError, AttributeError, ValueError)


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


class Context:
    """What HeadMaintainer needs of a migration context; changes go nowhere."""

    as_sql = True
    version_table = "alembic_version"
    _version = sqlalchemy.Table(
        "alembic_version", sqlalchemy.MetaData(), sqlalchemy.Column("version_num", sqlalchemy.String)
    )

    def __init__(self):
        self.impl = types.SimpleNamespace(_exec=lambda statement: None)


def kind_of(error):
    cause = error.__cause__ if isinstance(error, util.CommandError) else error
    if isinstance(cause, revisions.MultipleHeads):
        return "multiple-heads"
    if isinstance(cause, revisions.ResolutionError):
        return "unknown-revision"
    if isinstance(cause, (revisions.RevisionError, util.CommandError)):
        return "invalid-target"
    return "crash"


# Histories ---------------------------------------------------------------------------------------


def new_id(rng, taken):
    while True:
        text = rng.choice(["abc", "abcd", "ab", "c0", "77", "f"]) + "".join(
            rng.choice("0123abx") for _ in range(rng.randint(2, 6))
        )
        if text not in taken:
            taken.add(text)
            return text


def random_history(rng):
    """Any mixture of chains, branches, merges, bases, labels and dependencies."""
    size = rng.choice([1, 2, 3, 5, 7, 9, 12, 16, 24])
    merges, bases, depends, labels = (rng.choice([0, 0.1, 0.3]) for _ in range(4))
    reach = rng.choice([1, 2, 3, 100])
    taken, nodes = set(), []
    for at in range(size):
        node = {"id": new_id(rng, taken), "down": [], "depends": [], "labels": []}
        older = nodes[-reach:]
        if older and rng.random() >= bases:
            count = rng.choice([2, 2, 3]) if rng.random() < merges else 1
            node["down"] = [n["id"] for n in rng.sample(older, min(count, len(older)))]
        if nodes and rng.random() < depends:
            others = [n for n in nodes if n["id"] not in node["down"]]
            for other in rng.sample(others, min(len(others), rng.choice([1, 1, 2, 3]))):
                node["depends"].append(rng.choice([other["id"]] + other["labels"]))
        if rng.random() < labels:
            node["labels"] = ["label%d" % at] if rng.random() < 0.8 else ["lab-%d" % at, "lb_%d" % at]
        nodes.append(node)
    if rng.random() < 0.7:
        rng.shuffle(nodes)
    return nodes


def damage(rng, nodes):
    """One of the mistakes people make."""
    node, other = rng.choice(nodes), rng.choice(nodes)
    mistake = rng.randrange(9)
    if mistake == 0:
        node["down"] = ["nowhere"]
    elif mistake == 1:
        node["depends"] = node["depends"] + ["nowhere"]
    elif mistake == 2:
        node["down"] = node["down"] + [other["id"]]
    elif mistake == 3:
        node["depends"] = node["depends"] + [other["id"]]
    elif mistake == 4:
        node["labels"] = node["labels"] + [other["id"]]
    elif mistake == 5:
        node["labels"], other["labels"] = ["twin"], ["twin"]
    elif mistake == 6:
        node["down"] = node["down"] + node["down"]
    elif mistake == 7:
        node["depends"] = [""]
    else:
        node["labels"], other["down"] = ["named"], ["named"]


# Questions ---------------------------------------------------------------------------------------


ODD_TARGETS = (
    ["nowhere", "@head", "", "@", "HEAD", "x@head", "nolabel@base", "x@+1", "x@-1", "base@head", "head@head"]
    + ["@base", "a@b@c", "+1x", "head@+1", "base@+1", "-1@head"]
)


def random_target(rng, nodes, down):
    names = [n["id"] for n in nodes] + [label for n in nodes for label in n["labels"]] * 2
    name = lambda: rng.choice(names)
    number = lambda: rng.choice(["+", "-"]) + str(rng.choice([0, 1, 1, 1, 2, 2, 3, 5]))
    relative = lambda: ("-" if down else "+") + str(rng.choice([1, 1, 2, 3, 4]))
    forms = [
        (6, name),
        (3, lambda: name()[: rng.randint(1, 5)]),
        (3, lambda: "base" if down else "heads"),
        (2, lambda: rng.choice(["head", "heads", "base"])),
        (5, relative),
        (1, number),
        (3, lambda: name() + number()),
        (2, lambda: rng.choice(["head", "heads", "base"]) + number()),
        (4, lambda: name() + "@" + rng.choice(["head", "heads", "base"])),
        (3, lambda: name() + "@" + relative()),
        (2, lambda: name() + "@" + name()),
        (1, lambda: name() + "@" + name() + number()),
        (1, lambda: name() + "@" + name()[:4]),
        (1, lambda: rng.choice(ODD_TARGETS)),
    ]
    return rng.choices([f for _, f in forms], [w for w, _ in forms])[0]()


def random_rows(rng, nodes, states):
    """Mostly a state an upgrade leads to; sometimes one it does not."""
    chance = rng.random()
    if chance < 0.15:
        return []
    if chance < 0.92 and states:
        rows = list(rng.choice(states))
        rng.shuffle(rows)
        return rows
    if chance < 0.95:
        return ["unknown9"]
    return [n["id"] for n in rng.sample(nodes, min(len(nodes), rng.choice([1, 2, 2, 3])))]


# Answers -----------------------------------------------------------------------------------------


def apply(directory, steps, rows):
    maintainer = migration.HeadMaintainer(Context(), rows)
    result = []
    for step in steps:
        try:
            maintainer.update_to_step(step)
        except CRASHES:
            return {"error": "rows"}
        result.append([step.revision.revision, sorted(maintainer.heads)])
    return {"steps": result}


def plan(directory, rows, target, down):
    try:
        way = directory._downgrade_revs if down else directory._upgrade_revs
        steps = way(target, tuple(rows))
    except (util.CommandError, revisions.RevisionError) + CRASHES as error:
        return {"error": kind_of(error)}
    return apply(directory, steps, rows)


def describe(directory):
    map_ = directory.revision_map
    history = [s.revision for s in directory.walk_revisions()]
    return {
        "heads": list(map_.heads),
        "realHeads": list(map_._real_heads),
        "bases": list(map_.bases),
        "history": history,
        "facts": {
            name: {
                "children": sorted(map_.get_revision(name).nextrev),
                "labels": sorted(map_.get_revision(name).branch_labels),
                "branchPoint": map_.get_revision(name).is_branch_point,
                "mergePoint": map_.get_revision(name).is_merge_point,
            }
            for name in history
        },
    }


def resolve(directory, text):
    try:
        found = directory.revision_map.get_revision(text)
    except (util.CommandError, revisions.RevisionError) + CRASHES as error:
        return {"error": kind_of(error)}
    return {"revision": found.revision if found is not None else None}


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


def answers(rng, nodes):
    result = {"nodes": nodes}
    directory = ScriptDirectory("/")
    try:
        scripts = [Script(node) for node in nodes]
        directory.revision_map = revisions.RevisionMap(lambda: scripts)
        fix_order(directory.revision_map)
    except (revisions.RevisionError, KeyError):
        result["broken"] = True
        return result
    if has_cycle(directory.revision_map):
        # Alembic overlooks a circle that heads lead into and bases lead out of, and then applies its
        # revisions in any order. A reader must refuse it.
        result["broken"] = True
        return result
    result.update(describe(directory))
    states = set()
    for _ in range(6):
        at = apply(directory, directory._upgrade_revs("heads", ()), [])
        for _, rows in at.get("steps", []):
            states.add(tuple(rows))
        rows = list(rng.choice(sorted(states))) if states else []
        done = plan(directory, rows, rng.choice(nodes)["id"], rng.random() < 0.5)
        for _, rows in done.get("steps", []):
            states.add(tuple(rows))
    states = sorted(states)
    result["plans"] = []
    for at in range(40):
        down = at % 2 == 1
        rows, target = random_rows(rng, nodes, states), random_target(rng, nodes, down)
        result["plans"].append(
            {"down": down, "rows": rows, "target": target, "answer": plan(directory, rows, target, down)}
        )
    result["names"] = [
        {"text": text, "answer": resolve(directory, text)}
        for text in (random_target(rng, nodes, False) for _ in range(10))
    ]
    return result


def main():
    warnings.simplefilter("ignore")
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    for at in range(count):
        rng = random.Random(seed * 1_000_003 + at)
        nodes = random_history(rng)
        if rng.random() < 0.12:
            damage(rng, nodes)
        print(json.dumps(answers(rng, nodes)))


if __name__ == "__main__":
    main()
