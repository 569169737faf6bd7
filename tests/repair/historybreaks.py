# SPDX-License-Identifier: MIT
"""The ways in which histories break. Each takes a whole project and breaks it."""
import os
import re


def read(file):
    with open(file, encoding="utf-8", newline="") as source:
        return source.read()


def write(file, text):
    with open(file, "w", encoding="utf-8", newline="") as source:
        source.write(text)


def set_field(file, field, value):
    """As somebody does it by hand: the value of a header variable, on one line or several."""
    text = read(file)
    changed, count = re.subn(r"(?ms)^(%s(?:: [^\n=]*)? = )(\([^)]*\)|\[[^\]]*\]|[^\r\n#]*[^\r\n# ])" % field,
                             lambda match: match.group(1) + value, text, count=1)
    assert count == 1, (file, field)
    write(file, changed)


def part(project, sides):
    """Side branches from somewhere in the upper half, some with a merge or a dependency within."""
    rng = project.rng
    for _ in range(sides - 1):
        at = project.add([rng.choice(project.order[len(project.order) // 2:])])
        for _ in range(rng.choice([0, 0, 1, 2, 3])):
            if rng.random() < 0.2:
                left, right = project.add([at]), project.add([at])
                at = project.add([left, right])
            elif rng.random() < 0.15:
                head = project.heads()[0]
                below = project.below([at])
                others = [i for i in project.order if i not in below and at not in project.below([i])]
                at = project.add([at], depends=[rng.choice(others)] if others and head else [])
            else:
                at = project.add([at])


def diverged(project, server):
    part(project, project.rng.choice([2, 2, 2, 3, 4]))


def schema_of(project, server, environment, targets, protected=False):
    schema = "%s%d" % (environment, project.seed)
    for target in targets:
        server.run(project.folder, schema, "upgrade", target)
    project.databases.append({"environment": environment, "schema": schema, "protected": protected})
    return schema


def applied(project, server):
    """Two heads, and a database that has one of them, or a part of one."""
    part(project, 2)
    first, last = project.heads()[0], project.heads()[-1]
    some = project.rng.choice([first, last, last, project.rng.choice(project.order)])
    schema_of(project, server, "staging", [some])
    if project.rng.random() < 0.5:
        schema_of(project, server, "production", [first], protected=True)


def merged(project, server):
    """Both sides are applied where nothing may be taken back."""
    part(project, 2)
    schema_of(project, server, "production", ["heads"], protected=True)


def missing_parent(project, server):
    rng = project.rng
    followed = [i for i in project.order if any(i in parents for parents in project.down.values())]
    lost = rng.choice(followed)
    in_git = rng.random() < 0.4
    if in_git:
        project.commit()
    os.remove(project.files[lost])
    return {"git": in_git}


def duplicate(project, server):
    """A file copied for a new revision, and its identifier forgotten."""
    rng = project.rng
    plain = [i for i in project.order if not project.labels[i]]
    copied = rng.choice(plain)
    in_git = rng.random() < 0.3
    if in_git:
        project.commit()
    text = read(project.files[copied]).replace("t_%s (" % copied, "t_copy%s (" % copied)
    text = text.replace("DROP TABLE t_%s" % copied, "DROP TABLE t_copy%s" % copied)
    if rng.random() < 0.5:
        text = re.sub(r"Create Date: 2024", "Create Date: 2025", text)
    write(os.path.join(project.versions(), rng.choice(["0_copy.py", "zz_copy.py"])), text)
    return {"git": in_git}


def circle(project, server):
    rng = project.rng
    pairs = [(low, high) for low in project.order for high in project.order
             if low != high and low in project.below([high])]
    low, high = rng.choice(pairs)
    in_git = rng.random() < 0.4
    if in_git:
        project.commit()
    set_field(project.files[low], "down_revision", "'%s'" % high)
    return {"git": in_git}


def missing_dependency(project, server):
    rng = project.rng
    free = [i for i in project.order if not project.depends[i]]
    set_field(project.files[rng.choice(free)], "depends_on",
              rng.choice(["'0123456789ab'", "('0123456789ab',)", "'a label of old'"]))


def redundant(project, server):
    """A revision that names what another of its links brings anyway, beside a line of its own: the only shape
    that Alembic always stumbles over."""
    rng = project.rng
    head = project.heads()[0]
    low = rng.choice(sorted(project.below([head]) - {head}))
    beside = project.add([])
    if rng.random() < 0.5:
        project.add(rng.sample([beside, low, head], 3))
    else:
        project.add([beside], depends=[low, head])


def crash(project, server):
    """Files of a rebase that were written half: the test does that, here are the two heads for it."""
    at = project.rng.choice(project.order[:-1])
    for _ in range(project.rng.choice([1, 2, 3])):
        at = project.add([at])


def overlapping_rows(project, server):
    schema = schema_of(project, server, "staging", ["head"])
    rows = server.rows(schema)
    below = sorted(project.below(rows) - set(rows))
    server.write_rows(schema, project.rng.sample(below, min(len(below), project.rng.choice([1, 1, 2]))))


def phantom_rows(project, server):
    schema = schema_of(project, server, "staging", ["head"])
    rows = server.rows(schema)
    server.write_rows(schema, ["feedfacecafe"], rows if project.rng.random() < 0.6 else [])


BREAKS = {
    "diverged": (34, diverged),
    "applied": (10, applied),
    "merged": (4, merged),
    "missing parent": (14, missing_parent),
    "duplicate": (10, duplicate),
    "circle": (10, circle),
    "missing dependency": (5, missing_dependency),
    "redundant": (5, redundant),
    "crash": (5, crash),
    "overlapping rows": (4, overlapping_rows),
    "phantom rows": (3, phantom_rows),
}
