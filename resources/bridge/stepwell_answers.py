# SPDX-License-Identifier: MIT
"""Answers what only Python can tell about an Alembic project: where a package lies, and the header of a
revision file that computes it.

Reads one JSON object and prints one JSON object, on the descriptor that was standard output; whatever the
project prints goes to standard error. Python 3.8 and later; nothing but the standard library is needed for
sources, and Alembic's own loader for compiled files.

    {"config": PATH, "prepend": [FOLDER...], "packages": [NAME...], "files": [{"path": PATH, "source": BASE64}...]}
    {"packages": {NAME: {"folder": PATH} or {"error": TEXT}}, "files": [{"header": {...}} or {"error": TEXT}...]}
"""
import base64
import importlib
import importlib.util
import json
import os
import sys
import traceback


def package_folder(name):
    module = importlib.import_module(name)
    places = list(getattr(module, "__path__", []))
    return places[0] if places else os.path.dirname(os.path.abspath(module.__file__))


def loaded(entry):
    """The names of the module, as they are after it has run."""
    path = entry["path"]
    if entry.get("source") is None:
        spec = importlib.util.spec_from_file_location("stepwell_revision", path)
        if spec is None:  # a name that ends in .pyo, say
            from importlib.machinery import SourcelessFileLoader

            spec = importlib.util.spec_from_loader("stepwell_revision", SourcelessFileLoader("stepwell_revision", path))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return vars(module)
    names = {"__name__": "stepwell_revision", "__file__": path, "__doc__": None}
    exec(compile(base64.b64decode(entry["source"]), path, "exec"), names)
    return names


def texts(value, name):
    """A scalar, None or any collection of texts, as Alembic takes it."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    items = [item for item in value]
    if items == [None]:
        return []
    for item in items:
        if not isinstance(item, str):
            raise TypeError("'%s' holds %r, which is no text" % (name, item))
    return sorted(items) if isinstance(value, (set, frozenset)) else items


def header(entry):
    names = loaded(entry)
    result = {"doc": names.get("__doc__")}
    if "revision" in names:
        if not isinstance(names["revision"], str):
            raise TypeError("'revision' is %r, which is no text" % (names["revision"],))
        result["revision"] = names["revision"]
    if "down_revision" not in names:
        raise AttributeError("the file sets no 'down_revision'")
    for name in ("down_revision", "branch_labels", "depends_on"):
        result[name] = texts(names.get(name), name)
    return result


def answer(key, question):
    try:
        return {key: question()}
    except BaseException as error:  # a revision may call sys.exit()
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != "<string>"]
        place = " (%s, line %s)" % (frames[-1].filename, frames[-1].lineno) if frames else ""
        return {"error": "%s: %s%s" % (type(error).__name__, error, place)}


def main():
    request = json.loads(sys.stdin.readline())
    output = os.dup(1)
    os.dup2(2, 1)
    sys.path[:0] = request["prepend"]
    answers = {
        "packages": {n: answer("folder", lambda n=n: package_folder(n)) for n in request["packages"]},
        "files": [answer("header", lambda e=e: header(e)) for e in request["files"]],
    }
    with os.fdopen(output, "w", encoding="utf-8") as stream:
        json.dump(answers, stream)


main()
