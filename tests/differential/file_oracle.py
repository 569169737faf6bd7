#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks Python and real Alembic about single files and prints their answers as JSON lines.

    file_oracle.py revisions FOLDER             every .py file of a folder as a revision
    file_oracle.py generate FOLDER COUNT SEED   writes random revisions first: whole ones and broken ones
    file_oracle.py library EVERY [FOLDER]       every n-th file of Python's library, or of a folder: does it compile?

A revision is loaded as Alembic loads it. Its outcome is `ok` (with what Alembic makes of it), `syntax` (Python
cannot compile it), `raises` (it fails while it runs), `invalid` (Alembic fails on its header) or `odd` (Alembic
takes something that is no text). `plain` is true if a reader that only looks at literals has all it needs: the
last thing that the module does to each header variable is a plain assignment of a constant, or of a tuple, list
or set of constants.
"""
import ast
import io
import json
import os
import pathlib
import random
import re
import resource
import signal
import sys
import types
import warnings

from alembic import util
from alembic.script import revision as revisions
from alembic.script.base import Script, _legacy_rev

from random_files import random_file

FIELDS = ("revision", "down_revision", "branch_labels", "depends_on")
NAMED = FIELDS + ("__doc__",)
DYNAMIC = {"globals", "locals", "vars", "exec", "eval", "setattr", "__dict__", "modules"}
# Decoded without Python's help, whatever the bytes.
ENCODINGS = ("utf", "us-ascii", "latin-1", "iso-8859-1", "iso_8859-1", "cp1252", "iso-8859-15")


# What a reader of literals can know ------------------------------------------------------------------


def is_literal(node):
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return all(is_constant(item) for item in node.elts)
    return is_constant(node)


def is_constant(node):
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, (str, int, float)))


def constants_in(value):
    return [part for part in ast.walk(value) if isinstance(part, ast.Constant)]


def value_is_none(value):
    return constants_in(value)[0].value is None


def plain_targets(statement):
    """The names that one module-level statement assigns plainly."""
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        return [statement.target] if isinstance(statement.target, ast.Name) else []
    if isinstance(statement, ast.Assign) and all(isinstance(t, ast.Name) for t in statement.targets):
        return statement.targets
    return []


def mentions(node, name):
    """True if a statement may bind a name in the module, in whatever way."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in DYNAMIC:
            return True
        if isinstance(part, ast.Name) and part.id == name and not isinstance(part.ctx, ast.Load):
            return True
        if isinstance(part, ast.Attribute) and part.attr in DYNAMIC:
            return True
        if isinstance(part, ast.alias):
            bound = part.asname or part.name.split(".")[0]
            if bound == name or (part.name == "*" and not is_harmless(node)):
                return True
        if name in (getattr(part, "name", None), getattr(part, "rest", None)):
            return True
        if isinstance(part, (ast.Global, ast.Nonlocal)) and name in part.names:
            return True
    return False


def is_harmless(node):
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy"


def is_plain_field(source, tree, name):
    last, value, shared = None, None, False
    for at, statement in enumerate(tree.body):
        scoped = isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        if scoped and statement.name != name and not uses_global(statement):
            statement = types_only(statement)
            if statement is None:
                continue
        targets = plain_targets(statement)
        if any(target.id == name for target in targets):
            last, value, shared = at, statement.value, len(targets) > 1
            if mentions(value, name):
                return False
        elif isinstance(statement, ast.AnnAssign) and statement.value is None:
            continue
        elif mentions(statement, name):
            last, value = at, None
    if last is None:
        return True
    if value is None or not is_literal(value):
        return False
    if name == "branch_labels" and not all(isinstance(part.value, str) for part in constants_in(value)):
        return len(constants_in(value)) == 1 and value_is_none(value)
    if isinstance(value, (ast.List, ast.Set)):
        # It can be changed wherever it is named.
        return len(re.findall(rb"\b%s\b" % name.encode(), source)) == 1 and not shared
    return not any(isinstance(part, ast.Global) and name in part.names for part in ast.walk(tree))


def uses_global(node):
    return any(
        isinstance(part, ast.Global) or (isinstance(part, ast.Name) and part.id in DYNAMIC) for part in ast.walk(node)
    )


def types_only(statement):
    """What a def or class runs in the module's own scope: nothing, if it has neither decorators nor defaults."""
    if isinstance(statement, ast.ClassDef):
        parts = statement.decorator_list + statement.bases
    else:
        arguments = statement.args
        parts = statement.decorator_list + arguments.defaults + [d for d in arguments.kw_defaults if d]
    return ast.Expr(ast.List(parts, ast.Load())) if parts else None


def is_plain(source, tree):
    head = source.split(b"\n", 2)[:2]
    for line in head:
        if b"coding" in line and any(byte > 127 for byte in source):
            if not any(name in line.decode("latin-1").lower() for name in ENCODINGS):
                return False
    return rb"\N" not in source and all(is_plain_field(source, tree, name) for name in NAMED)


# What Alembic makes of it -----------------------------------------------------------------------------


def prepare():
    """The modules that revisions of a project import."""
    project = types.ModuleType("project")
    project.names = types.ModuleType("project.names")
    project.star = types.ModuleType("project.star")
    for name in FIELDS:
        setattr(project.names, name, "n1")
    project.names.thing, project.names.parent, project.names.EXPAND = 1, "n2", "expand"
    project.star.depends_on = "s1"
    for module in (project, project.names, project.star):
        sys.modules[module.__name__] = module
    project.__path__ = []
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError()))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def load(folder, name):
    out, sys.stdout = sys.stdout, io.StringIO()
    signal.setitimer(signal.ITIMER_REAL, 3)
    try:
        return util.load_python_file(folder, name)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout = out


def is_sound(script):
    """True if Alembic can put the revision into a graph that has all that it names."""
    named = [n for n in script._all_down_revisions + util.to_tuple(script.dependencies, ()) if isinstance(n, str)]
    others = [revisions.Revision(name, None) for name in dict.fromkeys(named) if name != script.revision]
    try:
        graph = revisions.RevisionMap(lambda: others + [script])
        return bool(graph.heads) and bool(str(script)) and isinstance(script.revision, str)
    except Exception:
        return False


def answer_of(module, revision, path):
    script = Script(module, revision, path)
    values = {
        "revision": revision,
        "down": list(util.to_tuple(script.down_revision, default=())),
        "labels": [label for label in script._orig_branch_labels if label is not None],
        "depends": list(util.to_tuple(script.dependencies, default=())),
    }
    texts = [revision, *values["down"], *values["labels"], *values["depends"]]
    if not all(isinstance(text, str) for text in texts):
        return {"outcome": "odd" if is_sound(script) else "invalid"}
    if any("\ud800" <= c <= "\udfff" for text in texts + [script.longdoc] for c in text):
        return {"outcome": "odd"}
    for key, name in (("down", "down_revision"), ("labels", "branch_labels"), ("depends", "depends_on")):
        if isinstance(getattr(module, name, None), (set, frozenset)):
            values[key] = sorted(values[key])
            values.setdefault("unordered", []).append(key)
    return {"outcome": "ok", **values, "longdoc": script.longdoc, "doc": " ".join(script.doc.split())}


def judge(path):
    folder, name = os.path.split(path)
    with open(path, "rb") as file:
        source = file.read()
    try:
        compile(source, path, "exec", dont_inherit=True)
        tree = ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        return {"file": path, "outcome": "syntax", "error": str(error)}
    result = {"file": path, "plain": is_plain(source, tree)}
    try:
        module = load(folder, name)
    except BaseException as error:
        return result | {"outcome": "raises", "error": repr(error)}
    legacy = _legacy_rev.match(name)
    if not hasattr(module, "revision") and not legacy:
        return result | {"outcome": "invalid", "error": "no revision"}
    revision = module.revision if hasattr(module, "revision") else legacy.group(1)
    try:
        return result | answer_of(module, revision, path)
    except (util.CommandError, revisions.RevisionError) as error:
        return result | {"outcome": "graph", "error": str(error)}  # a fault of the graph, not of the file
    except Exception as error:
        return result | {"outcome": "invalid", "error": repr(error)}


# Python's own library -----------------------------------------------------------------------------------


def library_folders():
    roots = {pathlib.Path(entry).resolve() for entry in sys.path[1:] if os.path.isdir(entry)}
    roots.add(pathlib.Path("/usr/share"))
    return roots


def python_files(roots):
    files = {file.resolve() for root in roots for file in root.rglob("*.py") if file.is_file()}
    return sorted(map(str, files))


def compiles(path):
    with open(path, "rb") as file:
        source = file.read()
    try:
        compile(source, path, "exec", dont_inherit=True)
        return True
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False


def main():
    prepare()
    mode, *arguments = sys.argv[1:]
    if mode == "library":
        folders = [pathlib.Path(folder) for folder in arguments[1:]] or library_folders()
        for path in python_files(folders)[:: int(arguments[0])]:
            print(json.dumps({"file": path, "compiles": compiles(path)}))
        return
    folder = arguments[0]
    if mode == "generate":
        rng = random.Random(arguments[2])
        for at in range(int(arguments[1])):
            name = "%05x" % at if at % 20 == 0 else "r%05d" % at
            with open(os.path.join(folder, name + ".py"), "wb") as file:
                file.write(random_file(rng))
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py"):
            print(json.dumps(judge(os.path.join(folder, name))))


if __name__ == "__main__":
    main()
